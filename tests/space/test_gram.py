"""Exact sums of products of bytes: both ways against whole numbers."""

import numpy as np
import pytest

from snowdome.space import gram, kernels_bytes

WAYS = [gram._by_blas] + ([gram._by_dot_products] if kernels_bytes.AVAILABLE else [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("m", "p"), [(1, 1), (3, 31), (513, 32), (1025, 33), (2048, 95), (5000, 784)])
@pytest.mark.parametrize("kind", ["random", "extreme"])
def test_sums_are_exact(way, m, p, kind):
    values = np.random.default_rng(m).integers(0, 256, (m, p))
    X = (values if kind == "random" else 255 * (values > 127)).astype(np.uint8)
    sums, total = np.zeros(p), np.zeros((p, p))
    way(X, sums, total)
    moved = X.astype(np.int64) - 128
    assert np.array_equal(sums, moved.sum(0))
    wanted = (moved.T.astype(float) @ moved.astype(float)).astype(np.int64)  # below 2⁵³: exact
    assert np.array_equal(np.triu(total), np.triu(wanted))


@pytest.mark.parametrize("way", WAYS)
def test_more_rows_than_32_bits_hold_are_summed_in_turns(way):
    m = kernels_bytes.MOST_ROWS + 5000
    X = np.full((m, 3), 255, np.uint8)
    X[:, 1] = 0
    sums, total = np.zeros(3), np.zeros((3, 3))
    way(X, sums, total)
    assert sums.tolist() == [127 * m, -128 * m, 127 * m]
    assert np.triu(total)[0].tolist() == [127 * 127 * m, -127 * 128 * m, 127 * 127 * m]
