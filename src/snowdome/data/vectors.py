"""Arrays as a Dataset: what shape the images have, what their values mean, and what is done about missing ones.

Every container of arrays and tables ends here, so that the same values make the same Dataset whatever held them.
Each rule that was applied is noted in the Dataset, in words.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, wrong_features
from snowdome.data.columns import joined
from snowdome.data.dataset import Dataset
from snowdome.data.reading import Reading
from snowdome.data.tabular import labels

_BLOCK = 1 << 22  # values that are looked at together
_COLOUR_SIDES = (28, 32, 64, 96, 128)  # a vector of 3 · side² values is taken as a colour image


@dataclasses.dataclass
class Part:
    """Rows that belong together, such as a split: values (n, p), or images (n, h, w) or (n, h, w, channels).

    `columns` are the names of the values, `beside` what is known of the rows beside them.
    """

    X: NDArray[Any]
    labels: Any = None
    split: str = ""
    ids: NDArray[Any] | None = None
    columns: Sequence[str] = ()
    beside: Mapping[str, NDArray[Any]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class About:
    """What is known of a source beside its rows."""

    name: str
    source: str
    notes: list[str] = dataclasses.field(default_factory=list)


def dataset(parts: list[Part], how: Reading, about: About) -> Dataset:
    """The parts as one Dataset; the rows in the order of the parts. DataError for what cannot be one."""
    notes = list(about.notes)
    for part in parts:
        part.X = _numbers(part, about.name)
        part.X = _in_order(parts[0], part)
    X = _joined(parts, about.name)
    y, classes = _labels(parts, notes, about.name)
    split, split_names = _splits(parts)
    ids = _ids(parts)
    beside = joined([(len(part.X), part.beside) for part in parts])
    X, kept = _complete(X, how, notes, about.name, parts[0].columns)
    if kept is not None:
        y = None if y is None else y[kept]
        split = None if split is None else split[kept]
        ids = None if ids is None else ids[kept]
        beside = beside.take(kept)
    X, shape, channels = _shaped(X, notes)
    X, value_range = _valued(X, notes, image=shape is not None)
    X = X.reshape(len(X), -1)
    if channels == 3 and _is_grey(X):
        X, channels = np.ascontiguousarray(X[:, ::3]), 1
        notes.append("the colour images are all grey: one value a pixel was kept")
    ink_is_high = shape is None or _ink_is_high(X, (*shape, channels), value_range)
    if not ink_is_high:
        notes.append("the images have bright borders: dark is taken as ink")
    return Dataset(
        X=X, y=y, classes=classes, image_shape=shape, channels=channels, value_range=value_range,
        ink_is_high=ink_is_high, split=split, split_names=split_names, ids=ids, columns=beside,
        name=about.name, source=about.source, notes=tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _numbers(part: Part, name: str) -> NDArray[Any]:
    """The values in a native type that a Dataset can hold: uint8 and other integers, float32, float64."""
    X = np.asarray(part.X)
    where = f"{name}{f', {part.split}' if part.split else ''}"
    if X.dtype.kind not in "biuf":
        raise DataError(f"{where}: values of type {X.dtype}; expected numbers.")
    if X.ndim == 3 and X.shape[2] == 1:
        X = X[:, :, 0]
    if not 2 <= X.ndim <= 4:
        raise DataError(f"{where}: an array of shape {X.shape}; expected rows of values (n, p), or images (n, height, "
                        f"width) or (n, height, width, 3).")  # fmt: skip
    if not X.size:
        raise DataError(f"{where}: an array of shape {X.shape} has nothing to show.")
    if X.dtype.kind == "b":
        return X.astype(np.uint8)
    if X.dtype == np.float16:
        return X.astype(np.float32)
    if X.dtype.kind == "f" and X.dtype.itemsize > 8:
        return X.astype(np.float64)
    if X.dtype.kind == "u" and X.dtype.itemsize == 8:
        return X.astype(np.int64 if X.max() < 2**63 else np.float64)
    return X.astype(X.dtype.newbyteorder("="), copy=False)


def _in_order(first: Part, part: Part) -> NDArray[Any]:
    """The values of a part, its columns in the order of the first's where they have the same names in another one."""
    if list(part.columns) == list(first.columns) or sorted(part.columns) != sorted(first.columns):
        return part.X
    places = {name: place for place, name in enumerate(part.columns)}
    return part.X[:, [places[name] for name in first.columns]]


def _ids(parts: list[Part]) -> NDArray[Any] | None:
    """The ids of all rows; None where some have none, or those of two parts are the same."""
    given = [part.ids for part in parts if part.ids is not None]
    if len(given) < len(parts):
        return None
    ids = np.concatenate(given)
    return ids if len(parts) == 1 or len(np.unique(ids)) == len(ids) else None


def _joined(parts: list[Part], name: str) -> NDArray[Any]:
    first = parts[0]
    for part in parts[1:]:
        if part.X.shape[1:] != first.X.shape[1:]:
            if first.X.ndim == part.X.ndim == 2:
                sizes = wrong_features(first.X.shape[1], part.X.shape[1])
                raise DataError(
                    f"{name}: {part.split or 'another part'} is not as {first.split or 'the first'}: {sizes}."
                )
            raise DataError(f"{name}: {first.split or 'one part'} has rows of {_size(first.X)}, "
                            f"{part.split or 'another'} of {_size(part.X)}; they must be equal.")  # fmt: skip
    return np.concatenate([part.X for part in parts]) if len(parts) > 1 else first.X


def _size(X: NDArray[Any]) -> str:
    return " × ".join(map(str, X.shape[1:])) + (" values" if X.ndim == 2 else " pixels")


def _labels(parts: list[Part], notes: list[str], name: str) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """The codes of all rows. A part without labels, beside others that have some, has the class with no name."""
    if all(part.labels is None for part in parts):
        return None, ()
    given: list[Any] = []
    for part in parts:
        mine = [None] * len(part.X) if part.labels is None else part.labels
        mine = mine if isinstance(mine, np.ndarray) else labels.as_array(list(mine))
        mine = mine[:, 0] if mine.ndim == 2 and mine.shape[1] == 1 else mine
        if len(mine) != len(part.X):
            of = f" of {part.split}" if part.split else ""
            raise DataError(f"{name}: {len(mine):,} labels for {len(part.X):,} rows{of}. They must be equal.")
        given.append(mine)
    alike = len({(mine.dtype.kind, mine.shape[1:]) for mine in given}) == 1
    together = np.concatenate(given) if alike else [value for mine in given for value in list(mine)]
    try:
        codes, classes, said = labels.encode(together)
    except (DataError, ValueError) as error:
        raise DataError(f"{name}: {error}") from error
    notes.extend(said)
    return codes, classes


def _splits(parts: list[Part]) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    names = list(dict.fromkeys(part.split for part in parts))
    if names == [""]:
        return None, ()
    if len(names) > 256:
        raise DataError(f"{len(names):,} splits; at most 256 can be told apart.")
    codes = [np.full(len(part.X), names.index(part.split), np.uint8) for part in parts]
    return np.concatenate(codes), tuple(name or "rest" for name in names)


def _blocks(X: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The rows, some at a time, so that what is made of them stays small."""
    rows = max(1, _BLOCK // max(1, math.prod(X.shape[1:])))
    for at in range(0, len(X), rows):
        yield X[at : at + rows]


def _complete(
    X: NDArray[Any], how: Reading, notes: list[str], name: str, columns: Sequence[str]
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """X without NaN and infinity, as `how.missing` says; and which rows were kept, where some were not."""
    if X.dtype.kind != "f":
        return X, None
    sound = np.concatenate([np.isfinite(block).all(axis=tuple(range(1, X.ndim))) for block in _blocks(X)])
    bad = np.flatnonzero(~sound)
    if not bad.size:
        return X, None
    if how.missing == "stop":
        spot = int(np.flatnonzero(~np.isfinite(X[bad[0]].ravel()))[0])
        column = f"column {columns[spot]!r}" if spot < len(columns) else f"value {spot + 1}"
        raise DataError(
            f"{name}: {bad.size:,} of {len(X):,} rows hold NaN, infinity or nothing; the first is row {bad[0] + 1}, "
            f"{column}. Open it with missing='drop' (--missing drop) to leave such rows out, or missing='zero' to set "
            f"the values to 0."
        )
    if how.missing == "drop":
        if bad.size == len(X):
            raise DataError(f"{name}: every row holds NaN, infinity or nothing; none is left when they are dropped.")
        notes.append(f"{bad.size:,} rows with NaN or infinity were left out")
        return X[sound], sound
    notes.append(f"NaN and infinity in {bad.size:,} rows were set to 0")
    return np.where(np.isfinite(X), X, 0).astype(X.dtype), None


def _shaped(X: NDArray[Any], notes: list[str]) -> tuple[NDArray[Any], tuple[int, int] | None, int]:
    """The array, the height and width of its images, and their channels; colours last."""
    if X.ndim == 2:
        return _guessed(X, notes)
    if X.ndim == 3:
        return X, (X.shape[1], X.shape[2]), 1
    if X.shape[3] not in (1, 3) and X.shape[1] in (1, 3):
        if X.shape[1] == 3:
            notes.append("the three colours stood first in each image: they were put last")
        X = np.ascontiguousarray(X.transpose(0, 2, 3, 1))
    if X.shape[3] not in (1, 3):
        raise DataError(f"Images of {X.shape[1]} × {X.shape[2]} × {X.shape[3]}; expected 1 or 3 values for each pixel.")
    return X, (X.shape[1], X.shape[2]), X.shape[3]


def _guessed(X: NDArray[Any], notes: list[str]) -> tuple[NDArray[Any], tuple[int, int] | None, int]:
    """Vectors that may well be square images: as many values as a square has, each a grey from 0 to 255 or 0 to 1."""
    p = X.shape[1]
    side, colour_side = math.isqrt(p), math.isqrt(p // 3)
    square, colour = side * side == p and p >= 64, 3 * colour_side**2 == p and colour_side in _COLOUR_SIDES
    if not (square or colour) or not (_all_whole(X) or _all_fractions(X)):
        return X, None, 1
    if square:
        notes.append(f"the {p} values of each row were taken as an image of {side}×{side} pixels")
        return X, (side, side), 1
    notes.append(f"the {p} values of each row were taken as a colour image of {colour_side}×{colour_side} pixels")
    some = X[:1000].astype(np.float32)
    if np.abs(np.diff(some)).mean() < np.abs(some[:, 3:] - some[:, :-3]).mean():  # neighbours are alike
        notes.append("the three colours stood first in each image: they were put last")
        X = np.ascontiguousarray(X.reshape(len(X), 3, -1).swapaxes(1, 2)).reshape(len(X), p)
    return X, (colour_side, colour_side), 3


def _all_whole(X: NDArray[Any]) -> bool:
    """Whether all values are whole numbers from 0 to 255."""
    if X.dtype == np.uint8:
        return True
    return all(block.min() >= 0 and block.max() <= 255 and bool((block == np.floor(block)).all())
               for block in _blocks(X))  # fmt: skip


def _all_fractions(X: NDArray[Any]) -> bool:
    return X.dtype.kind == "f" and all(block.min() >= 0 and block.max() <= 1 for block in _blocks(X))


def _valued(X: NDArray[Any], notes: list[str], *, image: bool) -> tuple[NDArray[Any], tuple[float, float]]:
    """The values as uint8 where they are an image's, and the least and the greatest that a value can be."""
    if image and _all_whole(X):
        X = np.ascontiguousarray(X, np.uint8)
        highest = int(X.max())
        return X, (0.0, float(highest) if 0 < highest <= 16 else 255.0)
    if image and X.dtype == np.uint16:
        notes.append("values of 16 bits were divided by 257, into 0 to 255")
        return (X // 257).astype(np.uint8), (0.0, 255.0)
    X = np.ascontiguousarray(X)
    if image and _all_fractions(X):
        scaled = _of_255(X)
        if scaled is None:
            return X, (0.0, 1.0)
        notes.append("values from 0 to 1 were multiplied by 255")
        return scaled, (0.0, 255.0)
    return X, (float(X.min()), float(X.max()))


def _of_255(X: NDArray[Any]) -> NDArray[np.uint8] | None:
    """255 · X as whole numbers; None where it is none."""
    scaled = np.empty(X.shape, np.uint8)
    at = 0
    for block in _blocks(X):
        exact = block * 255
        whole = np.rint(exact)
        if np.abs(exact - whole).max() > 1e-3:
            return None
        scaled[at : at + len(block)] = whole
        at += len(block)
    return scaled


def _is_grey(X: NDArray[Any]) -> bool:
    """Whether red, green and blue are equal everywhere."""
    return all(bool((rows[:, ::3] == rows[:, 1::3]).all() and (rows[:, ::3] == rows[:, 2::3]).all())
               for rows in _blocks(X))  # fmt: skip


def _ink_is_high(X: NDArray[Any], shape: tuple[int, int, int], value_range: tuple[float, float]) -> bool:
    """Whether most of the border, which is paper, is in the lower half of the range."""
    images = X[:10_000].reshape(-1, *shape)
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    border = np.concatenate([edge.ravel() for edge in edges])
    return bool(np.median(border) <= sum(value_range) / 2)
