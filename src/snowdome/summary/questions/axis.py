"""One pixel as an axis: images from the least to the greatest of its values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.summary.base import CLASS, Summary, code_of, label_column, needs_rows, rows_of
from snowdome.summary.questions.cube import column_of, pixel_at

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Axis(Summary):
    """label, instance (from 1), value: images along one pixel's values, `shown` of them, the least first.

    The values wanted lie evenly between the least and the greatest among the first `images` images (of the class `of`,
    where one is named); for each the image whose value is nearest is taken, the first of equals, none twice. The pixel
    is written x,y as in `cube`. Cost: the pixel of those images.
    """

    title: ClassVar[str] = "One pixel as an axis"
    says: ClassVar[str] = "Images ordered by the value of one pixel: each pixel is an axis of the cube."
    of_images: ClassVar[bool] = True
    formula: ClassVar[str] = "images i by x_ic, for one pixel c"
    source: ClassVar[str] = "Olah (2014)"

    pixel: str | None = option(pixel_at(18, 15), "the pixel: x,y from the bottom left")
    of: str | None = option(None, "only images of this class", choices=CLASS)
    shown: int = option(4, "images along the axis", low=2, high=50)
    images: int = option(1000, "images to choose from, the first ones", low=1, high=10_000_000)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        needs_rows(data, "An axis")
        codes = rows_of(data).codes
        rows = np.arange(len(codes)) if self.of is None else np.flatnonzero(codes == code_of(data, self.of))
        rows = rows[: self.images]
        values = np.asarray(data.X[rows, column_of(data, self.pixel)])
        far = values.astype(np.float64)
        chosen: list[int] = []
        for wanted in np.linspace(far.min(), far.max(), self.shown)[: len(rows)] if len(rows) else ():
            gap = np.abs(far - wanted)
            gap[chosen] = np.inf
            chosen.append(int(gap.argmin()))
        chosen.sort(key=lambda at: (far[at], at))
        columns = [pl.Series("instance", rows[chosen] + 1), pl.Series("value", values[chosen])]
        return pl.DataFrame([label_column(data, codes[rows[chosen]]), *columns])
