"""Affinities: the perplexity asked for, symmetry, and an independent reference."""

import numpy as np
import pytest
import scipy.sparse as sp

from snowdome.core.errors import OptionError
from snowdome.space.affinity import fuzzy_affinities, perplexity_affinities, uniform_affinities
from snowdome.space.knn import Neighbours, nearest_neighbours


def as_matrix(graph):
    n = len(graph.indptr) - 1
    return sp.csr_matrix((graph.weight.astype(float), graph.indices, graph.indptr), shape=(n, n))


@pytest.fixture(scope="module")
def neighbours(digits):
    return nearest_neighbours(digits.X.astype(np.float32), 90)


def test_every_row_has_the_perplexity_asked_for(neighbours):
    from snowdome.space import kernels_affinity as kernels

    weight = np.empty_like(neighbours.distance)
    kernels.calibrate_rows(neighbours.distance, 30.0, 0, len(weight), weight)
    p = weight.astype(float)
    entropy = -(p * np.log2(np.maximum(p, 1e-300))).sum(1)
    np.testing.assert_allclose(2**entropy, 30, rtol=1e-4)
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-5)


def test_sums_to_one_is_symmetric_and_sorted(neighbours):
    graph = perplexity_affinities(neighbours, 30)
    matrix = as_matrix(graph)
    assert matrix.sum() == pytest.approx(1, abs=1e-5)
    assert abs(matrix - matrix.T).max() < 1e-10
    for row in range(len(graph.indptr) - 1):
        columns = graph.indices[graph.indptr[row] : graph.indptr[row + 1]]
        assert (np.diff(columns) > 0).all()


def test_equals_scikit_learns_joint_probabilities(digits, neighbours):
    from sklearn.manifold._t_sne import _joint_probabilities_nn

    n, k = neighbours.index.shape
    squared = neighbours.distance.astype(float) ** 2
    theirs = _joint_probabilities_nn(
        sp.csr_matrix((squared.ravel(), neighbours.index.ravel().copy(), np.arange(0, n * k + 1, k)), shape=(n, n)),
        30,
        0,
    )
    ours = as_matrix(perplexity_affinities(neighbours, 30))
    assert abs(ours - theirs).max() < 2e-4 * theirs.max()


def test_same_bits_for_one_and_two_threads(neighbours):
    one, two = (perplexity_affinities(neighbours, 12.5, threads=t) for t in (1, 2))
    assert one.weight.tobytes() == two.weight.tobytes()
    assert one.indices.tobytes() == two.indices.tobytes()


@pytest.mark.parametrize("distance", [0.0, 1e-20, 1.0, 1e18])
def test_equal_distances_weigh_the_same(distance):
    index = np.array([[1, 2], [0, 2], [0, 1]], np.int32)
    graph = perplexity_affinities(Neighbours(index, np.full((3, 2), distance, np.float32)), 1.5)
    np.testing.assert_allclose(graph.weight, 1 / 6, rtol=1e-6)


def test_widely_different_distances_stay_finite():
    index = np.array([[1, 2], [0, 2], [1, 0]], np.int32)
    distance = np.array([[1e-3, 1e6], [1e-3, 1e6], [1e6, 1e6]], np.float32)
    graph = perplexity_affinities(Neighbours(index, distance), 1.2)
    assert np.isfinite(graph.weight).all()
    assert graph.weight.sum() == pytest.approx(1, abs=1e-6)


def adjacency(neighbours):
    n, k = neighbours.index.shape
    return sp.csr_matrix((np.ones(n * k), neighbours.index.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))


@pytest.fixture(scope="module")
def fifteen(digits):
    return nearest_neighbours(digits.X.astype(np.float32), 15)


def test_uniform_affinities_are_the_union_of_both_directions(fifteen):
    directed = adjacency(fifteen)
    union = directed.maximum(directed.T)
    equal = as_matrix(uniform_affinities(fifteen))
    assert abs(equal - union / union.nnz).max() < 1e-11
    mean = as_matrix(uniform_affinities(fifteen, "mean"))
    assert abs(mean - (directed + directed.T) / (2 * directed.nnz)).max() < 1e-11
    for weights in (equal, mean):
        assert weights.sum() == pytest.approx(1, abs=1e-5)
    with pytest.raises(OptionError, match=r"'equal' or 'mean'"):
        uniform_affinities(fifteen, "none")


def memberships(distance, local):
    """McInnes et al. 2018, row by row, with scipy's root finder."""
    from scipy.optimize import brentq

    n, k = distance.shape
    out = np.empty((n, k))
    for i, row in enumerate(distance.astype(float)):
        positive = row[row > 0]
        rho = np.interp(local, np.arange(len(positive) + 1), [0, *positive])
        gap = np.maximum(0, row - rho)
        least = 1e-3 * (row.sum() if rho > 0 else distance.mean(dtype=float) * k) / (k + 1)

        def error(sigma, gap=gap):
            return np.exp(-gap / sigma).sum() - np.log2(k + 1)

        sigma = brentq(error, least, 1e6 * gap.max(), xtol=1e-12) if error(least) < 0 else least
        out[i] = np.exp(-gap / sigma)
    return out


@pytest.mark.parametrize("local", [1.0, 1.5, 0.5, 3.0])
def test_fuzzy_affinities_equal_an_independent_reference(fifteen, local):
    directed = adjacency(fifteen)
    directed.data = memberships(fifteen.distance, local).ravel()
    union = directed + directed.T - directed.multiply(directed.T)
    ours = as_matrix(fuzzy_affinities(fifteen, local))
    assert abs(ours - union).max() < 1e-5
    assert abs(ours - ours.T).max() == 0


def test_fuzzy_memberships_of_ties_and_duplicates_stay_finite():
    index = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]], np.int32)
    rows = np.array([[0, 0, 0], [0, 0, 5], [2, 2, 2], [0, 1e-12, 1e12]], np.float32)
    graph = fuzzy_affinities(Neighbours(index, rows))
    assert np.isfinite(graph.weight).all()
    assert (graph.weight >= 0).all()
    assert graph.weight.max() <= 1
    all_equal = fuzzy_affinities(Neighbours(index, np.zeros((4, 3), np.float32)))
    np.testing.assert_array_equal(all_equal.weight, 1)
    with pytest.raises(OptionError, match="local_connectivity"):
        fuzzy_affinities(Neighbours(index, rows), -1.0)


@pytest.mark.parametrize("affinities", [uniform_affinities, fuzzy_affinities])
def test_other_affinities_have_the_same_bits_for_one_and_two_threads(fifteen, affinities):
    one, two = (affinities(fifteen, threads=t) for t in (1, 2))
    assert one.weight.tobytes() == two.weight.tobytes()
    assert one.indices.tobytes() == two.indices.tobytes()


def test_affinities_are_kept_under_their_own_names(fifteen):
    names = []

    def memo(name, compute):
        names.append(name)
        return compute()

    for affinities in (lambda **a: perplexity_affinities(fifteen, 5, **a), lambda **a: uniform_affinities(fifteen, **a),
                       lambda **a: uniform_affinities(fifteen, "mean", **a), lambda **a: fuzzy_affinities(fifteen, **a),
                       lambda **a: fuzzy_affinities(fifteen, 2.0, **a)):  # fmt: skip
        affinities(memo=memo, space="raw")
    assert len(set(names)) == 5
    assert all(name.startswith("affinities-raw-15-") for name in names)
