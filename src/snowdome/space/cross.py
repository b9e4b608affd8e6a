"""Nearest neighbours among other rows: of each query, in a set of rows that it does not belong to."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError, wrong_features
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.space.checks import afford, require_finite, require_matrix
from snowdome.space.distance import EXACT_COLUMNS, squared_distances
from snowdome.space.knn import Neighbours
from snowdome.space.places import Places, arrange, columns_of

_FEW = 16  # queries that are measured against every row: putting rows into blocks would take longer
_NEAR = 6  # blocks that a query meets first: what it finds there limits what is looked at in the others


def nearest_among(
    X: NDArray[Any], queries: NDArray[Any], k: int, threads: int = 1, control: Control | None = None
) -> Neighbours:
    """The k nearest rows of X (n, p) to each of `queries` (m, p), nearest first, ties by index: exactly.

    As `nearest_neighbours`: pairs are bounded from below by products of leading components, and the few that may be
    near are measured in the values themselves, as float32 or, where both are uint8, as they are. What else is asked
    for does not change a query's answer. Cost: n m q multiplications with q components, about 20 on images, and n p
    128 for the components themselves; for a few queries in bytes n m p. Memory: a copy of both, and 600 bytes a row.

    Raises:
        DataError: a matrix of numbers it is not, values are NaN, infinite or too large, p differs, memory will not do.
        OptionError: k is not in 1 … n.
    """
    rows, asked = _checked(X, queries, k)
    if not len(asked):
        return Neighbours(np.empty((0, k), np.int32), np.empty((0, k), np.float32))
    if len(asked) <= _FEW and rows.dtype == np.uint8 and rows.shape[1] <= EXACT_COLUMNS:
        return _measured(rows, asked, k, threads)
    with one_blas_thread():
        return _compute(rows, asked, k, threads, control or Control())


def _checked(X: NDArray[Any], queries: NDArray[Any], k: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both as contiguous rows of one type, float32 or uint8."""
    require_matrix(X)
    if queries.ndim != 2 or queries.shape[1] != X.shape[1]:
        got = queries.shape[-1] if queries.ndim else 0
        raise DataError(f"queries: {wrong_features(X.shape[1], got)}.")
    if not 1 <= k <= len(X):
        raise OptionError(f"k={k} is not allowed among {len(X)} rows: 1 to {len(X)}.")
    n, p = len(X) + len(queries), X.shape[1]
    small = X.dtype == queries.dtype == np.uint8 and p < 2**15  # so that sums of squares fit into 32 bits
    needed = n * ((p + 64) * (1 if small else 8) + columns_of(p) * 12 + 200) + len(queries) * k * 24
    afford(needed, f"Finding {k} of {len(X):,} rows for {len(queries):,} queries", "Ask about fewer at a time.")
    if small:
        return np.ascontiguousarray(X), np.ascontiguousarray(queries)
    with np.errstate(over="ignore"):
        pair = np.ascontiguousarray(X, np.float32), np.ascontiguousarray(queries, np.float32)
    for values in pair:
        require_finite(values)
    return pair


def _measured(X: NDArray[np.uint8], queries: NDArray[np.uint8], k: int, threads: int) -> Neighbours:
    """The same by all distances, which are whole numbers: the same rows and bits as by bounds."""
    squared = squared_distances(X, queries, threads)
    index, distance = np.empty((len(queries), k), np.int32), np.empty((len(queries), k), np.float32)
    for row, far in enumerate(squared.T):
        may = np.flatnonzero(far <= np.partition(far, k - 1)[k - 1])
        index[row] = may[np.argsort(far[may], kind="stable")[:k]]
        distance[row] = np.sqrt(far[index[row]])
    return Neighbours(index, distance)


def _compute(X: NDArray[Any], queries: NDArray[Any], k: int, threads: int, control: Control) -> Neighbours:
    from snowdome.space import kernels

    control.check("finding neighbours", 0, 1)
    places = arrange(X, threads, queries)
    begin = -(-len(X) // kernels.BLOCK)  # the first block of queries
    blocks = len(places.centres)
    total, room = blocks * kernels.BLOCK, k + k // 2 + 48
    limit = np.full(total, -1, np.float32)  # rows of X look for nobody
    limit[begin * kernels.BLOCK : len(places.names)] = kernels.FAR
    bar = np.full(total, -1, np.int32)
    bar[begin * kernels.BLOCK :] = len(X)
    slack = np.ones(total, np.float32)  # of rows of X anything but 0: for them nothing is measured
    lists = (
        np.empty((total, room), np.float32), np.empty((total, room), np.int32), np.zeros(total, np.int32), limit, bar,
        slack,
    )  # fmt: skip
    near = _by_nearness(places.centres, begin)
    first = min(begin, max(_NEAR, 4 * k // kernels.BLOCK + 2))
    met = np.zeros((blocks, blocks), bool)
    met[:begin] = True
    met[np.arange(begin, blocks)[:, None], near[:, :first]] = True
    index, distance = np.empty((len(queries), k), np.int32), np.empty((len(queries), k), np.float32)

    def search(number: int) -> None:
        """Fill the lists of one block of queries, from near blocks to far ones, and take the nearest out of them."""
        block = begin + number
        start, end = block * kernels.BLOCK, min(len(places.names), (block + 1) * kernels.BLOCK)
        groups = _groups(near[number, :first])
        kernels.join_near(
            places.points, places.names, *places.panels, groups, start, k, places.grow, places.trust, *lists
        )
        _join_rest(places, block, near[number, first:], met, k, lists)
        kernels.finish_rows(
            places.points, places.names, start, end, k, places.grow, places.unit, *lists, index, distance
        )

    step = max(threads, 8)
    for done in range(0, blocks - begin, step):
        control.check("finding neighbours", done, blocks - begin)
        run_tasks(lambda task, done=done: search(done + task), min(step, blocks - begin - done), threads)  # type: ignore[misc]
    if not np.isfinite(distance).all():
        raise DataError("X: distances between rows are too large for float32. Scale the values down.")
    return Neighbours(index, distance)


def _join_rest(
    places: Places, block: int, others: NDArray[np.int32], met: NDArray[np.bool_], k: int, lists: tuple[Any, ...]
) -> None:
    """Offer the rows of the other blocks to the queries of one block."""
    from snowdome.space import kernels

    nobody = np.full(len(places.norm), -1, np.float32)
    for other in others:
        spans = (block, block + 1, int(other), int(other) + 1)
        kernels.join_far(
            places.points, places.names, *places.panels, met, *spans, k, places.grow, nobody, *lists
        )  # fmt: skip


def _by_nearness(centres: NDArray[np.float32], begin: int) -> NDArray[np.int32]:
    """For each block of queries all blocks of rows, those of the nearest centres first: (queries' blocks, begin)."""
    rows, queries = centres[:begin], centres[begin:]
    apart = np.einsum("ij,ij->i", rows, rows) - 2 * queries @ rows.T
    return np.asarray(np.argsort(apart, axis=1, kind="stable"), np.int32)


def _groups(blocks: NDArray[np.int32]) -> NDArray[np.int32]:
    """All groups of columns of these blocks, for each of a block's groups of rows."""
    from snowdome.space import kernels

    each = kernels.BLOCK // kernels.COLUMNS
    there = (blocks[:, None] * each + np.arange(each, dtype=np.int32)).ravel()
    return np.tile(there, (kernels.BLOCK // kernels.ROWS, 1))
