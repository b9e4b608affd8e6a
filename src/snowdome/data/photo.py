"""One's own photo → digits as MNIST's were made: 28 × 28, bright ink, fitted into 20 × 20, centred by its mass.

`data.drawing` has the rule.
"""

import dataclasses
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, MissingDataError
from snowdome.data.dataset import Dataset
from snowdome.data.drawing import MNIST, Form, centred, fitted
from snowdome.data.pictures import images, ink

_WORKING = 2000  # the longest side that is looked at; larger photos are shrunk to it
_MOST_PIXELS = 89_000_000
_MOST_BYTES = 1 << 28

Grey = NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, repr=False)
class Photo:
    """The digits of one photo, left to right; of several lines, line by line.

    Attributes:
        dataset: k images of 28 × 28, or of another form, without labels; its notes say what was done.
        boxes: (k, 4) left, top, right, bottom of each digit, in pixels of the photo after its EXIF turn.
        size: width and height of the photo, so turned.
        steps: a picture of each step, by its name, where they were asked for.
    """

    dataset: Dataset
    boxes: NDArray[np.int64]
    size: tuple[int, int]
    steps: dict[str, NDArray[np.uint8]]

    @property
    def X(self) -> NDArray[np.uint8]:  # noqa: N802 - the field's name
        """(k, 784) uint8, or as many values as the form has."""
        return self.dataset.X

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, rows: Any) -> Any:
        return self.dataset[rows]

    def __repr__(self) -> str:
        return f"<Photo {self.dataset.name}: {len(self)} {'digit' if len(self) == 1 else 'digits'}>"


def photo(thing: Any, *, steps: bool = False, form: Form = MNIST) -> Photo:
    """The handwritten digits on a photo, each as a row of 784 values that a model trained on MNIST understands.

    `thing` is the path of an image file, its bytes, a Pillow image, or an array (h, w) or (h, w, 3 or 4) of 0–255 or
    0.0–1.0. `form` is that of other data than MNIST.
    Dark ink on paper and bright ink on a dark ground are told apart, and uneven light is evened out. With `steps` the
    result holds a picture of each step.

    Raises MissingDataError where there is no such file; DataError where it is no image, or no ink is found on it.
    """
    picture, name, notes = _picture(thing)
    shown, scale = _shrunk(picture)
    grey = _grey(shown)
    found = ink.find(grey, name)
    boxes = [piece.box for piece in found.pieces]
    crops = [ink.crop(found, piece) for piece in found.pieces]
    inner = [fitted(values, form) for _, values in crops]
    digits = [centred(values, form) for values in inner]
    said = "bright ink on a dark ground" if found.ink_is_high else "dark ink on bright paper, turned round"
    count = f"{len(digits)} pieces of ink, left to right" if len(digits) > 1 else "1 piece of ink"
    notes += [said, count, *([f"{found.specks} specks were ignored"] if found.specks else [])]
    dataset = Dataset(
        X=np.stack(digits).reshape(len(digits), -1),
        image_shape=form.shape,
        name=name,
        source=f"a photo, {picture.shape[1]} × {picture.shape[0]} pixels",
        notes=tuple(notes),
    )
    pictures = _steps(shown, grey, found, [values for _, values in crops], inner, digits) if steps else {}
    outer = np.array([_unshrunk(box, scale, picture.shape) for box in boxes], np.int64)
    return Photo(dataset, outer, (picture.shape[1], picture.shape[0]), pictures)


def _picture(thing: Any) -> tuple[NDArray[np.uint8], str, list[str]]:
    """The photo (h, w) or (h, w, 3) uint8, its name, and notes."""
    if isinstance(thing, (str, os.PathLike)):
        path = Path(thing).expanduser()
        try:
            with path.open("rb") as file:
                blob = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            raise MissingDataError(f"There is no photo at {os.fspath(thing)!r}.") from None
        except OSError as error:
            raise DataError(f"{path.name}: cannot be read: {error.strerror}.") from error
        if len(blob) > _MOST_BYTES:
            raise DataError(f"{path.name}: more than {_MOST_BYTES:,} bytes. Save it smaller.")
        return _decoded(blob, os.fsencode(path.name).decode("utf-8", "backslashreplace"))
    if isinstance(thing, bytes):
        return _decoded(thing, "photo")
    if hasattr(thing, "convert") and hasattr(thing, "getexif"):
        picture, rules = images.picture_from(thing)
        return picture, "photo", [images.RULES[rule] for rule in rules if rule != "grey"]
    return _from_array(np.asarray(thing)), "photo", []


def _decoded(blob: bytes, name: str) -> tuple[NDArray[np.uint8], str, list[str]]:
    try:
        picture, rules = images.picture_of(blob, _MOST_PIXELS)
    except DataError as error:
        raise DataError(f"{name}: {error}.") from error
    return picture, name, [images.RULES[rule] for rule in rules if rule != "grey"]


def _from_array(array: NDArray[Any]) -> NDArray[np.uint8]:
    """An array of any usual kind as (h, w) or (h, w, 3) uint8."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if (
        array.dtype.kind not in "buif"
        or array.size == 0
        or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4)))
    ):
        raise DataError(
            f"An array of shape {array.shape} and type {array.dtype} is no photo; expected (height, width) or "
            f"(height, width, 3), of whole numbers 0–255 or fractions 0–1."
        )
    if array.dtype == np.uint8:
        values = array
    elif array.dtype.kind == "b":
        values = array * np.uint8(255)
    else:
        low, high = float(array.min()), float(array.max())
        if not 0 <= low <= high <= 65535:
            raise DataError(f"An array with values from {low:g} to {high:g} is no photo; expected 0–255 or 0–1.")
        span = 1 if high <= 1 and array.dtype.kind == "f" else 255 if high <= 255 else 65535
        values = np.rint(array * (255.0 / span)).astype(np.uint8)
    if values.ndim == 3 and values.shape[2] == 4:  # on white
        alpha = values[..., 3:].astype(np.float32) / 255
        values = np.rint(values[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.ascontiguousarray(values)


def _shrunk(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The photo with at most the working size, and how many of its pixels one of these is wide."""
    from PIL import Image

    longest = max(picture.shape[:2])
    if longest <= _WORKING:
        return picture, 1.0
    scale = longest / _WORKING
    size = max(1, round(picture.shape[1] / scale)), max(1, round(picture.shape[0] / scale))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX)), scale


def _unshrunk(box: tuple[int, int, int, int], scale: float, shape: tuple[int, ...]) -> list[int]:
    left, top, right, bottom = box
    return [int(left * scale), int(top * scale), min(shape[1], int(np.ceil(right * scale))),
            min(shape[0], int(np.ceil(bottom * scale)))]  # fmt: skip


def _grey(picture: NDArray[np.uint8]) -> Grey:
    """Luminance as ITU-R BT.601 weighs it."""
    if picture.ndim == 2:
        return picture
    return np.rint(picture @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.uint8)


def _steps(
    shown: NDArray[np.uint8], grey: Grey, found: ink.Found, crops: list[Grey], inner: list[Grey], digits: list[Grey]
) -> dict[str, NDArray[np.uint8]]:
    """A picture of each step, by its name, in their order."""
    from PIL import Image, ImageDraw

    boxed = Image.fromarray(grey).convert("RGB")
    pen = ImageDraw.Draw(boxed)
    width = max(1, max(grey.shape) // 300)
    for left, top, right, bottom in (piece.box for piece in found.pieces):
        pen.rectangle(
            (left - width, top - width, right + width - 1, bottom + width - 1), outline="#d62728", width=width
        )
    return {
        "photo": shown,
        "grey": grey,
        "light": np.rint(np.clip(found.light, 0, 255)).astype(np.uint8),
        "ink": np.rint(np.clip(found.ink, 0, 1) * 255).astype(np.uint8),
        "found": found.mask * np.uint8(255),
        "boxes": np.asarray(boxed),
        "cropped": _strip(crops),
        "fitted": _strip(inner, 8),
        "centred": _strip(digits, 8),
    }


def _strip(pictures: list[Grey], times: int = 1) -> Grey:
    """Pictures side by side on one strip, a grey line between them, each pixel drawn `times` as large."""
    height = max(picture.shape[0] for picture in pictures)
    columns = []
    for picture in pictures:
        padded = np.zeros((height, picture.shape[1]), np.uint8)
        top = (height - picture.shape[0]) // 2
        padded[top : top + picture.shape[0]] = picture
        columns += [padded.repeat(times, 0).repeat(times, 1), np.full((height * times, 1), 128, np.uint8)]
    return np.concatenate(columns[:-1], axis=1)
