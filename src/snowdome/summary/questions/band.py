"""A band of columns as they are: pixel401 … pixel500 of the middle."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import OfData, option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, label_column

if TYPE_CHECKING:
    import polars as pl

_MOST = 1000  # columns, where nobody names them


def _begin(data: Labelled) -> int:
    return 400 * int(data.X.shape[1]) // 784 + 1


def _end(data: Labelled) -> int:
    begin = _begin(data)
    return max(begin, min(500 * int(data.X.shape[1]) // 784, begin + _MOST - 1))


_BEGIN = OfData(_begin, "401 of 784; in proportion of more or fewer")
_END = OfData(_end, "500 of 784; in proportion of more or fewer")


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

    begin: int | None = option(_BEGIN, "the first column, from 1", low=1, high=100_000_000)
    end: int | None = option(_END, "the last column", low=1, high=100_000_000)
    images: int = option(1000, "how many images, the first ones", low=1, high=10_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        n, (begin, end) = min(self.images, len(data.X)), self.columns(data)
        some = np.ascontiguousarray(data.X[:n, begin - 1 : end].T)
        codes = np.zeros(n, np.int64) if data.y is None else data.y[:n]
        columns = [pl.Series(f"pixel{begin + at}", values) for at, values in enumerate(some)]
        return pl.DataFrame([label_column(data, codes), pl.Series("instance", np.arange(1, n + 1)), *columns])

    def columns(self, data: Labelled) -> tuple[int, int]:
        """The first and the last of the columns, from 1; DataError where there are no such."""
        begin, end, p = self.begin or 0, self.end or 0, data.X.shape[1]
        if not 1 <= begin <= end <= p:
            raise DataError(f"There are no columns {begin} to {end}: the rows have columns 1 to {p}.")
        return begin, end
