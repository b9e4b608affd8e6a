"""Box plots of the distances to the class centroid."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from snowdome.core.fold import Answers, Fold
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary
from snowdome.summary.folds import OwnDistances
from snowdome.summary.questions.distance import Distance

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Boxes(Summary):
    """label, images, lower_whisker, lower_quartile, median, upper_quartile, upper_whisker, outliers of each class.

    RMS distances to the class's mean image. The whiskers end at the last image within 1.5 times the box beyond it
    (Tukey 1977); `outliers` counts those further out. Quartiles interpolate linearly (Hyndman and Fan's type 7).
    """

    title: ClassVar[str] = "How much the classes vary"
    says: ClassVar[str] = "Quartiles of the RMS distances to the class centroid, on the scale of the data."
    formula: ClassVar[str] = "quartiles q1, q2, q3 of the distances; whiskers within 1.5 (q3 - q1) of q1 and of q3"
    source: ClassVar[str] = "Robinson (2018); Tukey (1977)"
    group: ClassVar[str] = "Classes"

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Squared distances."""
        return (OwnDistances(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        d = pl.col("rms_distance")
        quartiles = {name: d.quantile(q, "linear").over("label") for name, q in _QUARTILES.items()}
        rows = Distance().table(data, answers, threads).with_columns(**quartiles)
        reach = 1.5 * (pl.col("upper_quartile") - pl.col("lower_quartile"))
        inside = (d >= pl.col("lower_quartile") - reach) & (d <= pl.col("upper_quartile") + reach)
        return (
            rows.with_columns(inside=inside)
            .group_by("label")
            .agg(
                images=pl.len(),
                lower_whisker=d.filter(pl.col("inside")).min(),
                lower_quartile=pl.col("lower_quartile").first(),
                median=pl.col("median").first(),
                upper_quartile=pl.col("upper_quartile").first(),
                upper_whisker=d.filter(pl.col("inside")).max(),
                outliers=(~pl.col("inside")).sum(),
            )
            .sort("label")
        )


_QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
