"""Energies: attraction along a graph and repulsion between all pairs."""

import dataclasses
from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_beside, run_tasks
from snowdome.layout.repulsion import Repulsion
from snowdome.space.affinity import Graph

Positions = NDArray[np.float32]  # (d, n)
PARTS = 16  # of the rows; fixed, so that sums do not depend on the threads


@dataclasses.dataclass
class Forces:
    """The gradient of an energy in two parts: exaggeration · pull + push_by · push, each (d, n) float32."""

    pull: Positions
    push: Positions
    push_by: float


class Energy(Protocol):
    """What a method that descends brings: forces, a cost, and rows that can be put in another order."""

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:
        """The two parts of the gradient at Y; low and high are the corners of the box around it."""

    def cost(self, Y: Positions) -> float:
        """The energy at the Y that `forces` was last called with."""

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Row i from now on is what row order[i] was."""


class GraphEnergy(ABC):
    """Attraction along the edges of a graph, which a subclass gives the law of, and a repulsion of all pairs.

    The two run side by side: repulsion goes in stages on threads of its own; the rest attracts meanwhile, then helps.
    """

    def __init__(self, graph: Graph, dims: int, repulsion: Repulsion, threads: int) -> None:
        self.graph = graph
        self.threads = threads
        self._repulsion = repulsion
        n, dims = len(graph.indptr) - 1, max(dims, 2)  # a line lies in the plane
        self._forces = Forces(np.empty((dims, n), np.float32), np.empty((dims, n), np.float32), 1.0)
        self._repelled = 0.0  # what the repulsion summed up at the last Y
        self._spare: Graph | None = None  # room for the graph in another order: fresh memory costs more than the moves
        self._mine = False  # whether the graph may be overwritten
        self._balance()

    @abstractmethod
    def attract(self, Y: Positions, begin: int, end: int, pull: Positions) -> None:
        """Fill pull[:, begin:end] with the gradient of the attraction on these rows."""

    @abstractmethod
    def attraction(self, Y: Positions, begin: int, end: int) -> float:
        """The attractive part of the energy, over the edges of these rows."""

    @abstractmethod
    def push_by(self, repelled: float) -> float:
        """The factor on the push of the repulsion, whose sum over all ordered pairs is `repelled`."""

    @abstractmethod
    def total(self, attraction: float, repelled: float) -> float:
        """The energy from its two sums."""

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:
        """See Energy."""
        forces, bounds, repulsion = self._forces, self._bounds, self._repulsion
        own = repulsion.threads
        before_the_last = iter(range(PARTS - 1))

        def attract(part: int) -> None:
            self.attract(Y, bounds[part], bounds[part + 1], forces.pull)
            if next(before_the_last, None) is None:
                repulsion.threads = self.threads  # for the stages that are left

        def repel() -> None:
            self._repelled = repulsion(Y, low, high, forces.push)

        beside = self.threads - own  # one at least, or all attraction would wait for one thread
        run_beside(repel, attract, PARTS, min(self.threads, max(1, beside) + 1))
        repulsion.threads = own
        forces.push_by = self.push_by(self._repelled)
        return forces

    def cost(self, Y: Positions) -> float:
        """See Energy."""
        sums, bounds = np.zeros(PARTS), self._bounds

        def add(part: int) -> None:
            sums[part] = self.attraction(Y, bounds[part], bounds[part + 1])

        run_tasks(add, PARTS, self.threads)
        return self.total(float(sums.sum()), self._repelled)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """See Energy."""
        from snowdome.layout import kernels

        old = self.graph
        n = len(order)
        place = np.empty(n, np.int32)
        place[order] = np.arange(n, dtype=np.int32)
        new = self._spare or Graph(np.zeros(n + 1, np.int64), np.empty_like(old.indices), np.empty_like(old.weight))
        np.cumsum(np.diff(old.indptr)[order], out=new.indptr[1:])
        rows = np.linspace(0, n, PARTS + 1).astype(np.int64)

        def move(part: int) -> None:
            kernels.reorder_rows(
                old.indptr, old.indices, old.weight, order, place, rows[part], rows[part + 1],
                new.indptr, new.indices, new.weight,
            )  # fmt: skip

        run_tasks(move, PARTS, self.threads)
        self.graph, self._spare = new, old if self._mine else None
        self._mine = True
        self._balance()

    def _balance(self) -> None:
        """Parts of the rows with about as many edges each."""
        indptr = self.graph.indptr
        self._bounds = np.searchsorted(indptr, np.linspace(0, indptr[-1], PARTS + 1)).astype(np.int64)
        self._bounds[0], self._bounds[-1] = 0, len(indptr) - 1
