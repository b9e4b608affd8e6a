"""Whatever a person hands to `predict`, as rows in the values that the model was trained on."""

import dataclasses
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, wrong_features
from snowdome.data.dataset import Dataset
from snowdome.space.checks import require_finite


@dataclasses.dataclass(frozen=True)
class Asked:
    """The form of the rows that a model takes: as in its training data.

    Attributes:
        values: p, of a row.
        image_shape: (height, width) or None.
        channels: values for each pixel.
        value_range: the least and the greatest value that can be.
        ink_is_high: whether the greatest is ink.
    """

    values: int
    image_shape: tuple[int, int] | None
    channels: int
    value_range: tuple[float, float]
    ink_is_high: bool

    @classmethod
    def of(cls, data: Dataset) -> Self:
        """The form of these rows."""
        return cls(data.X.shape[1], data.image_shape, data.channels, data.value_range, data.ink_is_high)

    @property
    def adds_up(self) -> bool:
        """Whether images of that shape have so many values."""
        return self.image_shape is None or self.image_shape[0] * self.image_shape[1] * self.channels == self.values

    def shaped(self, X: NDArray[Any], *, images: bool) -> NDArray[Any]:
        """Rows (n, p) as images (n, height, width, channels) where these are wanted."""
        return X.reshape(len(X), *(self.image_shape or ()), self.channels) if images else X


def rows_for(thing: Any, asked: Asked) -> NDArray[Any]:
    """`thing` as rows (m, p) in the values of the training data.

    One row (p,), an image (height, width) or with channels, several of either, lists of them, a table, or a Dataset.
    Fractions from 0 to 1 are shares of the range where that goes beyond 1, and a Dataset of another range or of the
    other polarity is brought to the model's.

    DataError says what was expected and what came where the number of values differs, or they are no finite numbers.
    """
    if isinstance(thing, Dataset):
        return _of_dataset(thing, asked)
    values = _array(thing)
    pixels = (
        () if asked.image_shape is None else (*asked.image_shape, *(() if asked.channels == 1 else (asked.channels,)))
    )
    if values.shape in (pixels, (asked.values,)):
        values = values.reshape(1, -1)
    elif values.ndim == len(pixels) + 1 > 2 and values.shape[1:] == pixels:
        values = values.reshape(len(values), -1)
    elif values.ndim == 1 and not values.size:
        values = values.reshape(0, asked.values)
    if values.ndim != 2 or values.shape[1] != asked.values:
        raise DataError(f"{_wrong(asked, values)}.")
    values = finite(values)
    low, high = asked.value_range
    if values.dtype.kind == "f" and high > 1 and low == 0 and values.size and _are_fractions(values):
        values = values * values.dtype.type(high)
    return _stored(values)


def _array(thing: Any) -> NDArray[Any]:
    """The numbers of a thing; DataError where it holds others."""
    try:
        values = np.asarray(thing)
        values = values.astype(np.float64) if values.dtype.kind == "O" else values
    except (ValueError, TypeError) as error:
        raise DataError(f"predict: rows of different lengths, or values that are no numbers: {error}.") from error
    if values.dtype.kind not in "buif":
        raise DataError(f"predict: values of type {values.dtype}; expected numbers.")
    return values


def _wrong(asked: Asked, values: NDArray[Any]) -> str:
    """The sentence for a thing of a wrong shape, with both sides named."""
    count = values.size if values.ndim <= 1 else int(np.prod(values.shape[1:]))
    if values.ndim == 2 and asked.image_shape is not None and values.shape[0] == values.shape[1] > 1:
        count = values.size  # an image of another size, rather than as many rows as it has values
    return f"predict: {wrong_features(asked.values, count)}; an array of shape {values.shape} came"


def finite(X: NDArray[Any]) -> NDArray[Any]:
    """X, floats as float32; DataError, with the place of the first, where values are none that it holds."""
    if X.dtype.kind != "f":
        return X
    with np.errstate(over="ignore"):
        values = X.astype(np.float32, copy=False)
    require_finite(values)
    return values


def _are_fractions(values: NDArray[Any]) -> bool:
    return bool(values.min() >= 0 and values.max() <= 1 and (values != np.floor(values)).any())


def _stored(values: NDArray[Any]) -> NDArray[Any]:
    """uint8 where all values are whole numbers that it holds, else float32: what a model was fitted on."""
    if values.dtype == np.uint8:
        return values
    whole = values.dtype.kind != "f" or bool((values == np.floor(values)).all())
    if whole and values.size and values.min() >= 0 and values.max() <= 255:
        return values.astype(np.uint8)
    return values.astype(np.float32)


def _of_dataset(data: Dataset, asked: Asked) -> NDArray[Any]:
    X = np.asarray(data.X)
    if X.shape[1] != asked.values or (
        data.image_shape != asked.image_shape and None not in (data.image_shape, asked.image_shape)
    ):
        raise DataError(f"{data.name}: {_wrong(asked, X)}.")
    X = finite(X)
    images = None not in (data.image_shape, asked.image_shape)
    if not images or (data.value_range == asked.value_range and data.ink_is_high == asked.ink_is_high):
        return X
    low, high = data.value_range
    share = (X.astype(np.float32) - np.float32(low)) / np.float32((high - low) or 1)
    if data.ink_is_high != asked.ink_is_high:
        share = 1 - share
    return np.asarray(asked.value_range[0] + share * (asked.value_range[1] - asked.value_range[0]), np.float32)
