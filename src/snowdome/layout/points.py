"""Rows where their neighbours are found."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo
from snowdome.core.control import Control


@dataclasses.dataclass(frozen=True)
class Points:
    """The rows where their neighbours are found.

    Attributes:
        rows: (n, p).
        scores: (n, ≥ the map's dimensions) float32 principal component scores, which the map starts from.
        space: the name under which neighbours in this space are kept.
    """

    rows: NDArray[Any]
    scores: NDArray[np.float32]
    space: str


def points_in(X: NDArray[Any], space: int | None, dims: int, threads: int, control: Control, memo: Memo) -> Points:
    """X (n, p) in so many components; as it is where that is None or not fewer than p, with scores on `dims`."""
    from snowdome.space.pca import components, space_name

    if space is None or space >= X.shape[1]:
        return Points(X, components(X, dims, threads, control, memo).scores, "raw")
    scores = components(X, space, threads, control, memo).scores
    return Points(scores, scores, space_name(space))
