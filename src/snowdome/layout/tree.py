"""Repulsion of all pairs by a tree: grouped Barnes–Hut with quadrupoles, in two or three dimensions.

The points are sorted along a Z-shaped curve, which makes the tree implicit: a cell is a range of points. The tree is
walked once for a whole group of points, not for each. What is far from the group is summed into one Taylor expansion
about its centre; what is farther from every point of it than it is large is summed for each point, with its quadrupole;
the rest is summed point by point. Sources are copied side by side, so that each sum is one loop of vectors.

J. Barnes and P. Hut, Nature 324 (1986); J. E. Barnes, J. Comput. Phys. 87 (1990) for groups; W. Dehnen, J. Comput.
Phys. 179 (2002) for expansions about source and sink.
"""

import dataclasses
from abc import ABC, abstractmethod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks

_LEAF = 64  # points in a cell that is not cut further
_GROUP = 192  # points that share one walk
_PARTS = 64  # of the groups; fixed, so that sums do not depend on the threads
_FEW = 2500  # so few points are summed over all pairs, which is exact and takes no longer
_MANY = 20000  # from here on errors average out: larger cells are taken, and a tree serves for two steps


@dataclasses.dataclass(frozen=True)
class Law:
    """A radial potential φ of s = r² + softening: "student" 1/s, "logarithm" -½ log s, "inverse" 1/√s."""

    name: Literal["student", "logarithm", "inverse"]
    softening: float

    def number(self, *, summed: bool) -> int:
        """By which the kernels know it; `summed` where φ itself is wanted: a logarithm costs more than its force."""
        if self.name == "logarithm" and not summed:
            return 3
        return ("student", "logarithm", "inverse").index(self.name)


STUDENT = Law("student", 1.0)


def radial_repulsion(law: Law, n: int, threads: int) -> "ExactRepulsion | TreeRepulsion":
    """The repulsion of `law` that is best for n points in two or three dimensions; its force is within 2 % RMS.

    All pairs up to 2,500 points; up to 20,000 a tree made anew in each step, whose cells are opened from .35 of their
    distance on; above that from .45 on, and for two steps.
    """
    if n <= _FEW:
        return ExactRepulsion(law, n, threads)
    return TreeRepulsion(law, n, threads, 0.35, 1) if n < _MANY else TreeRepulsion(law, n, threads, 0.45, 2)


class _Repulsion(ABC):
    """What both ways of summing share: parts of the work with a sum each."""

    def __init__(self, law: Law, threads: int) -> None:
        self.law, self.threads = law, threads
        self._totals = np.zeros(_PARTS)

    @abstractmethod
    def _sum(self, number: int, push: NDArray[np.float32]) -> None:
        """Fill push and the sums of the parts at the points taken last, by the law of that number."""

    @abstractmethod
    def _take(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> None:
        """Take the points."""

    def __call__(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any], push: NDArray[Any]) -> float:
        """Fill push (d, n) with ½ ∇ Σ_j φ(r_ij) at Y (d, n) and return Σ φ over all ordered pairs.

        For "logarithm" the sum is left out: ask `total` for it.
        """
        self._take(Y, low, high)
        self._sum(self.law.number(summed=False), push)
        return float(self._totals.sum())

    def total(self, Y: NDArray[Any]) -> float:
        """Σ φ over all ordered pairs of the Y that this was last called with."""
        if self.law.name == "logarithm":
            self._sum(self.law.number(summed=True), np.empty_like(Y))
        return float(self._totals.sum())


class ExactRepulsion(_Repulsion):
    """A law summed over all pairs. Cost: n² evaluations."""

    def __init__(self, law: Law, n: int, threads: int) -> None:
        super().__init__(law, threads)
        self._points = np.full((4, -(-n // 64) * 64), 1e15, np.float32)
        self._points[2, :n] = 0
        self._points[3] = np.arange(self._points.shape[1]) < n
        self._bounds = np.linspace(0, n, _PARTS + 1).astype(np.int64)

    def _take(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> None:  # noqa: ARG002
        dims, n = Y.shape
        self._points[:dims, :n] = Y

    def _sum(self, number: int, push: NDArray[np.float32]) -> None:
        from snowdome.layout import kernels_tree as kernels

        def task(part: int) -> None:
            begin, end = self._bounds[part], self._bounds[part + 1]
            self._totals[part] = kernels.repel_exact(number, self.law.softening, self._points, begin, end, push)

        run_tasks(task, _PARTS, self.threads)


class TreeRepulsion(_Repulsion):
    """A law summed by a tree whose cells are taken as a whole where they are smaller than `opening` · distance.

    The distance counts the law's softening in, as sqrt(r² + softening). The tree is made anew every `keep` calls; in
    between its cells move with their points. Cost: n log n, about.
    """

    def __init__(self, law: Law, n: int, threads: int, opening: float, keep: int) -> None:
        super().__init__(law, threads)
        self._opening, self._keep = opening, keep
        self._calls = self._nodes = self._groups = 0
        self._code = np.empty(n, np.uint64)
        self._order = np.empty(n, np.uint32)
        self._points = np.empty((3, n), np.float32)
        self._node = np.empty((2 * n, 4), np.uint32)
        self._moments = np.empty((2 * n, 17), np.float32)
        self._group = np.empty((n, 3), np.uint32)

    def _take(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> None:
        if self._calls % self._keep == 0:
            self._plant(Y, low, high)
        self._calls += 1
        self._refresh(Y)

    def _plant(self, Y: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> None:
        """Sort the points along the curve, cut the cells and choose the groups."""
        from snowdome.layout import kernels_tree as kernels

        side = max(float((high - low).max()), 1e-30)
        kernels.curve_codes(Y, low, np.float32(2097151.0 / side), self._code)
        kernels.sort_codes(self._code, self._order)
        self._nodes = kernels.build(self._code, _LEAF, self._node)
        self._groups = kernels.groups(self._node, _GROUP, self._group)

    def _refresh(self, Y: NDArray[Any]) -> None:
        """Take the points' places into the cells: their centres, second moments, sizes and boxes."""
        from snowdome.layout import kernels_tree as kernels

        points = np.linspace(0, Y.shape[1], _PARTS + 1).astype(np.int64)
        cells = np.linspace(0, self._nodes, _PARTS + 1).astype(np.int64)

        def gather(part: int) -> None:
            kernels.gather_points(Y, self._order, points[part], points[part + 1], self._points)

        def sum_up(part: int) -> None:
            kernels.leaf_moments(self._points, self._node, cells[part], cells[part + 1], self._moments)

        run_tasks(gather, _PARTS, self.threads)
        run_tasks(sum_up, _PARTS, self.threads)
        kernels.upper_moments(self._node, self._nodes, self._moments)

    def _sum(self, number: int, push: NDArray[np.float32]) -> None:
        from snowdome.layout import kernels_tree as kernels

        bounds = np.linspace(0, self._groups, _PARTS + 1).astype(np.int64)

        def task(part: int) -> None:
            self._totals[part] = kernels.repel(
                number, self.law.softening, self._opening, self._points, self._order, self._node, self._moments,
                self._group, bounds[part], bounds[part + 1], push,
            )  # fmt: skip

        run_tasks(task, _PARTS, self.threads)
