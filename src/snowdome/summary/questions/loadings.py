"""Principal components as images: what each of them looks at."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled, places_of
from snowdome.space.pca import components
from snowdome.summary.base import Summary, grid_of, needs_rows

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Loadings(Summary):
    """component (from 1), x, y, (channel,) weight: the leading unit components, their largest weight positive.

    Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Components as images"
    says: ClassVar[str] = "The weight that each principal component gives to each pixel; their signs are a convention."

    count: int = option(2, "components", low=1, high=100)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        grid_of(data, "Components as images")
        needs_rows(data, "Principal components")
        k, p = min(self.count, data.X.shape[1]), data.X.shape[1]
        found = components(np.asarray(data.X), k, threads)
        places = places_of(data).drop("pixel")
        table = {"component": np.repeat(np.arange(1, k + 1), p)}
        table |= {name: np.tile(places[name].to_numpy(), k) for name in places.columns}
        return pl.DataFrame(table | {"weight": found.components.ravel()})
