"""The runs of C. Olah, "Visualizing MNIST: An Exploration of Dimensionality Reduction" (2014), as he made them.

A thousand images at 1/256 of their values, a random start, and one rule for every cost: the step has the same length
however steep the cost is, so that a run ends by circling its minimum.
"""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.layout.base import Frame, Phase
from snowdome.layout.energy import Energy, Forces, Positions
from snowdome.layout.optimiser import Box, descend
from snowdome.space.affinity import Graph

ROWS = 1000
PERPLEXITY = 40.0
NEIGHBOURS = 3
_SPREAD = {2: 8.0, 3: 1.0}  # of the start, by the dimensions
HELP = "'olah': the run of his essay on the first 1,000 rows; all other options but the seed are left aside"
_PER_VALUE = np.float32(1 / 256)


@dataclasses.dataclass(frozen=True)
class Run:
    """How many steps of which length, and the momentum."""

    steps: int
    length: float
    momentum: float


RUNS = {  # by the map and its dimensions
    "mds": {2: Run(700, 8.0, 0.80), 3: Run(300, 6.0, 0.80)},
    "sammon": {2: Run(600, 5.5, 0.80)},
    "graph": {2: Run(700, 7.0, 0.80), 3: Run(300, 8.0, 0.80)},
    "tsne": {2: Run(1600, 18.0, 0.85), 3: Run(500, 10.0, 0.85)},
    "isomap": {2: Run(1000, 15.0, 0.70)},
}


def phases(run: Run) -> list[Phase]:
    """The run as one phase."""
    return [Phase(run.steps, 1.0, run.momentum, run.length)]


class LevelSteps:
    """His step rule: the gradient of all coordinates to length 1, m ← μ m + (1 - μ) g, then a step of fixed length."""

    def __init__(self, dims: int, n: int) -> None:
        self._momentum = np.zeros((dims, n), np.float32)

    def move(self, Y: Positions, forces: Forces, phase: Phase) -> Box:
        """See StepRule. `phase.rate` is the length."""
        gradient = np.float32(phase.exaggeration) * forces.pull + np.float32(forces.push_by) * forces.push
        length = float(np.sqrt(np.square(gradient, dtype=np.float64).sum()))
        kept = np.float32(phase.momentum)
        self._momentum *= kept
        if length > 0:
            self._momentum -= (1 - kept) * (gradient / np.float32(length))
        Y += np.float32(phase.rate) * self._momentum
        return Y.min(1), Y.max(1)

    def reorder(self, order: NDArray[np.int64]) -> None:
        """See StepRule."""
        self._momentum = self._momentum.take(order, 1)


def rows(X: NDArray[Any]) -> NDArray[np.float32]:
    """The first 1,000 rows of X (n, p) as he had them: bytes over 256, all else as it is."""
    first = np.ascontiguousarray(X[:ROWS], np.float32)
    return first * _PER_VALUE if X.dtype == np.uint8 else first


def affinities(distances: NDArray[np.float32]) -> Graph:
    """His P for distances (n, n): ten bisections of each row's σ between 0.1 and 10 to a perplexity of 40.

    He takes the entropy as -Σ p log2(p + 1e-6), which makes the perplexity that is reached a little larger.
    """
    n = len(distances)
    squared = distances.astype(np.float64) ** 2
    np.fill_diagonal(squared, np.inf)
    squared -= squared.min(1, keepdims=True)

    def conditional(width: NDArray[np.float64]) -> NDArray[np.float64]:
        p = np.exp(-squared / (2 * width[:, None] ** 2))
        return np.asarray(p / p.sum(1, keepdims=True))

    low, high = np.full(n, 0.1), np.full(n, 10.0)
    for _ in range(10):
        middle = (low + high) / 2
        p = conditional(middle)
        wide = 2 ** -(p * np.log2(p + 1e-6)).sum(1) > min(PERPLEXITY, n - 1.5)
        low, high = np.where(wide, low, middle), np.where(wide, middle, high)
    p = conditional((low + high) / 2)
    others = ~np.eye(n, dtype=bool)
    weight = ((p + p.T) / (2 * n))[others].astype(np.float32)
    return Graph(np.arange(n + 1) * (n - 1), np.nonzero(others)[1].astype(np.int32), weight)


def start(n: int, dims: int, seed: int) -> Positions:
    """His start, (dims, n): sums of 15 uniform numbers, of standard deviation 0.149, times 8, in 3-D times 1."""
    sums = rng.uniform(seed, 0, n, 15 * dims).reshape(n, dims, 15).sum(2)
    return np.ascontiguousarray((_SPREAD[dims] * (2 * sums - 15) / 15).T, np.float32)


def play(
    runs: dict[int, Run],
    X: NDArray[Any],
    energy: Callable[[NDArray[np.float32]], Energy],
    dims: int,
    seed: int,
    threads: int,
    control: Control,
) -> Iterator[Frame]:
    """His run in `dims` dimensions with the energy of the first 1,000 rows of X (n, p), as Frames of all rows.

    Each row after the first 1,000 is at the mean place of its nearest among these. OptionError where `runs` has none in
    `dims`.
    """
    if dims not in runs:
        raise OptionError(
            f"preset='olah' got n_components={dims}; allowed: {' or '.join(map(str, runs))}. He made no other run of "
            f"this map: leave the preset out."
        )
    if len(X) == 1:
        return iter([Frame(0, 0, 0, float("nan"), 0, np.zeros((1, dims), np.float32), done=True)])
    first = rows(X)
    rule = LevelSteps(dims, len(first))
    frames = descend(energy(first), start(len(first), dims, seed), rule, phases(runs[dims]), control)
    return frames if len(X) <= ROWS else _with_the_rest(frames, X, threads)


def _with_the_rest(frames: Iterator[Frame], X: NDArray[Any], threads: int) -> Iterator[Frame]:
    from snowdome.layout.placing import FEW, Fitted, gaussian_weights, mean_of_places

    neighbours = Fitted(X[:ROWS], None).nearest(X[ROWS:], FEW, threads)
    weight = gaussian_weights(neighbours.distance, FEW / 3)
    for frame in frames:
        rest = mean_of_places(neighbours, weight, frame.Y)
        yield dataclasses.replace(frame, Y=np.concatenate([frame.Y, rest]))


def notes(n: int) -> tuple[str, ...]:
    """What a person should know of a run over n rows."""
    counted = "Bytes are taken over 256, and a stress counts each pair in both orders, as Olah's do."
    if n <= ROWS:
        return (counted,)
    return (
        f"Only the first {ROWS:,} rows are laid out, as Olah did; each of the other {n - ROWS:,} is at the mean place "
        f"of its nearest among these. {counted}",
    )
