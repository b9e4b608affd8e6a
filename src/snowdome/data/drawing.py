"""Ink as an image of a data set: as large in its frame as theirs, and centred by its mass as theirs.

Y. LeCun, C. Cortes, C. Burges, "The MNIST database": "size normalized to fit in a 20x20 pixel box while preserving
their aspect ratio … centered in a 28x28 image by computing the center of mass of the pixels". In MNIST itself that
centre lies between 13.5 and 14.5, counted from 0, in both directions, which is the rule here. Of other data both are
measured.
"""

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset

_LOOKED_AT, _VALUES = 2000, 1 << 23  # images, and values of them, at most, for how they stand in their frames

Grey = NDArray[np.uint8]


@dataclasses.dataclass(frozen=True)
class Form:
    """How the images of a data set stand in their frames.

    Attributes:
        shape: (height, width) of the frame.
        longest: pixels of the longer side of the ink.
        centre: row and column of the centre of mass, in halves of a pixel, counted from 0.
    """

    shape: tuple[int, int]
    longest: int
    centre: tuple[float, float]

    @classmethod
    def of(cls, data: Dataset) -> Self:
        """The form of these images, as at most 2,000 of them have it; DataError where they are not grey images."""
        if data.image_shape is None or data.channels != 1 or not len(data):
            what = "plain values" if data.image_shape is None else "images in colour" if len(data) else "no images"
            raise DataError(f"{data.name}: a drawing is ink on paper: it takes grey images of one size, and these are "
                            f"{what}.")  # fmt: skip
        count = max(1, min(_LOOKED_AT, _VALUES // data.X.shape[1]))
        few = np.asarray(data.X[:: -(-len(data) // count)], np.float64)
        low, high = data.value_range
        ink = (np.nan_to_num(few) - low) if data.ink_is_high else (high - np.nan_to_num(few))
        ink = ink.reshape(-1, *data.image_shape)
        there: NDArray[np.bool_] = ink > 0
        sides = [_span(np.any(there, axis)) for axis in (2, 1)]  # rows that have ink, then columns
        inked = sides[0] > 0
        if not inked.any():
            raise DataError(f"{data.name}: its images are empty: there is no ink to draw like.")
        longest = int(np.median(np.maximum(*sides)[inked]))
        mass = ink[inked].sum((1, 2))
        halves = [
            round(2 * float((ink[inked].sum(3 - axis) @ np.arange(ink.shape[axis]) / mass).mean())) / 2
            for axis in (1, 2)
        ]
        return cls(data.image_shape, longest, (halves[0], halves[1]))


MNIST = Form((28, 28), 20, (14.0, 14.0))


def drawn(ink: Grey, form: Form = MNIST) -> Grey:
    """The ink of one drawing, (h, w), 0 for paper to 255, as an image of that form, the brightest 255.

    DataError where there is no ink.
    """
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise DataError("The drawing is empty: there is no ink on it.")
    return centred(fitted(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], form), form)


def fitted(values: Grey, form: Form = MNIST) -> Grey:
    """A crop scaled so that its longer side is as long as the form's ink, its brightest value 255."""
    from PIL import Image

    height, width = values.shape
    scale = min(form.longest / max(height, width), form.shape[0] / height, form.shape[1] / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    scaled = values if scale == 1 else np.asarray(Image.fromarray(values).resize(size, way))
    peak = int(scaled.max())
    if peak >= 250:  # MNIST's own images end at 254 or 255
        return scaled
    return np.rint(scaled * (255 / max(peak, 1))).astype(np.uint8)


def centred(values: Grey, form: Form = MNIST) -> Grey:
    """A crop in a frame of that form with its centre of mass at the form's, as near as whole pixels come."""
    height, width = values.shape
    mass = values.sum(dtype=np.float64)
    row = float(values.sum(axis=1) @ np.arange(height)) / mass
    column = float(values.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(np.rint(form.centre[0] - row), 0, form.shape[0] - height))
    left = int(np.clip(np.rint(form.centre[1] - column), 0, form.shape[1] - width))
    image = np.zeros(form.shape, np.uint8)
    image[top : top + height, left : left + width] = values
    return image


def _span(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """From the first to the last place that is true of each line (n, m), (n,); 0 where none is."""
    m = there.shape[1]
    return np.where(there.any(1), m - there.argmax(1) - there[:, ::-1].argmax(1), 0)
