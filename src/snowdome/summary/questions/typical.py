"""The images that are most like their class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary
from snowdome.summary.folds import OwnDistances
from snowdome.summary.questions.atypical import furthest
from snowdome.summary.questions.distance import Distance

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Typical(Summary):
    """label, instance (from 1), rank (1 is the nearest), rms_distance of the images nearest to their class's mean.

    `top` in each class, more where several are equally near. Cost: two passes.
    """

    title: ClassVar[str] = "Most typical images"
    says: ClassVar[str] = "The images with the smallest distance to the mean image of their class."

    top: int = option(6, "images of each class", low=1, high=100000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Squared distances."""
        return (OwnDistances(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        return furthest(Distance().table(data, answers, threads), self.top, descending=False)
