"""How often each value occurs: the histogram of the pixels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column
from snowdome.summary.folds import ByteCounts, Extent, RealCounts

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Values(Summary):
    """label, bin, low, high, count, share: how many values fall into each bin, in each class.

    The bins are those of ggplot2's default histogram: the first is centred on the least value and the last on the
    greatest, closed on the right. `share` is of the class's values. Cost: one pass.
    """

    title: ClassVar[str] = "How much grey?"
    says: ClassVar[str] = "How often each value occurs, on the scale of the data."
    formula: ClassVar[str] = "the share of x in each bin; the width is (greatest - least) / (bins - 1)"
    source: ClassVar[str] = "Robinson (2018); Wickham (2016)"
    group: ClassVar[str] = "Values"

    bins: int = option(30, "bins, the first centred on the least value", low=2, high=10000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:
        """Counts of each value, or of fine bins that the wanted ones are made of."""
        return (ByteCounts(), Extent()) if data.X.dtype == np.uint8 else (RealCounts(2 * (self.bins - 1)), Extent())

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        low, high = answers[Extent()]
        width = (high - low) / (self.bins - 1)
        edges = low + width * (np.arange(self.bins + 1) - 0.5)
        if data.X.dtype == np.uint8:
            fine = answers[ByteCounts()]
            at = np.searchsorted(edges[1:-1], np.arange(256), side="left")
        else:  # every other fine bin begins where a wanted one does
            fine = answers[RealCounts(2 * (self.bins - 1))]
            at = (np.arange(2 * (self.bins - 1)) + 1) // 2
        counts = np.zeros((len(fine), self.bins), np.int64)
        np.add.at(counts.T, at, fine.T)
        present = np.flatnonzero(counts.sum(1))
        total = counts[present].sum(1, keepdims=True)
        return pl.DataFrame(
            [
                label_column(data, np.repeat(present, self.bins)),
                pl.Series("bin", np.tile(np.arange(1, self.bins + 1), len(present))),
                pl.Series("low", np.tile(edges[:-1], len(present))),
                pl.Series("high", np.tile(edges[1:], len(present))),
                pl.Series("count", counts[present].ravel()),
                pl.Series("share", (counts[present] / np.maximum(total, 1)).ravel()),
            ]
        )
