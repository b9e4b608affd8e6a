"""How a source is to be read: what cannot be told from it, or should be done otherwise."""

import dataclasses
from typing import Any

import numpy as np

from snowdome.core.errors import DataError, did_you_mean
from snowdome.core.options import option
from snowdome.data.dataset import Dataset


@dataclasses.dataclass(frozen=True)
class Reading:
    """The options of opening. Readers look at the first four; the rest is applied to what they give."""

    label: str | None = option(None, "the column that holds the labels, where it is not found by itself")
    columns: tuple[str, ...] = option((), "a column to colour and filter by, not among the values, such as an age")
    size: int | None = option(None, "side in pixels that images of mixed sizes are fitted into", low=1, high=1024)
    missing: str = option("stop", "what to do with rows that hold NaN or infinity", choices=("stop", "drop", "zero"))
    transpose: bool = option(False, "swap the rows and columns of each image, as EMNIST needs")
    flip: bool = option(False, "mirror each image left to right")


AS_IT_IS = Reading()


def arranged(dataset: Dataset, how: Reading) -> Dataset:
    """The Dataset with its images transposed and mirrored as asked; a note says so.

    DataError where it has not all the columns that were asked for, or no images to turn.
    """
    for name in how.columns:
        if name not in dataset.columns:
            raise no_column(dataset.name, name, list(dataset.columns))
    if not (how.transpose or how.flip):
        return dataset
    if dataset.image_shape is None:
        raise DataError(f"{dataset.name}: transpose and flip are for images; these are vectors.")
    images: Any = dataset.X.reshape(len(dataset), *dataset.image_shape, dataset.channels)
    shape, notes = dataset.image_shape, dataset.notes
    if how.transpose:
        images, shape, notes = images.swapaxes(1, 2), shape[::-1], (*notes, "images were transposed")
    if how.flip:
        images, notes = images[:, :, ::-1], (*notes, "images were mirrored left to right")
    X = np.ascontiguousarray(images).reshape(len(dataset), -1)
    return dataclasses.replace(dataset, X=X, image_shape=shape, notes=notes)


def no_column(where: str, name: str, names: list[str]) -> DataError:
    """The error for a column that was asked for and is not there."""
    has = listed(names) or "none beside its values"
    return DataError(f"{where}: has no column {name!r}. {did_you_mean(name, names)}It has: {has}.")


def listed(names: list[str]) -> str:
    """Some names, and how many more there are."""
    shown = ", ".join(map(repr, names[:8]))
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")
