"""What scaling does to images: standardised, and to the range from 0 to 1."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, needs_rows
from snowdome.summary.train import TrainColumns

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Scaling(Summary):
    """scaling, mean, deviation, least, greatest, constant: the first `images` rows as they are and scaled.

    Standardised: each value less its column's mean, over its column's deviation. From 0 to 1: each column's own range.
    Both are fitted on the training rows alone (all rows where there is one split); columns that never change there,
    counted as `constant`, become 0. Cost: one pass over the training rows.
    """

    title: ClassVar[str] = "What scaling does"
    says: ClassVar[str] = "Images as they are, standardised, and scaled to 0 to 1; fitted on the training rows alone."
    formula: ClassVar[str] = "(x - mean) / deviation, and (x - least) / (greatest - least), column by column"
    source: ClassVar[str] = "Ovchinnikov"

    images: int = option(1000, "rows measured, the first ones", low=1, high=1_000_000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Each column's mean, variance and range over the training rows."""
        return (TrainColumns(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        X, fitted = np.asarray(data.X[: self.images]), fit(data, answers)
        rows = [
            (name, *(float(x) for x in (values.mean(), values.std(), values.min(), values.max())), fitted.constant)
            for name, values in fitted.scaled(X).items()
        ]
        types = dict.fromkeys(("mean", "deviation", "least", "greatest"), pl.Float64)
        return pl.DataFrame(rows, schema={"scaling": pl.String, **types, "constant": pl.Int64}, orient="row")


@dataclass(frozen=True)
class Fitted:
    """Mean, deviation, least and greatest of each column over the training rows, (p,) float64 each."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def constant(self) -> int:
        """How many columns never change in the training rows."""
        return int((self.low == self.high).sum())

    def scaled(self, X: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
        """Rows X (m, p) as they are, standardised and from 0 to 1, float64."""
        values, span = X.astype(np.float64), self.high - self.low
        return {
            "as they are": values,
            "standardised": (values - self.mean) / np.where(self.deviation > 0, self.deviation, np.inf),
            "from 0 to 1": (values - self.low) / np.where(span > 0, span, np.inf),
        }


def fit(data: Labelled, answers: Answers) -> Fitted:
    """The scalings of the training rows. DataError without any row."""
    needs_rows(data, "Scaling")
    learnt = answers[TrainColumns()]
    return Fitted(learnt.mean, np.sqrt(learnt.variance), learnt.least, learnt.greatest)
