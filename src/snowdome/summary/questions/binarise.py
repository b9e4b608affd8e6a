"""What it would cost to make every pixel black or white."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.distance import nearest_of
from snowdome.summary.base import Summary, rows_of
from snowdome.summary.train import NearestMean, as_bits, learnt_from

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Binarise(Summary):
    """method, n_train, n_test, raw, binary, lost: accuracy with the values as they are and with 0 and 1 alone.

    Two methods that only measure distances: the nearest class mean, learnt on all training rows, and the nearest of
    the first `train` training rows for the first `test` test rows. The splits are the data's own, else the last
    seventh is the test. Cost: one reading of X, and train · test · p multiplications twice.
    """

    title: ClassVar[str] = "Would black and white do?"
    says: ClassVar[str] = "Accuracy of two plain methods on the values and on 0 and 1, on the test rows."
    group: ClassVar[str] = "Values"
    formula: ClassVar[str] = "b = 1 where x ≥ threshold, else 0; right: argmin_k ‖x - m_k‖, and the nearest row's label"
    source: ClassVar[str] = "Robinson (2018)"

    threshold: float | None = option(
        None, "values from here on become 1; None for the middle of the range", low=-1e30, high=1e30
    )
    train: int = option(10000, "training rows that the nearest neighbour looks at", low=1, high=1_000_000)
    test: int = option(1000, "test rows that the nearest neighbour is asked about", low=1, high=1_000_000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Whether the nearest class mean is right."""
        return () if data.y is None else (NearestMean(self._threshold(data), _held_out(data)),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        if data.y is None:
            raise DataError("Accuracy needs labels; these rows have none.")
        learns = learnt_from(rows_of(data), _held_out(data))
        train, test = np.flatnonzero(learns), np.flatnonzero(~learns)
        if not len(train) or not len(test):
            raise DataError(
                f"Accuracy needs rows to learn from and rows to test: here are {len(train)} and {len(test)}."
            )
        right = answers[NearestMean(self._threshold(data), _held_out(data))]
        few, asked = train[: self.train], test[: self.test]
        near = [
            _nearest(turn(data.X[few]), data.y[few], turn(data.X[asked]), data.y[asked], threads)
            for turn in (np.asarray, lambda X: as_bits(X, self._threshold(data)))
        ]
        rows = [
            ("nearest class mean", len(train), len(test), *(count / len(test) for count in right)),
            ("nearest neighbour", len(few), len(asked), *near),
        ]
        names = {"method": pl.String, "n_train": pl.Int64, "n_test": pl.Int64, "raw": pl.Float64, "binary": pl.Float64}
        return pl.DataFrame(rows, schema=names, orient="row").with_columns(lost=pl.col("raw") - pl.col("binary"))

    def _threshold(self, data: Labelled) -> float:
        return sum(data.value_range) / 2 if self.threshold is None else self.threshold


def _held_out(data: Labelled) -> int:
    """The last rows that are tested where the data have no test rows of their own."""
    n = len(data.X)
    return n // 7 if rows_of(data).train is None else 0


def _nearest(X: Any, y: NDArray[np.int64], asked: Any, truth: NDArray[np.int64], threads: int) -> float:
    return float((y[nearest_of(asked, X, threads)] == truth).mean())
