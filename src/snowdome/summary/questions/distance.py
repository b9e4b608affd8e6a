"""How far each image lies from the mean of its class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column
from snowdome.summary.folds import OwnDistances

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Distance(Summary):
    """label, instance (from 1), rms_distance, euclidean_distance of each image, sorted by label and instance.

    The distance to the mean image of its class: the square root of the mean squared difference, which Robinson (2018)
    calls Euclidean, and the Euclidean one, √p times as large (28 times for 784 pixels). Cost: two passes.
    """

    title: ClassVar[str] = "Distance to the class centroid"
    says: ClassVar[str] = "RMS distance of each image to the mean image of its class, on the scale of the data."
    formula: ClassVar[str] = "d_i = √(Σ_c (x_ic - m_c)² / p), m the mean image of the class of i; Euclidean: √p d_i"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Classes"

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Squared distances."""
        return (OwnDistances(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        squared = answers[OwnDistances()]
        n, p = data.X.shape
        codes = np.zeros(n, np.int64) if data.y is None else data.y
        return pl.DataFrame(
            [
                label_column(data, codes),
                pl.Series("instance", np.arange(1, n + 1)),
                pl.Series("rms_distance", np.sqrt(squared / p)),
                pl.Series("euclidean_distance", np.sqrt(squared)),
            ]
        ).sort("label", "instance")
