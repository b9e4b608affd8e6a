"""Decoded data sets in the cache: memory-mapped arrays under their payload hash, which is how they cross processes.

The hash knows the values alone, so that containers of the same values share a folder. An array's file is named by its
very content, and a record says which files and which facts (name, image shape, splits …) make up one Dataset:
`datasets/<payload hash>/dataset.json` for the Dataset opened last, `opened/<key>.json` for what was read under a key.
"""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from snowdome.core import cache
from snowdome.core.errors import DataError, MissingDataError
from snowdome.data.columns import Columns
from snowdome.data.dataset import Dataset, content_hash

_ARRAYS = ("X", "y", "split", "ids")


def _home(payload_hash: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", payload_hash):
        raise DataError(f"{payload_hash!r} is not a payload hash: 64 hexadecimal digits.")
    return cache.folder() / "datasets" / payload_hash


def keep(dataset: Dataset) -> Dataset:
    """Put a Dataset into the cache, as far as it is not there whole, and return it memory-mapped."""
    record = _keep_arrays(dataset)
    _keep_record(record)
    return _dataset(record)


def load(payload_hash: str) -> Dataset:
    """The Dataset of that hash, memory-mapped; MissingDataError where the cache has none, or none that is whole."""
    record = _sound_record(_home(payload_hash) / "dataset.json")
    if record is None:
        raise MissingDataError(f"The cache holds no data set {payload_hash[:12]}…; open it again.")
    return _dataset(record)


def remembered(key: str, read: Callable[[], Dataset]) -> Dataset:
    """The Dataset that was read under `key` before, else the one that `read` gives, kept for the next time."""
    note = cache.private_folder(cache.folder() / "opened") / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    record = _sound_record(note)
    if record is None:
        record = _keep_arrays(read())
        cache.save_json(note, record)
    _keep_record(record)
    return _dataset(record)


def _keep_arrays(dataset: Dataset) -> dict[str, Any]:
    """Write the arrays that are not there whole; the record of the Dataset."""
    home = cache.private_folder(_home(dataset.payload_hash))
    arrays = {name: array for name in _ARRAYS if (array := getattr(dataset, name)) is not None}
    names = [field.name for field in dataclasses.fields(dataset) if field.name not in (*_ARRAYS, "columns")]
    columns = [(f"column-{content_hash(array)[:32]}.npy", array) for array in dataset.columns.values()]
    record: dict[str, Any] = {
        "payload_hash": dataset.payload_hash,
        "facts": {name: getattr(dataset, name) for name in names},
        "arrays": {name: f"{name}-{content_hash(array)[:32]}.npy" for name, array in arrays.items()},
        "columns": [[name, file] for name, (file, _) in zip(dataset.columns, columns, strict=True)],
    }
    for file, array in (*((file, arrays[name]) for name, file in record["arrays"].items()), *columns):
        if not _is_whole(home / file, array):
            cache.save_array(home / file, array)
    return record


def _is_whole(path: Path, array: NDArray[Any]) -> bool:
    """Whether the file is there, is as long as it says, and holds an array of that type and shape."""
    try:
        kept = cache.map_array(path)
    except cache.UNREADABLE:
        return False
    return (kept.dtype, kept.shape) == (array.dtype, array.shape)


def _keep_record(record: dict[str, Any]) -> None:
    """Make this record the one that its payload hash leads to."""
    path = _home(record["payload_hash"]) / "dataset.json"
    if _sound_record(path) != record:
        cache.save_json(path, record)


def _sound_record(path: Path) -> dict[str, Any] | None:
    """The record in a file; None where there is none, or it and its arrays do not make up a Dataset."""
    try:
        record: dict[str, Any] = json.loads(path.read_text())
        _dataset(record)
    except cache.UNREADABLE:
        return None
    return record


def _dataset(record: Any) -> Dataset:
    """The Dataset of a record, memory-mapped."""
    payload_hash = record["payload_hash"]
    home = _home(payload_hash)
    arrays: dict[str, Any] = {name: cache.map_array(home / file) for name, file in record["arrays"].items()}
    facts: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in record["facts"].items()}
    columns = Columns({name: cache.map_array(home / file) for name, file in record["columns"]})
    dataset = Dataset(**arrays, columns=columns, **facts)
    dataset.__dict__["payload_hash"] = payload_hash  # known: it need not be computed from the arrays again
    return dataset
