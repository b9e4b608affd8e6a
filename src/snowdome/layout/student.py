"""The energy of t-SNE."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks
from snowdome.layout.energy import PARTS, Forces, GraphEnergy, Positions
from snowdome.layout.repulsion import student_repulsion
from snowdome.space.affinity import Graph


class StudentEnergy(GraphEnergy):
    """KL(P ‖ Q) with q ∝ 1/(1 + |y_i - y_j|²), in two or three dimensions.

    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008). The gradient over 4 is
    Σ_j p_ij (y_i - y_j)/(1 + r²) - (1/Z) Σ_j (y_i - y_j)/(1 + r²)².
    """

    def __init__(self, graph: Graph, threads: int, dims: int = 2) -> None:
        n = len(graph.indptr) - 1
        super().__init__(graph, dims, student_repulsion(n, dims, threads), threads)
        self._self_information, self._total = _sums(graph.weight, threads)
        self._places = np.zeros((n, 4 if dims == 3 else 2), np.float32)  # a row's coordinates side by side

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:
        """See Energy."""
        self._places[:, : len(Y)] = Y.T
        return super().forces(Y, low, high)

    def attract(self, Y: Positions, begin: int, end: int, pull: Positions) -> None:
        """See GraphEnergy."""
        from snowdome.layout import kernels_attraction as kernels

        kernel = kernels.student_attraction_2 if len(Y) == 2 else kernels.student_attraction_3
        kernel(self.graph.indptr, self.graph.indices, self.graph.weight, self._places, begin, end, pull)

    def attraction(self, Y: Positions, begin: int, end: int) -> float:
        """Σ p_ij log(1 + r²)."""
        from snowdome.layout import kernels_attraction as kernels

        kernel = kernels.student_log_sum_2 if len(Y) == 2 else kernels.student_log_sum_3
        return float(kernel(self.graph.indptr, self.graph.indices, self.graph.weight, self._places, begin, end))

    def push_by(self, repelled: float) -> float:
        """1/Z."""
        return 1.0 / max(repelled, np.finfo(np.float64).tiny)

    def total(self, attraction: float, repelled: float) -> float:
        """The KL divergence, with Z as the repulsion summed it up."""
        z = max(repelled, np.finfo(np.float64).tiny)
        return self._self_information + attraction + self._total * float(np.log(z))


def _sums(weight: NDArray[np.float32], threads: int) -> tuple[float, float]:
    """Σ p log p and Σ p, part by part, so that few of them are held in float64."""
    sums = np.zeros((PARTS, 2))
    bounds = np.linspace(0, len(weight), PARTS + 1).astype(np.int64)

    def add(part: int) -> None:
        p = weight[bounds[part] : bounds[part + 1]].astype(np.float64)
        p = p[p > 0]
        sums[part] = (p * np.log(p)).sum(), p.sum()

    run_tasks(add, PARTS, threads)
    information, total = sums.sum(0)
    return float(information), float(total)
