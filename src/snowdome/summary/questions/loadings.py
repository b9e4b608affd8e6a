"""Principal components as images: what each of them looks at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled, places_of
from snowdome.summary.base import Summary, grid_of
from snowdome.summary.principal import principal, principal_folds

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Loadings(Summary):
    """component (from 1), x, y, (channel,) weight: the leading unit components, their largest weight positive.

    Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Components as images"
    says: ClassVar[str] = "The weight that each principal component gives to each pixel; their signs are a convention."
    of_images: ClassVar[bool] = True
    formula: ClassVar[str] = "C w_j = λ_j w_j, ‖w_j‖ = 1, for the covariance matrix C of the columns"
    source: ClassVar[str] = "Olah (2014); Pearson (1901)"

    count: int = option(2, "components", low=1, high=100)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Products of columns."""
        return principal_folds(data)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        grid_of(data, "A component as an image")
        weights = principal(data, answers, self.count, threads).components
        k, p = weights.shape
        places = places_of(data).drop("pixel")
        table = {"component": np.repeat(np.arange(1, k + 1), p)}
        table |= {name: np.tile(places[name].to_numpy(), k) for name in places.columns}
        return pl.DataFrame(table | {"weight": weights.ravel()})
