"""The cache folder: arrays as .npy, written whole or not at all, readable by their owner alone."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError)
"""What reading what is kept can raise: a file is missing or damaged, or another version wrote it."""


class Memo(Protocol):
    """Remembers what was computed about one data set, by name."""

    def __call__(self, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """The arrays kept under `name`, computed and kept first where there are none."""


def forget(name: str, compute: Callable[[], Arrays]) -> Arrays:  # noqa: ARG001
    """The memo that remembers nothing."""
    return compute()


def folder() -> Path:
    """The cache folder ($SNOWDOME_CACHE, else the user's), made for its owner alone."""
    import platformdirs

    chosen = os.environ.get("SNOWDOME_CACHE")
    path = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("snowdome", appauthor=False))
    return private_folder(path)


def private_folder(path: Path) -> Path:
    """Make the folder and those of its parents that are missing; mode 0700 whatever the umask."""
    if not path.parent.is_dir():
        private_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(0o700)
    return path


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Write a file whole or not at all: a temporary beside it, fsync, replace, fsync of the folder. Mode 0600."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        opened = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def save_array(path: Path, array: NDArray[Any]) -> None:
    """Write one array as .npy."""
    with atomic_write(path) as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


def map_array(path: Path) -> NDArray[Any]:
    """A .npy file as a read-only memory map (a plain array where it is empty: nothing to map)."""
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:
        return np.asarray(np.load(path, allow_pickle=False))


def save_json(path: Path, value: Any) -> None:
    """Write a small JSON file, in ASCII: a file name that is not UTF-8 has no other bytes to stand in."""
    with atomic_write(path) as file:
        file.write(json.dumps(value).encode())


def disk_memo(data_hash: str) -> Memo:
    """The memo of one data set: `derived/<data hash>/<name>.<array>.npy` in the cache folder.

    The name carries the space, k and the version of the computation. The list of arrays is written last, so that
    a computation that was cut off is done again.
    """
    home = private_folder(folder() / "derived" / data_hash)

    def memo(name: str, compute: Callable[[], Arrays]) -> Arrays:
        contents = home / f"{name}.json"
        kept = _read_kept(home, name, contents)
        if kept is None:
            kept = compute()
            for array, values in kept.items():
                save_array(home / f"{name}.{array}.npy", values)
            save_json(contents, list(kept))
        return kept

    return memo


def _read_kept(home: Path, name: str, contents: Path) -> Arrays | None:
    """What was kept under a name; None where there is nothing or it is damaged, so that it is computed again."""
    try:
        return {array: map_array(home / f"{name}.{array}.npy") for array in json.loads(contents.read_text())}
    except UNREADABLE:
        return None
