"""npz: numpy arrays in a zip, such as keras' mnist.npz (x_train, y_train, x_test, y_test) or X and y."""

import contextlib
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data import numpy_file
from snowdome.data.dataset import Dataset
from snowdome.data.pictures import tree
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.tabular import named
from snowdome.data.vectors import About, Part, dataset

VERSION = 1  # part of the key under which a decoded data set is kept

_MOST_ARRAYS = 1000
_RATIO, _SMALL = 200, 64 << 20  # what unpacks to more than 200 times its size, and is not small
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
               KeyError, IndexError, OverflowError)  # fmt: skip


def sniff(path: Path, head: bytes) -> bool:
    """Whether this is a zip whose first file is an array."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except _UNREADABLE:
        return head[30:200].find(b".npy") > 0  # a damaged one: its reader says so
    return bool(names) and all(name.endswith(".npy") for name in names)


def files(path: Path) -> list[Path]:
    """The file alone."""
    return [path]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The arrays that are rows and labels, by their names; what else there is stays unread."""
    watcher, title = control or Control(), tree.text(path.name)
    with _damage(title), zipfile.ZipFile(path) as archive:
        members = _members(archive, title)
        headers = {}
        for name, member in members.items():
            with archive.open(member) as file:
                headers[name] = numpy_file.header(f"{title}: {name}", file)
        try:
            pairs = named.pairs({name: header.shape for name, header in headers.items()})
        except DataError as error:
            raise DataError(f"{title}: {error}") from error
        parts = []
        for done, (split, rows, labels) in enumerate(pairs):
            watcher.check("reading arrays", done, len(pairs))
            y = None if labels is None else _array(archive, members[labels], f"{title}: {labels}")
            parts.append(Part(_array(archive, members[rows], f"{title}: {rows}"), y, split))
        watcher.check("reading arrays", len(pairs), len(pairs))
    return dataset(parts, how, About(title, f"numpy arrays in {title}"))


@contextlib.contextmanager
def _damage(title: str) -> Iterator[None]:
    """What a damaged zip raises, as a sentence."""
    try:
        yield
    except DataError:
        raise
    except _UNREADABLE as error:
        raise DataError(
            f"{title}: this npz file is damaged or cut off ({str(error)[:200]}). Fetch it again."
        ) from error


def _members(archive: zipfile.ZipFile, title: str) -> dict[str, zipfile.ZipInfo]:
    """The arrays by name."""
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    infos = archive.infolist()
    if len(infos) > _MOST_ARRAYS:
        raise DataError(f"{title}: {len(infos):,} files in an npz; at most {_MOST_ARRAYS:,} are looked at.")
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if info.flag_bits & 1:
            raise DataError(f"{title}: {name} is encrypted. Save it without a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataError(f"{title}: {name} is packed in a way that numpy does not write.")
        key = unicodedata.normalize("NFC", info.filename).casefold()
        if key in seen:
            raise DataError(f"{title}: holds two arrays named {name!r}.")
        seen.add(key)
        if info.filename.endswith(".npy"):
            found[name] = info
    return found


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> NDArray[Any]:
    with archive.open(member) as opened:
        file: IO[bytes] = opened
        head = numpy_file.header(where, file)
        if head.size > _SMALL and head.size > _RATIO * max(1, member.compress_size):
            raise DataError(f"{where}: {member.compress_size:,} bytes that unpack to {head.size:,}, more than "
                            f"{_RATIO} times as many, are not believed.")  # fmt: skip
        return numpy_file.values(where, file, head)
