"""Starting and ending the server: ports, what the terminal says, the browser, Ctrl-C."""

import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import psutil
import pytest

from snowdome.core.errors import OptionError
from snowdome.server.browser import has_screen
from snowdome.server.keys import Keys
from snowdome.server.serve import PORT_TRIES, Place, Redact, Welcome, bind, serve_session
from snowdome.session.session import Session


def get(url: str, **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(url, headers=headers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gone(pid: int, seconds: float = 20.0) -> bool:
    """Whether a process ends within that time."""
    limit = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > limit:
            return False
        time.sleep(0.01)
    return True


def test_s01_loopback_alone_and_the_next_free_port(program: Callable[..., Any]) -> None:
    port = free_port()
    servers = [program(port=port) for _ in range(3)]
    assert servers[0].port == port
    assert len({server.port for server in servers}) == 3
    for server in servers:
        listening = [
            each.laddr for each in psutil.Process(server.process.pid).net_connections() if each.status == "LISTEN"
        ]
        assert [address.ip for address in listening] == ["127.0.0.1"]
        assert get(f"http://127.0.0.1:{server.port}/healthz").status_code == 200
    assert f"Port {port} is busy; this is {servers[1].port}." in servers[1].lines


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # by which asyncio knows to set TCP_NODELAY


def test_s01_not_more_than_fifty_ports_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    class Busy(socket.socket):
        def bind(self, address: Any) -> None:
            tried.append(address[1])
            raise OSError(98, "Address already in use")

    monkeypatch.setattr("snowdome.server.serve.socket.socket", Busy)
    with pytest.raises(OptionError, match="ports 9000 to 9049 are all busy"):
        bind("127.0.0.1", 9000)
    assert tried == list(range(9000, 9000 + PORT_TRIES))


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of no machine, found out without asking a name server."""
    look_up = socket.getaddrinfo

    def asked(host: Any, *more: Any, **named: Any) -> Any:
        if host == "nowhere.invalid":
            raise socket.gaierror(-2, "Name or service not known")
        return look_up(host, *more, **named)

    monkeypatch.setattr("snowdome.server.serve.socket.getaddrinfo", asked)
    return "nowhere.invalid"


def test_a_host_that_cannot_be_had_is_said_in_words(nowhere: str) -> None:
    with pytest.raises(OptionError, match=r"host 'nowhere\.invalid' is no address"):
        bind(nowhere, 0)
    with pytest.raises(OptionError, match=r"host '192\.0\.2\.1', port 9000 cannot be had"):
        bind("192.0.2.1", 9000)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_j10_it_ends_within_three_seconds_and_leaves_nothing(
    program: Callable[..., Any], tab: Any, ending: signal.Signals
) -> None:
    server = program()
    viewer = tab(server)
    viewer.until(lambda: viewer.kinds)
    viewer.say("start", method="tsne", seed=0, options={"steps": 10**6, "pace": 0.001})
    viewer.until(lambda: viewer.step(3) > 0)
    children = psutil.Process(server.process.pid).children(recursive=True)
    assert len(children) == 1
    began = time.monotonic()
    server.process.send_signal(ending)
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 3.0
    assert not children[0].is_running()
    viewer.socket.close()
    _, said = server.end()
    assert said.strip() == "Closed."
    bind("127.0.0.1", server.port).close()


def test_j10_a_run_that_does_not_listen_does_not_hold_up_the_end(program: Callable[..., Any], tab: Any) -> None:
    server = program()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.kinds)
        viewer.say("start", method="tsne", seed=0, options={"fault": "stuck", "at": 1})
        viewer.until(lambda: viewer.status(3) == "running")
        (child,) = psutil.Process(server.process.pid).children()
        began = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(10) == 0
        assert time.monotonic() - began < 3.0
        assert not child.is_running()


def test_j10_no_orphan_is_left_by_a_server_that_was_killed(program: Callable[..., Any], tab: Any) -> None:
    server = program()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.kinds)
        viewer.say("start", method="tsne", seed=0, options={"steps": 10**6, "pace": 0.001})
        viewer.until(lambda: viewer.step(3) > 0)
        (child,) = psutil.Process(server.process.pid).children()
        server.process.kill()
        assert gone(child.pid)


def test_s03_the_token_is_in_the_terminal_alone(program: Callable[..., Any], tmp_path: Path) -> None:
    opened, opener = tmp_path / "opened", tmp_path / "browser"
    opener.write_text(f'#!{sys.executable}\nimport sys\nopen("{opened}", "w").write(" ".join(sys.argv))\n')
    opener.chmod(0o700)
    environ = {"DISPLAY": ":7", "BROWSER": f"{opener} %s", "SSH_CONNECTION": "", "SSH_TTY": ""}
    server = program(40, "127.0.0.1", "--browser", **environ)
    limit = time.monotonic() + 10
    while not (opened.exists() and opened.read_text().endswith(".html")):
        assert time.monotonic() < limit
        time.sleep(0.01)
    page = Path(opened.read_text().split("file://")[1])
    assert server.keys.token not in opened.read_text()
    assert page.stat().st_mode & 0o777 == 0o600
    found = re.search(r"url=(http://127\.0\.0\.1:\d+/login\?code=[\w-]+)", page.read_text())
    assert found is not None
    assert server.keys.token not in page.read_text()
    assert "code=" not in opened.read_text()
    answer = get(found[1])
    assert (answer.status_code, answer.history) == (200, [])
    assert server.keys.token in answer.headers["set-cookie"]
    assert get(found[1]).status_code == 403
    assert get(server.url).status_code == 200  # the terminal's address works until the end
    assert get(server.url).status_code == 200
    wrong = f"http://127.0.0.1:{server.port}/api/session?token={server.keys.token}"
    assert get(wrong).status_code == 403
    code, said = server.end()
    assert code == 0
    assert server.keys.token not in said
    assert not page.exists()


def test_s03_logs_leave_the_token_out(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    keys = Keys(1)
    log = logging.getLogger("snowdome.tests.redact")
    log.addFilter(Redact(keys))
    log.warning("GET /?token=%s", keys.token)
    try:
        raise ValueError(keys.token)
    except ValueError:
        log.exception("fault")
    assert "GET /?token=[token]" in caplog.text
    assert "ValueError: [token]" in caplog.text
    assert keys.token not in caplog.text


def welcome(fakes: ModuleType, place: Place, *, loopback: bool) -> tuple[Keys, Welcome]:
    keys = Keys(8642)
    return keys, Welcome(fakes.dataset(), keys, place, 8642, loopback=loopback)


def test_s11_another_host_than_loopback_comes_with_a_tunnel(fakes: ModuleType) -> None:
    keys, said = welcome(fakes, Place("0.0.0.0"), loopback=False)
    lines = said.lines(screen=True)
    assert f"  http://127.0.0.1:8642/?token={keys.token}" in lines
    assert any("ssh -L 8642:127.0.0.1:8642 USER@" in line for line in lines)
    assert any("nothing on the way is encrypted" in line for line in lines)
    assert lines[-1] == "Ctrl+C to quit."
    keys, said = welcome(fakes, Place("192.168.1.5"), loopback=False)
    assert f"  http://192.168.1.5:8642/?token={keys.token}" in said.lines(screen=True)
    assert any("ssh -L 8642:192.168.1.5:8642 USER@" in line for line in said.lines(screen=True))


def test_u03_over_ssh_the_tunnel_is_shown_and_no_browser_opens(fakes: ModuleType) -> None:
    _, said = welcome(fakes, Place("::1"), loopback=True)
    assert said.base == "http://[::1]:8642"
    assert any("ssh -L" in line for line in said.lines(screen=False))
    assert not any("ssh -L" in line for line in said.lines(screen=True))


@pytest.mark.parametrize(
    ("environ", "platform", "screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"}, "linux", False),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_TTY": "/dev/pts/0"}, "darwin", False),
        ({}, "win32", True),
        ({"DISPLAY": ":0", "JPY_PARENT_PID": "77"}, "linux", False),
    ],
)
def test_u03_a_browser_opens_where_it_is_seen(
    environ: dict[str, str],
    platform: str,
    screen: bool,  # noqa: FBT001
) -> None:
    assert has_screen(environ, platform) is screen


def test_a_host_that_is_none_is_an_error_before_anything_starts(fakes: ModuleType, nowhere: str) -> None:
    session = Session(fakes.dataset(), make=fakes.make)
    with pytest.raises(OptionError):
        serve_session(session, Place(nowhere))
    assert session.worker_pid is None
