"""Folds that learn from the training rows alone: their columns, and the means that the test rows are compared with."""

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Block, Fold, Rows
from snowdome.summary.folds import class_sums


@dataclasses.dataclass(frozen=True)
class Columns:
    """Of each column over the training rows, (p,) float64: mean, variance (n in the denominator), least, greatest."""

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    least: NDArray[np.float64]
    greatest: NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class TrainColumns(Fold):
    """The Columns."""

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        p = rows.X.shape[1]
        return [_Learns(rows), class_sums(rows.X.dtype, (1, p)), np.full(p, np.inf), np.full(p, -np.inf)]

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        learns, sums, least, greatest = state
        X = _chosen(block.X, learns.of(block))
        if len(X):
            sums.add(Block(block.first, X, np.zeros(len(X), np.int64)))
            np.minimum(least, X.min(0), out=least)
            np.maximum(greatest, X.max(0), out=greatest)

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[1].merge(other[1])
        np.minimum(state[2], other[2], out=state[2])
        np.maximum(state[3], other[3], out=state[3])

    def finish(self, state: Any) -> Columns:
        """See Fold."""
        moments = state[1].finish()
        return Columns(moments.means[0], moments.variances[0], state[2], state[3])


@dataclasses.dataclass(frozen=True)
class TrainMeans(Fold):
    """The mean of each class over the training rows, of the values and of their bits: two times (k, p) float64.

    The last `held_out` rows are none of them. NaN for a class without training rows.
    """

    threshold: float
    held_out: int

    def state_bytes(self, rows: Rows) -> int:
        """Two sums for each class and column, twice."""
        return 32 * rows.classes * int(rows.X.shape[1])

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        shape = (rows.classes, rows.X.shape[1])
        return _Learns(rows, self.held_out), class_sums(rows.X.dtype, shape), class_sums(np.dtype(np.uint8), shape)

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        learns = state[0].of(block)
        X, codes = _chosen(block.X, learns), _chosen(block.codes, learns)
        if len(X):
            state[1].add(Block(block.first, X, codes))
            state[2].add(Block(block.first, as_bits(X, self.threshold), codes))

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[1].merge(other[1])
        state[2].merge(other[2])

    def finish(self, state: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See Fold."""
        return state[1].finish().means, state[2].finish().means


@dataclasses.dataclass(frozen=True)
class NearestMean(Fold):
    """How many test rows have the nearest class mean of their own class: by the values, and by their bits."""

    threshold: float
    held_out: int

    def needs(self) -> tuple[Fold, ...]:
        """The means."""
        return (TrainMeans(self.threshold, self.held_out),)

    def start(self, rows: Rows, answers: Answers) -> Any:
        """See Fold."""
        raw, bits = answers[TrainMeans(self.threshold, self.held_out)]
        return [_Learns(rows, self.held_out), raw, bits, 0, 0]

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        tested = ~state[0].of(block)
        if tested.any():
            X, codes = _chosen(block.X, tested), _chosen(block.codes, tested)
            state[3] += _right(X, codes, state[1])
            state[4] += _right(as_bits(X, self.threshold), codes, state[2])

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[3] += other[3]
        state[4] += other[4]

    def finish(self, state: Any) -> tuple[int, int]:
        """See Fold."""
        return state[3], state[4]


def learnt_from(rows: Rows, held_out: int = 0) -> NDArray[np.bool_]:
    """Which rows are learnt from, (n,): the training rows but for the last `held_out` of all."""
    return _Learns(rows, held_out).of(Block(0, rows.X, rows.codes))


class _Learns:
    """Which rows of a block are learnt from."""

    def __init__(self, rows: Rows, held_out: int = 0) -> None:
        self.train, self.end = rows.train, len(rows.X) - held_out

    def of(self, block: Block) -> NDArray[np.bool_]:
        rows = slice(block.first, block.first + len(block.X))
        learns = np.ones(len(block.X), bool) if self.train is None else self.train[rows].copy()
        learns[max(0, self.end - block.first) :] = False
        return learns


def as_bits(X: NDArray[Any], threshold: float) -> NDArray[np.uint8]:
    """1 where a value is the threshold or more, else 0."""
    if X.dtype == np.uint8:
        whole = math.ceil(min(max(threshold, 0.0), 256.0))
        return np.zeros(X.shape, np.uint8) if whole > 255 else (np.uint8(whole) <= X).view(np.uint8)
    bits: NDArray[np.uint8] = (threshold <= X).view(np.uint8)
    return bits


def _chosen(values: NDArray[Any], which: NDArray[np.bool_]) -> NDArray[Any]:
    """Those rows, without a copy where it is all of them."""
    return values if which.all() else values[which]


def _right(X: NDArray[Any], codes: NDArray[np.int64], means: NDArray[np.float64]) -> int:
    """How many rows are nearest to the mean of their own class; classes without a mean are none."""
    there = np.flatnonzero(~np.isnan(means).any(1))
    nearest = ((means[there] ** 2).sum(1) - 2 * X.astype(np.float64) @ means[there].T).argmin(1)
    return int((there[nearest] == codes).sum())
