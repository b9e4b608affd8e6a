"""Images side by side with two lines below each: a sheet to look through."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset

_SIDE, _GAP, _LINES = 92, 12, 40  # pixels of an image, between images, and for the lines below
_MARGIN, _HEAD = 24, 64
_INK, _QUIET, _LOUD, _PAPER = "#1b1f24", "#5f6670", "#b42318", "#ffffff"


def contact_sheet(
    dataset: Dataset,
    rows: NDArray[np.int64],
    words: Sequence[tuple[str, str]],
    title: str,
    note: str,
    *,
    across: int = 10,
) -> bytes:
    """A PNG of the images of these rows, ten in a line, with a title, and two lines of words below each image.

    DataError for plain vectors, which have no images.
    """
    from PIL import Image, ImageDraw, ImageFont

    if dataset.image_shape is None:
        raise DataError(f"{dataset.name}: its rows are plain vectors; there are no images to draw.")
    down = -(-len(rows) // across)
    width = 2 * _MARGIN + across * (_SIDE + _GAP) - _GAP
    sheet = Image.new("RGB", (width, _HEAD + _MARGIN + down * (_SIDE + _LINES)), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, 14), title, _INK, ImageFont.load_default(18))
    pen.text((_MARGIN, 40), note, _QUIET, ImageFont.load_default(12))
    for place, (row, (first, second)) in enumerate(zip(rows, words, strict=True)):
        x = _MARGIN + place % across * (_SIDE + _GAP)
        y = _HEAD + place // across * (_SIDE + _LINES)
        sheet.paste(_picture(dataset, int(row)), (x, y))
        pen.rectangle((x - 1, y - 1, x + _SIDE, y + _SIDE), outline="#d5d9de")
        pen.text((x, y + _SIDE + 3), first, _LOUD if "→" in first else _INK, ImageFont.load_default(12))
        pen.text((x, y + _SIDE + 18), second, _QUIET, ImageFont.load_default(11))
    with io.BytesIO() as file:
        sheet.save(file, "PNG", optimize=True)
        return file.getvalue()


def _picture(dataset: Dataset, row: int) -> Any:
    """One image fitted into a square, ink dark on light; the smaller side is centred."""
    from PIL import Image

    low, high = dataset.value_range
    shape = dataset.image_shape or (1, 1)
    share = np.clip((np.asarray(dataset.X[row], np.float64) - low) / ((high - low) or 1), 0, 1)
    if dataset.channels == 1 and dataset.ink_is_high:
        share = 1 - share
    values = np.round(255 * share).astype(np.uint8).reshape(*shape, dataset.channels)
    picture = Image.fromarray(values[..., 0] if dataset.channels == 1 else values[..., :3]).convert("RGB")
    factor = _SIDE / max(shape)
    size = (max(1, round(shape[1] * factor)), max(1, round(shape[0] * factor)))
    square = Image.new("RGB", (_SIDE, _SIDE), _PAPER)
    how = Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BOX
    square.paste(picture.resize(size, how), ((_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2))
    return square
