"""Energies: attraction along a graph and repulsion between all pairs."""

import dataclasses
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_beside, run_tasks
from snowdome.layout.repulsion import AllPairs, GridRepulsion
from snowdome.space.affinity import Graph

Positions = NDArray[np.float32]  # (d, n)
_FEW = 1500  # so few points repel each other by all pairs, which is exact and takes no longer than the grid
_PARTS = 16  # of the rows; fixed, so that sums do not depend on the threads


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


class StudentEnergy:
    """KL(P ‖ Q) with q ∝ 1/(1 + |y_i - y_j|²), in two dimensions.

    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008). The gradient over 4 is
    Σ_j p_ij (y_i - y_j)/(1 + r²) - (1/Z) Σ_j (y_i - y_j)/(1 + r²)².
    """

    def __init__(self, graph: Graph, threads: int) -> None:
        self.graph = graph
        self.threads = threads
        n = len(graph.indptr) - 1
        # Repulsion goes in stages and has half of the threads; the other half attracts meanwhile.
        half = max(1, threads // 2)
        self._repulsion = AllPairs(n, half) if n <= _FEW else GridRepulsion(n, half)
        self._forces = Forces(np.empty((2, n), np.float32), np.empty((2, n), np.float32), 0.0)
        weight = graph.weight[graph.weight > 0].astype(np.float64)
        self._self_information = float((weight * np.log(weight)).sum())
        self._total = float(weight.sum())
        self._z = 1.0
        self._balance()

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:
        """See Energy. Cost: the edges, and a transform of the grid."""
        from snowdome.layout import kernels

        graph, forces, bounds = self.graph, self._forces, self._bounds
        csr = (graph.indptr, graph.indices, graph.weight)

        def attract(part: int) -> None:
            kernels.student_attraction(*csr, Y, bounds[part], bounds[part + 1], forces.pull)

        def repel() -> None:
            self._z = max(self._repulsion(Y, low, high, forces.push), np.finfo(np.float64).tiny)

        run_beside(repel, attract, _PARTS, self.threads - self._repulsion.threads + 1)
        forces.push_by = 1.0 / self._z
        return forces

    def cost(self, Y: Positions) -> float:
        """The KL divergence, with Z as the grid gave it."""
        from snowdome.layout import kernels

        graph, bounds = self.graph, self._bounds
        sums = np.zeros(_PARTS)

        def add(part: int) -> None:
            sums[part] = kernels.student_log_sum(
                graph.indptr, graph.indices, graph.weight, Y, bounds[part], bounds[part + 1]
            )

        run_tasks(add, _PARTS, self.threads)
        return self._self_information + float(sums.sum()) + self._total * float(np.log(self._z))

    def reorder(self, order: NDArray[np.int64]) -> None:
        """See Energy."""
        from snowdome.layout import kernels

        old = self.graph
        n = len(order)
        place = np.empty(n, np.int32)
        place[order] = np.arange(n, dtype=np.int32)
        indptr = np.zeros(n + 1, np.int64)
        np.cumsum(np.diff(old.indptr)[order], out=indptr[1:])
        new = Graph(indptr, np.empty_like(old.indices), np.empty_like(old.weight))
        rows = np.linspace(0, n, _PARTS + 1).astype(np.int64)

        def move(part: int) -> None:
            kernels.reorder_rows(
                old.indptr, old.indices, old.weight, order, place, rows[part], rows[part + 1],
                new.indptr, new.indices, new.weight,
            )  # fmt: skip

        run_tasks(move, _PARTS, self.threads)
        self.graph = new
        self._balance()

    def _balance(self) -> None:
        """Parts of the rows with about as many edges each."""
        indptr = self.graph.indptr
        self._bounds = np.searchsorted(indptr, np.linspace(0, indptr[-1], _PARTS + 1)).astype(np.int64)
        self._bounds[0], self._bounds[-1] = 0, len(indptr) - 1
