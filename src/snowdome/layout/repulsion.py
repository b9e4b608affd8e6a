"""Repulsion of t-SNE: in two dimensions of all pairs or by one potential on a grid, in three by a tree.

The kernel 1/(1 + r²) gives everything that t-SNE's repulsion needs: its sum over all pairs is Z, and half the gradient
of its sum at a point is the repulsive force there, because ∇ 1/(1 + r²) = -2 r / (1 + r²)². So one set of unit charges
is spread on a grid by cubic B-splines, convolved once by FFT, and read back with the derivative of the interpolant.
The smoothing of both splines is divided out of the kernel's spectrum, as smooth particle-mesh Ewald does
(Essmann et al. 1995); the idea of a grid is FIt-SNE's (Linderman et al. 2019).

The force is within 1.5 % RMS of the sum over all pairs up to 250,000 points. Beyond, where a map's grid would no longer
fit the caches, cells widen with the fourth root of n: to 0.5 for a million points and 0.7 for four million or more. On
a map of 200,000 deformed digits the error was 0.6 % with cells of 0.35, 2.2 % with 0.5 and 6.5 % with 0.7.
"""

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks
from snowdome.layout.convolution import Convolution, is_quick
from snowdome.layout.tree import STUDENT, radial_repulsion

FINEST, COARSEST = (
    0.15,
    0.35,
)  # the width of a cell: finer amplifies rounding, coarser costs more than 1.5 % of force
_MANY, _WIDEST = 250_000, 0.7  # points above which cells are wider than COARSEST; the widest ever
_CELLS = 64  # cells along the longest side of a small map
_MARGIN = 6  # cells beyond the outermost points that the splines reach
_BANDS = 8  # of each of the two colours; fixed, so that the sums do not depend on the threads
_FEW = 1500  # so few points repel each other by all pairs, which is exact and takes no longer than the grid


class Repulsion(Protocol):
    """A force between all pairs of points, and the sum of what it is the gradient of."""

    threads: int

    def __call__(
        self, Y: NDArray[np.float32], low: NDArray[np.float32], high: NDArray[np.float32], push: NDArray[np.float32]
    ) -> float:
        """Fill push (d, n) with ½ ∇ Σ_j φ(r_ij) at Y (d, n) and return Σ φ over all ordered pairs.

        low and high are the corners of the box around Y.
        """


def student_repulsion(n: int, dims: int, threads: int) -> Repulsion:
    """The repulsion of φ = 1/(1 + r²) that is best for n points in so many dimensions.

    A grid goes in stages that wait for each other, so it takes half of the threads; the rest attracts meanwhile.
    """
    if dims == 3:
        return radial_repulsion(STUDENT, n, threads)
    half = max(1, threads // 2)
    return AllPairs(n, half) if n <= _FEW else GridRepulsion(n, half)


class AllPairs:
    """The same by summing over all pairs: exact, and quicker for few points."""

    def __init__(self, n: int, threads: int) -> None:
        self.threads = threads
        self._bounds = np.linspace(0, n, 17).astype(np.int64)
        self._totals = np.zeros(16)

    def __call__(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any], push: NDArray[Any]) -> float:  # noqa: ARG002
        """See GridRepulsion; the corners of the box are not needed."""
        from snowdome.layout import kernels

        def task(part: int) -> None:
            begin, end = self._bounds[part], self._bounds[part + 1]
            self._totals[part] = kernels.student_repulsion_exact(Y, begin, end, push)

        run_tasks(task, len(self._totals), self.threads)
        return float(self._totals.sum())


class GridRepulsion:
    """Force and sum of the kernel 1/(1 + r²) for n points that move; keeps its grid while they fit."""

    def __init__(self, n: int, threads: int, coarsest: float | None = None) -> None:
        self.threads = threads
        self._coarsest = coarsest or coarsest_cell(n)
        self._order = np.empty(n, np.int32)
        self._bounds = np.linspace(0, n, 17).astype(np.int64)
        self._totals = np.zeros(16)
        self._shape = (0, 0)
        self._cell = 0.0

    def __call__(
        self,
        Y: NDArray[np.float32],
        low: NDArray[np.float32],
        high: NDArray[np.float32],
        push: NDArray[np.float32],
    ) -> float:
        """Fill push (2, n) with ½ ∇ Σ_j 1/(1 + r_ij²) at Y (2, n) and return the sum over all ordered pairs."""
        self._fit_grid(low, high)
        per_cell = np.float32(1 / self._cell)
        x0, y0 = (np.float32(edge - 0.5 * self._cell) for edge in low)
        charge = self._spread(Y, x0, y0, per_cell)
        potential = self._convolution(charge, self.threads)
        self._gather(Y, x0, y0, per_cell, potential, push)
        return float(self._totals.sum() - Y.shape[1])

    def _fit_grid(self, low: NDArray[np.float32], high: NDArray[np.float32]) -> None:
        """Choose the width of a cell for the size of the map, and a new grid where the old one is too small or too big.

        Cell widths are quantised and sides grow in steps, so that the kernel's transform is seldom made anew.
        """
        longest = float(max(high[0] - low[0], high[1] - low[1]))
        cell = min(self._coarsest, max(FINEST, longest / _CELLS))
        if cell < self._coarsest:
            cell = FINEST * 2 ** (np.floor(np.log2(cell / FINEST) * 4) / 4)
        need = [float(b - a) / cell + _MARGIN for a, b in zip(low, high, strict=True)]
        fits = all(0.8 * side - 32 < x <= side for x, side in zip(need, self._shape, strict=True))
        if cell == self._cell and fits:
            return
        self._cell = float(cell)
        self._shape = tuple(_fast_side(x) for x in need)  # type: ignore[assignment]
        # In a small map few cells hold many points, and float32's rounding would show; float64 costs nothing there.
        dtype = np.float64 if max(self._shape) <= 200 else np.float32
        self._convolution = Convolution(_kernel_spectrum(self._shape, self._cell), dtype)
        self._charge = np.empty(self._shape, dtype)
        self._band_rows = max(4, -(-self._shape[0] // (2 * _BANDS)))
        self._start = np.empty(-(-self._shape[0] // self._band_rows) + 1, np.int64)

    def _spread(self, Y: NDArray[Any], x0: Any, y0: Any, per_cell: Any) -> NDArray[Any]:
        """The charges on the grid. Bands of one colour do not touch: their splines reach three rows further."""
        from snowdome.layout import kernels

        kernels.sort_into_bands(Y, x0, per_cell, self._band_rows, self._order, self._start)
        self._charge[:] = 0
        start, charge = self._start, self._charge
        for colour in (0, 1):

            def task(number: int, colour: int = colour) -> None:
                band = 2 * number + colour
                kernels.spread(Y, self._order, start[band], start[band + 1], x0, y0, per_cell, charge)

            run_tasks(task, (len(start) - colour) // 2, self.threads)
        return charge

    def _gather(self, Y: NDArray[Any], x0: Any, y0: Any, per_cell: Any, potential: Any, push: Any) -> None:
        from snowdome.layout import kernels

        def task(part: int) -> None:
            begin, end = self._bounds[part], self._bounds[part + 1]
            self._totals[part] = kernels.gather(Y, begin, end, x0, y0, per_cell, potential, push)

        run_tasks(task, len(self._totals), self.threads)


def coarsest_cell(n: int) -> float:
    """The width of a cell in a large map of n points: see the top of the module."""
    return min(_WIDEST, COARSEST * math.sqrt(math.sqrt(max(1.0, n / _MANY))))


def _fast_side(cells: float) -> int:
    """A side of the grid that holds so many cells and is quick to transform."""
    side = 16 * math.ceil(cells / 16)
    while not is_quick(side):
        side += 1
    return side


def _kernel_spectrum(shape: tuple[int, int], cell: float) -> NDArray[np.float64]:
    """The transform of 1/(1 + r²) on the doubled grid, (2·rows, columns + 1), over the splines' own transform squared.

    The kernel is even, so that a cosine transform of one quarter holds all of it.
    """
    from scipy import fft

    x, y = ((np.arange(side + 1) * cell) ** 2 for side in shape)
    quarter = fft.dctn(1 / (1 + x[:, None] + y), type=1)
    bx, by = ((2 / 3 + np.cos(np.pi * np.arange(side + 1) / side) / 3) ** 2 for side in shape)
    quarter /= bx[:, None] * by
    return np.concatenate([quarter, quarter[-2:0:-1]])
