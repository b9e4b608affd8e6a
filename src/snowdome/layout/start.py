"""Where the points of a map begin."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng


def small_pca(scores: NDArray[np.float32], dims: int, seed: int) -> NDArray[np.float32]:
    """The first `dims` principal component scores (n, ≥ dims), scaled to a standard deviation of 1e-4 in the first.

    A seeded normal noise of 1 % of that is added, so that another seed gives another map. Returns (dims, n) float32.
    """
    n = len(scores)
    chosen = np.zeros((n, dims))
    width = min(dims, scores.shape[1])
    chosen[:, :width] = scores[:, :width]
    deviation = chosen[:, 0].std()
    if deviation > 0:
        chosen *= 1e-4 / deviation
    chosen += 1e-6 * rng.normal(seed, 0, n, dims)
    return np.ascontiguousarray(chosen.T, np.float32)


def with_noise(places: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Places (d, n) and a seeded normal noise of 1 % of the first dimension's standard deviation.

    So another seed gives another map, and rows that would start at one place are parted.
    """
    deviation = float(places[0].std())
    noise = rng.normal(seed, 0, places.shape[1], places.shape[0]).T
    return np.ascontiguousarray(places + 0.01 * deviation * noise, np.float32)
