"""The images that are least like their class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary
from snowdome.summary.folds import OwnDistances
from snowdome.summary.questions.distance import Distance

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Atypical(Summary):
    """label, instance (from 1), rank (1 is the furthest), rms_distance of the images furthest from their class's mean.

    `top` in each class, more where several are equally far. Cost: two passes.
    """

    title: ClassVar[str] = "Least typical images"
    says: ClassVar[str] = "The images with the greatest distance to the mean image of their class."
    formula: ClassVar[str] = "d_i = √(Σ_c (x_ic - m_c)² / p), m the mean of i's class; the largest of each class"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Classes"
    furthest_first: ClassVar[bool] = True

    top: int = option(6, "images of each class", low=1, high=100000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Squared distances."""
        return (OwnDistances(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        distance = pl.col("rms_distance")
        rank = distance.rank("min", descending=self.furthest_first).over("label").cast(pl.Int64)
        return (
            Distance()
            .table(data, answers, threads)
            .with_columns(rank=rank)
            .filter(pl.col("rank") <= self.top)
            .sort("label", "rank", "instance")
            .select("label", "instance", "rank", "rms_distance")
        )
