"""Ways to other data from within the app: by a key of the catalogue, or as a file whose bytes are the request's body.

No path and no address comes from a client: the catalogue's keys are its own, and a file that is sent lies under a name
of ours while it is read. What the client calls it is a label for people, and stands where our name would be seen.
"""

import asyncio
import contextlib
import dataclasses
import errno
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core import cache
from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.core.options import options_of, unknown_option
from snowdome.data import catalogue, store
from snowdome.data.dataset import Dataset
from snowdome.data.mirrors import SOURCES
from snowdome.data.reading import Reading
from snowdome.data.source import open_dataset, readers
from snowdome.server.answers import Json, read_record
from snowdome.server.wire import AgainRequest, CatalogueRecord, EntryRecord, OpenedRecord, OpenRequest
from snowdome.session.host import BusyError, Host, Watch
from snowdome.session.messages import OptionValue
from snowdome.session.methods import option_record
from snowdome.session.questions.summary import Shown

MEGABYTE = 1_000_000
UPLOAD_MB = 512
PIECE = 1 << 20
IDLE_SECONDS = 30.0
LEFT_SECONDS = 86_400.0  # what a killed program left behind is removed after a day
MOST_LABEL = 80
UNNAMED = "dropped file"


Options = dict[str, OptionValue]


@dataclasses.dataclass(frozen=True)
class Origin:
    """Where data came from, so that they can be read again in another way.

    `thing` is what a person would call it in Python, a name or a path; none where that is not known. `options` are
    those that they were read with; `label` is what the person calls the file that was sent, and `file`
    where it lies meanwhile: it is ours, and removed when its data are open no longer.
    """

    read: Callable[[Options, Control], Dataset]
    thing: str = ""
    options: Options = dataclasses.field(default_factory=dict)
    label: str = ""
    file: Path | None = None


@dataclasses.dataclass(frozen=True)
class Sources:
    """Where named data sets are looked for first, how much may be sent to the app, and what is open at first."""

    data_dir: Path | None = None
    upload_mb: int = UPLOAD_MB
    first: Origin | None = None

    @property
    def most_bytes(self) -> int:
        """The most bytes that a file may have."""
        return self.upload_mb * MEGABYTE


class WaysIn:
    """The routes that lead to another data set."""

    def __init__(self, host: Host, sources: Sources, check: Callable[[Dataset], Any]) -> None:
        self._host, self._sources, self._check = host, sources, check
        self._origin = sources.first

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/catalogue", self.catalogue),
            Route("/api/open", self.open, methods=["POST"]),
            Route("/api/open", self.cancel, methods=["DELETE"]),
            Route("/api/again", self.again, methods=["POST"]),
            Route("/api/upload", self.upload, methods=["PUT"]),
        ]

    @property
    def shown(self) -> Shown:
        """Where the open data came from, as it stands in a line of Python."""
        origin = self._origin
        thing = "" if origin is None else origin.thing
        return Shown(thing or self._host.session.dataset.name, {} if origin is None else origin.options)

    def close(self) -> None:
        """Remove what was kept for reading it again."""
        if self._origin is not None and self._origin.file is not None:
            self._origin.file.unlink(missing_ok=True)

    async def catalogue(self, request: Request) -> Response:  # noqa: ARG002
        """The data sets known by name, and the ways of reading."""
        return Json(
            CatalogueRecord(
                entries=entries(self._sources.data_dir),
                readers=readers.names(),
                most_bytes=self._sources.most_bytes,
                reading=[option_record(option) for option in options_of(Reading).values()],
                read_with=None if self._origin is None else self._origin.options,
            )
        )

    async def open(self, request: Request) -> Response:
        """Open a data set of the catalogue."""
        asked = await read_record(request, OpenRequest, '{"name": "…"} with a key of the catalogue')
        entry = catalogue.ENTRIES.get(asked.name)
        if entry is None:
            raise HTTPException(404, f"There is no such data set. There is: {', '.join(catalogue.ENTRIES)}.")
        origin = named_origin(asked.name, self._sources.data_dir, asked.options)
        with self._opening(entry.title) as watch:
            return await self._show(origin, watch)

    async def again(self, request: Request) -> Response:
        """Read what is open once more, with other options."""
        asked = await read_record(request, AgainRequest, '{"options": {…}}')
        if self._origin is None:
            raise HTTPException(409, "These data were made in memory: they cannot be read in another way.")
        with self._opening(self._host.session.dataset.name) as watch:
            return await self._show(dataclasses.replace(self._origin, options=asked.options), watch)

    async def cancel(self, request: Request) -> Response:  # noqa: ARG002
        """Give up what is being opened; what is open stays."""
        if not self._host.cancel():
            raise HTTPException(409, "Nothing is being opened.")
        return Response(status_code=204)

    async def upload(self, request: Request) -> Response:
        """Open the file that is the body."""
        label = label_of(request.query_params.get("name", ""))
        options = _options(request.query_params.get("options", "{}"))
        most = self._sources.most_bytes
        length = request.headers.get("content-length", "")
        announced = int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0
        if announced > most:
            raise too_large(most)
        with self._opening(label) as watch, place_for_upload() as path:
            if not await receive(request, path, most, lambda done: watch.check("receiving", done, announced)):
                raise HTTPException(400, f"{label} is empty: there is nothing to open.")
            origin = Origin(lambda how, control: open_upload(path, label, control, how), label, options, label, path)
            return await self._show(origin, watch)

    async def _show(self, origin: Origin, watch: Watch) -> Response:
        """Show what comes from there; the errors meant for people name no path of ours."""

        def checked() -> Dataset:
            dataset = origin.read(origin.options, watch)
            self._check(dataset)
            return dataset

        try:
            session = await self._host.show(checked)
        except SnowdomeError as error:
            raise HTTPException(400, self._without_paths(str(error), origin)) from None
        except MemoryError:
            raise HTTPException(507, "Not enough memory to open this. Close something, or open fewer rows.") from None
        before, self._origin = self._origin, origin
        if before is not None and before.file is not None and before.file != origin.file:
            before.file.unlink(missing_ok=True)
        return Json(OpenedRecord(session=session.id))

    @contextlib.contextmanager
    def _opening(self, name: str) -> Iterator[Watch]:
        try:
            with self._host.opening(name) as watch:
                yield watch
        except BusyError as error:
            raise HTTPException(409, str(error)) from None
        except Stopped:
            if self._host.closing:
                raise HTTPException(503, "The app is being closed.") from None
            raise HTTPException(409, f"Opening {name} was cancelled.") from None
        except OSError as error:
            raise HTTPException(507, no_room(error)) from error

    def _without_paths(self, text: str, origin: Origin) -> str:
        if origin.file is not None:
            text = text.replace(str(origin.file), origin.label).replace(origin.file.name, origin.label)
        names = {str(cache.folder()): "…", str(Path.home()): "~"}
        if cache.folder().is_relative_to(Path.home()):
            del names[str(cache.folder())]
        names |= {os.environ[name]: f"${name}" for name in ("SNOWDOME_CACHE", "SNOWDOME_DATA") if os.environ.get(name)}
        if self._sources.data_dir is not None:
            names[str(self._sources.data_dir)] = "DIR"
        for root in sorted(names, key=len, reverse=True):
            text = text.replace(root.rstrip(os.sep) + os.sep, names[root] + os.sep)
        return text


def entries(data_dir: Path | None) -> list[EntryRecord]:
    """The catalogue as the app shows it."""
    found = []
    for key, entry in catalogue.ENTRIES.items():
        here = not entry.files or catalogue.find(key, data_dir) is not None
        source = None if here else SOURCES.get(key)
        found.append(
            EntryRecord(
                key=key,
                title=entry.title,
                about=entry.about,
                licence=entry.licence,
                size=entry.size,
                here=here,
                fetch_bytes=0 if source is None else source.size,
            )
        )
    return found


def named_origin(thing: str, data_dir: Path | None, options: Options) -> Origin:
    """What `snowdome.open` finds under a name, or a path that a person gave where the app was started."""
    return Origin(lambda how, control: _read(thing, data_dir, control, how), thing, options)


def _read(thing: str | Path, data_dir: Path | None, control: Control, options: Options) -> Dataset:
    """`open_dataset` with the options of `Reading` and nothing else that a client could name."""
    declared = list(options_of(Reading))
    for name in options:
        if name not in declared:
            raise unknown_option("open", name, declared)
    chosen: dict[str, Any] = dict(options)
    return open_dataset(thing, data_dir, control, **chosen)


def _options(text: str) -> Options:
    """Options of an address, as JSON."""
    try:
        return msgspec.json.decode(text, type=Options)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise HTTPException(400, 'The options are JSON: {"label": "…"}.') from None


def label_of(name: str) -> str:
    """What a person may be shown as the name of a file that was sent: its last part, without what controls text."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[: 10 * MOST_LABEL]))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    words = " ".join(seen.split())
    if not words.strip(". "):
        return UNNAMED
    return words if len(words) <= MOST_LABEL else f"{words[: MOST_LABEL - 9]}…{words[-8:]}"


@contextlib.contextmanager
def place_for_upload() -> Iterator[Path]:
    """An empty file under a name of ours, for its owner alone; it is removed where it was not opened."""
    home = cache.private_folder(cache.folder() / "uploads")
    for left in home.iterdir():
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            left.unlink(missing_ok=True)
    path = home / f"upload-{secrets.token_hex(8)}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def receive(request: Request, path: Path, most: int, told: Callable[[int], None]) -> int:
    """Write the body into the file as it comes, a piece of it in memory at a time; how many bytes there were.

    The bytes are counted as they come, whatever the header announced.
    """
    done, waiting = 0, bytearray()
    stream = request.stream()
    with path.open("wb") as file:
        while True:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    piece = await anext(stream, None)
            except TimeoutError:
                raise HTTPException(408, "The file stopped coming. Send it again.") from None
            if piece is None:
                break
            done += len(piece)
            if done > most:
                raise too_large(most)
            waiting += piece
            if len(waiting) >= PIECE:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
                told(done)
        await asyncio.to_thread(file.write, bytes(waiting))
    return done


def open_upload(path: Path, label: str, control: Control, options: Options) -> Dataset:
    """The Dataset in a file that was sent, named as the person knows it."""
    if not path.is_file():
        raise DataError(f"{label} is no longer kept here. Send it once more.")
    dataset = _read(path, None, control, options)
    stem = Path(label).stem if label != UNNAMED else label
    named = dataclasses.replace(
        dataset,
        name=dataset.name.replace(path.name, stem),
        source=dataset.source.replace(path.name, label),
        notes=tuple(note.replace(path.name, label) for note in dataset.notes),
    )
    return store.keep(named)


def too_large(most: int) -> HTTPException:
    """The refusal of a file that is longer than allowed."""
    return HTTPException(
        413,
        f"The file has more than {most // MEGABYTE:,} MB, the most that is taken here. Start snowdome with its path "
        f"instead, or with a larger --upload-mb.",
    )


def no_room(error: OSError) -> str:
    """What a failing disk means for the person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "The disk of the cache folder is full. Make room on it, then try again."
    return f"A file could not be read or written: {(error.strerror or 'unknown cause').lower()}."
