"""Images put together from their leading principal components."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column, needs_rows, rows_of
from snowdome.summary.principal import principal, principal_folds

if TYPE_CHECKING:
    import polars as pl

STAGES = (0.05, 0.15, 0.3, 0.6, 1.0)  # of the components asked for


@dataclass(frozen=True)
class Reconstruction(Summary):
    """label, instance (from 1), components, mse: how well single images are put together from ever more components.

    The first image of each class, `images` at most; `mse` is the mean squared error of a value, on the scale of the
    data squared. Components are those of all rows. Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Images from a few components"
    says: ClassVar[str] = "Images put together from their leading principal components, and the error that is left."
    formula: ClassVar[str] = "x' = m + Σ_j ((x - m) · w_j) w_j over k components; mse = Σ_c (x_c - x'_c)² / p"
    source: ClassVar[str] = "Ovchinnikov"

    count: int = option(100, "the most components", low=1, high=10000)
    images: int = option(5, "images, the first of each class", low=1, high=50)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Products of columns."""
        return principal_folds(data)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        rows = self.rows(data)
        X = np.asarray(data.X[rows], np.float64)
        parts = []
        for k, restored in self.restored(data, answers, threads).items():
            error = ((X - restored) ** 2).mean(1)
            columns = [pl.Series("instance", rows + 1), pl.Series("components", np.full(len(rows), k))]
            codes = rows_of(data).codes[rows]
            parts.append(pl.DataFrame([label_column(data, codes), *columns, pl.Series("mse", error)]))
        return pl.concat(parts).sort("label", "instance", "components")

    def rows(self, data: Labelled) -> NDArray[np.int64]:
        """The images shown."""
        needs_rows(data, "A principal component")
        first = np.unique(rows_of(data).codes, return_index=True)[1]
        return np.sort(first)[: self.images]

    def restored(self, data: Labelled, answers: Answers, threads: int) -> dict[int, NDArray[np.float64]]:
        """Number of components → the images (m, p) put together from so many."""
        found = principal(data, answers, self.count, threads)
        k = len(found.components)
        scores = (np.asarray(data.X[self.rows(data)], np.float64) - found.mean) @ found.components.T
        stages = sorted({max(1, round(share * k)) for share in STAGES})
        return {some: found.mean + scores[:, :some] @ found.components[:some] for some in stages}
