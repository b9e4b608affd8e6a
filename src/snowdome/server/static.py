"""The built front end: read once at the start, so that no name from a client reaches the disk."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".map": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FOLDER = Path(__file__).resolve().parents[1] / "static"
ENTER = b'location.replace("./");\n'
ENTER_PAGE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>snowdome</title><script src="enter.js"></script></head>
<body><p><a href="./">Open snowdome</a></p></body>
</html>
"""
NOT_BUILT = (
    "The pages of the app are not built: run `make build` where the source is (or `npm ci && npm run build` in web/), "
    "then start snowdome again."
)


class Asset(NamedTuple):
    """One file of the bundle."""

    body: bytes
    media_type: str
    etag: str


def asset(body: bytes, media_type: str) -> Asset:
    """A file with the tag by which a browser knows its copy to be the same."""
    return Asset(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def load_assets(folder: Path = FOLDER) -> dict[str, Asset]:
    """The bundle's files by their name within it, such as "assets/index.js"; none where it is not built."""
    found = {"enter.js": asset(ENTER, MEDIA_TYPES[".js"])}
    if not folder.is_dir():
        return found
    for path in sorted(folder.rglob("*")):
        media_type = MEDIA_TYPES.get(path.suffix)
        name = path.relative_to(folder).as_posix()
        if path.is_file() and media_type is not None and name not in found:
            found[name] = asset(path.read_bytes(), media_type)
    return found


def file_answer(file: Asset, request: Request) -> Response:
    """The file, or 304 where the browser has it."""
    headers = {"etag": file.etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
