"""How good a map is, by measures that do not depend on how it was made."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.threads import run_tasks
from snowdome.space.affinity import Graph

_ROWS = 1024


def exact_repulsion(Y: ArrayLike, threads: int = 1) -> tuple[NDArray[np.float32], float]:
    """½ ∇ Σ_j 1/(1 + |y_i - y_j|²) at each point of a map Y (n, 2), as (2, n), and the kernel's sum over all pairs.

    Summed over all pairs: what the grid approximates. Cost: n² kernels.
    """
    from snowdome.layout import kernels

    places = np.ascontiguousarray(np.asarray(Y, np.float32).T)
    n = places.shape[1]
    push = np.empty((2, n), np.float32)
    sums = np.zeros(-(-n // _ROWS))

    def task(block: int) -> None:
        sums[block] = kernels.student_repulsion_exact(places, block * _ROWS, min(n, (block + 1) * _ROWS), push)

    run_tasks(task, len(sums), threads)
    return push, float(sums.sum())


def kl_divergence(graph: Graph, Y: ArrayLike, threads: int = 1) -> float:
    """KL(P ‖ Q) of a map Y (n, 2) at the affinities P of `graph`, with Z summed over all pairs. Cost: n² kernels."""
    places = np.asarray(Y, np.float64)
    _, z = exact_repulsion(places, threads)
    total = 0.0
    for first in range(0, len(places), _ROWS):
        rows = np.arange(first, min(len(places), first + _ROWS))
        edges = slice(graph.indptr[rows[0]], graph.indptr[rows[-1] + 1])
        source = np.repeat(rows, np.diff(graph.indptr[rows[0] : rows[-1] + 2]))
        p = graph.weight[edges].astype(np.float64)
        squared = ((places[source] - places[graph.indices[edges]]) ** 2).sum(1)
        some = p > 0
        total += float((p[some] * (np.log(p[some]) + np.log1p(squared[some]) + np.log(z))).sum())
    return total
