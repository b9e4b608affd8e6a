"""Tables of any library as rows and labels: which column is what.

The label is the column that the person names; else one with a usual name; else the only column of text; else, where the
numbers are one or more too many for a square image, what stands before or after them. Which it was, why, and what else
it could have been is noted. Files and frames share this.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.data.columns import LONGEST, MOST, column_of, texts
from snowdome.data.reading import Reading, listed, no_column
from snowdome.data.tabular import labels
from snowdome.data.vectors import About, Part

LABELS = ("label", "labels", "class", "classes", "target", "y", "digit", "category", "species", "variety")
IDS = ("id", "ids", "imageid", "image_id", "index", "instance", "unnamed: 0", "__index_level_0__", "",
        "path", "file", "filename", "file_name")  # fmt: skip
SPLITS = ("split", "subset")
COORDINATE = "y"  # beside a column of labels it is a value
_TEXT = ("String", "Categorical", "Enum", "Object")  # as narwhals calls them
_MOSTLY = 0.9  # the share of rows with one value, beyond which a column is no label where another could be
_OTHER = "label= (--label) chooses another"
_ONE_HOT = re.compile(r"(?:label|class|target|y)[-_ .]?(\w+)", re.IGNORECASE)


def parts_of(frame: Any, how: Reading, about: About, *, headed: bool = True) -> list[Part]:
    """The rows of a narwhals DataFrame, one Part for each split that it knows.

    `headed` says that its column names mean something. Adds to the notes of `about`. Raises DataError where there is
    no column of numbers or no such label.
    """
    rows = len(frame)
    if not rows:
        raise DataError(f"{about.name}: has no rows.")
    frame, empty = _without_empty(frame, how.columns)
    if empty:
        about.notes.append(f"columns without any value were left out: {listed(empty)}")
    numbers, text, lists, others = _kinds(frame)
    taken = named_columns(frame.columns, text, how, about, headed=headed)
    rivals = _label_names(frame.columns, headed=headed) if "label" in taken else []  # labels of another kind, no values
    numbers = [name for name in numbers if name not in (*taken.values(), *rivals, *how.columns)]
    known = [name for name in dict.fromkeys((*how.columns, *text, *rivals)) if name not in taken.values()]
    left = [name for name in others if name not in (*taken.values(), *known)]
    if lists and len(lists) == 1:
        known, X, columns = known + numbers, _of_lists(frame, lists[0], about.name), []
    elif numbers:
        left, X, columns = left + lists, matrix(frame, numbers), numbers
    else:
        raise DataError(f"{about.name}: no column of numbers among {listed(frame.columns)}; expected a value for "
                        f"each pixel.")  # fmt: skip
    given: Any = None
    if "label" in taken:
        given = values_of(frame[taken["label"]])
    elif columns:
        X, columns, given = _by_place(X, columns, about, headed=headed)
    free = [name for name in text if name in known and name not in how.columns]
    if given is None and (free or (X.ndim == 2 and not _is_square(X.shape[1]))):
        which = f"any of {listed(free)} could be it; name one" if free else "name it"
        about.notes.append(f"no column of labels was found: {which} with label= (--label)")
    beside = beside_values(frame, known, how, about, left)
    ids = _ids(frame[taken["id"]]) if "id" in taken else None
    whole = Part(X, given, "", ids, columns, beside)
    return _by_split(whole, values_of(frame[taken["split"]])) if "split" in taken else [whole]


def beside_values(
    frame: Any, names: list[str], how: Reading, about: About, left: list[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Those columns as they stand beside the values of the rows, and a note of them and of those that are `left`.

    Left are also texts that are too long, and all beyond the most that are kept. DataError where they were asked for.
    """
    found: dict[str, NDArray[Any]] = {}
    left = left or []
    for name in names:
        kind = frame.schema[name]
        if kind.is_numeric() or str(kind) == "Boolean":
            values: NDArray[Any] | None = column_of(name, matrix(frame, [name])[:, 0])
        else:
            values = texts(frame[name].to_list())
        if values is None and name in how.columns:
            raise DataError(f"{about.name}: column {name!r} has texts of more than {LONGEST} characters, or too many "
                            f"of them to be kept.")  # fmt: skip
        if values is None or (len(found) == MOST and name not in how.columns):
            left.append(name)
        else:
            found[name] = values
    if found:
        about.notes.append(f"columns beside the values: {listed(list(found))}")
    if left:
        about.notes.append(f"columns left out: {listed(left)}")
    return found


def _without_empty(frame: Any, asked: Sequence[str]) -> tuple[Any, list[str]]:
    """Without the columns that hold nothing, such as the one after a comma at the end of each line."""
    counts = zip(frame.columns, frame.null_count().row(0), strict=True)
    empty = [name for name, count in counts if count == len(frame) and name.lower() not in LABELS and name not in asked]
    return (frame.drop(empty), empty) if empty else (frame, [])


def _kinds(frame: Any) -> tuple[list[str], list[str], list[str], list[str]]:
    """The names of the columns of numbers, of text, of lists, and of what is none of them: dates, bytes, structs."""
    numbers, text, lists, others = [], [], [], []
    for name, dtype in frame.schema.items():
        if dtype.is_numeric() or str(dtype) == "Boolean":
            numbers.append(name)
        elif str(dtype).startswith(("List", "Array")) or (str(dtype) == "Object" and _holds_lists(frame[name])):
            lists.append(name)
        elif str(dtype).startswith(_TEXT):
            text.append(name)
        else:
            others.append(name)
    return numbers, text, lists, others


def _holds_lists(column: Any) -> bool:
    return isinstance(column[0], (list, tuple, np.ndarray))


def named_columns(names: list[str], text: list[str], how: Reading, about: About, *, headed: bool) -> dict[str, str]:
    """Which columns are the label, the id and the split, as far as their names tell."""
    taken: dict[str, str] = {}
    for asked in (*([] if how.label is None else [how.label]), *how.columns):
        if asked not in names:
            raise no_column(about.name, asked, names)
    if how.label in how.columns:
        raise DataError(f"{about.name}: {how.label!r} is named as the label and as a column beside the values; it can "
                        f"be one of them.")  # fmt: skip
    names = [name for name in names if name not in how.columns]
    lower = {name.strip().lower(): name for name in reversed(names)} if headed else {}
    if how.label is not None:
        taken["label"] = how.label
    for noun, usual in (("label", LABELS), ("id", IDS), ("split", SPLITS)):
        found = [lower[name] for name in usual if name in lower and lower[name] not in taken.values()]
        if found and noun not in taken:
            taken[noun] = found[0]
    free = [name for name in text if name not in (*taken.values(), *how.columns)]
    only = "label" not in taken and len(free) == 1
    if only:
        taken["label"] = free[0]
    if "label" in taken and headed:
        named = _label_names(names, headed=headed)
        about.notes.append(_why(taken["label"], named, asked=how.label is not None, only=only))
    return taken


def _label_names(names: list[str], *, headed: bool) -> list[str]:
    """The columns whose names say that they hold labels."""
    return [name for name in names if headed and name.strip().lower() in LABELS and name.strip().lower() != COORDINATE]


def _why(taken: str, named: list[str], *, asked: bool, only: bool) -> str:
    """Which column was taken for the labels, why, and what else it could be, as a note."""
    said = f"the labels are those of the column {taken!r}"
    if asked:
        return f"{said}, as asked"
    rivals = [name for name in named if name != taken]
    if rivals:
        return f"{said}, but {listed(rivals)} could be them too: {_OTHER}"
    return f"{said}, {'the only one of text' if only else 'by its name'}: {_OTHER}"


def values_of(column: Any) -> Any:
    """The values of a narwhals Series: numbers as an array, anything else as a list."""
    if column.dtype.is_numeric():
        return np.asarray(column.to_numpy())
    return column.to_list()


def matrix(frame: Any, names: list[str]) -> NDArray[Any]:
    """Columns of numbers as (n, p); what is missing is NaN."""
    import narwhals as nw

    kinds = frame.schema
    odd = [name for name in names if str(kinds[name]) == "Boolean" or str(kinds[name]).startswith("Decimal")]
    if frame.implementation.is_polars() and not odd:
        X = np.asarray(frame.to_native()[names].to_numpy(order="c"))  # twice as fast as to turn it afterwards
    else:
        chosen = frame.select(names)
        X = np.asarray((chosen.with_columns(nw.col(odd).cast(nw.Float64)) if odd else chosen).to_numpy())
    if X.dtype.kind not in "iuf":
        X = np.column_stack([np.asarray(frame[name].cast(nw.Float64).to_numpy()) for name in names])
    return X


def _of_lists(frame: Any, name: str, where: str) -> NDArray[Any]:
    """A column of lists, which may be of lists again, as an array."""
    rows = frame[name].to_list()
    try:
        X = np.array([np.asarray(row) for row in rows] if isinstance(rows[0], np.ndarray) else rows)
    except ValueError as error:
        lengths = [len(row) if row is not None else 0 for row in rows]
        odd = next((row for row, length in enumerate(lengths) if length != lengths[0]), 0)
        raise DataError(f"{where}: column {name!r}, row {odd + 1}: a list of {lengths[odd]} values; the first row has "
                        f"{lengths[0]}. All must be of one length.") from error  # fmt: skip
    if X.dtype.kind not in "biuf":
        raise DataError(f"{where}: column {name!r} has lists of {X.dtype}, or rows without one; expected numbers.")
    return X


def _by_place(
    X: NDArray[Any], columns: list[str], about: About, *, headed: bool
) -> tuple[NDArray[Any], list[str], Any]:
    """(X, columns, labels) of numbers of which some may be labels, told by the names or by where they stand."""
    p = len(columns)
    named = [column for column in columns if _ONE_HOT.fullmatch(column)] if headed else []
    if len(named) > 1:
        places = [columns.index(column) for column in named]
        if labels.is_one_hot(X[:, places]):
            names = [match[1] for column in named if (match := _ONE_HOT.fullmatch(column))]
            given = [names[place] for place in X[:, places].argmax(1)]
            about.notes.append(f"labels were read from the {len(named)} columns {named[0]} to {named[-1]}")
            return np.delete(X, places, axis=1), [column for column in columns if column not in named], given
    if _is_square(p):
        return X, columns, None
    if _is_square(p - 1):
        first, last = (_unlike_labels(X[:, place]) for place in (0, -1))
        place = 0 if first <= last else p - 1
        words = ("last", "first") if place else ("first", "last")
        either = f", but the {words[1]} could be it too" if first[:3] == last[:3] else ""
        about.notes.append(f"the {words[0]} of {p} columns was taken as the label{either}: {_OTHER}")
        rest = slice(0, -1) if place else slice(1, None)
        return X[:, rest], columns[rest], X[:, place]
    for k in range(2, min(p, 1000)):
        if _is_square(p - k):
            for mine, rest in ((slice(0, k), slice(k, None)), (slice(p - k, None), slice(0, p - k))):
                if labels.is_one_hot(X[:, mine]):
                    about.notes.append(
                        f"labels were read from the {'last' if rest.start == 0 else 'first'} {k} columns"
                    )
                    return X[:, rest], columns[rest], X[:, mine].argmax(1)
    return X, columns, None


def _unlike_labels(values: NDArray[Any]) -> tuple[bool, bool, bool, int]:
    """How little a column of numbers is like labels; the less, the smaller.

    A pixel in a corner is one value nearly everywhere, or has gaps between its values, or has many; classes are spread,
    are counted without a gap, and are few.
    """
    found, counts = np.unique(values, return_counts=True)
    whole = bool((found == np.floor(found)).all()) and len(found) <= labels.MOST_CLASSES
    gaps = not whole or float(found[-1]) - float(found[0]) >= len(found)
    return len(found) < 2, bool(counts.max() > _MOSTLY * len(values)), gaps, len(found)


def _is_square(p: int) -> bool:
    return p >= 64 and math.isqrt(p) ** 2 == p


def _ids(column: Any) -> NDArray[Any] | None:
    """The ids as whole numbers or text; None where they are neither, or not all different."""
    values = column.to_list()
    if len(set(map(str, values))) < len(values):
        return None
    if all(isinstance(value, int) and abs(value) < 2**63 for value in values):
        return np.array(values, np.int64)
    return np.array(values) if all(isinstance(value, str) and len(value) <= 1000 for value in values) else None


def _by_split(whole: Part, splits: list[Any]) -> list[Part]:
    """One Part for each split, train and test first."""
    names = np.array([str(name) for name in splits])
    order = sorted(set(names.tolist()), key=lambda name: ({"train": 0, "test": 1}.get(name, 2), name))
    parts = []
    for name in order:
        rows = np.flatnonzero(names == name)
        given = whole.labels
        if given is not None:
            given = given[rows] if isinstance(given, np.ndarray) else [given[row] for row in rows]
        ids = None if whole.ids is None else whole.ids[rows]
        beside = {column: values[rows] for column, values in whole.beside.items()}
        parts.append(Part(whole.X[rows], given, name, ids, whole.columns, beside))
    return parts
