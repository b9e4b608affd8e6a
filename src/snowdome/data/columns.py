"""What is known of each row beside its values: the age of a writer, the hospital that an image comes from.

Such columns colour, filter and sort the rows. They are no values: nothing learns from them, and they are not part of
the hash of the data. A missing number is NaN, a missing text is "".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError

MOST = 100  # columns that are kept of a table; more are no list that one chooses from
LONGEST = 200  # characters of a text
_MOST_BYTES = 1 << 28  # of the texts of a column: four for each row and character of the longest


class Columns(Mapping[str, NDArray[Any]]):
    """Arrays of n numbers or n texts by their names, in order. The mapping never changes."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._arrays = dict(arrays or {})

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def take(self, rows: Any) -> "Columns":
        """Those rows of each, by a slice, integers or a mask."""
        return Columns({name: array[rows] for name, array in self.items()})

    def check(self, where: str, n: int) -> None:
        """Raise DataError for what is no column of n rows."""
        for name, array in self.items():
            if array.shape != (n,):
                raise DataError(f"{where}: column {name!r} has shape {array.shape} for {n} rows of X.")
            if array.dtype.kind not in "iufU":
                raise DataError(f"{where}: column {name!r} has values of type {array.dtype}; expected numbers or text.")


def column_of(name: str, values: Any) -> NDArray[Any]:
    """Numbers or texts, one for each row, as a column; None and NaN are missing. DataError for anything else."""
    array = values if isinstance(values, np.ndarray) else _as_array(values)
    if array.ndim != 1:
        raise DataError(f"Column {name!r} has shape {array.shape}; expected one value for each row.")
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    if array.dtype.kind in "iuf":
        plain = np.float64 if array.dtype.itemsize > 8 else np.float32 if array.dtype.str[1:] == "f2" else array.dtype
        return array.astype(np.dtype(plain).newbyteorder("="), copy=False)
    found = texts(array.tolist())
    if found is None:
        raise DataError(f"Column {name!r} has texts of more than {LONGEST} characters, or too many of them to be kept.")
    return found


def _as_array(values: Iterable[Any]) -> NDArray[Any]:
    """The values as numbers where all are numbers or missing, else as they are."""
    if hasattr(values, "__array__"):
        return np.asarray(values)
    given = list(values)
    if any(value is not None for value in given) and all(
        value is None or isinstance(value, (bool, int, float, np.number)) for value in given
    ):
        return np.array([np.nan if value is None else value for value in given])
    array = np.empty(len(given), object)
    array[:] = given
    return array


def texts(values: Sequence[Any]) -> NDArray[Any] | None:
    """The values as text; None where one is longer than is kept, or they take too much memory together."""
    found = ["" if value is None or value != value else _sendable(str(value)) for value in values]  # noqa: PLR0124 - NaN
    longest = max(map(len, found), default=0)
    if longest > LONGEST or 4 * longest * len(found) > _MOST_BYTES:
        return None
    return np.array(found, np.str_)


def _sendable(text: str) -> str:
    """Text that can be sent and kept: half of a surrogate pair is spelt out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def joined(parts: Sequence[tuple[int, Mapping[str, NDArray[Any]]]]) -> Columns:
    """The columns of parts of so many rows, one after another; a part that lacks one has nothing in it.

    A column that holds numbers in one part and text in another is text.
    """
    found: dict[str, NDArray[Any]] = {}
    for name in dict.fromkeys(name for _, columns in parts for name in columns):
        worded = any(columns[name].dtype.kind == "U" for _, columns in parts if name in columns)
        pieces = [columns[name] if name in columns else np.full(n, np.nan) for n, columns in parts]
        pieces = [_worded(piece) for piece in pieces] if worded else pieces
        found[name] = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    return Columns(found)


def _worded(column: NDArray[Any]) -> NDArray[Any]:
    """A column as text: 3.0 is "3"."""
    if column.dtype.kind == "U":
        return column
    numbers = (value if np.isfinite(value) else None for value in column.tolist())
    return np.array(["" if number is None else str(number).removesuffix(".0") for number in numbers], np.str_)
