"""Images side by side on one sheet, each with its number and label: a PNG to print or to send."""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError

if TYPE_CHECKING:
    from snowdome.data.dataset import Dataset

MOST = 2500  # images on a sheet
_SIDE = 112  # pixels of the longer side of an image, about: a whole multiple of its own, so that its pixels stay square
_GAP, _MARGIN, _HEAD, _LINE = 16, 48, 96, 28
_ACROSS = 1.5  # columns to rows
_GROUND, _INK, _QUIET = (255, 255, 255), (31, 35, 40), (89, 99, 110)


def contact_sheet(
    dataset: "Dataset", rows: NDArray[np.integer[Any]], caption: str, words: Sequence[str] | None = None
) -> bytes:
    """A PNG of those rows' images in that order, ink dark on white paper; `caption` stands above them.

    Below each stands its number and label, or what `words` has for it.

    DataError for plain vectors, for no rows, and for more than 2,500.
    """
    from PIL import Image, ImageDraw

    if dataset.image_shape is None:
        raise DataError("A contact sheet shows images; these rows are plain values.")
    if not 0 < len(rows) <= MOST:
        raise DataError(f"A contact sheet takes 1 to {MOST:,} images; got {len(rows):,}. Select fewer.")
    height, width = _shown_size(dataset.image_shape)
    columns = min(len(rows), max(6, math.ceil(math.sqrt(_ACROSS * len(rows)))))
    lines = math.ceil(len(rows) / columns)
    size = (
        2 * _MARGIN + columns * (width + _GAP) - _GAP,
        _HEAD + lines * (height + _LINE + _GAP) + _MARGIN // 2,
    )
    sheet = Image.new("RGB", size, _GROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, _MARGIN - 16), caption, _INK, _font(28))
    for place, row in enumerate(int(row) for row in rows):
        left = _MARGIN + place % columns * (width + _GAP)
        top = _HEAD + place // columns * (height + _LINE + _GAP)
        picture = Image.fromarray(_on_paper(dataset, row))
        way = Image.Resampling.NEAREST if picture.width <= width else Image.Resampling.BOX
        sheet.paste(picture.resize((width, height), way), (left, top))
        pen.rectangle((left - 1, top - 1, left + width, top + height), outline=(225, 228, 232))
        label = "" if dataset.y is None else dataset.classes[dataset.y[row]]
        said = f"#{row} {label}".strip() if words is None else words[place]
        pen.text((left, top + height + 4), _fitting(pen, said, width), _QUIET, _font(18))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _shown_size(shape: tuple[int, int]) -> tuple[int, int]:
    """Height and width on the sheet."""
    longest = max(shape)
    scale = max(1, round(_SIDE / longest)) if longest <= _SIDE else _SIDE / longest
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _on_paper(dataset: "Dataset", row: int) -> NDArray[np.uint8]:
    """One image as RGB bytes; grey ones as dark ink on white paper."""
    low, high = dataset.value_range
    values = np.nan_to_num((np.asarray(dataset.X[row], np.float64) - low) * (255.0 / ((high - low) or 1.0)))
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    if dataset.channels == 3:
        return pixels.reshape(*dataset.image_shape or (), 3)
    grey = pixels.reshape(dataset.image_shape or ())
    return np.repeat((255 - grey if dataset.ink_is_high else grey)[..., None], 3, axis=2)


def _fitting(pen: Any, text: str, width: int) -> str:
    """As much of the text as there is room for."""
    font = _font(18)
    if pen.textlength(text, font) <= width:
        return text
    while text and pen.textlength(text + "…", font) > width:
        text = text[:-1]
    return text + "…"


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
