"""How much of the variance the leading principal components keep, and what is lost without the rest."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.pca import components
from snowdome.summary.base import Summary, needs_rows

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Components(Summary):
    """component (from 1), variance, share, cumulative, reconstruction_mse of the first `count` components.

    `share` is of the total variance; `reconstruction_mse` is the mean squared error of a value when the image is put
    together from the components so far, on the scale of the data squared. Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Variance kept by principal components"
    says: ClassVar[str] = "How much of the variance the leading components keep, and the error without the rest."

    count: int = option(50, "components", low=1, high=10000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        needs_rows(data, "Principal components")
        n, p = data.X.shape
        k = min(self.count, p)
        found = components(np.asarray(data.X), k, threads)
        kept = np.cumsum(found.explained_variance)
        lost = np.maximum(found.total_variance - kept, 0) * max(n - 1, 0) / (n * p)
        share = found.explained_variance_ratio
        return pl.DataFrame(
            {
                "component": np.arange(1, k + 1),
                "variance": found.explained_variance,
                "share": share,
                "cumulative": np.cumsum(share),
                "reconstruction_mse": lost,
            }
        )
