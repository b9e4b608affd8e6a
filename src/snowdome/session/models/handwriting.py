"""What is seen in ink: the image that it becomes among the open data, and the training images nearest to that."""

import dataclasses
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.data.drawing import Form
from snowdome.data.drawing import drawn as in_form
from snowdome.data.photo import photo
from snowdome.model.inputs import Asked, rows_for
from snowdome.session.maps.judging import labels
from snowdome.session.question import Desk
from snowdome.space.lookup import Lookup

NEAREST = 10  # training images that are shown, and vote


class Seen(msgspec.Struct, frozen=True):
    """One image: `shades` are its p values as bytes from 0 to 255, `row` as they are in the data, float32.

    `rows` are the training rows nearest to it, the nearest first, and `distances` their Euclidean ones. `votes` is the
    share of each class among them; none where they have no labels.
    """

    shades: bytes
    row: bytes
    rows: list[int]
    distances: list[float]
    votes: list[float]


class PhotoSeen(msgspec.Struct, frozen=True):
    """What was found on a photo of that size: a box (left, top, right, bottom) for each digit, and what it is."""

    width: int
    height: int
    boxes: list[tuple[int, int, int, int]]
    notes: list[str]
    digits: list[Seen]


class SeenRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What is seen in the ink of one digit: `shades` is the image that it became, a number from 0 to 255 for a pixel.

    `label` is the code of the class that it is taken for, -1 where nothing can be said, and `shares` the probability of
    each. `rows` are the training images nearest to it, at these `distances`; `place` is where it goes on the map, empty
    where there is none.
    """

    shades: list[int]
    label: int
    shares: list[float]
    rows: list[int]
    distances: list[float]
    place: list[float]


class HandwritingRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What is seen in a drawing, or in each digit of a photo of that size, whose `boxes` are left, top, right, bottom.

    `model` is the id of the model whose probabilities these are; "" means that the nearest training images voted.
    `settled`: the places are by the own rule of the map's method, else at the mean of the nearest; `unplaced` says why
    there are none, where there is a map. `notes` say what was done to the photo.
    """

    digits: list[SeenRecord]
    model: str
    settled: bool
    unplaced: str = ""
    width: int = 0
    height: int = 0
    boxes: list[tuple[int, int, int, int]] = []
    notes: list[str] = []


@dataclasses.dataclass(frozen=True)
class Reader:
    """What ink is compared with."""

    dataset: Dataset
    form: Form
    codes: NDArray[np.int64] | None
    lookup: Lookup

    @classmethod
    def at(cls, desk: Desk, control: Control) -> "Reader":
        """The reader of the open data, made once. DataError where they are no grey images."""

        def make() -> Reader:
            data = desk.dataset
            form = Form.of(data)
            lookup = Lookup.of(data.X, training_rows(data), resolve(None), control, desk.memo)
            return cls(data, form, labels(data), lookup)

        return desk.keep("handwriting", make)

    def of_drawing(self, ink: NDArray[np.uint8]) -> Seen:
        """What is seen in one drawing, (h, w), 0 for paper. DataError where it is empty."""
        return self._seen(in_form(ink, self.form))

    def of_photo(self, blob: bytes, control: Control) -> PhotoSeen:
        """What is seen on a photo, by the bytes of its file. DataError where that is none, or shows no ink."""
        found = photo(blob, form=self.form)
        digits = []
        for number, image in enumerate(found.X):
            control.check("reading digits", number, len(found))
            digits.append(self._seen(image.reshape(self.form.shape)))
        boxes = [(int(a), int(b), int(c), int(d)) for a, b, c, d in found.boxes]
        return PhotoSeen(*found.size, boxes, list(found.dataset.notes), digits)

    def _seen(self, image: NDArray[np.uint8]) -> Seen:
        ink = Dataset(X=image.reshape(1, -1), image_shape=self.form.shape, name="drawing")
        row: NDArray[Any] = rows_for(ink, Asked.of(self.dataset))[0]
        rows, distances = self.lookup.nearest(row, NEAREST)
        shades = image if self.dataset.ink_is_high else 255 - image
        return Seen(
            shades.tobytes(), np.asarray(row, "<f4").tobytes(), rows.tolist(), distances.tolist(), self._votes(rows)
        )

    def _votes(self, rows: NDArray[np.int64]) -> list[float]:
        if self.codes is None or not len(rows):
            return []
        codes = self.codes[rows]
        found = np.bincount(codes[codes >= 0], minlength=len(self.dataset.classes)) / max(1, int((codes >= 0).sum()))
        return list(found.tolist())


def training_rows(data: Dataset) -> NDArray[np.bool_]:
    """Those of the split "train", all where there is none, (n,)."""
    if data.split is None or "train" not in data.split_names:
        return np.ones(len(data), bool)
    return np.asarray(data.split == data.split_names.index("train"))
