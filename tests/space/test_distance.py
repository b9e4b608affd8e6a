"""Squared distances of rows to a few others: exact for whole numbers, in float32 where that is exact too."""

import numpy as np
import pytest

from snowdome.space.distance import squared_distances


@pytest.mark.parametrize("columns", [1, 784, 1024, 1025])
def test_distances_of_bytes_are_exact(columns):
    rng = np.random.default_rng(columns)
    X = rng.integers(0, 256, (600, columns), dtype=np.uint8)
    X[0], X[1] = 0, 255
    others = np.concatenate([X[:5], np.zeros((1, columns), np.uint8), np.full((1, columns), 255, np.uint8)])
    wide = X.astype(np.int64)
    wanted = ((wide[:, None] - others.astype(np.int64)) ** 2).sum(2)
    for threads in (1, 2):
        found = squared_distances(X, others, threads)
        assert found.dtype == np.float64
        assert np.array_equal(found, wanted)
        assert np.array_equal(squared_distances(X.astype(np.float64), others, threads), wanted)
