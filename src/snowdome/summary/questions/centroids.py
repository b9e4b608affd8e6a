"""The mean image of each class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled, places_of
from snowdome.summary.base import Summary, label_column, rows_of
from snowdome.summary.folds import ClassMoments
from snowdome.summary.medians import class_medians

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Centroids(Summary):
    """x, y, label, (channel,) mean_value of each pixel in each class, sorted by these.

    What a group-by of the tidy table by x, y and label gives (Robinson 2018: `pixel_summary`). With `spread` also
    median_value and variance (n in the denominator). Cost: one pass; medians read X once more, in strips.
    """

    title: ClassVar[str] = "Average image of each class"
    says: ClassVar[str] = "The mean of each pixel over the images of a class, on the scale of the data."
    formula: ClassVar[str] = "m_kc = Σ_i x_ic / n_k over the n_k images i of class k"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Classes"

    spread: bool = option(False, "medians and variances too")

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Means and variances."""
        return (ClassMoments(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        moments = answers[ClassMoments()]
        present = np.flatnonzero(moments.counts)
        values = {"mean_value": moments.means[present]}
        if self.spread:
            values["median_value"] = class_medians(rows_of(data), threads)[present]
            values["variance"] = moments.variances[present]
        places, p = places_of(data).drop("pixel"), data.X.shape[1]
        table = _repeated(places, len(present))
        table = table.with_columns(label_column(data, np.repeat(present, p)))
        table = table.with_columns(**{name: column.ravel() for name, column in values.items()})
        keys = ["x", "y", "label", *(["channel"] if data.channels > 1 else [])]
        return table.select(*keys, *values).sort(keys)


def _repeated(table: "pl.DataFrame", times: int) -> "pl.DataFrame":
    import polars as pl

    return pl.concat([table] * times) if times else table.clear()
