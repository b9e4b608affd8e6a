"""Affinities: symmetric weights over pairs of neighbours."""

import dataclasses
import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.core.threads import run_tasks
from snowdome.space.knn import Neighbours

VERSION = 1  # part of the name under which affinities are kept

_ROWS = 4096

Weights = NDArray[np.float32]


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

    def compute() -> Graph:
        from snowdome.space import kernels_affinity as kernels

        conditional = np.empty(neighbours.distance.shape, np.float32)
        distance = np.ascontiguousarray(neighbours.distance)
        _by_rows(
            lambda begin, end: kernels.calibrate_rows(distance, perplexity, begin, end, conditional),
            len(distance), threads,
        )  # fmt: skip
        return _symmetric(neighbours, conditional, 0.5 / len(distance), 0.0, threads)

    k = neighbours.index.shape[1]
    return _kept(memo, f"affinities-{space}-{k}-perplexity{perplexity:g}-v{VERSION}", control, compute)


def uniform_affinities(
    neighbours: Neighbours,
    weighting: Literal["equal", "mean"] = "equal",
    threads: int = 1,
    control: Control | None = None,
    memo: Memo = forget,
    space: str = "",
) -> Graph:
    """The union of the neighbours' graph A with its transpose; the weights sum to 1.

    With "equal" every edge weighs the same; with "mean" the weights are those of (A + Aᵀ) / 2, so that an edge between
    two rows that are neighbours of each other weighs twice as much as one where only one of them is.
    J. N. Böhm, P. Berens and D. Kobak, "Attraction-repulsion spectrum in neighbor embeddings", JMLR 23 (2022), with
    k = 15. Cost: n k.

    Raises:
        OptionError: another weighting.
    """
    if weighting not in ("equal", "mean"):
        raise OptionError(f"weighting={weighting!r} is not allowed: 'equal' or 'mean'.")

    def compute() -> Graph:
        n, k = neighbours.index.shape
        graph = _symmetric(neighbours, np.ones((n, k), np.float32), 0.5 / (n * k), 0.0, threads)
        if weighting == "equal":
            graph.weight[:] = 1.0 / len(graph.weight)
        return graph

    k = neighbours.index.shape[1]
    return _kept(memo, f"affinities-{space}-{k}-uniform-{weighting}-v{VERSION}", control, compute)


def fuzzy_affinities(
    neighbours: Neighbours,
    local_connectivity: float = 1.0,
    threads: int = 1,
    control: Control | None = None,
    memo: Memo = forget,
    space: str = "",
) -> Graph:
    """The fuzzy union of the rows' smoothed nearest-neighbour distances; memberships in [0, 1], not normalised.

    Row i's membership is exp(-max(0, d - ρᵢ) / σᵢ), with ρᵢ the distance of its `local_connectivity`-th neighbour that
    is not at the same place and σᵢ such that the memberships of its k neighbours sum to log2(k + 1): umap-learn's
    `n_neighbors` = k + 1 counts the row itself. Both directions are joined by a + b - a b.
    L. McInnes, J. Healy and J. Melville, "UMAP", arXiv:1802.03426 (2018). Cost: n k exponentials, about ten times.

    Raises:
        OptionError: a negative or infinite `local_connectivity`.
    """
    if not 0.0 <= local_connectivity < math.inf:
        raise OptionError(f"local_connectivity={local_connectivity!r} is not allowed: a number from 0.")

    def compute() -> Graph:
        from snowdome.space import kernels_affinity as kernels

        n, k = neighbours.index.shape
        membership = np.empty((n, k), np.float32)
        distance = np.ascontiguousarray(neighbours.distance)
        local, mean = min(local_connectivity, float(k)), distance.mean(dtype=np.float64) * k / (k + 1)
        _by_rows(
            lambda begin, end: kernels.fuzzy_rows(distance, local, math.log2(k + 1), mean, begin, end, membership),
            n, threads,
        )  # fmt: skip
        return _symmetric(neighbours, membership, 1.0, 1.0, threads)

    k = neighbours.index.shape[1]
    return _kept(memo, f"affinities-{space}-{k}-fuzzy{local_connectivity:g}-v{VERSION}", control, compute)


def _kept(memo: Memo, name: str, control: Control | None, compute: Callable[[], Graph]) -> Graph:
    """The graph that `memo` keeps under that name, else a computed one."""

    def arrays() -> Arrays:
        (control or Control()).check("weighing neighbours", 0, 1)
        graph = compute()
        return {"indptr": graph.indptr, "indices": graph.indices, "weight": graph.weight}

    kept = memo(name, arrays)
    return Graph(kept["indptr"], kept["indices"], kept["weight"])


def _by_rows(kernel: Callable[[int, int], Any], n: int, threads: int) -> None:
    run_tasks(lambda block: kernel(block * _ROWS, min(n, (block + 1) * _ROWS)), -(-n // _ROWS), threads)


def _symmetric(neighbours: Neighbours, weight: Weights, scale: float, overlap: float, threads: int) -> Graph:
    """(W + Wᵀ - overlap · W ∘ Wᵀ) · scale, where W holds `weight` (n, k) at each row's neighbours."""
    from snowdome.space import kernels_affinity as kernels

    index = np.ascontiguousarray(neighbours.index)
    n, k = index.shape
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(index.ravel(), minlength=n), out=start[1:])
    source, value = np.empty(n * k, np.int32), np.empty(n * k, np.float32)
    kernels.transpose(index, weight, start[:-1].copy(), source, value)
    indptr = np.zeros(n + 1, np.int64)
    indices, data = np.empty(0, np.int32), np.empty(0, np.float32)

    def merge(begin: int, end: int) -> None:
        kernels.merge_rows(
            index, weight, start, source, value, scale, overlap, indptr, begin, end, indices, data
        )  # fmt: skip

    _by_rows(merge, n, threads)
    np.cumsum(indptr, out=indptr)
    indices, data = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.float32)
    _by_rows(merge, n, threads)
    return Graph(indptr, indices, data)
