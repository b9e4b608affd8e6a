"""A small session behind the real gate: called directly, or served on a loopback port by a thread."""

import asyncio
import importlib.util
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import WebSocketRoute

from snowdome.data import store
from snowdome.server.app import create_app, guarded
from snowdome.server.gate import Gate, other_hosts, own_hosts
from snowdome.server.keys import Keys
from snowdome.server.serve import Server, bind, config
from snowdome.server.static import MEDIA_TYPES, asset, load_assets
from snowdome.session.session import Session

HERE = Path(__file__).resolve().parent
FAKES = HERE.parent / "session" / "fakes.py"
PORT = 8642


def load(path: Path) -> ModuleType:
    """A module from its file."""
    name = f"snowdome_tests_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@dataclass
class Answer:
    """What an app answered."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """The values of one header."""
        return [value for key, value in self.headers if key.lower() == name]


class Door:
    """An app called by hand, so that a request can be as wrong as a test wants it."""

    def __init__(self, app: Gate, keys: Keys, session: Session) -> None:
        self.app, self.keys, self.session = app, keys, session
        self.host = f"127.0.0.1:{PORT}"
        # One loop for all that is asked, as a server has: the process that answers questions belongs to its loop.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End what was started to answer."""
        self._run(self.session.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any], seconds: float = 60.0) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def __call__(
        self,
        path: str,
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        *,
        method: str = "GET",
        body: list[bytes] | None = None,
        kind: str = "http",
        token: bool = True,
    ) -> Answer:
        """Ask. Unless told otherwise the request has the right Host and the token as a program sends it."""
        given = list(headers.items()) if isinstance(headers, dict) else list(headers or [])
        names = {name.lower() for name, _ in given}
        if "host" not in names and not isinstance(headers, list):
            given.append(("host", self.host))
        if token and not names & {"cookie", "authorization"}:
            given.append(("authorization", f"Bearer {self.keys.token}"))
        parts = urlsplit(path) if path.startswith("/") and not path.startswith("//") else None
        scope: dict[str, Any] = {
            "type": kind,
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws" if kind == "websocket" else "http",
            "path": parts.path if parts else path,
            "raw_path": path.encode(),
            "query_string": (parts.query if parts else "").encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", PORT),
            "extensions": {"websocket.http.response": {}},
            "subprotocols": [],
        }
        if kind == "http":
            scope["method"] = method
        return self._run(self._ask(scope, body or [b""]))

    async def _ask(self, scope: dict[str, Any], body: list[bytes]) -> Answer:
        answer, pieces = Answer(), body

        async def receive() -> dict[str, Any]:
            if scope["type"] == "websocket":
                return {"type": "websocket.connect"}
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            kind = message["type"]
            if kind == "websocket.accept":
                answer.status = 101
            if kind.endswith(".start") or kind == "websocket.accept":
                answer.status = message.get("status", answer.status)
                answer.headers = [(k.decode(), v.decode()) for k, v in message.get("headers", ())]
            if kind.endswith("response.body"):
                answer.body += message.get("body", b"")
            if kind == "websocket.close":
                answer.status = answer.status or 403
            if kind == "websocket.accept":
                raise asyncio.CancelledError  # the test wanted to know whether it is let in

        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            assert answer.status == 101
        return answer


def bundle() -> dict[str, Any]:
    """A front end of three files."""
    files = load_assets(Path("nowhere"))
    files["index.html"] = asset(b"<!doctype html><script src=assets/app.js></script>", MEDIA_TYPES[".html"])
    files["assets/app.js"] = asset(b"1", MEDIA_TYPES[".js"])
    files["favicon.svg"] = asset(b"<svg/>", MEDIA_TYPES[".svg"])
    return files


@pytest.fixture(scope="session")
def fakes() -> ModuleType:
    """A layout that does what a test asks of it, and its worker."""
    return load(FAKES)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own for each test."""
    monkeypatch.setenv("SNOWDOME_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def door(fakes: ModuleType) -> Iterator[Door]:
    """The app behind its gate; its session is not open."""
    session, keys = Session(fakes.dataset(), make=fakes.make), Keys(PORT)
    app = guarded(
        create_app(session, keys, bundle()),
        keys,
        own_hosts("127.0.0.1", PORT),
        other_hosts(["lab.example"], PORT),
    )
    door = Door(app, keys, session)
    yield door
    door.close()


class Running:
    """A server in a thread."""

    def __init__(self, session: Session) -> None:
        self.session = session
        listener = bind("127.0.0.1", 0)
        self.port = int(listener.getsockname()[1])
        self.keys = Keys(self.port)
        self.app = create_app(session, self.keys, bundle())
        gate = guarded(self.app, self.keys, own_hosts("127.0.0.1", self.port))
        self.loop: asyncio.AbstractEventLoop | None = None
        self._up = threading.Event()
        self.server = Server(config(gate), self._up.set)
        self._thread = threading.Thread(target=self._serve, args=(listener,))
        self._thread.start()
        assert self._up.wait(10)

    def _serve(self, listener: Any) -> None:
        async def main() -> None:
            self.loop = asyncio.get_running_loop()
            await self.server.serve(sockets=[listener])

        asyncio.run(main())

    def headers(self) -> dict[str, str]:
        """What a program sends that has the token."""
        return {"Authorization": f"Bearer {self.keys.token}"}

    def client(self) -> httpx.Client:
        """A program that has the token."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers=self.headers(), timeout=60, trust_env=False
        )

    def close(self) -> None:
        """Stop it."""
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> None:
        """Wait until the condition holds."""
        limit = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < limit, "the condition did not come true"
            time.sleep(0.005)

    def sockets(self) -> int:
        """How many sockets are open."""
        (route,) = (route for route in self.app.routes if isinstance(route, WebSocketRoute))
        return int(route.endpoint.__self__._open)


@pytest.fixture(scope="session")
def running(fakes: ModuleType) -> Callable[[], Running]:
    """Start a server over the small data; who starts it closes it."""

    def start() -> Running:
        return Running(Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make))

    return start


@pytest.fixture
def serving(running: Callable[[], Running]) -> Iterator[Callable[[], Running]]:
    """Start a server over the small data; it is stopped at the end of the test."""
    started: list[Running] = []

    def start() -> Running:
        started.append(running())
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(scope="session")
def tab() -> Callable[..., Any]:
    """Open a tab on a server."""
    viewer = load(HERE / "viewer.py")
    return lambda server, **how: viewer.Viewer(server.port, server.keys.token, **how)


@pytest.fixture(scope="session")
def mute() -> Callable[..., Any]:
    """Open a socket that is never read."""
    viewer = load(HERE / "viewer.py")
    return lambda server: viewer.Mute(server.port, server.keys.token)


class Program:
    """A server in a process of its own."""

    def __init__(self, arguments: list[str], environ: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "serve_fake.py"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environ},
        )
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "quit" in line:
                break
        found = re.search(r"http://\S+:(\d+)/\?token=(\S+)", "\n".join(self.lines))
        assert found is not None, self.lines
        self.url, self.port = found[0], int(found[1])
        self.keys = Keys(self.port)
        self.keys.token = found[2]

    def headers(self) -> dict[str, str]:
        """What a program sends that has the token."""
        return {"Authorization": f"Bearer {self.keys.token}"}

    def end(self, with_signal: int = signal.SIGINT) -> tuple[int, str]:
        """Its exit code, and what it wrote from the welcome on."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out + err


@pytest.fixture
def program() -> Iterator[Callable[..., Program]]:
    """Start a server in a process of its own, over so many rows, on a free port unless told otherwise."""
    started: list[Program] = []

    def start(rows: int = 40, *more: str, port: int = 0, **environ: str) -> Program:
        started.append(Program([str(port), str(rows), *more], environ))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate(timeout=10)
