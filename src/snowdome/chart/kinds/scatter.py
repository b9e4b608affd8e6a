"""The map of a layout, each row a dot in the colour of its class."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.chart.spec import Points
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset


def chart(positions: NDArray[Any], dataset: Dataset, title: str, caption: str, axes: tuple[str, ...] = ()) -> Points:
    """Points at `positions` (n, 2) or (n, 3), one for each row. DataError for what no picture can show."""
    n = len(dataset)
    if positions.shape not in ((n, 2), (n, 3)):
        raise DataError(f"{dataset.name}: positions have shape {positions.shape}; expected ({n}, 2) or ({n}, 3).")
    if not n:
        raise DataError(f"{dataset.name}: there are no rows to draw.")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is found below
        places = np.ascontiguousarray(positions, np.float32)
    bad = np.flatnonzero(~np.isfinite(places).all(1))
    if bad.size:
        raise DataError(f"{len(bad)} positions are not finite, the first in row {bad[0]}; they cannot be drawn.")
    return Points(places, dataset.y, dataset.classes, title, caption, axes)
