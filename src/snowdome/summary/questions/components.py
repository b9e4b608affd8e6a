"""How much of the variance the leading principal components keep, and what is lost without the rest."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary
from snowdome.summary.principal import principal, principal_folds

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
    formula: ClassVar[str] = "λ_j / Σ λ for the eigenvalues λ of the covariance matrix of the columns"
    source: ClassVar[str] = "Olah (2014); Pearson (1901)"

    count: int = option(50, "components", low=1, high=10000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Products of columns."""
        return principal_folds(data)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        n, p = data.X.shape
        found = principal(data, answers, self.count, threads)
        share = found.variance / (found.total or 1.0)
        lost = np.maximum(found.total - np.cumsum(found.variance), 0) * max(n - 1, 0) / (n * p)
        return pl.DataFrame(
            {
                "component": np.arange(1, len(share) + 1),
                "variance": found.variance,
                "share": share,
                "cumulative": np.cumsum(share),
                "reconstruction_mse": lost,
            }
        )
