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
