"""Affinities: the perplexity asked for, symmetry, and an independent reference."""

import numpy as np
import pytest
import scipy.sparse as sp

from snowdome.space.affinity import perplexity_affinities
from snowdome.space.knn import Neighbours, nearest_neighbours


def as_matrix(graph):
    n = len(graph.indptr) - 1
    return sp.csr_matrix((graph.weight.astype(float), graph.indices, graph.indptr), shape=(n, n))


@pytest.fixture(scope="module")
def neighbours(digits):
    return nearest_neighbours(digits.X.astype(np.float32), 90)


def test_every_row_has_the_perplexity_asked_for(neighbours):
    from snowdome.space import kernels

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
