"""Exact neighbours against brute force in float64."""

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.space import knn
from snowdome.space.knn import nearest_neighbours


def brute(X, k):
    """The k nearest by (distance, index), in float64."""
    values = X.astype(np.float64)
    found = np.empty((len(X), k), int)
    for row in range(len(X)):
        squared = ((values - values[row]) ** 2).sum(1)
        squared[row] = np.inf
        found[row] = np.lexsort((np.arange(len(X)), squared))[:k]
    return found


@pytest.mark.parametrize(("n", "p", "k"), [(2, 3, 1), (5, 2, 4), (100, 7, 15), (900, 20, 90), (1200, 784, 15)])
def test_equals_brute_force(n, p, k):
    X = np.random.default_rng(n).normal(size=(n, p)).astype(np.float32)
    found = nearest_neighbours(X, k, threads=2)
    np.testing.assert_array_equal(found.index, brute(X, k))
    exact = np.linalg.norm(X[:, None].astype(float) - X[found.index].astype(float), axis=2)
    np.testing.assert_allclose(found.distance, exact, rtol=1e-6)


def test_raw_digits_with_their_many_ties(digits):
    X = digits.X.astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 20).index, brute(X, 20))


def test_raw_mnist_pixels(mnist):
    X = mnist.X[:2000].astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 15, threads=2).index, brute(X, 15))


def test_far_from_the_origin_rounding_is_bounded():
    X = (np.random.default_rng(3).normal(size=(700, 5)) + 1e4).astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 10).index, brute(X, 10))


@pytest.mark.parametrize("copies", [2, 700])
def test_equal_rows_are_ordered_by_index(copies):
    X = np.repeat(np.random.default_rng(5).normal(size=(1400 // copies, 4)).astype(np.float32), copies, axis=0)
    np.testing.assert_array_equal(nearest_neighbours(X, 12, threads=2).index, brute(X, 12))


def test_a_row_is_never_its_own_neighbour():
    X = np.zeros((50, 3), np.float32)
    found = nearest_neighbours(X, 49)
    assert not (found.index == np.arange(50)[:, None]).any()


def test_same_bits_for_one_and_two_threads(digits):
    X = np.tile(digits.X.astype(np.float32), (2, 1))
    one, two = nearest_neighbours(X, 30, threads=1), nearest_neighbours(X, 30, threads=2)
    assert one.index.tobytes() == two.index.tobytes()
    assert one.distance.tobytes() == two.distance.tobytes()


def test_rounds_meet_every_pair_once_and_never_share_a_block():
    for blocks in (1, 2, 3, 8, 13):
        rounds = list(knn._rounds(blocks))
        met = [pair for pairs in rounds for pair in pairs]
        assert sorted(met) == [(a, b) for a in range(blocks) for b in range(a, blocks)]
        for pairs in rounds[1:]:
            members = [block for pair in pairs for block in pair]
            assert len(members) == len(set(members))


def test_a_stop_leaves_before_there_is_a_result():
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped, match="finding neighbours"):
        nearest_neighbours(np.zeros((10, 2), np.float32), 3, control=control)
