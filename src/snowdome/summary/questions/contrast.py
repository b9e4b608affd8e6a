"""The pixels that tell two classes apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled, places_of
from snowdome.summary.base import CLASS, Summary, classes_to_pair, named_codes
from snowdome.summary.folds import ClassMoments

if TYPE_CHECKING:
    import polars as pl

_MOST = 20_000_000  # rows of the table


@dataclass(frozen=True)
class Contrast(Summary):
    """compare1, compare2, x, y, (channel,) negative, positive: the means of each pixel in two classes.

    All ordered pairs of classes that have images, those with the class `first`, or the pair of `first` and `second`
    both ways round. `negative` is
    the mean of compare1 and `positive` of compare2; what is shown is positive - negative, which is antisymmetric.
    Cost: one pass; the table has k (k - 1) p rows.
    """

    title: ClassVar[str] = "Pixels that distinguish pairs of classes"
    says: ClassVar[str] = "The difference of two classes' mean images, on the scale of the data."
    formula: ClassVar[str] = "m_ac - m_bc for the mean images of two classes a and b"
    source: ClassVar[str] = "Robinson (2018)"
    group: ClassVar[str] = "Pairs of classes"

    first: str | None = option(None, "only pairs with this class", choices=CLASS)
    second: str | None = option(None, "only pairs with this class too", choices=CLASS)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """Means."""
        return (ClassMoments(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        moments = answers[ClassMoments()]
        named = named_codes(data, (self.first, self.second), moments.counts)
        codes = classes_to_pair(data, moments.counts)
        one, other = (pairs.ravel() for pairs in np.meshgrid(codes, codes, indexing="ij"))
        kept = one != other
        for code in named:
            kept &= (one == code) | (other == code)
        one, other = one[kept], other[kept]
        p = data.X.shape[1]
        if len(one) * p > _MOST:
            raise DataError(
                f"{len(codes)} classes make {len(one):,} pairs and {len(one) * p:,} rows; at most {_MOST:,}. Name a "
                f"class, or two (first, second)."
            )
        places = places_of(data).drop("pixel")
        return pl.DataFrame(
            {
                "compare1": np.repeat(one, p),
                "compare2": np.repeat(other, p),
                **{name: np.tile(places[name].to_numpy(), len(one)) for name in places.columns},
                "negative": moments.means[one].ravel(),
                "positive": moments.means[other].ravel(),
            }
        )
