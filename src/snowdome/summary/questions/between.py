"""Two images, and where the distance between them lies among those of other pairs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import OfData, option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, needs_rows
from snowdome.summary.questions.distances import Distances, row_of

if TYPE_CHECKING:
    import polars as pl


def _number(usual: int, of_few: int) -> OfData:
    """That image, from 1; the other one where there are fewer than nine."""
    return OfData(lambda data: usual if len(data.X) >= 9 else of_few, f"{usual}; of fewer than nine images {of_few}")


_WIDTH = OfData(lambda data: float(np.ptp(data.value_range)) or 1.0, "the width of the values' range")


@dataclass(frozen=True)
class Between(Summary):
    """kind, distance, scaled, nearer, pairs, mean, deviation, q0 … q100: two images among the pairs of a sample.

    `distance` is the Euclidean distance of the images `one` and `other` on the scale of the data, `scaled` the same
    divided by `scale` (256 as in Olah 2014, whose ones, 7 and 9, are 4.53 apart); `nearer` is the share of the pairs
    of each kind that are nearer to each other. The kinds, the sample and the quantiles are those of `distances`, on the
    scale of the data. Cost: images² p / 2 multiplications.
    """

    title: ClassVar[str] = "Two images compared"
    says: ClassVar[str] = "Where two images differ, and where their distance lies among those of other pairs."
    formula: ClassVar[str] = "d = ‖x_i - x_j‖; nearer: the share of other pairs with ‖x_a - x_b‖ < d"
    source: ClassVar[str] = "Olah (2014)"

    one: int | None = option(_number(7, 1), "an image's number, from 1", low=1, high=2**40)
    other: int | None = option(_number(9, 2), "the other image's number", low=1, high=2**40)
    scale: float | None = option(_WIDTH, "what the distance is divided by to be scaled", low=1e-30, high=1e30)
    images: int = option(1000, "images in the sample of other pairs", low=2, high=20000)
    seed: int | None = option(None, "None for the first images, else a random sample", low=0, high=2**31 - 1)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        one, other = (row.astype(np.float64) for row in data.X[list(self.rows(data))])
        distance = float(np.sqrt(((one - other) ** 2).sum()))
        table = []
        for kind, found in Distances(self.images, self.seed).measured(data, threads).items():
            nearer = float((found < distance).mean()) if len(found) else None
            both = {"kind": kind, "distance": distance, "scaled": distance / (self.scale or 1.0), "nearer": nearer}
            table.append(both | row_of(kind, found))
        names = {name: pl.Int64 if name == "pairs" else pl.Float64 for name in table[0]}
        return pl.DataFrame(table, schema={**names, "kind": pl.String})

    def rows(self, data: Labelled) -> tuple[int, int]:
        """The two images, from 0; DataError where there are no such."""
        n = len(data.X)
        needs_rows(data, "A comparison of two images", 2)
        for number in (self.one or 0, self.other or 0):
            if not 1 <= number <= n:
                raise DataError(f"There is no image {number:,}: they are numbered 1 to {n:,}.")
        if self.one == self.other:
            raise DataError(f"An image is compared with another one; both are image {self.one:,}.")
        return (self.one or 0) - 1, (self.other or 0) - 1
