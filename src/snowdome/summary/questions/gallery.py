"""Which images to look at: the first ones, one class, or some of each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core import rng
from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import CLASS, Summary, code_of, label_column, rows_of

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Gallery(Summary):
    """label, instance (from 1): the first `images` images, of one class where one is named.

    With `each` that many random ones of each class instead, class by class: another `seed` gives others.
    """

    title: ClassVar[str] = "Gallery"
    says: ClassVar[str] = "The images themselves: the first ones, one class, or some of each."
    formula: ClassVar[str] = "x_i as it is"
    source: ClassVar[str] = "Robinson (2018); Ali; Ovchinnikov"
    group: ClassVar[str] = "Images"

    images: int = option(100, "how many, the first ones", low=1, high=1_000_000)
    of: str | None = option(None, "only images of this class", choices=CLASS)
    each: int = option(0, "so many random ones of each class; 0 for the first images", low=0, high=100_000)
    seed: int = option(2018, "seed of the random ones", low=0, high=2**31 - 1)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        codes = rows_of(data).codes
        rows = np.arange(len(codes)) if self.of is None else np.flatnonzero(codes == code_of(data, self.of))
        if self.each:
            shuffled = rows[np.argsort(rng.uniform(self.seed, 0, len(codes), 1)[rows, 0], kind="stable")]
            by_class = shuffled[np.argsort(codes[shuffled], kind="stable")]
            _, starts, counts = np.unique(codes[by_class], return_index=True, return_counts=True)
            place = np.arange(len(by_class)) - np.repeat(starts, counts)
            rows = by_class[place < self.each]
        else:
            rows = rows[: self.images]
        return pl.DataFrame([label_column(data, codes[rows]), pl.Series("instance", rows + 1)])
