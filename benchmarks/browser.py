"""The app as a command, a plain Chromium to look at it, and a socket that is no browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--window-size=1280,800",
]
ROOT = Path(__file__).parent.parent
SECONDS_TO_END = 10

os.environ.pop("DISPLAY", None)


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("This case drives Chromium; install it first.")
    return found


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], environment: dict[str, str]) -> Iterator[tuple[str, float]]:
    """A program that prints its address and serves until Ctrl-C: the address, and when the command was given."""
    began = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert child.stdout is not None
        url = next(found[0] for line in child.stdout if (found := re.search(r"http://\S+", line)))
        yield url, began
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(SECONDS_TO_END)


def app(thing: str, environment: dict[str, str]) -> Any:
    """The app on `thing`, as `serving` gives it; the address has the token in it."""
    command = [sys.executable, "-m", "snowdome", "open", thing, "--no-browser", "--port", str(free_port())]
    return serving(command, environment)


def live(url: str) -> Any:
    """A socket to the app, as a program that is no browser opens it."""
    from websockets.sync.client import connect

    base, token = re.fullmatch(r"(http://[^/]+)/\?token=(\S+)", url).groups()  # type: ignore[union-attr]
    headers = {"Authorization": f"Bearer {token}"}
    return connect(base.replace("http", "ws") + "/api/live", additional_headers=headers, max_size=None,
                   compression=None)  # fmt: skip


class Watching:
    """A Chromium at an address. No developer tools are attached to it, for they slow sockets down, until `page`."""

    def __init__(self, debugging: int) -> None:
        self._debugging = debugging

    @contextmanager
    def page(self) -> Iterator[Any]:
        """Its page, for Playwright."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._debugging}")
            yield browser.contexts[0].pages[0]


@contextmanager
def watching(url: str, *flags: str) -> Iterator[Watching]:
    """Have a Chromium look at that address."""
    debugging = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium(), *FLAGS, *flags, f"--user-data-dir={profile}", f"--remote-debugging-port={debugging}"]
        browser = subprocess.Popen([*command, url], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            yield Watching(debugging)
        finally:
            browser.terminate()
            browser.wait(SECONDS_TO_END)
