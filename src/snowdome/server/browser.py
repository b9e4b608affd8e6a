"""Opening the browser at the app without the token in sight of other users of the machine."""

import html
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from snowdome.core.cache import atomic_write, folder, private_folder


def has_screen(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser opened here would be seen by the person: not over ssh, in a notebook, or without a display."""
    if any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "JPY_PARENT_PID", "JPY_SESSION_NAME")):
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def redirect_file(url: str, port: int) -> Path:
    """A page in a folder of ours alone that goes to `url`: so the code is in nobody's list of processes."""
    path = private_folder(folder() / "runtime") / f"open-{port}.html"
    target = html.escape(url, quote=True)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>snowdome</title>'
        f'<meta http-equiv="refresh" content="0; url={target}"></head>'
        f'<body><a href="{target}">Open snowdome</a></body></html>\n'
    )
    with atomic_write(path) as file:
        file.write(page.encode())
    return path


def open_page(path: Path) -> None:
    """Open the file in the person's browser; some browsers do not return until they are closed."""
    threading.Thread(target=webbrowser.open, args=(path.as_uri(),), name="browser", daemon=True).start()
