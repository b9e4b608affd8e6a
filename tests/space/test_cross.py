"""Exact neighbours among other rows against brute force in float64."""

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, OptionError
from snowdome.space.cross import nearest_among


def brute(X, queries, k):
    """The k nearest rows of X by (distance, index), in float64."""
    squared = ((queries[:, None].astype(np.float64) - X[None].astype(np.float64)) ** 2).sum(2)
    return np.argsort(squared, axis=1, kind="stable")[:, :k]


@pytest.mark.parametrize(("n", "m", "p", "k"), [(1, 1, 1, 1), (5, 3, 2, 5), (400, 900, 7, 15), (900, 10, 130, 90)])
def test_equals_brute_force(n, m, p, k):
    random = np.random.default_rng(n)
    X, queries = (random.normal(size=(rows, p)).astype(np.float32) for rows in (n, m))
    found = nearest_among(X, queries, k, threads=2)
    np.testing.assert_array_equal(found.index, brute(X, queries, k))
    exact = np.linalg.norm(queries[:, None].astype(float) - X[found.index].astype(float), axis=2)
    np.testing.assert_allclose(found.distance, exact, rtol=1e-6)


def test_pixels_of_mnist_as_bytes_and_as_floats(mnist):
    X, queries = mnist.X[:2000], mnist.X[60000:60300]
    found = nearest_among(X, queries, 5, threads=2)
    np.testing.assert_array_equal(found.index, brute(X, queries, 5))
    floats = nearest_among(X.astype(np.float32), queries, 5)
    np.testing.assert_array_equal(found.index, floats.index)
    np.testing.assert_array_equal(found.distance, floats.distance)


def test_equal_rows_come_first_and_by_index(digits):
    X = np.concatenate([digits.X[:500], digits.X[:500]])
    found = nearest_among(X, digits.X[:500], 2, threads=2)
    np.testing.assert_array_equal(found.index, np.arange(500)[:, None] + [0, 500])
    assert not found.distance.any()


def test_company_and_threads_do_not_matter(digits):
    whole = nearest_among(digits.X[:1000], digits.X[1000:], 7)
    other = nearest_among(digits.X[:1000], digits.X[1000:], 7, threads=2)
    np.testing.assert_array_equal(whole.index, other.index)
    for row in (0, 300, 796):
        alone = nearest_among(digits.X[:1000], digits.X[1000 + row : 1001 + row], 7)
        np.testing.assert_array_equal(alone.index[0], whole.index[row])
        np.testing.assert_array_equal(alone.distance[0], whole.distance[row])


def test_values_of_any_size():
    """Queries far larger than the rows, and rows of nothing but zeros."""
    random = np.random.default_rng(1)
    X, queries = random.random((300, 9)).astype(np.float32), 1e9 * random.random((50, 9)).astype(np.float32)
    assert nearest_among(X, queries, 3).distance.min() > 1e8
    assert (nearest_among(np.zeros((9, 4), np.float32), np.ones((2, 4), np.float32), 3).index == [0, 1, 2]).all()


def test_no_queries():
    assert nearest_among(np.ones((4, 3), np.float32), np.ones((0, 3), np.float32), 2).index.shape == (0, 2)


def test_what_cannot_be_asked():
    X = np.ones((4, 784), np.float32)
    with pytest.raises(DataError, match=r"expected 784 values \(28×28\), got 36 \(6×6\?\)"):
        nearest_among(X, X[:, :36], 1)
    with pytest.raises(OptionError, match="k=5 is not allowed among 4 rows: 1 to 4"):
        nearest_among(X, X, 5)
    with pytest.raises(DataError, match="NaN"):
        nearest_among(X, np.full((1, 784), np.nan), 1)


def test_stops():
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped):
        nearest_among(np.ones((4, 3), np.float32), np.ones((4, 3), np.float32), 1, control=control)
