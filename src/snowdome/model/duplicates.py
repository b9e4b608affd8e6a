"""Images that are there twice, equal or nearly. Those with two labels, and those in two splits, come first."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.data.dataset import Dataset
from snowdome.space.equal import equal_rows
from snowdome.space.knn import Neighbours

if TYPE_CHECKING:
    import polars as pl

NEAR = 0.2
"""Of the median distance to the nearest neighbour: how close two rows have to be to count as nearly the same."""

_CANDIDATES = 5  # nearest neighbours by appearance that are looked at


def duplicates(dataset: Dataset, neighbours: Neighbours) -> "pl.DataFrame":
    """Pairs of rows that are equal or nearly: index, other, exact, conflicting, across_splits, distance, and labels.

    Each row is paired with the first that equals it, and with those of its five nearest neighbours (by appearance)
    whose values differ from its own by less than a fifth of what nearest neighbours usually do. `distance` is the root
    of the mean squared difference of their values, as a share of the range that a value has. Pairs with two labels
    come first, then those across splits, then the closest.
    """
    import polars as pl

    low, high = dataset.value_range
    owner = equal_rows(dataset.X)
    copies = np.flatnonzero(owner != np.arange(len(dataset)))
    near = _near(dataset.X, neighbours, owner)
    first = np.concatenate([owner[copies], near[0]])
    other = np.concatenate([copies, near[1]])
    distance = np.concatenate([np.zeros(len(copies)), near[2]]) / ((high - low) or 1)
    columns: dict[str, Any] = {"index": first, "other": other, "exact": np.arange(len(first)) < len(copies)}
    conflicting = np.zeros(len(first), bool)
    across = np.zeros(len(first), bool)
    if dataset.y is not None:
        conflicting = np.asarray(dataset.y[first] != dataset.y[other])
    if dataset.split is not None:
        across = np.asarray(dataset.split[first] != dataset.split[other])
    columns |= {"conflicting": conflicting, "across_splits": across, "distance": distance.astype(np.float32)}
    if dataset.y is not None:
        names = np.array(dataset.classes, dtype=object)
        columns |= {"label": list(names[dataset.y[first]]), "other_label": list(names[dataset.y[other]])}
    order = np.lexsort((other, first, distance, ~across, ~conflicting))
    return pl.DataFrame(columns)[order]


def _near(
    X: NDArray[Any], neighbours: Neighbours, owner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of rows that are nearly equal, the lower first: their numbers and how far they are from each other."""
    n, k = len(X), min(_CANDIDATES, neighbours.index.shape[1])
    apart = np.empty((n, k))
    for first in range(0, n, 2048):
        rows = slice(first, min(n, first + 2048))
        mine = X[rows].astype(np.float32)
        for column in range(k):
            others = X[neighbours.index[rows, column]].astype(np.float32)
            apart[rows, column] = np.sqrt(np.square(mine - others).mean(1, dtype=np.float64))
    nearest = apart.min(1)
    limit = NEAR * float(np.median(nearest[nearest > 0])) if (nearest > 0).any() else 0.0
    row, place = np.nonzero(apart < limit)
    other = neighbours.index[row, place].astype(np.int64)
    alone = (owner[row] == row) & (owner[other] == other)  # a copy is told of with the row that it is a copy of
    pairs = np.stack([np.minimum(row, other), np.maximum(row, other)], 1)[alone]
    unique, where = np.unique(pairs, axis=0, return_index=True)
    return unique[:, 0], unique[:, 1], apart[row, place][alone][where]
