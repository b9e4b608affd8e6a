"""What a decision about an image is kept under: the image itself, so that data that come in another order keep it."""

import dataclasses
import functools
import hashlib

import numpy as np

from snowdome.data.dataset import Dataset, canonical

Key = tuple[bytes, int]
"""The SHA-256 of an image's values, and which of the identical images of the data it is, from 0."""


@dataclasses.dataclass(frozen=True)
class ImageKeys:
    """The keys of a Dataset's rows.

    Attributes:
        keys: one for each row. Identical images are counted by split, then by class name, then by row, so that an image
            that is there twice with two labels keeps its two keys in any order of the rows.
        data: SHA-256, in hexadecimal, of all images whatever their order: which data these are.
    """

    keys: tuple[Key, ...]
    data: str

    @functools.cached_property
    def rows(self) -> dict[Key, int]:
        """The row of each key."""
        return {key: row for row, key in enumerate(self.keys)}


def image_keys(dataset: Dataset) -> ImageKeys:
    """The keys of the rows. Whole values from 0 to 255 count as uint8, whatever type holds them. Cost: one pass."""
    values = canonical(dataset.X)
    images = [hashlib.sha256(np.ascontiguousarray(row).data).digest() for row in values]
    split, codes = dataset.split, dataset.y
    names = list(dataset.classes)

    def rank(row: int) -> tuple[bytes, int, str, int]:
        part = 0 if split is None else int(split[row])
        return images[row], part, "" if codes is None else names[int(codes[row])], row

    occurrence = [0] * len(images)
    before, count = b"", 0
    for row in sorted(range(len(images)), key=rank):
        count = count + 1 if images[row] == before else 0
        before, occurrence[row] = images[row], count
    whole = hashlib.sha256(b"".join(sorted(images)))
    return ImageKeys(tuple(zip(images, occurrence, strict=True)), whole.hexdigest())
