"""Fetching the files of a known data set, when a person asked for it by name and they are nowhere on this machine.

Nothing else of the product opens a connection to another machine. An address comes from `mirrors` alone; what a mirror
redirects to must be http or https at a public address. No size is believed beyond the published one, and no file gets
its name before its digests were found right. What was cut off lies beside it as NAME.part and is gone on with.
"""

import contextlib
import hashlib
import http.client
import os
import re
import shutil
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from snowdome.core import cache
from snowdome.core.control import Control
from snowdome.core.errors import DataError, MissingDataError
from snowdome.data import catalogue
from snowdome.data.connection import opener
from snowdome.data.mirrors import SOURCES, Download, Source

_PIECE = 1 << 18
_PATIENCE = 30.0  # seconds without a byte
_ATTEMPTS = 20  # at one mirror, as long as each brings the file further
_MOST_MEMBER = 1 << 30  # bytes of a member of a zip


class _Unusable(Exception):  # noqa: N818 - a finding about one mirror, told with those about the others
    """What a mirror sent is not the file."""


class _CutOff(Exception):  # noqa: N818
    """The connection ended before the file did."""


def fetch(name: str, data_dir: Path | None = None, control: Control | None = None) -> Path:
    """The folder with the files of a data set of the catalogue, fetched as far as they are not in the cache.

    Raises MissingDataError where fetching is switched off ($SNOWDOME_OFFLINE, --offline) or no mirror gives the files,
    naming them and the folder to put them into by hand; `Stopped` where `control` asks for it. What came stays.
    """
    source = SOURCES.get(name)
    if source is None:
        raise by_hand(name, data_dir, "is not on this machine.")
    watcher = control or Control()
    home = cache.private_folder(cache.folder() / "downloads" / source.folder)
    with _alone(home, watcher):
        missing = [file for file in source.files if not _at_hand(file, home, data_dir, source)]
        if missing and os.environ.get("SNOWDOME_OFFLINE", "0") not in ("", "0"):
            raise by_hand(name, data_dir, "is not on this machine, and fetching is switched off.")
        _check_room(name, sum(file.size - _size(home / f"{file.name}.part") for file in missing), home)
        failures = _fetch_all(name, missing, home, watcher)
        if failures:
            raise by_hand(name, data_dir, f"could not be fetched ({'; '.join(failures)}).")
        return _unpacked(name, source, home, data_dir) if source.members else home


def by_hand(name: str, data_dir: Path | None, why: str) -> MissingDataError:
    """The error of a data set that is not there: which files to put where."""
    entry, source = catalogue.ENTRIES[name], SOURCES.get(name)
    folder, files = name, entry.files
    if source is not None and source.members:
        folder, files = source.folder, tuple(file.name for file in source.files)
    wanted = catalogue.search_folders(folder, data_dir)[0]
    return MissingDataError(
        f"{entry.title} {why} Put {', '.join(files)} into {wanted}, "
        f"or name the folder above it with --data DIR or SNOWDOME_DATA."
    )


def verify(name: str, folder: Path) -> None:
    """Raise DataError where a gzipped file of the data set in this folder is not the published one."""
    source = SOURCES[name]
    for file in source.files if not source.members else ():
        if (folder / file.name).is_file() and (wrong := _wrong(folder / file.name, file)):
            raise DataError(f"{catalogue.ENTRIES[name].title}: {file.name} {wrong}. Fetch it again, or open the folder "
                            f"by its path if that is intended.")  # fmt: skip


def _check_room(name: str, needed: int, home: Path) -> None:
    """Raise DataError where so many bytes more do not fit on the disk of this folder, before any of them is there."""
    free = shutil.disk_usage(home).free
    if needed > free:
        raise DataError(f"{catalogue.ENTRIES[name].title} takes {max(1, needed // 1_000_000):,} MB more, but the disk "
                        f"of {home} has {free // 1_000_000:,} MB left. Make room, or choose another folder with "
                        f"SNOWDOME_CACHE.")  # fmt: skip


def _at_hand(file: Download, home: Path, data_dir: Path | None, source: Source) -> bool:
    if (home / file.name).is_file():
        return True
    if not source.members:
        return False
    return any((folder / file.name).is_file() for folder in catalogue.search_folders(source.folder, data_dir))


@contextlib.contextmanager
def _alone(home: Path, watcher: Control) -> Iterator[None]:
    """Wait until no other process fetches into this folder, where the system has locks that end with their process."""
    try:
        import fcntl
    except ImportError:  # Windows: what two have written into one file is found out by its digest
        yield
        return
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                watcher.check("waiting for another program that fetches the same", 0, 0)
                time.sleep(0.2)
        yield


def _fetch_all(name: str, missing: list[Download], home: Path, watcher: Control) -> list[str]:
    """Fetch these files; else why each mirror did not give one of them."""
    entry, total = catalogue.ENTRIES[name], sum(file.size for file in missing)
    stage = f"fetching {entry.title}, {entry.size}, {entry.licence}"

    def told(at: int) -> Callable[[int], None]:
        return lambda done: watcher.check(stage, at + done, total)

    before = 0
    for file in missing:
        failures = _fetch_file(file, SOURCES[name], home, told(before))
        if failures:
            return failures
        before += file.size
        watcher.check(stage, before, total)
    return []


def _fetch_file(file: Download, source: Source, home: Path, progress: Callable[[int], None]) -> list[str]:
    """Fetch one file from the first mirror that gives it; else why each mirror did not."""
    part = home / f"{file.name}.part"
    failures = []
    for mirror in source.mirrors:
        for _ in range(_ATTEMPTS):
            had = _size(part)
            try:
                if not had or had < file.size:
                    _receive(mirror + file.name, part, file, progress)
                if wrong := _wrong(part, file):
                    raise _Unusable(wrong)
                part.replace(home / file.name)
                return []
            except _Unusable as error:
                part.unlink(missing_ok=True)
                why, again = str(error), had > 0  # what was there before may have been the wrong part
            except (_CutOff, OSError, http.client.HTTPException) as error:
                why, again = _reason(error), _size(part) > had
                if isinstance(error, urllib.error.HTTPError) and error.code == 416:
                    part.unlink(missing_ok=True)
                    again = had > 0
            if not again:
                break
        failures.append(f"{urlsplit(mirror).hostname}: {why}")
    return failures


def _receive(url: str, part: Path, file: Download, progress: Callable[[int], None]) -> None:
    """Add to the part what is missing of it, or write it anew where the server cannot go on."""
    had = _size(part)
    asked = urllib.request.Request(url, headers={"User-Agent": "snowdome"} | (  # noqa: S310 - the opener knows http(s) alone
        {"Range": f"bytes={had}-"} if had else {}))  # fmt: skip
    with opener(url).open(asked, timeout=_PATIENCE) as answer:
        goes_on = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range") or "")
        if answer.status == 206 and (goes_on is None or int(goes_on[1]) != had):
            raise _Unusable("went on at another place than asked")
        size = had if answer.status == 206 else 0
        length = answer.headers.get("Content-Length") or ""
        expected = size + int(length) if length.isdecimal() else file.size if file.exact else 0
        if file.exact and expected != file.size:
            raise _Unusable(f"has {expected:,} bytes, not the published {file.size:,}")
        with _kept(part):
            content = part.open("ab" if answer.status == 206 else "wb", buffering=0)
        with content:
            while piece := answer.read(_PIECE):
                size += len(piece)
                if size > file.size:
                    raise _Unusable(f"is longer than the published {file.size:,} bytes")
                with _kept(part):
                    content.write(piece)
                progress(size)
    if size < expected:
        raise _CutOff(f"the connection ended after {size:,} of {expected:,} bytes")


@contextlib.contextmanager
def _kept(path: Path) -> Iterator[None]:
    """Tells a disk that is full from a mirror that fails."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}. Make room, or choose another folder with "
                        f"SNOWDOME_CACHE.") from error  # fmt: skip


def _wrong(path: Path, file: Download) -> str:
    """What is wrong with a file, in words; nothing where it is the published one."""
    size = _size(path)
    if size > file.size or (file.exact and size != file.size):
        return f"has {size:,} bytes, not the published {file.size:,}"
    for expected in file.digests:
        with path.open("rb") as content:
            found = hashlib.file_digest(content, "sha256" if len(expected) == 64 else _md5).hexdigest()
        if found != expected:
            kind = "SHA-256" if len(expected) == 64 else "MD5"
            return f"is not the published one ({kind} {found[:16]}…, expected {expected[:16]}…)"
    return ""


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _unpacked(name: str, source: Source, home: Path, data_dir: Path | None) -> Path:
    """The folder with the data set's own files, copied from the zip that has them; no name of the zip is used."""
    target = cache.private_folder(cache.folder() / "downloads" / name)
    archive = source.files[0].name
    folders = [home, *catalogue.search_folders(source.folder, data_dir)]
    path = next(folder / archive for folder in folders if (folder / archive).is_file())
    try:
        with zipfile.ZipFile(path) as packed:
            members = {file: packed.getinfo(source.members + file) for file in catalogue.ENTRIES[name].files}
            for member in members.values():
                if member.file_size > _MOST_MEMBER:
                    raise DataError(f"{path}: {member.filename} says that it has {member.file_size:,} bytes.")
            _check_room(name, sum(member.file_size for member in members.values()), target)
            for file, member in members.items():
                with packed.open(member) as content, cache.atomic_write(target / file) as copy:
                    shutil.copyfileobj(content, copy, _PIECE)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: is no whole zip of EMNIST ({error}). Remove it and fetch it again.") from error
    return target


def _reason(error: Exception) -> str:
    """Why a mirror did not answer, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"answered {error.code} {error.reason}".strip()
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return f"no answer in {_PATIENCE:.0f} seconds"
    words = inner.strerror if isinstance(inner, OSError) and inner.strerror else inner
    return str(words) or type(error).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
