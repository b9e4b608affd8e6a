"""The energy of t-SNE: gradient against finite differences, cost against its definition."""

import numpy as np
import pytest

from snowdome.layout.optimiser import along_curve
from snowdome.layout.quality import kl_divergence
from snowdome.layout.student import StudentEnergy
from snowdome.space.affinity import perplexity_affinities
from snowdome.space.knn import nearest_neighbours


@pytest.fixture(scope="module")
def graph(digits):
    return perplexity_affinities(nearest_neighbours(digits.X[:400].astype(np.float32), 60), 20)


@pytest.fixture
def places(graph):
    n = len(graph.indptr) - 1
    return np.ascontiguousarray(4 * np.random.default_rng(1).normal(size=(2, n)), np.float32)


def definition(graph, Y):
    """KL(P ‖ Q) written down as the paper does, dense, in float64."""
    n = Y.shape[1]
    P = np.zeros((n, n))
    for i in range(n):
        edges = slice(graph.indptr[i], graph.indptr[i + 1])
        P[i, graph.indices[edges]] = graph.weight[edges]
    q = 1 / (1 + ((Y[:, :, None] - Y[:, None, :]) ** 2).sum(0))
    np.fill_diagonal(q, 0)
    some = P > 0
    return float((P[some] * np.log(P[some] / (q / q.sum())[some])).sum())


def test_cost_is_the_divergence(graph, places):
    energy = StudentEnergy(graph, 1)
    energy.forces(places, places.min(1), places.max(1))
    exact = definition(graph, places.astype(np.float64))
    assert energy.cost(places) == pytest.approx(exact, rel=1e-4)
    assert kl_divergence(graph, places.T) == pytest.approx(exact, rel=1e-6)


def test_gradient_is_that_of_finite_differences(graph, places):
    energy = StudentEnergy(graph, 1)
    forces = energy.forces(places, places.min(1), places.max(1))
    ours = 4 * (forces.pull + forces.push_by * forces.push)
    Y, h = places.astype(np.float64), 1e-4
    numeric = np.zeros((2, 12))
    for c in range(2):
        for i in range(12):
            for sign in (1, -1):
                moved = Y.copy()
                moved[c, i] += sign * h
                numeric[c, i] += sign * definition(graph, moved) / (2 * h)
    assert np.abs(ours[:, :12] - numeric).max() < 0.02 * np.abs(numeric).max()


def test_another_order_of_the_rows_gives_the_same_forces(graph, places):
    plain = StudentEnergy(graph, 1)
    before = plain.forces(places, places.min(1), places.max(1))
    pull, push = before.pull.copy(), before.push.copy()
    order = along_curve(places, places.min(1), places.max(1))
    assert sorted(order) == list(range(len(order)))
    plain.reorder(order)
    after = plain.forces(places.take(order, 1), places.min(1), places.max(1))
    np.testing.assert_allclose(after.pull, pull[:, order], rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(after.push, push[:, order], rtol=1e-3, atol=1e-4)


def test_logarithm_of_the_kernel_is_accurate():
    from snowdome.layout import kernels_attraction as kernels

    far = np.geomspace(1e-4, 1e6, 500).astype(np.float32)
    for distance in far:
        places = np.array([[0, 0], [distance, 0]], np.float32)
        one = (np.array([0, 1, 1]), np.array([1], np.int32), np.ones(1, np.float32))
        got = kernels.student_log_sum_2(*one, places, 0, 1)
        assert got == pytest.approx(np.log1p(float(distance) ** 2), rel=1e-6, abs=5e-7)


@pytest.mark.parametrize("dims", [2, 3])
def test_edges_are_summed_sixteen_at_a_time_for_every_length_of_a_row(dims):
    """Rows of 0 to 70 edges at the end of their arrays: nothing beyond is read, nothing is left out."""
    from snowdome.layout import kernels_attraction as kernels

    rng = np.random.default_rng(0)
    n = 71
    width = {2: 2, 3: 4}[dims]
    places = rng.normal(size=(n, width)).astype(np.float32)
    attraction = {2: kernels.student_attraction_2, 3: kernels.student_attraction_3}[dims]
    log_sum = {2: kernels.student_log_sum_2, 3: kernels.student_log_sum_3}[dims]
    for length in range(n):
        indices = rng.permutation(n)[:length].astype(np.int32)
        weight = rng.random(length).astype(np.float32)
        indptr = np.full(n + 1, length)
        indptr[0] = 0
        pull = np.empty((dims, n), np.float32)
        attraction(indptr, indices, weight, places, 0, n, pull)
        apart = (places[0] - places[indices])[:, :dims].astype(float)
        squared = (apart**2).sum(1)
        np.testing.assert_allclose(pull[:, 0], (weight / (1 + squared)) @ apart, rtol=1e-4, atol=1e-5)
        assert not pull[:, 1:].any()
        wanted = (weight * np.log1p(squared)).sum()
        assert log_sum(indptr, indices, weight, places, 0, n) == pytest.approx(wanted, rel=1e-5)
