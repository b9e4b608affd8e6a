"""A folder of image files: a class for each sub-folder, flat, or with a CSV file that gives the labels."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.pictures import tree
from snowdome.data.pictures.images import Blob
from snowdome.data.reading import AS_IT_IS, Reading

VERSION = 2  # part of the key under which a decoded data set is kept

_MOST_FILES = 1_000_000
_LOOKED_AT = 64  # files whose first bytes tell whether this is a folder of images
_NAMED = 5


class File(NamedTuple):
    """A file below a folder: its path with /, its size in bytes, and when it was changed."""

    path: str
    size: int
    changed: int


def sniff(path: Path, head: bytes) -> bool:  # noqa: ARG001 - a folder has no head
    """Whether most of the first files below this folder are images by their first bytes."""
    if not path.is_dir():
        return False
    heads = []
    for file in itertools.islice(_walk(path, []), _LOOKED_AT):
        content = _load(path, file.path, 16)
        heads.append((file.path, content if isinstance(content, bytes) else b""))
    return tree.looks_like_images(heads)


def files(path: Path) -> list[Path]:
    """All files below the folder that are neither hidden nor links."""
    return [path / file.path for file in sorted(_walk(path, []))]


def stamps(path: Path) -> list[File]:
    """The same with size and time, as the walk found them: 60,000 need not be asked one by one."""
    return sorted(_walk(path, []))


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The images below a folder, by the rules of `snowdome.data.pictures.tree`. Links are not followed."""
    notes: list[str] = []
    found = [file.path for file in _walk(path, notes)]
    title = tree.text(path.resolve().name)
    return tree.read(found, lambda name: _load(path, name), title, how, control, notes)


def _walk(top: Path, notes: list[str]) -> Iterator[File]:
    """The files below `top`; what was passed over is noted."""
    folders = [""]
    links: list[str] = []
    closed: list[str] = []
    count = 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(top / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if tree.ignored(entry.name):
                        continue
                    if entry.is_symlink():
                        links.append(path)
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        stat = entry.stat(follow_symlinks=False)
                        yield File(path, stat.st_size, stat.st_mtime_ns)
                        count += 1
                        if count > _MOST_FILES:
                            raise DataError(f"{tree.text(top.name)}: more than {_MOST_FILES:,} files. "
                                            f"Open a folder below it.")  # fmt: skip
        except OSError as error:
            closed.append(f"{folder or top.name} ({error.strerror})")
    if links:
        notes.append(f"links were not followed: {_listed(links)}")
    if closed:
        notes.append(f"folders could not be read: {_listed(closed)}")


def _load(top: Path, name: str, most: int | None = None) -> Blob:
    """The bytes of a file, or why they cannot be had; only the first `most` where that is given."""
    try:
        with (top / name).open("rb") as file:
            content = file.read(tree.MOST_BYTES + 1 if most is None else most)
    except OSError as error:
        return DataError(error.strerror or "cannot be read")
    if len(content) > tree.MOST_BYTES:
        return DataError(f"more than {tree.MOST_BYTES:,} bytes")
    return content


def _listed(names: list[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(tree.text(name) for name in names[:_NAMED]) + more
