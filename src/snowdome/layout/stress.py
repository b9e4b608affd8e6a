"""Stress: how far the distances on a map are from those that it stands for."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks, run_watched
from snowdome.layout.energy import Positions

_TILE = 512
_PARTS = 16  # of the rows; fixed, so that sums do not depend on the threads
_FLOOR = 0.01  # of the mean distance: in Sammon's stress a nearer pair weighs as if it were that far apart
_PLACING_STEPS = 60
_ROWS = 64  # new rows in one task

Matrix = NDArray[np.float32]


class Rows:
    """The rows of an X (n, p) as small float32 numbers: centred and divided by `unit`, the largest absolute value.

    So neither tiny nor huge values leave the range of float32. A distance times `unit` is one of X.
    """

    def __init__(self, X: NDArray[Any]) -> None:
        self._X = X
        exact = X.dtype.itemsize <= (4 if X.dtype.kind == "f" else 2)
        self._mean = X.mean(0, dtype=np.float64).astype(np.float32 if exact else np.float64)
        edges = (np.asarray(edge, np.float64) - self._mean for edge in (X.min(0), X.max(0)))
        self.unit = max(float(np.abs(edge).max()) for edge in edges) or 1.0

    def __len__(self) -> int:
        return len(self._X)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Matrix:
        """These rows, (m, p) float32."""
        return self.like(self._X[rows])

    def like(self, X: NDArray[Any]) -> Matrix:
        """Other rows (m, p) in the same numbers."""
        taken = np.subtract(X, self._mean, dtype=self._mean.dtype)
        taken /= taken.dtype.type(self.unit)
        return np.ascontiguousarray(taken, np.float32)


def pairwise_distances(A: Matrix, B: Matrix) -> Matrix:
    """The Euclidean distances between the rows of A (a, p) and B (b, p), (a, b) float32. Cost: a b p products."""
    from snowdome.layout import kernels_stress

    tile: Matrix = np.dot(A, B.T)
    kernels_stress.distances_from_products(tile, A, B)
    return tile


def all_distances(values: Matrix, threads: int = 1, control: Control | None = None) -> Matrix:
    """The distances between all rows of values (n, p), (n, n) float32, symmetric to the bit, zeros on the diagonal.

    Cost: n² p / 2 multiplications and 4 n² bytes.
    """
    n = len(values)
    found = np.empty((n, n), np.float32)
    blocks = -(-n // _TILE)

    def fill(first: int, second: int) -> None:
        a, b = (slice(number * _TILE, min(n, (number + 1) * _TILE)) for number in (first, second))
        tile = pairwise_distances(values[a], values[b])
        if first == second:
            tile = np.triu(tile, 1)
            tile += tile.T
        else:
            found[b, a] = tile.T
        found[a, b] = tile

    with one_blas_thread():
        for first in range(blocks):
            if control is not None:
                control.check("measuring distances", first, blocks)
            run_tasks(lambda task, first=first: fill(first, first + task), blocks - first, threads)  # type: ignore[misc]
    return found


class Stress:
    """Σ w (δ - d)² over the pairs of up to some thousand points, whose distances δ are all kept.

    Attributes:
        distances: δ, (n, n) float32, symmetric, zeros on the diagonal.
        inverse: whether a pair weighs 1/δ, as J. W. Sammon has it (IEEE Trans. Computers C-18, 1969), or 1.
        floor: the least δ that a weight is made of, so that rows at one place do not weigh infinitely.
    """

    def __init__(self, distances: Matrix, *, inverse: bool, floor: float, threads: int = 1) -> None:
        self.distances, self.inverse, self.floor, self.threads = distances, inverse, floor, threads
        self._bounds = np.linspace(0, len(distances), _PARTS + 1).astype(np.int64)

    @functools.cached_property
    def mass(self) -> NDArray[np.float32]:
        """(n,) float32: a Guttman step is the pull over it; Σ_j w_ij + max_j w_ij, n for weights of 1."""
        from snowdome.layout import kernels_stress

        n, bounds = len(self.distances), self._bounds
        mass = np.full(n, n, np.float32)
        if self.inverse and n > 1:

            def weigh(part: int) -> None:
                kernels_stress.inverse_masses(self.distances, bounds[part], bounds[part + 1], self.floor, mass)

            run_tasks(weigh, _PARTS, self.threads)
        return mass

    @functools.cached_property
    def worst(self) -> float:
        """The stress of the map that has all points at one place: Σ w δ²."""
        nowhere = np.zeros((2, len(self.distances)), np.float32)
        return self.pull(nowhere, np.empty_like(nowhere))

    def pull(self, Y: Positions, pull: Positions) -> float:
        """Fill pull (d, n) with minus half the gradient of the stress at Y (d, n), d = 2 or 3, and return the stress.

        Y + pull / mass is the Guttman step (L. Guttman, Psychometrika 33, 1968): where all weigh the same it goes to
        the minimum of a parabola that lies above the stress and touches it at Y, and so never raises it (J. de Leeuw,
        1977). Cost: n² pairs.
        """
        from snowdome.layout import kernels_stress

        kernel = kernels_stress.pull_rows_2 if len(Y) == 2 else kernels_stress.pull_rows_3
        bounds, sums = self._bounds, np.zeros(_PARTS)

        def task(part: int) -> None:
            begin, end = bounds[part], bounds[part + 1]
            sums[part] = kernel(self.distances, Y, begin, end, self.inverse, self.floor, pull)

        run_tasks(task, _PARTS, self.threads)
        return 0.5 * float(sums.sum())

    def best_scale(self, Y: Positions) -> float:
        """The factor on Y that makes the stress least: Σ w δ d / Σ w d²; 1 for a map at one place."""
        pull = np.empty_like(Y)
        stress = self.pull(Y, pull)
        along = float(np.einsum("ci,ci->", Y, pull, dtype=np.float64))  # Σ w δ d - Σ w d²
        cross = self.worst - stress - along
        squared = cross - along
        return cross / squared if cross > 0 and squared > 1e-9 * self.worst else 1.0


def floor_of(distances: Matrix) -> float:
    """A hundredth of the mean distance between two rows of a square matrix; 1 where all are at one place."""
    n = len(distances)
    return _FLOOR * float(distances.sum(dtype=np.float64)) / max(1, n * (n - 1)) or 1.0


def place_at(
    distances: Callable[[slice], Matrix],
    n: int,
    Y: Positions,
    *,
    inverse: bool,
    floor: float,
    threads: int,
    control: Control | None = None,
) -> NDArray[np.float32]:
    """The places (n, d) of least stress for n rows, each by itself, against points that stay at Y (d, m).

    `distances` gives those of a slice of the rows, (rows, m). Guttman steps with momentum from the place of the
    nearest point. Cost: 60 n m d multiplications.
    """
    from snowdome.layout import kernels_stress

    fixed, places = np.ascontiguousarray(Y), np.empty((n, len(Y)), np.float32)

    def place(block: int) -> None:
        part = slice(block * _ROWS, min(n, (block + 1) * _ROWS))
        kernels_stress.place_rows(distances(part), fixed, _PLACING_STEPS, inverse, floor, places[part])

    tasks, watcher = -(-n // _ROWS), control or Control()
    run_watched(place, tasks, threads, lambda done: watcher.check("placing rows", done, tasks))
    return places


def place_against(
    landmark_X: NDArray[Any], landmark_Y: NDArray[Any], new_X: NDArray[Any], weights: str = "equal", threads: int = 1
) -> NDArray[np.float32]:
    """Places on a fitted map for new rows, each by itself: least stress against landmarks.

    landmark_X (m, p) and their places landmark_Y (m, d); new_X (n, p). `weights` is "equal" or "inverse" (Sammon's).
    Returns (n, d) float32, each row with the same bits in any company. Cost: n m (p + 60 d) multiplications.
    """
    from snowdome.layout import kernels_stress

    rows = Rows(landmark_X)
    there, inverse = rows[:], weights == "inverse"
    fixed = np.ascontiguousarray(np.asarray(landmark_Y, np.float64).T / rows.unit, np.float32)
    floor = floor_of(all_distances(there, threads)) if inverse else 1.0

    def distances(part: slice) -> Matrix:
        new = rows.like(new_X[part])
        found = np.empty((len(new), len(there)), np.float32)
        kernels_stress.distances_one_by_one(new, there, found)
        return found

    places = place_at(distances, len(new_X), fixed, inverse=inverse, floor=floor, threads=threads)
    return places * np.float32(rows.unit)
