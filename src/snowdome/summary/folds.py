"""The folds that the summaries share: sums by class, counts of values, distances to the own class's mean."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Block, Fold, Rows
from snowdome.space.gram import moments_of_products, products_of_bytes


@dataclasses.dataclass(frozen=True)
class Moments:
    """Counts (k,) int64, means and variances (k, p) float64 of each class; NaN for an empty one.

    The variance has n in the denominator.
    """

    counts: NDArray[np.int64]
    means: NDArray[np.float64]
    variances: NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class ClassMoments(Fold):
    """Mean and variance of each column in each class. Whole numbers of 8 bits are summed exactly."""

    def state_bytes(self, rows: Rows) -> int:
        """Two sums for each class and column."""
        return 16 * rows.classes * int(rows.X.shape[1])

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        return class_sums(rows.X.dtype, (rows.classes, rows.X.shape[1]))

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        state.add(block)

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state.merge(other)

    def finish(self, state: Any) -> Moments:
        """See Fold."""
        found: Moments = state.finish()
        return found


@dataclasses.dataclass(frozen=True)
class ByteProducts(Fold):
    """The mean (p,) and the covariance (p, p) of all columns, float64, n - 1 in the denominator. For uint8 only."""

    def state_bytes(self, rows: Rows) -> int:
        """One matrix."""
        return 8 * int(rows.X.shape[1]) ** 2

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        return _Products(rows.X.shape[1])

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        state.add(block.X)

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state.merge(other)

    def finish(self, state: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """See Fold."""
        state.settle()
        return moments_of_products(state.n, state.sums, state.gram.copy())


class _Products:
    """Sums and products of columns. Blocks wait until there are many rows, since each turn costs p² additions."""

    def __init__(self, p: int) -> None:
        self.n, self.sums, self.gram = 0, np.zeros(p), np.zeros((p, p))
        self.waiting: list[NDArray[np.uint8]] = []

    def add(self, X: NDArray[np.uint8]) -> None:
        self.waiting.append(X)
        if sum(map(len, self.waiting)) >= 8192:
            self.settle()

    def settle(self) -> None:
        if self.waiting:
            rows = np.concatenate(self.waiting)
            self.n += len(rows)
            products_of_bytes(rows, self.sums, self.gram)
            self.waiting = []

    def merge(self, other: "_Products") -> None:
        other.settle()
        self.settle()
        self.n += other.n
        self.sums += other.sums
        self.gram += other.gram


def class_sums(kind: np.dtype[Any], shape: tuple[int, int]) -> "_ByteSums | _RealSums":
    """Empty sums of so many classes and columns of values of that type; they finish with Moments."""
    return _ByteSums(shape) if kind == np.uint8 else _RealSums(shape)


class _ByteSums:
    """Sums and sums of squares as whole numbers: exact, in any order. n² · 255² stays below 2⁶³ up to 11 M rows."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.counts = np.zeros(shape[0], np.int64)
        self.sums, self.squares = np.zeros(shape, np.int64), np.zeros(shape, np.int64)

    def add(self, block: Block) -> None:
        from snowdome.summary import kernels

        X = np.ascontiguousarray(block.X)
        kernels.add_moments(X, block.codes, self.sums, self.squares, self.counts)

    def merge(self, other: "_ByteSums") -> None:
        self.counts += other.counts
        self.sums += other.sums
        self.squares += other.squares

    def finish(self) -> Moments:
        n = self.counts[:, None].astype(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = self.sums / n
            if self.counts.max(initial=0) < 10_000_000:
                variances = (self.counts[:, None] * self.squares - self.sums**2) / n**2
            else:
                variances = self.squares / n - means**2
        return Moments(self.counts, means, variances)


class _RealSums:
    """Means and sums of squared deviations, merged as Chan, Golub and LeVeque (1983) merge them."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.counts = np.zeros(shape[0], np.int64)
        self.means, self.deviations = np.zeros(shape), np.zeros(shape)

    def add(self, block: Block) -> None:
        order = np.argsort(block.codes, kind="stable")
        present, starts = np.unique(block.codes[order], return_index=True)
        values = block.X[order].astype(np.float64)
        counts = np.diff([*starts, len(order)])
        means = np.add.reduceat(values, starts, axis=0) / counts[:, None]
        values -= np.repeat(means, counts, axis=0)
        self._take_in(present, counts, means, np.add.reduceat(values * values, starts, axis=0))

    def merge(self, other: "_RealSums") -> None:
        present = np.flatnonzero(other.counts)
        self._take_in(present, other.counts[present], other.means[present], other.deviations[present])

    def _take_in(self, which: Any, counts: Any, means: Any, deviations: Any) -> None:
        before = self.counts[which]
        after = before + counts
        gap = means - self.means[which]
        self.means[which] += gap * (counts / after)[:, None]
        self.deviations[which] += deviations + gap**2 * (before * counts / after)[:, None]
        self.counts[which] = after

    def finish(self) -> Moments:
        empty = self.counts == 0
        self.means[empty] = self.deviations[empty] = np.nan
        return Moments(self.counts, self.means, self.deviations / np.maximum(self.counts, 1)[:, None])


@dataclasses.dataclass(frozen=True)
class Extent(Fold):
    """The least and the greatest value, as floats; (nan, nan) without any."""

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        return [np.inf, -np.inf]

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        if block.X.size:
            state[0], state[1] = min(state[0], float(block.X.min())), max(state[1], float(block.X.max()))

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[0], state[1] = min(state[0], other[0]), max(state[1], other[1])

    def finish(self, state: Any) -> tuple[float, float]:
        """See Fold."""
        return (state[0], state[1]) if state[0] <= state[1] else (float("nan"), float("nan"))


class _Counts(Fold):
    """A table of counts, the first part of its state."""

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[0][:] += other[0]

    def finish(self, state: Any) -> NDArray[np.int64]:
        """See Fold."""
        counts: NDArray[np.int64] = state[0]
        return counts


@dataclasses.dataclass(frozen=True)
class ByteCounts(_Counts):
    """How often each of the values 0 … 255 occurs in each class, (k, 256) int64. For uint8 only."""

    def state_bytes(self, rows: Rows) -> int:
        """One table for each class."""
        return 2048 * rows.classes

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        return np.zeros((rows.classes, 256), np.int64), np.zeros((4, 256), np.uint32)

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        from snowdome.summary import kernels

        order = np.argsort(block.codes, kind="stable")
        kernels.count_values(np.ascontiguousarray(block.X), block.codes, order, state[1], state[0])


@dataclasses.dataclass(frozen=True)
class RealCounts(_Counts):
    """How many values of each class fall into each of so many bins of equal width from the least to the greatest.

    Closed on the right, the first on both sides: (k, bins) int64.
    """

    bins: int

    def needs(self) -> tuple[Fold, ...]:
        """The least and the greatest."""
        return (Extent(),)

    def start(self, rows: Rows, answers: Answers) -> Any:
        """See Fold."""
        low, high = answers[Extent()]
        return np.zeros((rows.classes, self.bins), np.int64), np.linspace(low, high, self.bins + 1)[1:-1]

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        counts, inner = state
        at = np.searchsorted(inner, block.X, side="left") + self.bins * block.codes[:, None]
        counts += np.bincount(at.ravel(), minlength=counts.size).reshape(counts.shape)


@dataclasses.dataclass(frozen=True)
class OwnDistances(Fold):
    """Each row's squared distance to the mean of its class, (n,) float64."""

    def needs(self) -> tuple[Fold, ...]:
        """The means."""
        return (ClassMoments(),)

    def start(self, rows: Rows, answers: Answers) -> Any:  # noqa: ARG002
        """See Fold."""
        return np.ascontiguousarray(np.nan_to_num(answers[ClassMoments()].means)), []

    def add(self, state: Any, block: Block) -> None:
        """See Fold."""
        from snowdome.summary import kernels

        out = np.empty(len(block.X))
        kind = block.X.dtype if block.X.dtype in (np.uint8, np.float32, np.float64) else np.float64
        kernels.squared_to_own(np.ascontiguousarray(block.X, kind), block.codes, state[0], out)
        state[1].append(out)

    def merge(self, state: Any, other: Any) -> None:
        """See Fold."""
        state[1].extend(other[1])

    def finish(self, state: Any) -> NDArray[np.float64]:
        """See Fold."""
        return np.concatenate([np.empty(0), *state[1]])
