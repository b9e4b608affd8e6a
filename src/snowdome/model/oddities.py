"""Images that are odd whatever their label: alone, between two classes, blank, or with ink and paper exchanged."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.data.dataset import Dataset
from snowdome.space.knn import Neighbours

if TYPE_CHECKING:
    import polars as pl

_ALONE = 10  # neighbours whose mean distance says how alone a row is
_FAR = 2.0  # as many times as far from them as the median row is: an outlier
_BLANK = 0.01  # of the range: the standard deviation of the values of a blank image
_SPREAD = 0.25  # of the range: how far the border of almost all images may be from the usual one, to tell others by
_OPPOSITE = 0.5  # of the range: how far from the usual one the border of an inverted image is
_EVEN = 0.5  # of the probability of the first class: that of the second, for an image to be ambiguous


def oddities(dataset: Dataset, neighbours: Neighbours, proba: NDArray[Any]) -> "pl.DataFrame":
    """The rows that are odd, and how: index, kind, score (greater is odder), about; each kind's worst first.

    Kinds: "blank" (hardly any contrast), "inverted" (a border as light as others' are dark), "outlier" (more than twice
    as far from its ten nearest neighbours as rows usually are), "ambiguous" (a second class at least half as
    probable as the first, out of fold).
    """
    import polars as pl

    found = [*_blank_and_inverted(dataset), _outliers(neighbours), *_ambiguous(dataset, proba)]
    tables = []
    for kind, rows, score, about in found:
        worst = rows[np.argsort(-score[rows], kind="stable")]
        columns: dict[str, Any] = {"index": worst.astype(np.int64), "kind": [kind] * len(worst)}
        columns |= {"score": score[worst].astype(np.float32), "about": [about(row) for row in worst]}
        tables.append(pl.DataFrame(columns, schema_overrides={"kind": pl.String, "about": pl.String}))
    return pl.concat(tables)


def _blank_and_inverted(dataset: Dataset) -> list[Any]:
    if dataset.image_shape is None:
        return []
    height, width = dataset.image_shape
    low, high = dataset.value_range
    scale = (high - low) or 1
    frame = np.ones((height, width), bool)
    frame[1:-1, 1:-1] = False
    edge = np.repeat(frame.ravel(), dataset.channels)
    contrast, border = np.empty(len(dataset)), np.empty(len(dataset))
    for first in range(0, len(dataset), 4096):
        values = dataset.X[first : first + 4096].astype(np.float32)
        contrast[first : first + 4096] = values.std(1) / scale
        border[first : first + 4096] = (values[:, edge].mean(1) - low) / scale
    away = np.abs(border - np.median(border))
    blank = np.flatnonzero(contrast < _BLANK)
    rows = [("blank", blank, -contrast, lambda row: f"standard deviation {100 * contrast[row]:.1f} % of the range")]
    if np.quantile(away, 0.95) < _SPREAD:  # photographs have no usual border
        opposite = np.flatnonzero((away > _OPPOSITE) & (contrast >= _BLANK))
        rows.append(("inverted", opposite, away, lambda row: f"border at {100 * border[row]:.0f} % of the range, "
                                                             f"usually {100 * np.median(border):.0f} %"))  # fmt: skip
    return rows


def _outliers(neighbours: Neighbours) -> Any:
    near = neighbours.distance[:, :_ALONE].mean(1, dtype=np.float64)
    usual = float(np.median(near)) or 1.0
    times = near / usual
    return "outlier", np.flatnonzero(times > _FAR), times, lambda row: f"{times[row]:.1f} times as far as usual"


def _ambiguous(dataset: Dataset, proba: NDArray[Any]) -> list[Any]:
    if proba.shape[1] < 2:
        return []
    best = np.argsort(-proba, axis=1, kind="stable")[:, :2]
    chances = np.take_along_axis(proba, best, 1).astype(np.float64)
    ratio = chances[:, 1] / np.maximum(chances[:, 0], 1e-12)
    names = dataset.classes

    def about(row: int) -> str:
        first, second = best[row]
        return f"{names[first]} {100 * chances[row, 0]:.0f} %, {names[second]} {100 * chances[row, 1]:.0f} %"

    return [("ambiguous", np.flatnonzero(ratio > _EVEN), ratio, about)]
