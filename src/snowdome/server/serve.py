"""Serve one Dataset until Ctrl-C: the listening socket, what the terminal says, and an end within three seconds."""

import asyncio
import contextlib
import errno
import ipaddress
import logging
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

import snowdome
from snowdome.core.errors import MissingDataError, OptionError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.server import browser, live
from snowdome.server.app import create_app, guarded
from snowdome.server.gate import other_hosts, own_hosts
from snowdome.server.keys import Keys
from snowdome.server.static import load_assets
from snowdome.server.ways_in import Sources
from snowdome.session.session import Session

PORT = 8642
PORT_TRIES = 50
DEFAULT_SOURCES = Sources()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Place:
    """Where to serve, and to whom."""

    host: str = "127.0.0.1"
    port: int = PORT
    open_browser: bool = True
    allow_hosts: Collection[str] = ()
    sources: Sources = DEFAULT_SOURCES
    say: Callable[[str], None] = _say


def serve(
    dataset: Dataset,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    open_browser: bool = True,
    allow_hosts: Collection[str] = (),
    sources: Sources = DEFAULT_SOURCES,
) -> None:
    """Show a Dataset in the browser; returns after Ctrl-C or SIGTERM.

    From the app others can be opened: those of the catalogue, and files; `sources` says where the former lie, how
    large the latter may be, and how the Dataset itself can be read again.

    A busy port gives the next free one, at most 50 tries. A Dataset that is not in the cache is put there, for
    the worker process maps it from there. OptionError where the host or the port cannot be had.
    """
    try:
        store.load(dataset.payload_hash)
    except MissingDataError:
        dataset = store.keep(dataset)
    serve_session(Session(dataset), Place(host, port, open_browser, allow_hosts, sources))


def serve_session(session: Session, place: Place) -> None:
    """The same for a session that was made elsewhere."""
    listener = bind(place.host, place.port)
    port = int(listener.getsockname()[1])
    keys = Keys(port)
    app = create_app(session, keys, load_assets(), place.sources)
    gate = guarded(app, keys, own_hosts(place.host, port), other_hosts(place.allow_hosts, port))
    logging.getLogger("uvicorn.error").addFilter(Redact(keys))
    welcome = Welcome(session.dataset, keys, place, port, loopback=is_loopback(listener))
    server = Server(config(gate), welcome.give, app.state.host.stop)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[listener]))
    finally:
        listener.close()
        welcome.clear()
    place.say("Closed.")


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the first free port from `port` on."""
    try:
        found = socket.getaddrinfo(host or None, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise OptionError(f"host {host!r} is no address of this machine: {error.strerror}.") from None
    family, _, _, _, address = found[0]
    last = min(port + PORT_TRIES, 65536) if port else 1
    for number in range(port, last):
        # The protocol by name: asyncio turns Nagle's algorithm off only where it stands there, and each answer would
        # wait 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address[0], number))
            listener.listen(128)  # at once: two that are only bound to a port do not notice each other
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise OptionError(f"host {host!r}, port {number} cannot be had: {error.strerror}.") from None
        else:
            return listener
    raise OptionError(f"ports {port} to {last - 1} are all busy; give another one with --port.")


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach the socket."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


class Redact(logging.Filter):
    """Takes the token out of log records."""

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self._keys = keys

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, without the token."""
        text = record.getMessage()
        if self._keys.token in text:
            record.msg, record.args = text.replace(self._keys.token, "[token]"), None
        if record.exc_info:
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = trace.replace(self._keys.token, "[token]")
        return True


class Protocol(WebSocketsSansIOProtocol):
    """uvicorn's socket, which also lets the app drop a connection whose client takes nothing."""

    async def run_asgi(self) -> None:
        """Run the app with that extension in its scope."""
        extensions = self.scope["extensions"]
        if extensions is not None:
            extensions[live.ABORT] = {"now": self.reset}
        await super().run_asgi()

    async def send(self, message: ASGISendEvent) -> None:
        """Send; a socket that was refused counts as answered, or uvicorn would report each as a fault."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True

    def reset(self) -> None:
        """End the connection, and have the system forget what it holds for it."""
        connection = self.transport.get_extra_info("socket")
        if connection is not None and os.name == "posix":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


def config(app: Callable[..., Any]) -> uvicorn.Config:
    """uvicorn without its access log, compression, and belief in forwarded headers."""
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws=Protocol,
        ws_max_size=live.MAX_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class Server(uvicorn.Server):
    """uvicorn's server, which says when it is there and ends quietly."""

    def __init__(
        self, settings: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(settings)
        self._said, self._ending = started, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._said()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Have what takes long given up, then wait for what is on."""
        self._ending()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End after the first signal, at once after the second; the signal is not raised again."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


class Welcome:
    """What the terminal says, and the browser that opens."""

    def __init__(self, dataset: Dataset, keys: Keys, place: Place, port: int, *, loopback: bool) -> None:
        self._dataset, self._keys, self._place = dataset, keys, place
        self._port, self._loopback = port, loopback
        self._page: Path | None = None

    def lines(self, *, screen: bool) -> list[str]:
        """The lines, in the order in which they are read."""
        place, port = self._place, self._port
        said = [f"snowdome {snowdome.__version__}: {self._dataset.name}, {len(self._dataset):,} rows"]
        if place.port not in (0, port):
            said.append(f"Port {place.port} is busy; this is {port}.")
        said.append(f"  {self.base}/?token={self._keys.token}")
        if not self._loopback:
            said.append("Whoever has this address can use the app, and nothing on the way is encrypted. Safer:")
        if not self._loopback or not screen:
            target = "127.0.0.1" if self._loopback or is_any(place.host) else place.host
            there = f"USER@{socket.gethostname()}"
            said.append(f"From another machine: ssh -L {port}:{target}:{port} {there}")
            said.append(f"and there open http://127.0.0.1:{port}/?token={self._keys.token}")
        return [*said, "Ctrl+C to quit."]

    @property
    def base(self) -> str:
        """The address of the app as this machine reaches it."""
        host = "127.0.0.1" if is_any(self._place.host) else self._place.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    def give(self) -> None:
        """Say the lines and open the browser where somebody would see it."""
        screen = browser.has_screen()
        for line in self.lines(screen=screen):
            self._place.say(line)
        if screen and self._place.open_browser:
            page = browser.redirect_file(f"{self.base}/login?code={self._keys.new_code()}", self._port)
            self._page = page
            browser.open_page(page)

    def clear(self) -> None:
        """Remove the file that opened the browser."""
        if self._page is not None:
            self._page.unlink(missing_ok=True)


def is_any(host: str) -> bool:
    """Whether a host stands for every address of the machine."""
    return host in ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
