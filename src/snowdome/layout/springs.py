"""Springs along a graph of neighbours and a repulsion of all pairs: the energies of force-directed layout."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from snowdome.layout.energy import GraphEnergy, Positions
from snowdome.layout.tree import Law, radial_repulsion
from snowdome.space.affinity import Graph
from snowdome.space.knn import Neighbours

Lengths = NDArray[np.float32]  # (n, k), of the edges from each row to its neighbours


@dataclasses.dataclass(frozen=True)
class SpringLaw:
    """C = Σ_E ∫ (t - ℓ)(constant + slope t) dt from ℓ to d, plus `pairs` · Σ_{i≠j} φ(d_ij), plus ½ middle Σ |y|².

    E holds directed edges, and one in both directions twice unless they count `once`; the second sum has every pair in
    both orders. The first is ½ constant (d - ℓ)² where slope is 0. `stiffness` is about the second derivative of a
    spring: what steps may be. `rest` is ℓ where all springs have the same; where it is None, ℓ is the distance in the
    data.
    """

    constant: float
    slope: float
    repulsion: Law
    pairs: float
    stiffness: float = 1.0
    middle: float = 0.0
    rest: float | None = None
    once: bool = False

    def rest_lengths(self, distance: Lengths) -> Lengths:
        """ℓ of edges between rows at these distances in the data."""
        if self.rest is not None:
            return np.full_like(distance, self.rest)
        return distance


def printed(n: int, k: int, mean: float) -> SpringLaw:  # noqa: ARG001
    """Σ_{i≠j} 1/d + ½ Σ_E (d - d*)²; 1/d is softened by .03 of the mean of d*."""
    return SpringLaw(1.0, 0.0, Law("inverse", (0.03 * mean) ** 2), 1.0)


def shipped(n: int, k: int, mean: float) -> SpringLaw:  # noqa: ARG001
    """-Σ_{i<j} log d and springs of length 1 that pull by 10 (d - 1) d; log d is softened by .001."""
    return SpringLaw(0.0, 10.0, Law("logarithm", 1e-6), 0.5, 50.0, rest=1.0)


def plain(n: int, k: int, mean: float) -> SpringLaw:  # noqa: ARG001
    """½ Σ_E d² - (40 k/n) Σ_{i<j} log d + ½ k/(40 ∛n) Σ |y|², each edge of E once; log d is softened by .001.

    The energy of force-directed layout in its plainest form: springs that would be of no length, and 1/d. The repulsion
    of all others on a row grows with n unless divided by it: so edges of a map of any size are √20 long were each in
    one direction alone, √40 were each in both (root mean square, by the virial theorem). The weak pull to the middle
    holds parts that no edge joins, which would else drift apart without end: about 40 ∛√n from the middle it is as
    strong as the repulsion of all others.
    """
    middle = k / (40 * n ** (1 / 3))
    return SpringLaw(1.0, 0.0, Law("logarithm", 1e-6), 20.0 * k / n, middle=middle, rest=0.0, once=True)


RECIPES = {"printed": printed, "shipped": shipped, "plain": plain}
"""By the name of the energy: its law for n rows with k neighbours each, whose mean distance is given."""


def mean_length(distance: Lengths) -> float:
    """The mean, or 1 where all rows are equal."""
    return float(distance.mean(dtype=np.float64)) or 1.0


def rms_length(graph: Graph, Y: Positions) -> float:
    """The root mean square length of the edges on the map Y (d, n)."""
    rows = np.repeat(np.arange(Y.shape[1], dtype=np.int32), np.diff(graph.indptr))
    squared = sum(np.square(y[rows] - y[graph.indices], dtype=np.float64).mean() for y in Y)
    return float(np.sqrt(squared))


def spring_graph(neighbours: Neighbours, length: NDArray[np.float32], *, once: bool = False) -> Graph:
    """The directed edges from each row to its neighbours as springs that pull at both ends.

    Row i lists j once for the edge i → j and once for j → i, so twice where both are there, unless `once`; `weight` is
    the rest length, from `length` (n, k). Rows are sorted by column. Cost: n k log(n k).
    """
    n, k = neighbours.index.shape
    here = np.repeat(np.arange(n, dtype=np.int64), k)
    there = neighbours.index.ravel().astype(np.int64)
    order = np.argsort(np.concatenate([here * n + there, there * n + here]), kind="stable")
    row, column = np.concatenate([here, there])[order], np.concatenate([there, here])[order]
    weight = np.tile(np.ascontiguousarray(length, np.float32).ravel(), 2)[order]
    if once:
        first = np.ones(len(row), bool)
        first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
        row, column, weight = row[first], column[first], weight[first]
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=n), out=indptr[1:])
    return Graph(indptr, column.astype(np.int32), weight)


class SpringEnergy(GraphEnergy):
    """The energy of a SpringLaw on a graph made by `spring_graph`, in two or three dimensions."""

    def __init__(self, graph: Graph, law: SpringLaw, dims: int, threads: int) -> None:
        repulsion = radial_repulsion(law.repulsion, len(graph.indptr) - 1, threads)
        super().__init__(graph, dims, repulsion, threads)
        self.law = law
        self._all_pairs = repulsion

    def attract(self, Y: Positions, begin: int, end: int, pull: Positions) -> None:
        """See GraphEnergy."""
        from snowdome.layout import kernels_springs as kernels

        graph, law = self.graph, self.law
        kernels.springs(
            graph.indptr, graph.indices, graph.weight, Y, law.constant, law.slope, law.middle, begin, end, pull
        )  # fmt: skip

    def attraction(self, Y: Positions, begin: int, end: int) -> float:
        """Twice the energy of the springs, each of which is met at both its ends, and of the pull to the middle."""
        from snowdome.layout import kernels_springs as kernels

        graph, law = self.graph, self.law
        return float(kernels.spring_energy(
            graph.indptr, graph.indices, graph.weight, Y, law.constant, law.slope, law.middle, begin, end
        ))  # fmt: skip

    def push_by(self, repelled: float) -> float:  # noqa: ARG002
        """A point's pairs are met in both orders, and push is half of their gradient."""
        return 4 * self.law.pairs

    def cost(self, Y: Positions) -> float:
        """See Energy."""
        self._repelled = self._all_pairs.total(Y)
        return super().cost(Y)

    def total(self, attraction: float, repelled: float) -> float:
        """C."""
        return 0.5 * attraction + self.law.pairs * repelled
