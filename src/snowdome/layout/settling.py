"""Where a new row comes to rest in a map that is done: down its own share of the method's energy."""

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import run_tasks, run_watched
from snowdome.layout.measures import sample
from snowdome.layout.placing import Places, mean_of_places
from snowdome.space.knn import Neighbours

_CROWD = 4096  # points of the map that stand for all in the repulsion of a new row; all of them where there are fewer
_CROWD_STREAM = 950  # of random numbers: see core.rng
_ROWS = 128  # new rows in one task
_PARTS = 16  # of the crowd; fixed, so that sums do not depend on the threads
_REST = 1e-4  # a row whose step is shorter, of the width of the law, rests

_ATTRACTIONS = ("student", "square", "spring")
_REPULSIONS = ("student", "gaussian", "logarithm", "inverse")


@dataclasses.dataclass(frozen=True)
class RowLaw:
    """What a row at y adds to an energy if the map stays as it is: Σ_j a(r_j) + R + ½ middle |y|².

    Attributes:
        attraction: a of the edges to its neighbours, with their weights p: "student" factor · p log(1 + r²), "square"
            factor · p r², "spring" p ∫ (t - rest)(factor + slope t) dt from its rest length to r.
        repulsion: φ of s = r² + softening: "student" 1/s, "gaussian" exp(-s), "logarithm" -½ log s, "inverse" 1/√s.
        share: R is share · Σ φ over all points; "map": Σ φ over the map's own mean of that; "rows": log Σ φ on top,
            where each row of the map, and the new one, has a sum of its own.
        width: the unit of the map, about: what is short on it.
        crowding: the map's own mean of Σ φ, where `in_map` has found it.
    """

    attraction: Literal["student", "square", "spring"]
    repulsion: Literal["student", "gaussian", "logarithm", "inverse"]
    softening: float
    share: float | Literal["map", "rows"] = "map"
    factor: float = 1.0
    slope: float = 0.0
    middle: float = 0.0
    width: float = 1.0
    crowding: float | None = None


def in_map(law: RowLaw, Y: Places, threads: int = 1) -> RowLaw:
    """The law in one map Y (n, d), with what all rows that come there have in common. Cost: n times 4,096."""
    if law.crowding is not None or not isinstance(law.share, str):
        return law
    fixed = np.ascontiguousarray(Y)
    crowd = np.ascontiguousarray(fixed[sample(len(Y), _CROWD, 0, _CROWD_STREAM)].T)
    return dataclasses.replace(law, crowding=_crowding(crowd, fixed, law, threads))


def settle(
    neighbours: Neighbours,
    weight: Places,
    Y: Places,
    law: RowLaw,
    threads: int = 1,
    rest: Places | None = None,
    control: Control | None = None,
) -> Places:
    """Where rows with these neighbours and weights (m, k) come to rest in a map Y (n, d), each by itself; (m, d).

    Each goes down what it would add to the energy if the map stayed as it is, starting at the mean place of its
    neighbours or at one of the three nearest, whichever is lower. The repulsion is that of all points of the map, or of
    a sample of 4,096 that counts for all. `rest` (m, k) are the rest lengths of springs. Cost: for each row some dozens
    of sums over k + 4,096 points, and once that of `in_map`.
    """
    from snowdome.layout import kernels_settling as kernels

    fixed, n, m = np.ascontiguousarray(Y), len(Y), len(weight)
    chosen = sample(n, _CROWD, 0, _CROWD_STREAM)
    crowd = np.ascontiguousarray(fixed[chosen].T)
    share = law.share
    if isinstance(share, str):
        mean = in_map(law, Y, threads).crowding or 0.0
        share = 1.0 / mean if mean > 0 else 0.0
    numbers = (
        np.uint64(_ATTRACTIONS.index(law.attraction)), law.factor, law.slope, law.middle,
        np.uint64(_REPULSIONS.index(law.repulsion)), law.softening,
        share * n / len(chosen), law.share == "rows",
    )  # fmt: skip
    index, p, lengths = (np.ascontiguousarray(a) for a in (neighbours.index, weight, weight if rest is None else rest))
    places = mean_of_places(neighbours, weight, Y)
    tasks, watcher = -(-m // _ROWS), control or Control()

    def descend(task: int) -> None:
        begin, end = task * _ROWS, min(m, (task + 1) * _ROWS)
        kernels.settle_rows(fixed, (index, p, lengths), crowd, numbers, _REST * law.width, begin, end, places)

    run_watched(descend, tasks, threads, lambda done: watcher.check("placing rows", done, tasks))
    return places


def _crowding(crowd: NDArray[np.float32], Y: Places, law: RowLaw, threads: int) -> float:
    """The mean over the points of the crowd of Σ φ over all others of the map."""
    from snowdome.layout import kernels_settling as kernels

    across, sums = np.ascontiguousarray(Y.T), np.zeros(_PARTS)
    bounds = np.linspace(0, crowd.shape[1], _PARTS + 1).astype(np.int64)
    kernel = np.uint64(_REPULSIONS.index(law.repulsion))

    def add(part: int) -> None:
        sums[part] = kernels.crowding(kernel, law.softening, crowd, across, bounds[part], bounds[part + 1])

    run_tasks(add, _PARTS, threads)
    itself = float(np.exp(-law.softening)) if law.repulsion == "gaussian" else 1.0 / law.softening
    return float(sums.sum() / crowd.shape[1] - itself)
