"""Decoded data sets in the cache: memory-mapped arrays under their payload hash, which is how they cross processes."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from snowdome.core import cache
from snowdome.core.errors import DataError, MissingDataError
from snowdome.data.dataset import Dataset

_ARRAYS = ("X", "y", "split", "ids")


def _home(payload_hash: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", payload_hash):
        raise DataError(f"{payload_hash!r} is not a payload hash: 64 hexadecimal digits.")
    return cache.folder() / "datasets" / payload_hash


def keep(dataset: Dataset) -> Dataset:
    """Put a Dataset into the cache, if it is not there, and return it memory-mapped."""
    payload_hash = dataset.payload_hash
    home = _home(payload_hash)
    cache.private_folder(home.parent)
    cache.private_folder(home)
    facts = {
        field.name: getattr(dataset, field.name) for field in dataclasses.fields(dataset) if field.name not in _ARRAYS
    }
    present = []
    for name in _ARRAYS:
        array = getattr(dataset, name)
        if array is not None:
            present.append(name)
            if name in ("ids", "split") or not (home / f"{name}.npy").exists():  # the hash knows X and y alone
                cache.save_array(home / f"{name}.npy", array)
    cache.save_json(home / "dataset.json", {"facts": facts, "arrays": present})
    return load(payload_hash)


def load(payload_hash: str) -> Dataset:
    """The Dataset of that hash, memory-mapped; MissingDataError where the cache has none."""
    home = _home(payload_hash)
    try:
        contents = json.loads((home / "dataset.json").read_text(encoding="utf-8"))
        arrays: dict[str, Any] = {name: cache.map_array(home / f"{name}.npy") for name in contents["arrays"]}
    except FileNotFoundError as error:
        raise MissingDataError(f"The cache holds no data set {payload_hash[:12]}…; open it again.") from error
    facts: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in contents["facts"].items()}
    dataset = Dataset(**arrays, **facts)
    dataset.__dict__["payload_hash"] = payload_hash  # known: it need not be computed from the arrays again
    return dataset


def remembered(key: str, read: Callable[[], Dataset]) -> Dataset:
    """The Dataset that was read under `key` before, else the one that `read` gives, kept for the next time."""
    opened = cache.private_folder(cache.folder() / "opened")
    note = opened / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    try:
        return load(json.loads(note.read_text())["payload_hash"])
    except (FileNotFoundError, ValueError):
        dataset = keep(read())
        cache.save_json(note, {"payload_hash": dataset.payload_hash})
        return dataset
