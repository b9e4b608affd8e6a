"""What is in memory already: arrays, pairs of arrays, dicts and Bunches of them, and dataframes of any library."""

import contextlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core import memory
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.tabular import named, tables
from snowdome.data.vectors import About, Part, dataset

_WHAT = (
    "Give a path, the name of a known data set, an array of rows, (X, y), ((X_train, y_train), (X_test, y_test)), "
    "a dict or Bunch of arrays, or a dataframe"
)


def dataset_of(thing: Any, how: Reading = AS_IT_IS) -> Dataset:
    """The Dataset of something in memory; DataError for what cannot be one.

    Arrays are whatever numpy can read (`__array__`: torch, jax, …); dataframes are pandas', polars' and Arrow's.
    """
    if isinstance(thing, Dataset):
        return thing
    about = About("data", f"{type(thing).__module__.partition('.')[0]} {type(thing).__name__} in memory")
    return dataset(_parts(thing, how, about), how, about)


def _parts(thing: Any, how: Reading, about: About) -> list[Part]:
    if isinstance(thing, Mapping):
        return _of_mapping(thing, how, about)
    if isinstance(thing, tuple) and len(thing) == 2:
        if all(isinstance(half, tuple) and len(half) == 2 for half in thing):
            return [_pair(half, split, how, about) for half, split in zip(thing, ("train", "test"), strict=True)]
        return [_pair(thing, "", how, about)]
    frame = _frame(thing, about)
    return [Part(_array(thing, about))] if frame is None else tables.parts_of(frame, how, about)


def _pair(pair: Any, split: str, how: Reading, about: About) -> Part:
    X, y = pair
    frame = _frame(X, about)
    if frame is None:
        return Part(_array(X, about), None if y is None else _labels(y, about), split)
    beside = [name for name in how.columns if name in frame.columns]
    columns = [name for name in frame.columns if name not in beside]
    text = [name for name in columns
            if not (frame.schema[name].is_numeric() or str(frame.schema[name]) == "Boolean")]  # fmt: skip
    if text:
        raise DataError(f"{about.name}: X has columns that are no numbers: {', '.join(map(repr, text[:8]))}.")
    known = tables.beside_values(frame, beside, how, about)
    return Part(tables.matrix(frame, columns), None if y is None else _labels(y, about), split, None, columns, known)


def _of_mapping(thing: Mapping[Any, Any], how: Reading, about: About) -> list[Part]:
    """A dict or a Bunch: arrays under names; or dataframes under the names of the splits."""
    things = {str(name): value for name, value in thing.items()}
    frames = {name: frame for name, value in things.items() if (frame := _frame(value, about)) is not None}
    if frames and len(frames) == len(things):
        splits = []
        for name in sorted(frames, key=lambda name: ({"train": 0, "test": 1}.get(name, 2), name)):
            for part in tables.parts_of(frames[name], how, about):
                part.split = name
                splits.append(part)
        return splits
    shapes = {name: shape for name, value in things.items() if (shape := _shape(value)) is not None}
    try:
        found = named.pairs(shapes)
    except DataError as error:
        raise DataError(f"{about.name}: {error}") from error
    parts = []
    for split, rows, labels in found:
        part = _pair((things[rows], None if labels is None else things[labels]), split, how, about)
        part.labels = _named_classes(part.labels, things.get("target_names"))
        parts.append(part)
    return parts


def _named_classes(codes: Any, names: Any) -> Any:
    """scikit-learn's codes by their `target_names`, where these are names of classes."""
    fits = isinstance(codes, np.ndarray) and codes.dtype.kind in "iu" and codes.size and names is not None
    if not fits or len(names) < 2 or not 0 <= codes.min() <= codes.max() < len(names):
        return codes
    return np.asarray(names)[codes]


def _shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array, a frame or a list; None for what is none of them, such as a description."""
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple):
        return tuple(int(side) for side in shape)
    if isinstance(value, (list, tuple)):
        with contextlib.suppress(ValueError):
            return np.shape(value)
    return None


def _frame(thing: Any, about: About) -> Any:
    """A narwhals DataFrame of a dataframe of any library, collected; None for anything else."""
    if isinstance(thing, (np.ndarray, list, tuple, str, Mapping)):
        return None
    import narwhals as nw

    if type(thing).__module__.partition(".")[0] == "pandas" and getattr(thing, "ndim", 0) == 2:
        names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in thing.columns]
        thing = thing.set_axis(names, axis=1)  # they may have been numbers
    try:
        frame = nw.from_native(thing, pass_through=True)
        if isinstance(frame, nw.LazyFrame):
            frame = frame.collect()
        return frame if isinstance(frame, nw.DataFrame) and frame.columns else None
    except Exception as error:  # whatever the library raises, for a lazy frame of a missing file, say
        raise DataError(f"{about.name}: this dataframe cannot be read: {error}") from error


def _labels(y: Any, about: About) -> Any:
    """Labels, one for each row: as an array or a list."""
    if isinstance(y, (list, tuple)):
        return list(y)
    import narwhals as nw

    found = nw.from_native(y, pass_through=True, allow_series=True)
    if isinstance(found, nw.DataFrame) and len(found.columns) == 1:
        found = found[found.columns[0]]
    if isinstance(found, nw.Series):
        return tables.values_of(found)
    return _array(y, about)


def _array(thing: Any, about: About) -> NDArray[Any]:
    """Anything that numpy can read as an array of its own types."""
    if hasattr(thing, "detach"):  # a tensor that may have gradients, or lie in another memory
        thing = thing.detach().cpu()
    if hasattr(thing, "toarray") and hasattr(thing, "shape"):  # a sparse matrix
        needed, free = int(np.prod(thing.shape, dtype=object)) * thing.dtype.itemsize, memory.available()
        if free is not None and needed > free // 2:
            raise DataError(f"{about.name}: this sparse matrix of {thing.shape} would take {needed:,} bytes; at most "
                            f"{free // 2:,}, half of the free memory, are taken.")  # fmt: skip
        thing = thing.toarray()
    if isinstance(thing, np.ma.MaskedArray):
        thing = np.where(np.ma.getmaskarray(thing), np.nan, thing.data)
    try:
        array = np.asarray(thing)
    except Exception as error:  # whatever the object's __array__ raises
        raise DataError(f"{about.name}: {type(thing).__name__} cannot be read as an array: {error}") from error
    if array.ndim == 0:
        raise DataError(f"{about.name}: {type(thing).__name__} cannot be opened. {_WHAT}.")
    return array
