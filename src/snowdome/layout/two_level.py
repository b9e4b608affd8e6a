"""A start for many rows: the map of a sample of them, and the rest among their neighbours in it.

D. Kobak and P. Berens, "The art of using t-SNE for single-cell transcriptomics", Nature Communications 10 (2019). The
clusters find each other in the small map, in steps that cost a twentieth, so that the large one needs no exaggeration.
The start is made about as small as a map is at the end of an exaggerated phase, so that every row can still reach its
place: started at its full size, one of 200,000 deformed digits had a divergence of 4.70 after 375 steps, not 4.47.
"""

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.control import Control
from snowdome.core.threads import run_tasks
from snowdome.layout.energy import Positions
from snowdome.layout.measures import sample
from snowdome.space.affinity import Graph

MANY = 300_000  # rows from which a start is made in this way
_SHARE = 20  # one row of so many is in the sample
_DEVIATION = 2.0  # of the first coordinate in the start
_NOISE = 0.01  # so far, about, is a row put from the mean of its neighbours: rows of the same neighbours must part
_SAMPLE_STREAM, _NOISE_STREAM = 960, 961  # of random numbers: see core.rng
_ROWS = 16384


class Aside(Control):
    """The control of the small map, whose steps are a stage of the large one's preparation."""

    def __init__(self, outer: Control, steps: int) -> None:
        super().__init__()
        self._outer, self._step, self._steps = outer, 0, steps

    def between_steps(self) -> None:
        """Leave by Stopped where the outer run is to stop."""
        self._step += 1
        self._outer.check("mapping a sample", self._step, self._steps)


def few_of(n: int, seed: int) -> NDArray[np.int64]:
    """The sample: a twentieth of n rows, ascending."""
    return sample(n, n // _SHARE, seed, _SAMPLE_STREAM)


def among_neighbours(
    graph: Graph, few: NDArray[np.int64], places: NDArray[np.float32], seed: int, threads: int
) -> Positions:
    """The start (d, n): rows `few` at their `places` (m, d), each other row at the mean of its placed neighbours.

    A mean is weighted as the graph is. Rows without a placed neighbour wait until one has been placed, round by round;
    those that no path leads to stay in the middle. All is scaled to a deviation of 2. Cost: the edges, a few times.
    """
    from snowdome.layout import kernels

    n, dims = len(graph.indptr) - 1, places.shape[1]
    start = np.zeros((n, dims), np.float32)
    placed = np.zeros(n, np.uint8)
    start[few], placed[few] = places, 1
    waiting = n - len(few)
    while waiting:
        found = placed.copy()

        def task(block: int, placed: NDArray[np.uint8] = placed, found: NDArray[np.uint8] = found) -> None:
            begin, end = block * _ROWS, min(n, (block + 1) * _ROWS)
            kernels.place_by_neighbours(
                graph.indptr, graph.indices, graph.weight, placed, begin, end, start, found
            )  # fmt: skip

        run_tasks(task, -(-n // _ROWS), threads)
        before, waiting, placed = waiting, n - int(np.count_nonzero(found)), found
        if waiting == before:
            break
    start -= start.mean(0, dtype=np.float64).astype(np.float32)
    start *= np.float32(_DEVIATION) / max(start[:, 0].std(dtype=np.float64), np.float64(1e-30))
    return np.ascontiguousarray((start + _NOISE * rng.normal(seed, _NOISE_STREAM, n, dims)).T, np.float32)
