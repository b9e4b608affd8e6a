"""Spec: a picture as data. Points are drawn by three.js in the app and by our own raster in files."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.registry import Registry

charts = Registry("chart", "snowdome.chart.kinds")


@dataclasses.dataclass(frozen=True)
class Points:
    """Dots on a plane or in space.

    Attributes:
        positions: (n, 2) or (n, 3) float32.
        codes: (n,) class codes, or None for one colour.
        classes: the class names.
        title: what is shown.
        caption: how it came about: n, space, parameters, seed.
        axes: the names of the axes with their units; () where positions have no unit.
    """

    positions: NDArray[np.float32]
    codes: NDArray[Any] | None
    classes: tuple[str, ...]
    title: str
    caption: str
    axes: tuple[str, ...] = ()
