"""Images put together from their leading principal components."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.pca import components
from snowdome.summary.base import Summary, label_column, needs_rows, rows_of

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

    count: int = option(100, "the most components", low=1, high=10000)
    images: int = option(5, "images, the first of each class", low=1, high=50)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        rows = self.rows(data)
        X = np.asarray(data.X[rows], np.float64)
        parts = []
        for k, restored in self.restored(data, threads).items():
            error = ((X - restored) ** 2).mean(1)
            columns = [pl.Series("instance", rows + 1), pl.Series("components", np.full(len(rows), k))]
            codes = rows_of(data).codes[rows]
            parts.append(pl.DataFrame([label_column(data, codes), *columns, pl.Series("mse", error)]))
        return pl.concat(parts).sort("label", "instance", "components")

    def rows(self, data: Labelled) -> NDArray[np.int64]:
        """The images shown."""
        needs_rows(data, "Principal components")
        first = np.unique(rows_of(data).codes, return_index=True)[1]
        return np.sort(first)[: self.images]

    def restored(self, data: Labelled, threads: int) -> dict[int, NDArray[Any]]:
        """Number of components → the images (m, p) put together from so many."""
        k = min(self.count, data.X.shape[1])
        found = components(np.asarray(data.X), k, threads)
        X = np.asarray(data.X[self.rows(data)], np.float64) - found.mean
        scores = X @ found.components.T
        stages = sorted({max(1, round(share * k)) for share in STAGES})
        return {some: found.mean + scores[:, :some] @ found.components[:some] for some in stages}
