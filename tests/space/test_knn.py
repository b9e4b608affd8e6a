"""Exact neighbours against brute force in float64."""

from pathlib import Path

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, OptionError
from snowdome.space import checks, knn
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
    X = mnist.X[-1300:].astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 15, threads=2).index, brute(X, 15))


def test_pixels_as_bytes_equal_pixels_as_floats(mnist):
    X = mnist.X[:1200]
    found = nearest_neighbours(X, 15, threads=2)
    np.testing.assert_array_equal(found.index, brute(X, 15))
    as_floats = nearest_neighbours(X.astype(np.float32), 15)
    np.testing.assert_array_equal(found.index, as_floats.index)
    np.testing.assert_array_equal(found.distance, as_floats.distance)


@pytest.mark.parametrize("p", [129, 300])
def test_where_components_bound_little(p):
    """Independent noise: nothing is left out by the bound, and nothing may be lost."""
    X = np.random.default_rng(p).random((1000, p)).astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 9, threads=2).index, brute(X, 9))


def test_clusters_of_very_different_sizes():
    rng = np.random.default_rng(8)
    centres = rng.normal(size=(40, 30)) * 10
    X = (centres[rng.integers(0, 40, 3000) ** 2 % 40] + rng.normal(size=(3000, 30))).astype(np.float32)
    X[:5] *= 1e4
    np.testing.assert_array_equal(nearest_neighbours(X, 25, threads=2).index, brute(X, 25))


def test_far_from_the_origin_rounding_is_bounded():
    X = (np.random.default_rng(3).normal(size=(700, 5)) + 1e4).astype(np.float32)
    np.testing.assert_array_equal(nearest_neighbours(X, 10).index, brute(X, 10))


@pytest.mark.parametrize("copies", [2, 700])
def test_equal_rows_are_ordered_by_index(copies):
    X = np.repeat(np.random.default_rng(5).normal(size=(1400 // copies, 4)).astype(np.float32), copies, axis=0)
    np.testing.assert_array_equal(nearest_neighbours(X, 12, threads=2).index, brute(X, 12))


def test_half_of_the_rows_are_the_same():
    X = np.random.default_rng(6).normal(size=(2000, 8)).astype(np.float32)
    X[::2] = X[0]
    np.testing.assert_array_equal(nearest_neighbours(X, 10, threads=2).index, brute(X, 10))


@pytest.mark.parametrize("apart", [1.0, 30.0, 1e4])
def test_bounds_stand_for_distances_only_where_they_are_sharp(apart):
    """Clusters ever farther from each other, rows near the centre, outliers: more than the near blocks."""
    rng = np.random.default_rng(11)
    centres = rng.normal(size=(30, 16)) * apart
    X = (centres[rng.integers(0, 30, 4200)] + rng.normal(size=(4200, 16))).astype(np.float32)
    X[::7] *= 1e-3
    X[5::500] *= 1e3
    found = nearest_neighbours(X, 15, threads=2)
    np.testing.assert_array_equal(found.index, brute(X, 15))


@pytest.mark.parametrize("factor", [1e-30, 1e-12, 1e15, 1e35])
def test_squares_neither_overflow_nor_vanish(factor):
    X = (np.random.default_rng(4).normal(size=(600, 6)) * factor).astype(np.float32)
    found = nearest_neighbours(X, 7)
    np.testing.assert_array_equal(found.index, brute(X, 7))
    exact = np.linalg.norm(X[:, None].astype(float) - X[found.index].astype(float), axis=2)
    np.testing.assert_allclose(found.distance, exact, rtol=1e-6)


def test_constant_columns_change_nothing():
    X = np.random.default_rng(2).normal(size=(500, 4)).astype(np.float32)
    wide = np.full((500, 9), 3.5, np.float32)
    wide[:, 1::2] = X
    np.testing.assert_array_equal(nearest_neighbours(wide, 5).index, brute(X, 5))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e39])
def test_values_that_are_no_numbers_are_counted_and_located(bad):
    X = np.zeros((30, 4))
    X[7, 2] = X[9, 0] = bad
    with pytest.raises(DataError, match=r"2 of 120 values .* row 7, column 2"):
        nearest_neighbours(X, 3)


def test_distances_beyond_float32_are_refused():
    with pytest.raises(DataError, match="too large for float32"):
        nearest_neighbours(np.array([[3e38], [-3e38]], np.float32), 1)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (3, 3), (10, 0), (10, 10**9)])
def test_more_neighbours_than_there_are_rows_are_refused(n, k):
    with pytest.raises(OptionError, match=rf"k={k} is not allowed for {n} rows"):
        nearest_neighbours(np.zeros((n, 2), np.float32), k)


@pytest.mark.parametrize("X", [np.zeros(5, np.float32), np.zeros((4, 2), complex), np.array([["a"]] * 3)])
def test_what_is_no_matrix_of_numbers_is_refused(X):
    with pytest.raises(DataError, match="expected a matrix"):
        nearest_neighbours(X, 1)


def test_what_does_not_fit_is_refused_before_it_is_begun(monkeypatch):
    """J-01: with an alternative."""
    monkeypatch.setattr(checks, "available", lambda: 10**6)
    X = np.zeros((2000, 50), np.float32)
    with pytest.raises(DataError, match=r"2,000 rows needs about \d+ MB, and 1 MB .* Take fewer"):
        nearest_neighbours(X, 90)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own count")
def test_the_memory_told_is_what_is_taken(python):
    """J-01: the peak is at most 1.3 times the estimate, and the estimate not wildly above the peak."""
    program = """
        import re
        import numpy as np
        from snowdome.space.knn import memory_needed, nearest_neighbours
        X = np.random.default_rng(0).normal(size=(15000, 64)).astype(np.float32)
        nearest_neighbours(X[:1000], 90)
        kept = lambda kind: 1024 * int(re.search(kind + r":\\s+(\\d+)", open("/proc/self/status").read())[1])
        before = kept("VmRSS")
        nearest_neighbours(X, 90, exact=False)
        print((kept("VmHWM") - before) / memory_needed(15000, 64, 90, exact=False))
    """
    done = python(program, timeout=150)
    assert done.returncode == 0, done.stderr
    assert 0.4 < float(done.stdout) < 1.3


def test_approximate_neighbours_come_with_their_recall(mnist):
    from snowdome.space.pca import components

    X = components(mnist.X[:12000], 50).scores
    exact = nearest_neighbours(X, 15, threads=2)
    assert exact.exact
    assert exact.recall is None
    found = nearest_neighbours(X, 15, threads=2, exact=False)
    assert not found.exact
    shared = [len(np.intersect1d(a, b)) / 15 for a, b in zip(found.index, exact.index, strict=True)]
    assert found.recall == pytest.approx(np.mean(shared), abs=0.02)
    assert found.recall > 0.95
    assert (np.diff(found.distance, axis=1) >= 0).all()
    one = nearest_neighbours(X, 15, threads=1, exact=False)
    assert one.index.tobytes() == found.index.tobytes()


def test_above_a_number_of_rows_neighbours_are_approximate_unless_asked(monkeypatch):
    monkeypatch.setattr(knn, "EXACT_UP_TO", 500)
    X = np.random.default_rng(1).normal(size=(501, 3)).astype(np.float32)
    names = []

    def memo(name, compute):
        names.append(name)
        return compute()

    assert not nearest_neighbours(X, 3, memo=memo).exact
    assert nearest_neighbours(X, 3, memo=memo, exact=True).exact
    assert nearest_neighbours(X[:500], 3, memo=memo).exact
    assert names[0] != names[1] == names[2]


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
