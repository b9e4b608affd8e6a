"""What is known of each row beside its values: the columns that views sort, filter and colour by."""

import functools
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, did_you_mean
from snowdome.data.dataset import Dataset

_BLOCK = 1 << 22  # bytes of rows that are looked at at once
_LONGEST_TITLE = 60
_PLAIN_NAME = re.compile(r"\w[\w .]{0,59}")  # can stand in an address and in a filter, and is no model's `predicted-1`
LATER = ("suspicion", "suggested", "suggested label", "decision")
"""Names that columns found out in the session have."""

Kind = Literal["name", "number"]


class ColumnRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A column: `name` ones hold a text for each row, `number` ones a number. `says` is one sentence for people.

    `version` is another one when the values are; those of the data stay as they are.
    """

    id: str
    title: str
    says: str
    kind: Kind
    version: int = 0


class ColumnsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Every column of the open data, in the order in which people read them."""

    columns: list[ColumnRecord]


class ColumnValues(msgspec.Struct, kw_only=True, frozen=True, eq=False):
    """The values of a column, 4 bytes a row, little endian, in the Dataset's order.

    Numbers are float32, NaN where there is none. Of texts they are uint32 codes into `names`, which are in order; a
    code as high as there are names stands for none.
    """

    kind: Kind
    values: bytes
    names: list[str]


class ColumnsVersion(msgspec.Struct, kw_only=True, frozen=True):
    """There are other columns than before, or others' values: a number that is another one each time."""

    version: int


class SessionColumns:
    """Columns that are found out while the data are open: how suspect a label is, what people decided.

    `changed` is called where there are others, or their values are. On the event loop.
    """

    def __init__(self, changed: Callable[[ColumnsVersion], None]) -> None:
        self._changed = changed
        self._there: dict[str, tuple[ColumnRecord, ColumnValues]] = {}
        self._versions = itertools.count(1)

    def put(self, *columns: tuple[ColumnRecord, ColumnValues]) -> None:
        """Add columns, or replace those of the same id."""
        version = next(self._versions)
        for record, values in columns:
            self._there[record.id] = msgspec.structs.replace(record, version=version), values
        self._changed(ColumnsVersion(version=version))

    @property
    def records(self) -> list[ColumnRecord]:
        """All of them."""
        return [record for record, _ in self._there.values()]

    def values(self, name: str) -> ColumnValues | None:
        """The values of the one of that id; None where there is none."""
        found = self._there.get(name)
        return None if found is None else found[1]

    def cells(self, rows: NDArray[Any]) -> dict[str, list[Any]]:
        """What stands in each of them for those rows: a number or a text, None where there is nothing."""
        return {record.title: cells(values, rows) for record, values in self._there.values()}


def cells(column: ColumnValues, rows: NDArray[Any]) -> list[Any]:
    """What stands in a column for those rows: a number or a text, None where there is nothing."""
    if column.kind == "number":
        return [float(value) if np.isfinite(value) else None for value in np.frombuffer(column.values, "<f4")[rows]]
    texts: list[str | None] = [*column.names, None]
    return [texts[code] for code in np.frombuffer(column.values, "<u4")[rows]]


@dataclass(frozen=True)
class _Column:
    record: ColumnRecord
    there: Callable[[Dataset], bool]
    compute: Callable[[Dataset, Control], ColumnValues]


def column_records(dataset: Dataset) -> ColumnsRecord:
    """The columns that these data have. Cost: none; nothing is computed."""
    return ColumnsRecord(columns=[column.record for column in _there(dataset)])


def column_values(dataset: Dataset, name: str, control: Control | None = None) -> ColumnValues:
    """The values of the column of that id; DataError where there is none. Cost: at most two readings of X."""
    there = {column.record.id: column for column in _there(dataset)}
    if name not in there:
        raise DataError(f"There is no column {name!r}. {did_you_mean(name, list(there))}There is: {', '.join(there)}.")
    return there[name].compute(dataset, control or Control())


def own_cells(dataset: Dataset, rows: NDArray[Any]) -> dict[str, list[Any]]:
    """What the data's own columns hold for those rows, by title: a number or a text, None where there is nothing."""
    found = {}
    for column, values in zip(_own(dataset), dataset.columns.values(), strict=True):
        some = values[rows]
        empty = some == "" if some.dtype.kind == "U" else ~np.isfinite(some)
        found[column.record.title] = [None if no else cell for no, cell in zip(empty, some.tolist(), strict=True)]
    return found


def numbers(values: NDArray[Any]) -> ColumnValues:
    """A column of numbers, (n,); what is no number on the wire is none."""
    with np.errstate(over="ignore"):
        found = np.asarray(values, "<f4")
    return ColumnValues(
        kind="number", values=np.where(np.isfinite(found), found, np.float32("nan")).tobytes(), names=[]
    )


def names(codes: NDArray[Any], texts: list[str]) -> ColumnValues:
    """A column of texts: (n,) codes into `texts`."""
    return ColumnValues(kind="name", values=np.asarray(codes, "<u4").tobytes(), names=texts)


def _there(dataset: Dataset) -> list[_Column]:
    """Those that every Dataset has, as far as there are such facts, and its own."""
    return [*(column for column in _COLUMNS if column.there(dataset)), *_own(dataset)]


def _own(dataset: Dataset) -> list[_Column]:
    """The data's own columns under their names; where one is taken, or is no plain word, the id is ours."""
    taken = {"", *LATER, *(title for column in _COLUMNS for title in (column.record.id, column.record.title))}
    found = []
    for number, (name, values) in enumerate(dataset.columns.items(), 1):
        title = name if len(name) <= _LONGEST_TITLE else f"{name[: _LONGEST_TITLE - 1]}…"
        free = title.strip().lower() not in taken
        title = title if free else f"{title} (column {number})".strip()
        taken.add(title.strip().lower())
        own_id = name if free and _PLAIN_NAME.fullmatch(name) else f"column-{number}"
        kind: Kind = "name" if values.dtype.kind == "U" else "number"
        says = "A column of the data that is not among the values: no map and no model sees it."
        found.append(_column(own_id, title, says, kind, _always, functools.partial(_of_own, name)))
    return found


def _of_own(name: str, dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    values = dataset.columns[name]
    if values.dtype.kind != "U":
        return numbers(values)
    texts, codes = np.unique(values, return_inverse=True)
    if len(texts) and texts[0] == "":  # the first in order: no text
        return names(np.where(codes == 0, len(texts) - 1, codes - 1), texts[1:].tolist())
    return names(codes, texts.tolist())


def _labels(dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    return names(_codes(dataset.y), list(dataset.classes))


def _splits(dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    return names(_codes(dataset.split), list(dataset.split_names))


def _codes(codes: NDArray[Any] | None) -> NDArray[Any]:
    return np.zeros(0) if codes is None else codes


def _ids(dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    texts, codes = np.unique(dataset.all_ids(), return_inverse=True)
    return names(codes, [str(text) for text in texts.tolist()])


def _rows(dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    return numbers(np.arange(len(dataset)))


def _instances(dataset: Dataset, control: Control) -> ColumnValues:  # noqa: ARG001
    codes = _codes(dataset.y)
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], np.arange(len(dataset.classes)))
    place = np.empty(len(codes), np.int64)
    place[order] = np.arange(len(codes)) - first[codes[order]] + 1
    return numbers(place)


def _distances(dataset: Dataset, control: Control) -> ColumnValues:
    from snowdome.summary.base import make_summary, summarise

    if len(dataset) == 0:
        return numbers(np.zeros(0))
    (table,) = summarise(dataset, [make_summary("distance")], control=control)
    return numbers(table.sort("instance")["rms_distance"].to_numpy())


def _means(dataset: Dataset, control: Control) -> ColumnValues:
    n, p = dataset.X.shape
    step = max(1, _BLOCK // max(1, p * dataset.X.dtype.itemsize))
    found = np.zeros(n)
    for first in range(0, n, step):
        control.check("reading the rows", first, n)
        found[first : first + step] = dataset.X[first : first + step].mean(axis=1, dtype=np.float64)
    return numbers(found)


def _always(dataset: Dataset) -> bool:  # noqa: ARG001
    return True


def _labelled(dataset: Dataset) -> bool:
    return dataset.y is not None


def _column(
    name: str, title: str, says: str, kind: Kind, there: Callable[[Dataset], bool], compute: Any
) -> _Column:  # fmt: skip
    return _Column(ColumnRecord(id=name, title=title, says=says, kind=kind), there, compute)


_COLUMNS = (
    _column("label", "label", "The class that the data give it.", "name", _labelled, _labels),
    _column("split", "split", "The part of the data it belongs to.", "name", lambda ds: ds.split is not None, _splits),
    _column("id", "id", "The id that the data give it.", "name", lambda ds: ds.ids is not None, _ids),
    _column("row", "row", "Its number in the data, from 0.", "number", _always, _rows),
    _column("instance", "instance", "Its number within its class, from 1.", "number", _labelled, _instances),
    _column(
        "distance",
        "distance",
        "RMS distance to the mean of its class, on the scale of the data.",
        "number",
        _always,
        _distances,
    ),
    _column("mean", "mean value", "The mean of its values, on the scale of the data.", "number", _always, _means),
)
