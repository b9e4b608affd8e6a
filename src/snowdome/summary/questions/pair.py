"""The images of two classes that are hardest to tell apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import CLASS, Summary, named_codes
from snowdome.summary.folds import ClassMoments

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Pair(Summary):
    """label, instance (from 1), rank, own_distance, other_distance, margin: the images of two classes, hardest first.

    RMS distances to the mean images of the own and of the other class; `margin` is the other's less the own, negative
    where an image is nearer to the other class. `top` of each class. Where no class is named, the pair with the nearest
    mean images is taken; where one is, its nearest. Cost: one pass, and one over these two classes.
    """

    title: ClassVar[str] = "Hardest images of a pair"
    says: ClassVar[str] = "Images that are nearly as near to the other class's mean image as to their own."
    formula: ClassVar[str] = "margin = d(x, m_other) - d(x, m_own), d the RMS distance"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Pairs of classes"

    first: str | None = option(None, "a class; None for those whose mean images are nearest", choices=CLASS)
    second: str | None = option(None, "the other class", choices=CLASS)
    top: int = option(12, "images of each class", low=1, high=100000)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Means."""
        return (ClassMoments(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        one, other = self._classes(data, answers, threads)
        means = answers[ClassMoments()].means
        parts = []
        for own, rival in ((one, other), (other, one)):
            rows = np.flatnonzero(data.y == own)
            near, far = (_rms(data.X, rows, means[code]) for code in (own, rival))
            margin = far - near
            order = np.lexsort((rows, margin))[: self.top]
            parts.append(
                pl.DataFrame(
                    {
                        "label": np.full(len(order), own),
                        "instance": rows[order] + 1,
                        "rank": np.arange(1, len(order) + 1),
                        "own_distance": near[order],
                        "other_distance": far[order],
                        "margin": margin[order],
                    }
                )
            )
        return pl.concat(parts)

    def _classes(self, data: Labelled, answers: Answers, threads: int) -> tuple[int, int]:
        import polars as pl

        from snowdome.summary.questions.separation import Separation

        named = named_codes(data, (self.first, self.second), answers[ClassMoments()].counts)
        pairs = Separation().table(data, answers, threads)
        for code in named:
            pairs = pairs.filter((pl.col("compare1") == code) | (pl.col("compare2") == code))
        one, other = int(pairs["compare1"][0]), int(pairs["compare2"][0])
        return (other, one) if named and named[0] == other else (one, other)


def _rms(X: NDArray[Any], rows: NDArray[np.int64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    out = np.empty(len(rows))
    for first in range(0, len(rows), 512):
        block = X[rows[first : first + 512]].astype(np.float64) - mean
        out[first : first + 512] = np.sqrt(np.einsum("ij,ij->i", block, block) / X.shape[1])
    return out
