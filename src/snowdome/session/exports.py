"""The selection as a file: its ids, a table of them, or a sheet of the images."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.chart.contact_sheet import contact_sheet
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.guards.spreadsheet import plain_cell

Rows = NDArray[np.integer[Any]]
MOST_ROWS = 1 << 20

Columns = Mapping[str, list[Any]]

HEADER = ("id", "row", "label", "split")
TABLES = ("csv", "parquet")
"""The kinds that take more columns."""


def export(dataset: Dataset, rows: Rows, kind: str, more: Columns | None = None) -> bytes:
    """A file of those rows, in their order: `ids`, `csv`, `parquet` or `sheet`. DataError for any other kind.

    The tables have the columns id, row (from 0), label and split, the last two empty where there are none, and those of
    `more`, a value for each of the rows. Text that a spreadsheet would compute gets a ' in the CSV, and is as it is in
    parquet.
    """
    if kind not in _KINDS:
        raise DataError(f"A selection cannot be written as {kind!r}; there is: {', '.join(_KINDS)}.")
    return _KINDS[kind](dataset, rows, more or {})


def _ids(dataset: Dataset, rows: Rows, more: Columns) -> bytes:  # noqa: ARG001
    """One id a line."""
    return "".join(f"{id_}\n" for id_ in _own_ids(dataset, rows)).encode()


def _csv(dataset: Dataset, rows: Rows, more: Columns) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*HEADER, *map(plain_cell, more)])
    for cells in zip(*_columns(dataset, rows), *more.values(), strict=True):
        writer.writerow(["" if cell is None else plain_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return file.getvalue().encode()


def _parquet(dataset: Dataset, rows: Rows, more: Columns) -> bytes:
    import polars as pl

    file = io.BytesIO()
    columns = dict(zip(HEADER, _columns(dataset, rows), strict=True)) | dict(more)
    types = {"row": pl.Int64, "label": pl.String, "split": pl.String}
    pl.DataFrame(columns, schema_overrides=types).write_parquet(file)
    return file.getvalue()


def _sheet(dataset: Dataset, rows: Rows, more: Columns) -> bytes:  # noqa: ARG001
    return contact_sheet(dataset, rows, f"{dataset.name}: {len(rows):,} of {len(dataset):,} images")


def _columns(dataset: Dataset, rows: Rows) -> tuple[list[Any], list[int], list[str | None], list[str | None]]:
    return (
        _own_ids(dataset, rows),
        [int(row) for row in rows],
        _named(dataset.y, dataset.classes, rows),
        _named(dataset.split, dataset.split_names, rows),
    )


def _own_ids(dataset: Dataset, rows: Rows) -> list[Any]:
    found: list[Any] = dataset.all_ids()[rows].tolist()
    return found


def _named(codes: NDArray[Any] | None, texts: tuple[str, ...], rows: Rows) -> list[str | None]:
    return [None] * len(rows) if codes is None else [texts[code] for code in codes[rows]]


_KINDS: dict[str, Callable[[Dataset, Rows, Columns], bytes]] = {
    "ids": _ids,
    "csv": _csv,
    "parquet": _parquet,
    "sheet": _sheet,
}
