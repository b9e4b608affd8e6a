"""Affinities: symmetric probabilities over pairs of neighbours."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.threads import run_tasks
from snowdome.space.knn import Neighbours

VERSION = 1  # part of the name under which affinities are kept

_ROWS = 4096


@dataclasses.dataclass(frozen=True)
class Graph:
    """A symmetric weighted graph over n rows, in compressed sparse rows sorted by column.

    Attributes:
        indptr: (n + 1,) int64.
        indices: (nnz,) int32.
        weight: (nnz,) float32.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weight: NDArray[np.float32]


def perplexity_affinities(
    neighbours: Neighbours,
    perplexity: float,
    threads: int = 1,
    control: Control | None = None,
    memo: Memo = forget,
    space: str = "",
) -> Graph:
    """P = (p(j|i) + p(i|j)) / 2n over the neighbours, each row's Gaussian calibrated to `perplexity`.

    Its weights sum to 1. L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008).
    Cost: n k exponentials, about ten times.
    """
    watcher = control or Control()

    def compute() -> Arrays:
        watcher.check("weighing neighbours", 0, 1)
        graph = _compute(neighbours, perplexity, threads)
        return {"indptr": graph.indptr, "indices": graph.indices, "weight": graph.weight}

    k = neighbours.index.shape[1]
    kept = memo(f"affinities-{space}-{k}-perplexity{perplexity:g}-v{VERSION}", compute)
    return Graph(kept["indptr"], kept["indices"], kept["weight"])


def _compute(neighbours: Neighbours, perplexity: float, threads: int) -> Graph:
    from snowdome.space import kernels

    index = np.ascontiguousarray(neighbours.index)
    distance = np.ascontiguousarray(neighbours.distance)
    n, k = index.shape
    conditional = np.empty((n, k), np.float32)

    def by_rows(kernel: Any, *before: Any) -> Any:
        return lambda block: kernel(*before, block * _ROWS, min(n, (block + 1) * _ROWS), *after)

    blocks = -(-n // _ROWS)
    after: tuple[Any, ...] = (conditional,)
    run_tasks(by_rows(kernels.calibrate_rows, distance, perplexity), blocks, threads)
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(index.ravel(), minlength=n), out=start[1:])
    source, value = np.empty(n * k, np.int32), np.empty(n * k, np.float32)
    kernels.transpose(index, conditional, start[:-1].copy(), source, value)
    indptr = np.zeros(n + 1, np.int64)
    both = (index, conditional, start, source, value, 0.5 / n, indptr)
    after = (np.empty(0, np.int32), np.empty(0, np.float32))
    run_tasks(by_rows(kernels.merge_rows, *both), blocks, threads)
    np.cumsum(indptr, out=indptr)
    after = (np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.float32))
    run_tasks(by_rows(kernels.merge_rows, *both), blocks, threads)
    return Graph(indptr, *after)
