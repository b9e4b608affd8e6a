"""Rows on a basis: each way against float64."""

import numpy as np
import pytest

from snowdome.space import kernels_bytes, projection

WAYS = [projection._by_blas] + ([projection._by_dot_products] if kernels_bytes.AVAILABLE else [])


def _case(n, p, k, seed=0):
    random = np.random.default_rng(seed)
    X = random.integers(0, 256, (n, p)).astype(np.uint8)
    basis = np.linalg.qr(random.normal(size=(p, max(k, 1))))[0][:, :k]
    return X, X.mean(0), np.ascontiguousarray(basis)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("n", "p", "k"), [(1, 1, 1), (3, 5, 2), (33, 31, 31), (1025, 64, 7), (40000, 784, 50)])
def test_scores_are_those_of_float64(way, n, p, k):
    X, mean, basis = _case(n, p, k)
    scores = np.full((n, k + 1), -7.0, np.float32)
    assert way(X, mean, basis, scores, 2)
    wanted = (X - mean) @ basis
    assert np.abs(scores[:, :k] - wanted).max() <= 1e-6 * np.abs(X - mean).max() * np.sqrt(p)
    assert (scores[:, k] == -7.0).all(), "columns beyond the basis are left alone"


@pytest.mark.parametrize("way", WAYS)
def test_extremes_and_empty_directions(way):
    X = np.repeat(np.array([[0], [255]], np.uint8), 784, 1)
    basis = np.zeros((784, 3))
    basis[:, 0], basis[5, 1] = 1.0, -1.0
    scores = np.empty((2, 3), np.float32)
    way(X, np.zeros(784), basis, scores, 1)
    assert scores.tolist() == [[0, 0, 0], [255 * 784, -255, 0]]


@pytest.mark.parametrize("way", WAYS)
def test_bytes_that_lie_at_odd_places_are_projected_alike(way):
    X, mean, basis = _case(100, 64, 5)
    moved = np.frombuffer(b"x" + X.tobytes(), np.uint8, offset=1).reshape(X.shape)
    straight, odd, turned = (np.empty((100, 5), np.float32) for _ in range(3))
    way(X, mean, basis, straight, 1)
    way(moved, mean, basis, odd, 2)
    way(np.asfortranarray(X), mean, basis, turned, 3)
    assert np.array_equal(straight, odd)
    assert np.array_equal(straight, turned)


def test_what_is_too_large_for_float32_is_told():
    with np.errstate(over="ignore"):
        assert not projection.project(np.full((2, 2), 1e300), np.zeros(2), np.eye(2), np.empty((2, 2), np.float32))
