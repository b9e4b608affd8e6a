"""One image as numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, grid_of, needs_rows

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Image(Summary):
    """row, column (from 0, from the top left), (channel,) value: the pixels of one image, on the scale of the data.

    `scale` divides the values (255 for 0 to 1); `every` 2 takes every second row and column, as Olah's matrix does.
    """

    title: ClassVar[str] = "An image is a matrix"
    says: ClassVar[str] = "One image as the numbers that it is made of."
    formula: ClassVar[str] = "x_i as a matrix of height × width numbers"
    source: ClassVar[str] = "Ali; Olah (2014)"
    group: ClassVar[str] = "Images"
    of_images: ClassVar[bool] = True

    instance: int = option(1, "the image's number, from 1", low=1, high=2**40)
    every: int = option(1, "take every such row and column", low=1, high=1000)
    scale: float = option(1.0, "what the values are divided by", low=1e-30, high=1e30)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        height, width = grid_of(data, "A matrix")
        needs_rows(data, "A matrix")
        if self.instance > len(data.X):
            raise DataError(f"There is no image {self.instance:,}: they are numbered 1 to {len(data.X):,}.")
        pixels = np.asarray(data.X[self.instance - 1]).reshape(height, width, data.channels)
        some = pixels[:: self.every, :: self.every]
        row, column, channel = (index.ravel() for index in np.indices(some.shape))
        values = some.ravel() if self.scale == 1 else some.ravel() / self.scale
        table = {"row": row, "column": column, "channel": channel, "value": values}
        if data.channels == 1:
            del table["channel"]
        return pl.DataFrame(table)
