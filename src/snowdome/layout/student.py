"""The energy of t-SNE."""

import numpy as np

from snowdome.layout.energy import GraphEnergy, Positions
from snowdome.layout.repulsion import student_repulsion
from snowdome.space.affinity import Graph


class StudentEnergy(GraphEnergy):
    """KL(P ‖ Q) with q ∝ 1/(1 + |y_i - y_j|²), in two dimensions.

    L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008). The gradient over 4 is
    Σ_j p_ij (y_i - y_j)/(1 + r²) - (1/Z) Σ_j (y_i - y_j)/(1 + r²)².
    """

    def __init__(self, graph: Graph, threads: int, dims: int = 2) -> None:
        repulsion = student_repulsion(len(graph.indptr) - 1, dims, max(1, threads // 2))
        super().__init__(graph, dims, repulsion, threads)
        weight = graph.weight[graph.weight > 0].astype(np.float64)
        self._self_information = float((weight * np.log(weight)).sum())
        self._total = float(weight.sum())

    def attract(self, Y: Positions, begin: int, end: int, pull: Positions) -> None:
        """See GraphEnergy."""
        from snowdome.layout import kernels

        graph = self.graph
        kernels.student_attraction(graph.indptr, graph.indices, graph.weight, Y, begin, end, pull)

    def attraction(self, Y: Positions, begin: int, end: int) -> float:
        """Σ p_ij log(1 + r²)."""
        from snowdome.layout import kernels

        graph = self.graph
        return float(kernels.student_log_sum(graph.indptr, graph.indices, graph.weight, Y, begin, end))

    def push_by(self, repelled: float) -> float:
        """1/Z."""
        return 1.0 / max(repelled, np.finfo(np.float64).tiny)

    def total(self, attraction: float, repelled: float) -> float:
        """The KL divergence, with Z as the repulsion summed it up."""
        z = max(repelled, np.finfo(np.float64).tiny)
        return self._self_information + attraction + self._total * float(np.log(z))
