"""Squared distances of rows to a few others, exact for whole numbers, and the nearest to one row."""

import numpy as np
import pytest

from snowdome.space.distance import nearest_of, nearest_to, squared_distances


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


def brute(X: np.ndarray, row: int) -> np.ndarray:
    far: np.ndarray = np.sqrt(((X.astype(np.float64) - X[row].astype(np.float64)) ** 2).sum(1))
    far[row] = np.inf
    return far


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_the_nearest_to_a_row_are_those_of_a_full_sort(dtype: type) -> None:
    rng = np.random.default_rng(3)
    X = (rng.random((1300, 50)) * 255).astype(dtype)
    X[700:705] = X[20]  # ties: the lower index comes first
    rows, distances = nearest_to(X, 20, 30)
    wanted = np.argsort(brute(X, 20), kind="stable")[:30]
    assert rows.tolist() == wanted.tolist()
    assert rows[:5].tolist() == [700, 701, 702, 703, 704]
    np.testing.assert_allclose(distances, brute(X, 20)[wanted], rtol=1e-12)
    np.testing.assert_allclose(distances**2, squared_distances(X, X[20:21])[wanted, 0], rtol=1e-6, atol=1e-6)


def test_rows_that_are_not_numbers_are_infinitely_far_and_few_rows_have_few_neighbours() -> None:
    X = np.array([[0.0], [np.nan], [3.0], [1.0]])
    rows, distances = nearest_to(X, 0, 9)
    assert rows.tolist() == [3, 2, 1]
    assert distances.tolist() == [1.0, 3.0, np.inf]
    assert len(nearest_to(X[:1], 0, 5)[0]) == 0


@pytest.mark.parametrize("columns", [1, 784, 1025])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_nearest_of_others_is_that_of_all_distances(columns: int, dtype: type) -> None:
    rng = np.random.default_rng(columns)
    X = rng.integers(0, 256, (150, columns)).astype(dtype)
    X[0], X[1] = 0, 255
    others = np.concatenate([X[100:], X[:2], X[100:103], rng.integers(0, 256, (2100, columns)), X[:3]]).astype(dtype)
    wanted = ((X[:, None].astype(np.int64) - others.astype(np.int64)) ** 2).sum(2).argmin(1)
    assert columns < 2 or wanted[:2].tolist() == [50, 51], "of equals the first, before and behind the tiles' edges"
    for threads in (1, 2):
        assert np.array_equal(nearest_of(X, others, threads), wanted)
