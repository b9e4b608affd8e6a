"""Labels of any kind as codes and class names.

A class is known by its name, as text. Names that are all whole numbers ("7", 7, 7.0, "7.0") stand in numerical order
and are written as such; all others in the order of their text, as they are, letter for letter. A label that is missing
(None, NaN, "") is the class with the empty name, which comes last.
"""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError

MOST_CLASSES = 65_535  # codes are sent as 16 bits, of which the last is "none"
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.0{1,9})?")
_NOTHING = frozenset({"NAType", "NaTType"})  # pandas' own kinds of nothing, which cannot be compared


def encode(values: Iterable[Any] | NDArray[Any]) -> tuple[NDArray[np.int64] | None, tuple[str, ...], tuple[str, ...]]:
    """The codes (n,), the class names in the order of the codes, and what is to be noted.

    One label for each row: an array (n,) or (n, 1), a list, or rows of which one value is 1 and the others 0 (n, k).
    The codes are None where every label is missing. Raises DataError for what is no label, and beyond 65,535 classes.
    """
    array = values if isinstance(values, np.ndarray) else as_array(list(values))
    notes: list[str] = []
    if array.ndim == 2 and array.shape[1] != 1:
        array = _one_hot(array)
        notes.append("labels were read from columns of 0 and 1")
    if array.ndim == 2:
        array = array[:, 0]
    if array.ndim != 1:
        raise DataError(f"Labels of shape {array.shape}; expected one label for each row.")
    found, codes = _names_of(array)
    if not any(found):
        return None, (), (*notes, *(["every label is missing"] if found else []))
    order = _order(found)
    if len(order) > MOST_CLASSES:
        raise DataError(f"Labels: {len(order):,} different ones in {len(array):,} rows; at most {MOST_CLASSES:,}. "
                        f"Is this the column of the labels?")  # fmt: skip
    place = {name: code for code, name in enumerate(order)}
    plain = _plain(found)
    moved = np.array([place[plain[name]] for name in found], np.int64)
    codes = moved[codes]
    if "" in place:
        notes.append(f"{int((codes == place['']).sum()):,} rows have no label")
    if len(order) < len(found):
        notes.append("labels such as 1 and 1.0 were taken as the same")
    return codes, tuple(order), tuple(notes)


def is_one_hot(array: NDArray[Any]) -> bool:
    """Whether each row has one 1 and is 0 everywhere else."""
    if array.ndim != 2 or array.shape[1] < 2 or array.dtype.kind not in "buif" or not len(array):
        return False
    ones = array == 1
    return bool((ones.sum(1) == 1).all() and (ones | (array == 0)).all())


def as_array(values: list[Any]) -> NDArray[Any]:
    """The values as (n,) objects, so that numpy makes no text of the numbers among them; rows of values as (n, k)."""
    if values and all(isinstance(value, (list, tuple, np.ndarray)) for value in values):
        try:
            return np.asarray(values)
        except ValueError as error:
            raise DataError("Labels: the rows are of different lengths; expected one label for each row.") from error
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _one_hot(array: NDArray[Any]) -> NDArray[np.int64]:
    if not is_one_hot(array):
        raise DataError(f"Labels of shape {array.shape}; expected one label for each row, or rows of which one value "
                        f"is 1 and the others 0.")  # fmt: skip
    codes: NDArray[np.int64] = array.argmax(1).astype(np.int64)
    return codes


def _names_of(array: NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """The different names as they were written, and for each row which one it has."""
    if array.dtype.kind in "biuf":
        unique, codes = np.unique(array, return_inverse=True)
        if len(unique) <= 4 * MOST_CLASSES:
            return _merged([_name(value, 0) for value in unique], codes)
        raise DataError(f"Labels: {len(unique):,} different numbers; at most {MOST_CLASSES:,} classes. "
                        f"Is this the column of the labels?")  # fmt: skip
    seen: dict[str, int] = {}
    rows = np.empty(len(array), np.int64)
    for row, value in enumerate(array.tolist()):
        name = value if type(value) is str else _name(value, row)
        rows[row] = seen.setdefault(name, len(seen))
    return _merged([_sendable(name) for name in seen], rows)


def _merged(names: list[str], codes: NDArray[np.int64]) -> tuple[list[str], NDArray[np.int64]]:
    """The same, where different values (NaN and None, say) came to have one name."""
    place: dict[str, int] = {}
    moved = np.array([place.setdefault(name, len(place)) for name in names], np.int64)
    return list(place), moved[codes] if len(names) else codes.astype(np.int64)


def _name(value: Any, row: int) -> str:
    """The name of one label; "" where it is missing."""
    if isinstance(value, np.float32 | np.float16):
        value = float(str(value))  # 1.1 is 1.1, not 1.100000023841858
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value).__name__ in _NOTHING or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, (str, bool, int, float)):
        return str(value)
    raise DataError(f"Labels: row {row} has {type(value).__name__}; a label is text or a number.")


def _sendable(name: str) -> str:
    """Text that can be sent and kept: half of a surrogate pair, as in odd file names, is spelt out."""
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()


def _plain(names: list[str]) -> dict[str, str]:
    """What each name is written as: a whole number without ".0" where all are whole numbers."""
    if all(_WHOLE.fullmatch(name) for name in names if name):
        return {name: str(int(name.partition(".")[0])) if name else "" for name in names}
    return {name: name for name in names}


def _order(names: list[str]) -> list[str]:
    """The class names in the order of their codes."""
    plain = _plain(names)
    whole = all(_WHOLE.fullmatch(name) for name in names if name)
    different = sorted(set(plain.values()) - {""}, key=int if whole else _number_or_text(names))
    return [*different, ""] if "" in names else different


def _number_or_text(names: list[str]) -> Any:
    """How names are ordered that are not all whole: fractions by their value, anything else as text."""
    try:
        numbers = all(np.isfinite(float(name)) for name in names if name)
    except ValueError:
        return str
    return (lambda name: (float(name), name)) if numbers else str
