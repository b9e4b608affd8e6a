"""The tidy table: one row for each pixel of each image, made in blocks when it is asked for and never held whole.

Robinson's definition ("Exploring handwritten digit classification", 2018): instance counts images from 1, pixel counts
values from 0, x goes right from 0 and y up from 1; all images' pixel 0 come first, then all images' pixel 1, and so on.
Whole numbers are Int64 throughout, so that no sum, square or difference of the table wraps around.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

_BLOCK = 1 << 16  # rows of the table that are made at a time, about; at least one pixel of all images
_STRIP = 64  # columns of X that are turned at a time: one cache line of each image


class Labelled(Protocol):
    """What of a Dataset tables are made from."""

    @property
    def X(self) -> NDArray[Any]: ...  # noqa: N802 - (n, p)
    @property
    def y(self) -> NDArray[np.int64] | None: ...  # (n,)
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def image_shape(self) -> tuple[int, int] | None: ...
    @property
    def channels(self) -> int: ...
    @property
    def split(self) -> NDArray[np.uint8] | None: ...  # (n,), 0 is the training rows
    @property
    def value_range(self) -> tuple[float, float]: ...


def pixel_table(data: Labelled) -> "pl.LazyFrame":
    """label, instance, value, pixel, x, y (and channel, for images in colour): n · p rows.

    The label is the code of the class, null without labels. Plain vectors lie in one row: x is the value's number and
    y is 1. Only the columns and rows that the query asks for are made: a filter by label, instance or place costs what
    it lets through.
    """
    import polars as pl
    from polars.io.plugins import register_io_source

    return register_io_source(lambda *asked: _blocks(data, *asked[:3]), schema=pl.Schema(_schema(data)))


def wide_table(data: Labelled) -> "pl.DataFrame":
    """pixel1 … pixel784 and label (the code; absent without labels): one row for each image, named as OpenML does."""
    import polars as pl

    columns = np.ascontiguousarray(data.X.T)
    table = {f"pixel{number}": column for number, column in enumerate(columns, 1)}
    return pl.DataFrame(table | ({} if data.y is None else {"label": np.asarray(data.y)}))


def _schema(data: Labelled) -> dict[str, Any]:
    import polars as pl

    value = pl.Int64 if data.X.dtype.kind in "iu" else pl.Series(data.X[:0, :1].ravel()).dtype
    names = ["label", "instance", "value", "pixel", "x", "y", *(["channel"] if data.channels > 1 else [])]
    return {name: value if name == "value" else pl.Int64 for name in names}


def places_of(data: Labelled) -> "pl.DataFrame":
    """pixel, x, y (and channel) of each of the p columns of X."""
    import polars as pl

    p = data.X.shape[1]
    height, width = data.image_shape or (1, p)
    column = np.arange(p)
    pixel = column // data.channels
    places = {"pixel": pixel, "x": pixel % width, "y": height - pixel // width}
    return pl.DataFrame(places | ({"channel": column % data.channels} if data.channels > 1 else {}))


def _blocks(
    data: Labelled, columns: list[str] | None, predicate: "pl.Expr | None", most: int | None
) -> Iterator["pl.DataFrame"]:
    """The rows that a query asks for, in order: `most` counts rows before the predicate."""
    import polars as pl

    names = list(_schema(data))
    columns = names if columns is None else columns
    rows, places = _images(data), places_of(data).with_row_index("column")
    rest: list[pl.Expr] = []
    if most is not None:
        rows, places = rows.head(most), places.head(-(-most // max(len(rows), 1)))
        rest = [] if predicate is None else [predicate]
    else:
        for part in [] if predicate is None else _conjuncts(predicate):
            asks = set(part.meta.root_names())
            if asks and asks <= {"label", "instance"}:
                rows = rows.filter(part)
            elif asks and asks <= set(places.columns):
                places = places.filter(part)
            else:
                rest.append(part)
    needed = {*columns, *(name for part in rest for name in part.meta.root_names())}
    left = len(rows) * len(places) if most is None else most
    for block in _made(data.X, rows, places, [name for name in names if name in needed] or names[:1]):
        kept = block.head(left)
        left -= len(kept)
        for part in rest:
            kept = kept.filter(part)
        yield kept.select(columns)
        if left <= 0:
            return


def _conjuncts(predicate: "pl.Expr") -> list["pl.Expr"]:
    """The parts of which all must hold: those of `a & b & c` are a, b and c."""
    parts = predicate.meta.pop()
    if len(parts) == 2 and any((a & b).meta.eq(predicate) for a, b in (parts, parts[::-1])):
        return [*_conjuncts(parts[1]), *_conjuncts(parts[0])]
    return [predicate]


def _images(data: Labelled) -> "pl.DataFrame":
    """row, label and instance of each image."""
    import polars as pl

    n = len(data.X)
    label = pl.repeat(None, n, dtype=pl.Int64, eager=True) if data.y is None else pl.Series(np.asarray(data.y))
    return pl.DataFrame({"row": np.arange(n), "label": label, "instance": np.arange(1, n + 1)})


def _made(X: NDArray[Any], rows: "pl.DataFrame", places: "pl.DataFrame", names: list[str]) -> Iterator["pl.DataFrame"]:
    """Blocks of the table of these images and these columns of X."""
    import polars as pl

    n = len(rows)
    some = min(_STRIP, max(1, _BLOCK // max(n, 1)))
    for begin in range(0, len(places) if n else 0, _STRIP):
        strip = places[begin : begin + _STRIP]
        values = _turned(X, rows["row"].to_numpy(), strip["column"].to_numpy()) if "value" in names else None
        for start in range(0, len(strip), some):
            here = strip[start : start + some]
            block: dict[str, Any] = {}
            for name in names:
                if name == "value" and values is not None:
                    block[name] = values[start : start + some].ravel()
                elif name in rows.columns:
                    block[name] = pl.concat([rows[name]] * len(here))
                else:
                    block[name] = np.repeat(here[name].to_numpy(), n)
            yield pl.DataFrame(block)


def _turned(X: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """(columns, rows): these values of X, contiguous."""
    along, across = (_slice_or_list(numbers) for numbers in (rows, columns))
    part = X[along][:, across].T
    kind = np.dtype(np.int64) if X.dtype.kind in "iu" else X.dtype.newbyteorder("=")
    return np.ascontiguousarray(part).astype(kind)


def _slice_or_list(numbers: NDArray[Any]) -> Any:
    """Ascending numbers without a gap as a slice, which copies nothing."""
    first, last = int(numbers[0]), int(numbers[-1])
    return slice(first, last + 1) if last - first + 1 == len(numbers) else numbers
