"""What it would cost to make every pixel black or white."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.distance import squared_distances
from snowdome.summary.base import Summary, is_train

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

    threshold: float = option(128.0, "values from here on become 1", low=-1e30, high=1e30)
    train: int = option(10000, "training rows that the nearest neighbour looks at", low=1, high=1_000_000)
    test: int = option(1000, "test rows that the nearest neighbour is asked about", low=1, high=1_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        if data.y is None:
            raise DataError("Accuracy needs labels; these rows have none.")
        learns = is_train(data)
        if learns.all():
            learns[len(learns) - len(learns) // 7 :] = False
        train, test = np.flatnonzero(learns), np.flatnonzero(~learns)
        if not len(train) or not len(test):
            raise DataError(
                f"Accuracy needs rows to learn from and rows to test: here are {len(train)} and {len(test)}."
            )
        few = train[: self.train], test[: self.test]
        kinds = {"nearest class mean": (_nearest_mean, train, test), "nearest neighbour": (_nearest, *few)}
        rows = []
        for method, (accuracy, learn, ask) in kinds.items():
            raw, binary = (
                accuracy(turn(data.X[learn]), data.y[learn], turn(data.X[ask]), data.y[ask], threads)
                for turn in (np.asarray, self._binary)
            )
            rows.append((method, len(learn), len(ask), raw, binary, raw - binary))
        return pl.DataFrame(rows, schema=["method", "n_train", "n_test", "raw", "binary", "lost"], orient="row")

    def _binary(self, X: NDArray[Any]) -> NDArray[np.uint8]:
        return (self.threshold <= X).astype(np.uint8)


def _nearest_mean(X: Any, y: NDArray[np.int64], asked: Any, truth: NDArray[np.int64], threads: int) -> float:
    codes = np.unique(y)
    means = np.stack([X[y == code].mean(0, dtype=np.float64) for code in codes])
    return float((codes[squared_distances(asked, means, threads).argmin(1)] == truth).mean())


def _nearest(X: Any, y: NDArray[np.int64], asked: Any, truth: NDArray[np.int64], threads: int) -> float:
    return float((y[squared_distances(X, asked, threads).argmin(0)] == truth).mean())
