"""New rows in a map that is done: each by itself, among rows that stay where they are."""

import dataclasses
import functools
from collections.abc import Callable, Hashable
from typing import Any, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo
from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.space.knn import Neighbours
from snowdome.space.pca import Components, components

Places = NDArray[np.float32]  # (m, d)

FEW = 15  # neighbours of a row whose method says nothing else
_ROWS = 128  # new rows whose distances are held at a time
_TILE = 1 << 24  # distances held at a time, at most
_KEPT = 1 << 27  # bytes of points that are kept as they are looked among; more are made ready each time

Value = TypeVar("Value")


@dataclasses.dataclass(frozen=True)
class Fitted:
    """What a layout keeps of its fit to place other rows.

    Attributes:
        X: (n, p), the rows of the fit: a reference, not a copy.
        space: the components of the space that neighbours are found in, with the scores of X; None for raw values.
    """

    X: NDArray[Any]
    space: Components | None
    _found: dict[Hashable, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, X: NDArray[Any], space: int | None, threads: int, memo: Memo) -> Self:
        """The state for rows compared in so many components, or as they are where that is None or not fewer than p."""
        if space is None or space >= X.shape[1]:
            return cls(X, None)
        return cls(X, components(X, space, threads, Control(), memo))

    def rows_equal_to(self, new: NDArray[Any]) -> NDArray[np.int64]:
        """For each new row (m, p) the first row of X that equals it, -1 where there is none, (m,). Cost: n p bytes."""
        with np.errstate(invalid="ignore", over="ignore"):  # a value that X's type cannot hold equals none
            same = new.astype(self.X.dtype)
        hashes, order = self._in_order
        at = np.searchsorted(hashes, _hashes(same), sorter=order)
        first = order[np.minimum(at, len(order) - 1)]
        # Two rows of one hash of 64 bits that differ would be a wonder; one of them would be placed as if it were new.
        return np.where((self.X[first] == new).all(1), first, -1)

    def keep(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What is the same for all new rows: what `compute` gave for an equal key, else what it gives now."""
        if key not in self._found:
            self._found[key] = compute()
        return cast(Value, self._found[key])

    @functools.cached_property
    def _in_order(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The hash of each row of X, and the rows in their order."""
        hashes = _hashes(self.X)
        return hashes, np.argsort(hashes, kind="stable")

    def _looked_among(self) -> tuple[Places, Places, NDArray[np.float64], NDArray[np.float32]]:
        """The points, then the same about a centre, their squared norms there, and that centre."""
        points = self.points()
        centre = np.round(points.mean(0, dtype=np.float64)).astype(np.float32)
        right = points - centre
        return points, right, np.einsum("ij,ij->i", right, right, dtype=np.float64), centre

    def points(self) -> Places:
        """The rows of X in the space, (n, q) float32."""
        return np.ascontiguousarray(self.X if self.space is None else self.space.scores, np.float32)

    def project(self, new: NDArray[Any], threads: int = 1) -> Places:
        """New rows (m, p) in the space, (m, q) float32."""
        if self.space is None:
            return np.ascontiguousarray(new, np.float32)
        return project(new, self.space.mean, self.space.components, threads)

    def nearest(self, new: NDArray[Any], k: int, threads: int = 1) -> Neighbours:
        """The k ≤ n rows of X that are nearest to each new row (m, p) in the space, ties by index; see Neighbours.

        Exact: candidates by matrix products, rounding allowed for, then their distances themselves. So what else is in
        `new` has no influence. Cost: m n q multiplications.
        """
        from snowdome.layout import kernels_placing as kernels

        small = 4 * len(self.X) * (self.X if self.space is None else self.space.scores).shape[1] <= _KEPT
        points, right, squares, centre = self.keep("points", self._looked_among) if small else self._looked_among()
        rows = self.project(new, threads)
        index, distance = np.empty((len(rows), k), np.int32), np.empty((len(rows), k), np.float32)
        left = rows - centre
        norms = [np.einsum("ij,ij->i", left, left, dtype=np.float64), squares]
        slack = 4 * (points.shape[1] + 4) * 2.0**-24 * (norms[0] + norms[1].max())
        slack = np.nextafter(slack.astype(np.float32), np.float32(np.inf))
        here, there = (side.astype(np.float32) for side in norms)
        step = max(1, min(_ROWS, _TILE // len(points)))

        def task(block: int) -> None:
            part = slice(block * step, min(len(rows), (block + 1) * step))
            tile = -2 * left[part] @ right.T
            tile += there
            tile += here[part, None]
            kernels.nearest_in_tile(tile, part.start, rows, points, slack, index, distance)

        with one_blas_thread():
            run_tasks(task, -(-len(rows) // step), threads)
        return Neighbours(index, distance)


def project(new: NDArray[Any], mean: NDArray[np.float64], axes: NDArray[np.float64], threads: int = 1) -> Places:
    """(new - mean) @ axes.T for rows (m, p) and axes (q, p), float32: each row with the same bits in any company."""
    from snowdome.layout import kernels_placing as kernels

    rows, centre = np.ascontiguousarray(new, np.float32), mean.astype(np.float32)
    basis = np.ascontiguousarray(axes.T, np.float32)
    scores = np.empty((len(rows), basis.shape[1]), np.float32)
    _by_rows(lambda begin, end: kernels.project_rows(rows, centre, basis, begin, end, scores), len(rows), threads)
    return scores


def gaussian_weights(distance: NDArray[np.float32], perplexity: float) -> Places:
    """p(j|i) over each row's neighbours, at distances (m, k), calibrated to a perplexity from 1 to k; (m, k)."""
    from snowdome.space import kernels_affinity as kernels

    weight = np.empty(distance.shape, np.float32)
    near = np.ascontiguousarray(distance)
    kernels.calibrate_rows(near, min(max(1.0, perplexity), float(distance.shape[1])), 0, len(near), weight)
    return weight


def fuzzy_weights(distance: NDArray[np.float32]) -> Places:
    """UMAP's memberships of each row's neighbours, at distances (m, k), over their sum; (m, k)."""
    from snowdome.space import kernels_affinity as kernels

    near, member = np.ascontiguousarray(distance), np.empty(distance.shape, np.float32)
    k = near.shape[1]
    # The mean of all distances counts only where all of a row's are 0, and then any positive one gives the same.
    kernels.fuzzy_rows(near, min(1.0, float(k)), np.log2(k + 1), 1.0, 0, len(near), member)
    return np.asarray(member / member.sum(1, keepdims=True), np.float32)


def mean_of_places(neighbours: Neighbours, weight: Places, Y: Places) -> Places:
    """Σ_j p_j y_j for each row with neighbours and weights (m, k) among the points of Y (n, d); (m, d)."""
    mean = np.zeros((len(weight), Y.shape[1]))
    for near, p in zip(neighbours.index.T, weight.T, strict=True):  # one after another: the order of a row's own sum
        mean += p[:, None].astype(np.float64) * Y[near]
    total = weight.sum(1, dtype=np.float64)
    return np.asarray(mean / np.where(total > 0, total, 1)[:, None], np.float32)


def mean_of_nearest(new: NDArray[Any], fitted: Fitted, Y: Places, threads: int = 1) -> Places:
    """Where new rows (m, p) go in a map Y (n, d): the mean of the places of their 15 nearest, at perplexity 5."""
    k = min(FEW, len(Y))
    neighbours = fitted.nearest(new, k, threads)
    return mean_of_places(neighbours, gaussian_weights(neighbours.distance, k / 3), Y)


def _by_rows(kernel: Any, m: int, threads: int) -> None:
    run_tasks(lambda block: kernel(block * _ROWS, min(m, (block + 1) * _ROWS)), -(-m // _ROWS), threads)


def _hashes(rows: NDArray[Any]) -> NDArray[np.uint64]:
    """A hash of the bytes of each row, (n,); equal rows of one type have equal ones, zeros of either sign too."""
    from snowdome.layout import kernels_placing as kernels

    found = np.empty(len(rows), np.uint64)
    for begin in range(0, len(rows), 4096):
        block = np.ascontiguousarray(rows[begin : begin + 4096])
        if block.dtype.kind == "f":
            block = block + block.dtype.type(0)
        kernels.hash_rows(block.view(np.uint8).reshape(len(block), -1), 0, len(block), found[begin : begin + 4096])
    return found
