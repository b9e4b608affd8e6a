"""Images in the plane of two principal components."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column, rows_of
from snowdome.summary.principal import principal, principal_folds

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Scores(Summary):
    """label, instance (from 1), horizontal, vertical: the first `images` rows on two components of all.

    A score is Σ w (x - mean) / scale over the columns, with the unit weights w of `loadings`. Without `centred` it is
    Σ w x / scale, as in Olah (2014), whose scale is 256. Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Two components as axes"
    says: ClassVar[str] = "Each image at its scores on two principal components, the directions of most variance."
    formula: ClassVar[str] = "((x - m) · w_j) / scale for two components w_j"
    source: ClassVar[str] = "Olah (2014)"

    horizontal: int = option(1, "the component across, from 1", low=1, high=10000)
    vertical: int = option(2, "the component upwards, from 1", low=1, high=10000)
    images: int = option(500, "how many images, the first ones", low=1, high=10_000_000)
    centred: bool = option(True, "less the mean image")
    scale: float = option(1.0, "what the values are divided by", low=1e-30, high=1e30)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Products of columns."""
        return principal_folds(data)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        p, k = data.X.shape[1], max(self.horizontal, self.vertical)
        if k > p:
            raise DataError(f"There is no component {k}: rows of {p} values have components 1 to {p}.")
        found = principal(data, answers, k, threads)
        chosen = found.components[[self.horizontal - 1, self.vertical - 1]]
        X = np.asarray(data.X[: self.images], np.float64)
        # numpy's own sums rather than BLAS's: so few columns, and the same bits for any number of threads
        places = np.einsum("ij,kj->ki", X - found.mean if self.centred else X, chosen) / self.scale
        return pl.DataFrame(
            [
                label_column(data, rows_of(data).codes[: self.images]),
                pl.Series("instance", np.arange(1, len(X) + 1)),
                pl.Series("horizontal", places[0]),
                pl.Series("vertical", places[1]),
            ]
        )
