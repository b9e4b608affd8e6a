"""A band of columns as they are: pixel401 … pixel500 of the middle."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Band(Summary):
    """label, instance (from 1), pixel401 … pixel500: some columns of the first `images` images.

    Columns are counted from 1, as OpenML names them. Cost: the images shown.
    """

    title: ClassVar[str] = "The middle band"
    says: ClassVar[str] = "The values themselves, of some columns, on the scale of the data."
    formula: ClassVar[str] = "x_ic for c = begin … end"
    source: ClassVar[str] = "Ovchinnikov"
    group: ClassVar[str] = "Images"

    begin: int = option(401, "the first column, from 1", low=1, high=100_000_000)
    end: int = option(500, "the last column", low=1, high=100_000_000)
    images: int = option(1000, "how many images, the first ones", low=1, high=10_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        n, p = min(self.images, len(data.X)), data.X.shape[1]
        if not self.begin <= self.end <= p:
            raise DataError(f"There are no columns {self.begin} to {self.end}: the rows have columns 1 to {p}.")
        some = np.ascontiguousarray(data.X[:n, self.begin - 1 : self.end].T)
        codes = np.zeros(n, np.int64) if data.y is None else data.y[:n]
        columns = [pl.Series(f"pixel{self.begin + at}", values) for at, values in enumerate(some)]
        return pl.DataFrame([label_column(data, codes), pl.Series("instance", np.arange(1, n + 1)), *columns])
