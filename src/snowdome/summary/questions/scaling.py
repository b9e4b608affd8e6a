"""What scaling does to images: standardised, and to the range from 0 to 1."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Rows, answer
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, needs_rows
from snowdome.summary.folds import ClassMoments, Moments

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

    images: int = option(1000, "rows measured, the first ones", low=1, high=1_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        X = np.asarray(data.X[: self.images])
        rows = []
        for name, values in scaled(data, X, threads).items():
            numbers = (values.mean(), values.std(), values.min(), values.max())
            rows.append((name, *map(float, numbers), constant_columns(data, threads)))
        types = dict.fromkeys(("mean", "deviation", "least", "greatest"), pl.Float64)
        return pl.DataFrame(rows, schema={"scaling": pl.String, **types, "constant": pl.Int64}, orient="row")


def scaled(data: Labelled, X: NDArray[Any], threads: int) -> dict[str, NDArray[np.float64]]:
    """Rows X (m, p) as they are, standardised and from 0 to 1, float64."""
    mean, deviation, low, high = _fitted(data, threads)
    values = X.astype(np.float64)
    return {
        "as they are": values,
        "standardised": (values - mean) / np.where(deviation > 0, deviation, np.inf),
        "from 0 to 1": (values - low) / np.where(high > low, high - low, np.inf),
    }


def constant_columns(data: Labelled, threads: int) -> int:
    """How many columns never change in the training rows."""
    _, _, low, high = _fitted(data, threads)
    return int((low == high).sum())


def _fitted(data: Labelled, threads: int) -> tuple[NDArray[np.float64], ...]:
    """Mean, deviation, least and greatest of each column over the training rows."""
    needs_rows(data, "Scaling")
    split = getattr(data, "split", None)
    train = np.ones(len(data.X), bool) if split is None else np.asarray(split) == 0
    X = data.X[: len(data.X) if train.all() else int(train.sum())] if _leads(train) else data.X[train]
    one = Rows(X, np.zeros(len(X), np.int64), 1)
    moments: Moments = answer(one, [ClassMoments()], threads)[ClassMoments()]
    low, high = X.min(0).astype(np.float64), X.max(0).astype(np.float64)
    return moments.means[0], np.sqrt(moments.variances[0]), low, high


def _leads(train: NDArray[np.bool_]) -> bool:
    """Whether the training rows come first: then a slice does, which copies nothing."""
    return bool(train[: int(train.sum())].all())
