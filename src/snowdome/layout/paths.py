"""Distances along the data: the shortest paths over the graph of nearest neighbours."""

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.layout.stress import Matrix, pairwise_distances
from snowdome.space.knn import Neighbours

_ROWS = 512
_AT_ONCE = 64  # sources between two looks at the control


@dataclasses.dataclass(frozen=True)
class Roads:
    """Edges between n rows that lead both ways, in compressed sparse rows; one may be there twice.

    Attributes:
        indptr: (n + 1,) int64.
        indices: (edges,) int32.
        length: (edges,) float32.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    length: NDArray[np.float32]

    @classmethod
    def of(cls, source: NDArray[np.int64], target: NDArray[np.int64], length: NDArray[np.float32], n: int) -> Self:
        """The roads of edges from `source` to `target`, (edges,) each."""
        start, end = np.concatenate([source, target]), np.concatenate([target, source])
        order = np.argsort(start, kind="stable")
        indptr = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(start, minlength=n), out=indptr[1:])
        return cls(indptr, end[order].astype(np.int32), np.tile(length, 2)[order].astype(np.float32))

    def parts(self) -> NDArray[np.int32]:
        """The number of the connected part that each row is in, (n,)."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        n = len(self.indptr) - 1
        graph = csr_array((np.ones(len(self.indices), np.int8), self.indices, self.indptr), shape=(n, n))
        return np.asarray(connected_components(graph, directed=False)[1], np.int32)


def neighbour_roads(neighbours: Neighbours, unit: float) -> Roads:
    """The edges of a graph of neighbours, lengths over `unit`."""
    n, k = neighbours.index.shape
    source = np.repeat(np.arange(n, dtype=np.int64), k)
    length = neighbours.distance.ravel() / np.float32(unit)
    return Roads.of(source, neighbours.index.ravel().astype(np.int64), length, n)


def bridged(roads: Roads, values: Matrix, threads: int, control: Control) -> tuple[Roads, int]:
    """Connected roads, and how many bridges that took: the shortest edges that join the parts into one.

    O. Borůvka (1926): in each round every part but the largest gets its shortest edge to another one. `values` (n, p)
    are the rows. Cost: for each round the rows outside the largest part times n p multiplications.
    """
    bridges = 0
    n = len(values)
    while True:
        part = roads.parts()
        sizes = np.bincount(part)
        if len(sizes) == 1:
            return roads, bridges
        outside = np.flatnonzero(part != sizes.argmax())
        nearest, distance = np.empty(len(outside), np.int64), np.empty(len(outside), np.float32)

        def look(block: int, outside: NDArray[np.int64] = outside, part: NDArray[np.int32] = part,
                 nearest: NDArray[np.int64] = nearest, distance: NDArray[np.float32] = distance) -> None:  # fmt: skip
            at = slice(block * _ROWS, (block + 1) * _ROWS)
            here = outside[at]
            nearest[at], distance[at] = 0, np.inf
            for begin in range(0, n, _ROWS):
                tile = pairwise_distances(values[here], values[begin : begin + _ROWS])
                tile[part[here][:, None] == part[begin : begin + _ROWS]] = np.inf
                best = tile.argmin(1)
                found = tile[np.arange(len(here)), best]
                closer = found < distance[at]
                nearest[at], distance[at] = np.where(closer, best + begin, nearest[at]), np.minimum(found, distance[at])

        control.check("joining parts", bridges, bridges + len(sizes) - 1)
        with one_blas_thread():
            run_tasks(look, -(-len(outside) // _ROWS), threads)
        order = np.argsort(distance, kind="stable")
        _, first = np.unique(part[outside[order]], return_index=True)
        chosen = order[first]
        bridges += _joined(part[outside[chosen]], part[nearest[chosen]], len(sizes))
        roads = _with(roads, outside[chosen], nearest[chosen], distance[chosen])


def _joined(a: NDArray[np.int32], b: NDArray[np.int32], parts: int) -> int:
    """By how many these edges between parts lower the number of parts: two parts may have chosen the same."""
    return parts - len(
        np.unique(Roads.of(a.astype(np.int64), b.astype(np.int64), np.ones(len(a), np.float32), parts).parts())
    )


def _with(roads: Roads, source: NDArray[np.int64], target: NDArray[np.int64], length: NDArray[np.float32]) -> Roads:
    n = len(roads.indptr) - 1
    start = np.repeat(np.arange(n, dtype=np.int64), np.diff(roads.indptr))
    once = start <= roads.indices  # each edge is there from both its ends
    return Roads.of(
        np.concatenate([start[once], source]),
        np.concatenate([roads.indices[once].astype(np.int64), target]),
        np.concatenate([roads.length[once], length]),
        n,
    )


def path_lengths(roads: Roads, sources: NDArray[np.int64], threads: int, control: Control) -> Matrix:
    """The lengths of the shortest paths from each source to every row, (sources, n) float32, infinite where none leads.

    Cost: for each source edges · log n.
    """
    from snowdome.layout import kernels_stress

    lengths = np.empty((len(sources), len(roads.indptr) - 1), np.float32)
    for first in range(0, len(sources), _AT_ONCE):
        control.check("finding shortest paths", first, len(sources))

        def walk(task: int, first: int = first) -> None:
            at = first + task
            kernels_stress.shortest_paths(roads.indptr, roads.indices, roads.length, sources[at], lengths[at])

        run_tasks(walk, min(_AT_ONCE, len(sources) - first), threads)
    return lengths
