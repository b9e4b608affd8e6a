"""Images in the hypercube of pixels: any two pixels as axes."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.errors import DataError
from snowdome.core.fold import Answers
from snowdome.core.options import OfData, option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import Summary, grid_of, label_column

if TYPE_CHECKING:
    import polars as pl

_SIDE = 28  # of the images that Olah names pixels of


def pixel_at(x: int, y: int) -> OfData:
    """That pixel of 28 × 28, x,y from the bottom left, and of another grid the one in the same place."""

    def make(data: Labelled) -> str | None:
        if data.image_shape is None:
            return None
        height, width = data.image_shape
        return f"{x * width // _SIDE},{y * height // _SIDE}"

    return OfData(make, f"{x},{y} of {_SIDE} × {_SIDE}; of other grids the same place")


@dataclass(frozen=True)
class Cube(Summary):
    """label, instance (from 1), horizontal, vertical: two pixels' values of the first `images` images.

    A pixel is written x,y with x from the left and y from the bottom, both from 0, as Olah (2014) writes p_{x,y}; the
    values are those of the first channel, on the scale of the data. Cost: the images shown.
    """

    title: ClassVar[str] = "Two pixels of the cube"
    says: ClassVar[str] = "Each image at its values of two pixels: one look along two of all the axes."
    of_images: ClassVar[bool] = True
    formula: ClassVar[str] = "(x_ia, x_ib) for two pixels a and b"
    source: ClassVar[str] = "Olah (2014)"

    horizontal: str | None = option(pixel_at(7, 12), "the pixel across: x,y from the bottom left")
    vertical: str | None = option(pixel_at(18, 15), "the pixel upwards: x,y from the bottom left")
    images: int = option(500, "how many images, the first ones", low=1, high=10_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        across, up = (column_of(data, place) for place in (self.horizontal, self.vertical))
        n = min(self.images, len(data.X))
        codes = np.zeros(n, np.int64) if data.y is None else data.y[:n]
        return pl.DataFrame(
            [
                label_column(data, codes),
                pl.Series("instance", np.arange(1, n + 1)),
                pl.Series("horizontal", np.asarray(data.X[:n, across])),
                pl.Series("vertical", np.asarray(data.X[:n, up])),
            ]
        )


def column_of(data: Labelled, written: str | None) -> int:
    """The column of X of a pixel's first channel; DataError where there is no such pixel."""
    x, y = place_of(data, written)
    height, width = grid_of(data, "A pixel")
    return ((height - 1 - y) * width + x) * data.channels


def place_of(data: Labelled, written: str | None) -> tuple[int, int]:
    """The pixel that is written x,y from the bottom left; DataError where there is none."""
    height, width = grid_of(data, "A pixel")
    match = re.fullmatch(r"\s*(\d{1,6})\s*,\s*(\d{1,6})\s*", written or "")
    x, y = (int(match[1]), int(match[2])) if match else (-1, -1)
    if not (0 <= x < width and 0 <= y < height):
        raise DataError(
            f"There is no pixel {written!r}: x,y from the bottom left, x from 0 to {width - 1} and y from 0 to "
            f"{height - 1}."
        )
    return x, y
