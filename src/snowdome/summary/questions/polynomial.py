"""What squares and products make of an image's principal components."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary
from snowdome.summary.principal import principal, principal_folds

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Polynomial(Summary):
    """bin, low, high, count: the polynomial features of one image's scores on the leading components, in bins.

    The features of second degree of k scores s are the k scores themselves and the k (k + 1) / 2 products s_i s_j with
    i ≤ j: 495 of 30, 5,150 of 100. The bins are of equal width from the least feature to the greatest, closed on the
    left, the last on both sides. Cost: n p² / 2 multiplications.
    """

    title: ClassVar[str] = "Polynomial features"
    says: ClassVar[str] = "One image's scores on the leading components, their squares and products, as a histogram."
    formula: ClassVar[str] = "s_1 … s_k and s_i s_j for i ≤ j: k + k (k + 1) / 2 features of the scores s"
    source: ClassVar[str] = "Ovchinnikov"

    count: int = option(30, "components", low=1, high=1000)
    instance: int = option(1, "the image's number, from 1", low=1, high=2**40)
    bins: int = option(50, "bins", low=1, high=10000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Products of columns."""
        return principal_folds(data)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        found = principal(data, answers, self.count, threads)
        if self.instance > len(data.X):
            raise DataError(f"There is no image {self.instance:,}: they are numbered 1 to {len(data.X):,}.")
        x = np.asarray(data.X[self.instance - 1], np.float64) - found.mean
        scores = np.einsum("j,kj->k", x, found.components)
        first, second = np.triu_indices(len(scores))
        counts, edges = np.histogram(np.concatenate([scores, scores[first] * scores[second]]), self.bins)
        return pl.DataFrame({"bin": np.arange(1, self.bins + 1), "low": edges[:-1], "high": edges[1:], "count": counts})
