"""The maps that outlive the program, on disk: one folder for each, found again by what its map was made of.

`maps/<data>/<id>/` in the cache folder holds the arrays as .npy and, written last, `map.json` with all facts and the
checksum of each array. A folder appears whole or not at all: it is filled under another name. Nothing is unpickled,
and what does not give its checksum is set aside as `damaged-<id>`.
"""

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

import snowdome
from snowdome.core import cache
from snowdome.core.cache import Arrays
from snowdome.core.errors import SnowdomeError
from snowdome.data.dataset import content_hash
from snowdome.session.maps.messages import KeptRecord
from snowdome.session.maps.unfinished import lives
from snowdome.session.messages import OptionValue, ScoreRecord

FORMAT = 1
PLACES, COSTS = "places", "costs"
MOST_NAME = 80  # characters
SKETCHED = 1200  # rows of a sketch

_NOTE = "map.json"
_MOST_NOTE = 1 << 20  # bytes
_ID = re.compile(r"[0-9a-f]{20}")
_ARRAY = re.compile(r"[a-z_]{1,32}")
_CODE = ("core", "space", "layout")  # the rooms whose code decides the bits of a map


class UnknownMapError(SnowdomeError, LookupError):
    """No map of that id is kept."""


class DamagedMapError(SnowdomeError):
    """A map that was kept cannot be used: its files are not what was written."""


class _Note(msgspec.Struct, kw_only=True):
    """What `map.json` says: the facts, and the SHA-256 of each array by its name."""

    format: int
    map: KeptRecord
    arrays: dict[str, str]


class MapStore:
    """The kept maps of one data set, by the hash that knows the order of its n rows. Every method may raise OSError."""

    most_bytes: ClassVar[int] = 500_000_000
    """All maps of all data sets together; beyond, the oldest without a name are deleted."""
    most_unnamed: ClassVar[int] = 100
    """Maps of one data set that have no name."""

    def __init__(self, data: str, n: int) -> None:
        self._data, self._n = data, n

    @property
    def _home(self) -> Path:
        return cache.folder() / "maps" / self._data

    @property
    def _bin(self) -> Path:
        return self._home / f".bin-{os.getpid()}"

    def id_of(self, method: str, seed: int | None, options: dict[str, OptionValue]) -> str:
        """The id of the map of these data by a method with all its options, in this version of the program."""
        # 30 and 30.0 are one number: JSON from a browser does not tell them apart.
        plain = {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in options.items()}
        made_of = [FORMAT, snowdome.__version__, code_hash(), self._data, method, seed, plain]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:20]

    def all(self) -> tuple[list[KeptRecord], list[str]]:
        """The maps that are kept, the newest first, and the ids of those that are damaged, which are set aside now."""
        found: list[KeptRecord] = []
        damaged: list[str] = []
        for folder in _folders(self._home):
            if not _ID.fullmatch(folder.name):
                if _abandoned(folder.name):
                    shutil.rmtree(folder, ignore_errors=True)
                continue
            try:
                found.append(self._note(folder.name).map)
            except DamagedMapError:
                damaged.append(folder.name)
            except UnknownMapError:
                continue  # another process has just deleted it
        return sorted(found, key=lambda each: -each.made), damaged

    def keep(self, record: KeptRecord, arrays: Arrays) -> tuple[KeptRecord, list[KeptRecord]]:
        """Keep a map, unless it is there already: the record of what is kept, and those that had to make room for it.

        `arrays` are `places` (n, dim) float32, `costs` (m, 2) float64 of step and cost, and float32 (n,) by name.
        """
        with contextlib.suppress(UnknownMapError, DamagedMapError):
            return self._note(record.id).map, []
        home = cache.private_folder(self._home)
        fresh = home / f".new-{os.getpid()}-{record.id}"
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            cache.private_folder(fresh)
            for name, array in arrays.items():
                cache.save_array(fresh / f"{name}.npy", array)
            digests = {name: content_hash(array) for name, array in arrays.items()}
            _write(fresh, _Note(format=FORMAT, map=record, arrays=digests))
            with contextlib.suppress(FileExistsError):  # another process has kept the same map just now
                _put(fresh, home / record.id)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return record, self._make_room()

    def judged(self, number: str, scores: Sequence[ScoreRecord], points: Arrays) -> KeptRecord:
        """Keep beside a map how good it is, for all rows and for each."""
        note, folder = self._note(number), self._home / number
        for name, values in points.items():
            cache.save_array(folder / f"{name}.npy", values)
            note.arrays[name] = content_hash(values)
        note.map = msgspec.structs.replace(note.map, scores=list(scores), points=list(points))
        _write(folder, note)
        return note.map

    def rename(self, number: str, name: str) -> KeptRecord:
        """Give a map a name, or take it away by an empty one."""
        note = self._note(number)
        note.map = msgspec.structs.replace(note.map, name=tidy_name(name))
        _write(self._home / number, note)
        return note.map

    def read(self, number: str) -> tuple[KeptRecord, Arrays]:
        """A map with all its arrays, each of which gives its checksum."""
        note, folder = self._note(number), self._home / number
        arrays: Arrays = {}
        for name, digest in note.arrays.items():
            try:
                array = cache.map_array(folder / f"{name}.npy")
            except cache.UNREADABLE as error:
                raise _damaged(f"{name} cannot be read") from error
            if content_hash(array) != digest:
                raise _damaged(f"{name} does not give its checksum")
            arrays[name] = array
        self._check(note.map, arrays)
        return note.map, arrays

    def sketch(self, number: str) -> bytes:
        """The places of `SKETCHED` rows spread evenly over all, dim bytes each: 0 to 255 over the map's longest side.

        Of n rows, m of them, the i-th is row i n / m, rounded down; the middle of the map is at 127.5.
        """
        self._note(number)
        try:
            places = cache.map_array(self._home / number / f"{PLACES}.npy")
            m = min(self._n, SKETCHED)
            some = np.asarray(places[np.arange(m) * self._n // max(m, 1)], np.float64)
            low, high = some.min(0), some.max(0)
        except cache.UNREADABLE as error:
            raise _damaged(f"{PLACES} cannot be read") from error
        longest = float((high - low).max()) or 1.0
        spread = 127.5 + 255 * (some - (low + high) / 2) / longest
        sketched: bytes = np.clip(np.rint(np.nan_to_num(spread)), 0, 255).astype(np.uint8).tobytes()
        return sketched

    def set_aside(self, number: str) -> None:
        """Put a damaged map out of the way, in place of an earlier one of the same id."""
        aside = self._home / f"damaged-{number}"
        shutil.rmtree(aside, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            _put(self._home / number, aside)

    def throw_away(self, number: str) -> None:
        """Put a map into the bin of this process."""
        self._note(number)
        kept = cache.private_folder(self._bin) / number
        shutil.rmtree(kept, ignore_errors=True)
        _put(self._home / number, kept)

    def bring_back(self, number: str) -> KeptRecord:
        """Take a map out of the bin."""
        if not (_ID.fullmatch(number) and (self._bin / number).is_dir()):
            raise UnknownMapError("This map is not in the bin any more.")
        with contextlib.suppress(FileExistsError):  # it was made again meanwhile
            _put(self._bin / number, self._home / number)
        return self._note(number).map

    def empty_bin(self) -> None:
        """Delete what is in the bin."""
        shutil.rmtree(self._bin, ignore_errors=True)

    def _note(self, number: str) -> _Note:
        folder = self._home / number
        if not (_ID.fullmatch(number) and folder.is_dir()):
            raise UnknownMapError("This map is not kept any more.")
        note = _read_note(folder)
        if note.map.id != number or note.map.n != self._n:
            raise _damaged("it is of other data")
        return note

    def _check(self, record: KeptRecord, arrays: Arrays) -> None:
        """Raise DamagedMapError unless these arrays are a map of these rows."""
        n, places, costs = self._n, arrays.get(PLACES), arrays.get(COSTS)
        sound = (
            _is(places, "<f4", (n, record.dim)) and record.dim in (2, 3)
            and costs is not None and _is(costs, "<f8", (len(costs), 2))
            and all(_is(arrays.get(name), "<f4", (n,)) for name in record.points)
        )  # fmt: skip
        if not sound or not (np.isfinite(places).all() and np.isfinite(costs).all()):  # type: ignore[arg-type]
            raise _damaged("its arrays are not those of a map of these rows")

    def _make_room(self) -> list[KeptRecord]:
        """Delete what is beyond the bounds, the oldest first; the maps of this data set that are gone now."""
        root, total = self._home.parent, 0
        unnamed: list[tuple[float, int, Path, KeptRecord | None]] = []
        for folder in (each for home in _folders(root) for each in _folders(home)):
            size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
            total += size
            note = _read_note_or_none(folder) if _ID.fullmatch(folder.name) else None
            if note is None and not folder.name.startswith("."):
                unnamed.append((folder.stat().st_mtime, size, folder, None))  # damaged
            elif note is not None and note.map.name == "":
                unnamed.append((note.map.made, size, folder, note.map))
        unnamed.sort(key=lambda each: each[0])
        own = sum(folder.parent == self._home for _, _, folder, _ in unnamed)
        gone: list[KeptRecord] = []
        for _, size, folder, record in unnamed:
            ours = folder.parent == self._home
            if total <= self.most_bytes and not (ours and own > self.most_unnamed):
                continue
            shutil.rmtree(folder, ignore_errors=True)
            total, own = total - size, own - ours
            if ours and record is not None:
                gone.append(record)
        return gone


def tidy_name(text: str) -> str:
    """A name as it is kept: one line of at most 80 characters, without what controls a terminal."""
    plain = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join(plain.split())[:MOST_NAME].rstrip()


@functools.cache
def code_hash() -> str:
    """A digest of the code that maps are made by, so that a map of other code is never taken for one of this."""
    root, digest = Path(snowdome.__file__).parent, hashlib.sha256()
    for file in sorted(file for room in _CODE for file in (root / room).rglob("*.py")):
        digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:20]


@functools.cache
def versions() -> dict[str, str]:
    """What the bits of a map depend on beside its options: the versions of the program and of its libraries."""
    from threadpoolctl import threadpool_info

    blas = {f"{each['internal_api']} {each.get('version')} {each.get('architecture', '')}".strip()
            for each in threadpool_info() if each["user_api"] == "blas"}  # fmt: skip
    return {
        "snowdome": snowdome.__version__,
        "code": code_hash(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("numpy", "scipy", "numba")},
        "BLAS": ", ".join(sorted(blas)) or "unknown",
        "machine": platform.machine(),
    }


def _is(array: NDArray[Any] | None, dtype: str, shape: tuple[int, ...]) -> bool:
    return array is not None and array.dtype == np.dtype(dtype) and array.shape == shape


def _folders(path: Path) -> Iterator[Path]:
    """The folders in a folder; none where there is none."""
    try:
        inside = list(path.iterdir())
    except FileNotFoundError:
        return
    yield from (each for each in inside if each.is_dir() and not each.is_symlink())


def _read_note(folder: Path) -> _Note:
    try:
        with (folder / _NOTE).open("rb") as file:
            note = msgspec.json.decode(file.read(_MOST_NOTE), type=_Note)
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise UnknownMapError("This map is not kept any more.") from None
        raise _damaged("its facts are missing") from error
    except (OSError, msgspec.MsgspecError, RecursionError) as error:
        raise _damaged("its facts cannot be read") from error
    if note.format != FORMAT or not all(_ARRAY.fullmatch(name) for name in note.arrays):
        raise _damaged("its facts are of another version")
    return note


def _read_note_or_none(folder: Path) -> _Note | None:
    try:
        return _read_note(folder)
    except SnowdomeError:
        return None


def _write(folder: Path, note: _Note) -> None:
    with cache.atomic_write(folder / _NOTE) as file:
        file.write(msgspec.json.encode(note))


def _put(source: Path, target: Path) -> None:
    """Rename a folder to a name that is free; FileExistsError where it is not."""
    try:
        source.rename(target)
    except OSError as error:
        if target.exists():
            raise FileExistsError(str(target)) from error
        raise


def _damaged(why: str) -> DamagedMapError:
    return DamagedMapError(f"This map is damaged on disk: {why}.")


def _abandoned(name: str) -> bool:
    """Whether a folder was begun, or filled as a bin, by a process that has died."""
    found = re.fullmatch(r"\.(?:new|bin)-(\d{1,9})(?:-[0-9a-f]+)?", name)
    return found is not None and os.name == "posix" and int(found[1]) != os.getpid() and not lives(int(found[1]))
