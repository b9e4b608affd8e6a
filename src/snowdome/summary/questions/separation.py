"""How far apart the classes' mean images are: which pairs are easy and which are hard."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, classes_to_pair
from snowdome.summary.folds import ClassMoments

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Separation(Summary):
    """compare1 < compare2, rms_difference, overlap: each pair of classes once, the hardest first.

    `rms_difference` is the RMS difference of the two mean images; `overlap` is the classes' own RMS spread, pooled,
    over that: above 1 the classes are wider than they are apart. Cost: one pass.
    """

    title: ClassVar[str] = "Which classes are easy to tell apart"
    says: ClassVar[str] = "RMS difference of the mean images of two classes, on the scale of the data; small is hard."
    formula: ClassVar[str] = "√(Σ_c (m_ac - m_bc)² / p); overlap: √((v_a + v_b) / 2) over it, v the variance"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Pairs of classes"

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Means and variances."""
        return (ClassMoments(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        moments = answers[ClassMoments()]
        codes = classes_to_pair(data, moments.counts)
        means, spread = moments.means[codes], moments.variances[codes].mean(1)
        upper = np.triu_indices(len(codes), 1)
        norms = (means**2).mean(1)
        squared = np.maximum(norms[:, None] + norms - 2 * means @ means.T / max(1, means.shape[1]), 0)[upper]
        pooled = 0.5 * (spread[upper[0]] + spread[upper[1]])
        with np.errstate(divide="ignore", invalid="ignore"):
            overlap = np.sqrt(pooled / squared)
        table = {
            "compare1": codes[upper[0]],
            "compare2": codes[upper[1]],
            "rms_difference": np.sqrt(squared),
            "overlap": overlap,
        }
        return pl.DataFrame(table).sort("rms_difference", "compare1", "compare2")
