"""More training images out of those there are: moved and turned a little, which a model learns to overlook.

Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, who deformed MNIST's images so.
"""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, OptionError
from snowdome.core.rng import uniform
from snowdome.data.dataset import Dataset

_STREAM = 770  # of random numbers: see core.rng
_ROWS = 2048


def augmented(data: Dataset, copies: int = 1, *, shift: float = 1.0, turn: float = 0.0, seed: int = 0) -> Dataset:
    """The images and so many copies of each, moved by up to `shift` pixels and turned by up to `turn` degrees.

    Moves and turns are drawn by the seed; what comes in at the rim is paper. Copies have the labels of their originals
    and lie after all of them, copy by copy; the ids are those of the originals. Only training rows are to be augmented:
    copies of a test row would be easy ones. Cost: four readings of each pixel of each copy.

    Raises DataError for plain vectors, OptionError for bounds that are not allowed.
    """
    if data.image_shape is None:
        raise DataError("Images can be moved and turned; these rows are plain values.")
    if copies < 1 or shift < 0 or not 0 <= turn <= 180:
        raise OptionError(f"copies, shift and turn got {copies}, {shift} and {turn}; allowed: at least 1, at least 0 "
                          f"pixels, and 0 to 180 degrees.")  # fmt: skip
    n = len(data)
    X = np.empty(((copies + 1) * n, data.X.shape[1]), data.X.dtype)
    X[:n] = data.X
    for copy in range(copies):
        drawn = 2 * uniform(seed, _STREAM + copy, n, 3) - 1
        for begin in range(0, n, _ROWS):
            rows = slice(begin, min(n, begin + _ROWS))
            moved = _moved(data, rows, drawn[rows] * [shift, shift, np.radians(turn)])
            X[(copy + 1) * n + rows.start : (copy + 1) * n + rows.stop] = moved
    again = data.take(np.tile(np.arange(n), copies + 1))
    note = f"{copies} copies of each image were moved by up to {shift:g} pixels and turned by up to {turn:g} degrees"
    return dataclasses.replace(again, X=X, notes=(*data.notes, note))


def _moved(data: Dataset, rows: slice, moves: NDArray[np.float64]) -> NDArray[Any]:
    """These images, each moved down and right and turned about its middle by `moves` (m, 3), bilinearly."""
    height, width = data.image_shape or (1, 1)
    low, high = data.value_range
    paper = low if data.ink_is_high else high
    images = np.asarray(data.X[rows], np.float32).reshape(-1, height, width, data.channels)
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=paper)
    y, x = np.indices((height, width)).reshape(2, 1, -1) - np.array([(height - 1) / 2, (width - 1) / 2])[:, None, None]
    cos, sin = np.cos(moves[:, 2:]), np.sin(moves[:, 2:])
    down, right = y - moves[:, :1], x - moves[:, 1:2]
    source_y = np.clip(cos * down - sin * right + (height + 1) / 2, 0, height + 1 - 1e-6)
    source_x = np.clip(sin * down + cos * right + (width + 1) / 2, 0, width + 1 - 1e-6)
    top, left = source_y.astype(np.intp), source_x.astype(np.intp)
    part_y, part_x = (source_y - top)[..., None], (source_x - left)[..., None]
    one = np.arange(len(images))[:, None]
    mixed = (
        framed[one, top, left] * (1 - part_y) * (1 - part_x)
        + framed[one, top, left + 1] * (1 - part_y) * part_x
        + framed[one, top + 1, left] * part_y * (1 - part_x)
        + framed[one, top + 1, left + 1] * part_y * part_x
    )
    whole = np.rint(mixed) if data.X.dtype.kind in "ui" else mixed
    return np.asarray(whole, data.X.dtype).reshape(len(images), -1)
