"""What the explorers of pixels and components look at: columns, means and components of the data, as bytes."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.layout.quality import RECALLS
from snowdome.session.messages import ComponentsRecord
from snowdome.space.distance import squared_distances
from snowdome.space.pca import Components, components, space_name
from snowdome.summary.base import rows_of
from snowdome.summary.folds import ClassMoments

MOST_COMPONENTS = 50  # the space that the maps look at as well: what they found is found here
FIRST_ROWS = 1000  # as many as Olah (2014) laid out
NEIGHBOURS = 10
EDGES = 3  # of each row, as in Olah's graph
_MEANS_VERSION = 1


class Space(msgspec.Struct, frozen=True):
    """The components' facts, and as float32 the mean row and the components one after the other, (k + 1, p)."""

    record: ComponentsRecord
    basis: bytes


def column_bytes(dataset: Dataset, index: int) -> bytes:
    """One value of every row: a byte each where the data are bytes, else a float32. Cost: one walk through X."""
    column = dataset.X[:, index]
    return column.tobytes() if column.dtype == np.uint8 else np.asarray(column, "<f4").tobytes()


def row_bytes(dataset: Dataset, row: int) -> bytes:
    """The p values of one row as they are in the data, float32."""
    return np.asarray(dataset.X[row], "<f4").tobytes()


def mean_bytes(dataset: Dataset, memo: Memo, control: Control | None = None) -> bytes:
    """The mean row of each class, then that of all rows, (k + 1, p) float32; NaN for an empty class. Cost: one pass."""

    def compute() -> Arrays:
        from snowdome.core.fold import answer

        moments = answer(rows_of(dataset), [ClassMoments()], resolve(None), control)[ClassMoments()]
        weights = moments.counts / max(1, int(moments.counts.sum()))
        whole = weights @ np.nan_to_num(moments.means)
        return {"means": np.vstack([moments.means[: len(dataset.classes)], whole]).astype(np.float32)}

    means = memo(f"class-means-{len(dataset.classes)}-v{_MEANS_VERSION}", compute)["means"]
    return np.asarray(means, "<f4").tobytes()


def leading(dataset: Dataset, memo: Memo, control: Control | None = None) -> Components:
    """The components that the explorers show, found once and kept. DataError for fewer than two rows."""
    n, p = dataset.X.shape
    if n < 2:
        raise DataError(f"Principal components need at least 2 rows; there are {n}.")
    return components(dataset.X, min(MOST_COMPONENTS, p), resolve(None), control, memo)


def space_of(found: Components) -> Space:
    """Components as the page takes them."""
    scores = found.scores
    record = ComponentsRecord(
        n=len(scores),
        count=scores.shape[1],
        total_variance=found.total_variance,
        shares=found.explained_variance_ratio.tolist(),
        low=scores.min(0).tolist(),
        high=scores.max(0).tolist(),
    )
    return Space(record, np.vstack([found.mean, found.components]).astype("<f4").tobytes())


def score_bytes(found: Components, component: int) -> bytes:
    """The score of every row in one component, counted from 0, (n,) float32. DataError where there is no such one."""
    count = found.scores.shape[1]
    if not 0 <= component < count:
        raise DataError(f"There is no component {component}; there are {count}, counted from 0.")
    return np.ascontiguousarray(found.scores[:, component], "<f4").tobytes()


def first_neighbours(dataset: Dataset) -> bytes:
    """The ten nearest of each of the first 1,000 rows among these, u16 row by row, the nearest first.

    Euclidean distance of the values themselves; of equally near rows the earlier one is first, as Olah's graph has it.
    Cost: 1,000² p multiplications.
    """
    X: NDArray[Any] = np.asarray(dataset.X[:FIRST_ROWS])
    squared = squared_distances(X, X, 1)
    np.fill_diagonal(squared, np.inf)
    nearest = np.argsort(squared, 1, kind="stable")[:, : max(0, min(NEIGHBOURS, len(X) - 1))]
    return np.ascontiguousarray(nearest, "<u2").tobytes()


def edge_bytes(dataset: Dataset, space: int | None, memo: Memo, control: Control | None = None) -> bytes:
    """The three nearest of each row, u32 row by row, the nearest first, ties by row; fewer where there are fewer rows.

    In so many leading components, or in the values themselves. They are the first of those that the quality of a map is
    measured by, so that most often they are there already; else the cost is that of `nearest_neighbours`.
    """
    from snowdome.space.knn import nearest_neighbours

    n, p = dataset.X.shape
    if n < 2:
        return b""
    watcher, threads = control or Control(), resolve(None)
    rows, name = dataset.X, "raw"
    if space is not None and space < p:
        rows, name = components(dataset.X, space, threads, watcher, memo).scores, space_name(space)
    found = nearest_neighbours(np.ascontiguousarray(rows), min(n - 1, max(RECALLS)), threads, watcher, memo, name)
    return np.ascontiguousarray(found.index[:, :EDGES], "<u4").tobytes()
