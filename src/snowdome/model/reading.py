"""What a model reads in a file: photos of digits, images of its own size, arrays, and anything that opens as data."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, MissingDataError
from snowdome.data.drawing import MNIST
from snowdome.data.photo import photo
from snowdome.data.pictures import images
from snowdome.model.fitted import Model

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_MOST_BYTES = 1 << 30


@dataclasses.dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        name: of the file.
        rows: (m, p) the images as the model saw them.
        predicted: (m,) codes.
        proba: (m, k) float32.
        boxes: (m, 4) left, top, right, bottom of each digit on a photo, or None.
        notes: how they were made, in words.
    """

    name: str
    rows: NDArray[Any]
    predicted: NDArray[np.int64]
    proba: NDArray[np.float32]
    boxes: NDArray[np.int64] | None = None
    notes: tuple[str, ...] = ()


def read_thing(model: Model, path: Path) -> Read:
    """What the model takes each image of a file or folder for. DataError says what is wrong with it."""
    if path.suffix.lower() in _PICTURES:
        return _read_picture(model, path)
    if path.suffix.lower() == ".npy":
        rows: Any = _array(path)
        notes: tuple[str, ...] = ()
    else:
        from snowdome.data.source import open_dataset

        rows = open_dataset(path)
        notes = rows.notes
    return _read_rows(model, path.name or str(path), rows, notes=notes)


def read_photo(model: Model, picture: Any, name: str = "photo") -> Read:
    """What the model reads on a photo: a path, a Pillow image, or an array; every digit on it, left to right."""
    if model.asked.image_shape != MNIST.shape or model.asked.channels != 1:
        raise DataError(f"Photos are made into grey images of 28×28; the model takes rows of "
                        f"{model.asked.values} values of another form.")  # fmt: skip
    found = photo(picture)
    return _read_rows(model, name, found.dataset, found.boxes, found.dataset.notes)


def _read_rows(
    model: Model, name: str, rows: Any, boxes: NDArray[np.int64] | None = None, notes: tuple[str, ...] = ()
) -> Read:
    from snowdome.model.inputs import rows_for

    try:
        X = rows_for(rows, model.asked)
    except DataError as error:
        raise DataError(f"{name}: {error}") from error
    predicted, proba = model.judge(X)
    return Read(name, X, predicted, proba, boxes, notes)


def _read_picture(model: Model, path: Path) -> Read:
    """An image of the model's own size as it is, any other as a photo."""
    shape = model.asked.image_shape
    try:
        with path.open("rb") as file:
            blob = file.read(_MOST_BYTES)
    except FileNotFoundError:
        raise MissingDataError(f"There is no file at {str(path)!r}.") from None
    except OSError as error:
        raise DataError(f"{path.name}: cannot be read: {error.strerror}.") from error
    try:
        pixels = images.picture_of(blob)[0]
    except DataError as error:
        raise DataError(f"{path.name}: {error}.") from error
    if pixels.shape[:2] != shape:
        return read_photo(model, path, path.name)
    if pixels.ndim == 3 and model.asked.channels == 1:
        pixels = np.rint(pixels[..., :3].astype(np.float64) @ [0.299, 0.587, 0.114]).astype(np.uint8)
    border = np.concatenate([pixels[0].ravel(), pixels[-1].ravel(), pixels[:, 0].ravel(), pixels[:, -1].ravel()])
    dark = bool(np.median(border) > 127)
    if dark == model.asked.ink_is_high:  # of the other polarity
        pixels = 255 - pixels
    low, high = model.asked.value_range
    row = low + pixels.reshape(1, -1) * np.float32((high - low) / 255)
    notes = ("dark ink on bright paper, turned round",) if dark == model.asked.ink_is_high else ()
    return _read_rows(model, path.name, row, notes=notes)


def _array(path: Path) -> NDArray[Any]:
    from snowdome.data import numpy_file

    try:
        with path.open("rb") as file:
            return np.asarray(numpy_file.values(path.name, file, numpy_file.header(path.name, file)))
    except FileNotFoundError:
        raise MissingDataError(f"There is no file at {str(path)!r}.") from None
    except OSError as error:
        raise DataError(f"{path.name}: cannot be read: {error.strerror}.") from error
