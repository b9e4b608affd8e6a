"""The range of the values: least, greatest, mean, how many are nothing at all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Fold
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, rows_of
from snowdome.summary.folds import ByteCounts, ClassMoments

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Range(Summary):
    """label, images, least, greatest, mean, deviation, zeros, highest: of all values of each class, and of all (null).

    `deviation` has n in the denominator; `zeros` is the share of values that are 0 and `highest` of those that are
    the greatest of the type (255 for bytes), null where the type has none. Cost: one pass.
    """

    title: ClassVar[str] = "The range of the values"
    says: ClassVar[str] = "Least, greatest and mean value of each class, and how many values are 0 or the greatest."
    formula: ClassVar[str] = "min x, max x, Σ x / n, √(Σ (x - mean)² / n), and the shares of x = 0 and of x = 255"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Values"

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Counts of each value, or moments."""
        return (ByteCounts(),) if data.X.dtype == np.uint8 else (ClassMoments(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        rows = rows_of(data)
        groups = [np.flatnonzero(rows.codes == code) for code in range(rows.classes)]
        if data.X.dtype == np.uint8:
            counts = answers[ByteCounts()]
            facts = [_of_counts(some, data.X.shape[1]) for some in [*counts, counts.sum(0)]]
        else:
            facts = [_of_values(data.X[members]) for members in groups] + [_of_values(data.X)]
        labels = [*range(rows.classes), None]
        named = [{"label": label, **fact} for label, fact in zip(labels, facts, strict=True)]
        types = dict.fromkeys(_NOTHING, pl.Float64) | {"label": pl.Int64, "images": pl.Int64}
        return pl.DataFrame(named if data.y is not None else named[-1:], schema_overrides=types)


def _of_counts(counts: NDArray[np.int64], p: int) -> dict[str, float | int | None]:
    """The facts from how often each of 0 … 255 occurs; exact but for the last rounding."""
    n, value = int(counts.sum()), np.arange(256)
    if n == 0:
        return _NOTHING
    there = np.flatnonzero(counts)
    total, squares = int((counts * value).sum()), int((counts * value**2).sum())
    return {
        "images": n // p,
        "least": float(there[0]),
        "greatest": float(there[-1]),
        "mean": total / n,
        "deviation": float(np.sqrt((n * squares - total**2) / n**2)),
        "zeros": int(counts[0]) / n,
        "highest": int(counts[255]) / n,
    }


def _of_values(values: NDArray[Any]) -> dict[str, float | int | None]:
    if values.size == 0:
        return _NOTHING
    return {
        "images": len(values),
        "least": float(values.min()),
        "greatest": float(values.max()),
        "mean": float(values.mean(dtype=np.float64)),
        "deviation": float(values.std(dtype=np.float64)),
        "zeros": float((values == 0).mean()),
        "highest": None,
    }


_NOTHING: dict[str, float | int | None] = {
    "images": 0, "least": None, "greatest": None, "mean": None, "deviation": None, "zeros": None, "highest": None
}  # fmt: skip
