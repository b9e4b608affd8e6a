"""Small images inside charts: each a PNG in a data URL, its pixels drawn crisp."""

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE = 84  # pixels that an image is enlarged to, about, by whole factors: browsers and files blur it no more
_STRIP = 1600  # pixels that a strip of values is wide, about
_BLUE, _RED = np.array([33, 102, 172.0]), np.array([178, 24, 43.0])  # the ends of a diverging scale


def pixels_of(part: "pl.DataFrame", column: str) -> NDArray[np.float64]:
    """A column of a table of one image's pixels (x, y upwards, perhaps channel), in the order of the data's columns."""
    import polars as pl

    channel = [pl.col("channel")] if "channel" in part.columns else []
    return part.sort(-pl.col("y"), pl.col("x"), *channel)[column].to_numpy().astype(np.float64)


def image_url(dataset: "Dataset", values: NDArray[Any], *, dark: bool) -> str:
    """One row of values as the dataset's images are drawn: as ink on paper, dark on light in the light theme.

    `values` (p,) are on the dataset's own scale, means among them.
    """
    height, width = dataset.image_shape or (1, len(values))
    low, high = dataset.value_range
    share = np.clip((np.asarray(values, np.float64) - low) / ((high - low) or 1), 0, 1)
    if dataset.channels == 3:
        return _png(np.round(255 * share).astype(np.uint8).reshape(height, width, 3))
    ink = share if dataset.ink_is_high else 1 - share
    return _png(np.round(255 * (ink if dark else 1 - ink)).astype(np.uint8).reshape(height, width))


def strip_url(dataset: "Dataset", values: NDArray[Any], *, dark: bool) -> str:
    """Values side by side in one line, in the shades of the dataset's images, with sharp edges."""
    values = values.repeat(max(1, _STRIP // max(1, len(values))))
    low, high = dataset.value_range
    share = np.clip((values - low) / ((high - low) or 1), 0, 1)
    return _png(np.round(255 * (share if high_is_bright(dataset, dark=dark) else 1 - share)).astype(np.uint8)[None])


def high_is_bright(dataset: "Dataset", *, dark: bool) -> bool:
    """Whether the greatest value is drawn white: colours are as they are, other images as ink on paper."""
    return dataset.channels == 3 or dataset.ink_is_high == dark


def shades(dataset: "Dataset", *, dark: bool) -> list[str]:
    """The colours of the least and of the greatest value."""
    return ["#000000", "#ffffff"] if high_is_bright(dataset, dark=dark) else ["#ffffff", "#000000"]


def of_range(dataset: "Dataset", shares: NDArray[Any]) -> NDArray[Any]:
    """Shares from 0 to 1 as values of the dataset's own range."""
    low, high = dataset.value_range
    return low + (high - low) * shares


def diverging_url(values: NDArray[Any], shape: tuple[int, int], most: float, *, dark: bool) -> str:
    """Values from -most (blue) over 0 (paper) to most (red)."""
    share = np.clip(np.asarray(values, np.float64).reshape(*shape, 1) / (most or 1), -1, 1)
    middle = np.array([20, 22, 26.0]) if dark else np.array([255, 255, 255.0])
    end = np.where(share > 0, _RED, _BLUE) * (1.35 if dark else 1)
    return _png(np.round(np.clip(middle + (end - middle) * np.abs(share), 0, 255)).astype(np.uint8))


def _png(pixels: NDArray[np.uint8]) -> str:
    from PIL import Image

    factor = max(1, round(_SIDE / max(pixels.shape[:2])))
    large = pixels.repeat(factor, 0).repeat(factor, 1)
    with io.BytesIO() as file:
        Image.fromarray(large).save(file, "PNG", optimize=True)
        return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
