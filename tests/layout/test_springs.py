"""The energies of springs and repulsion: gradient against finite differences, cost against the definition."""

import numpy as np
import pytest

from snowdome.layout import springs
from snowdome.layout.springs import SpringEnergy, rms_length, spring_graph
from snowdome.space.knn import Neighbours, nearest_neighbours

recipes = pytest.mark.parametrize("name", springs.RECIPES)
flat_or_not = pytest.mark.parametrize("dims", [2, 3])


@pytest.fixture(scope="module")
def neighbours(digits):
    near = nearest_neighbours(digits.X[:200].astype(np.float32), 4)
    return Neighbours(near.index, near.distance / 16)


def places(neighbours, dims):
    return np.ascontiguousarray(3 * np.random.default_rng(1).normal(size=(dims, len(neighbours.index))), np.float32)


def definition(name, neighbours, Y):
    """The energies as they are printed, dense, in float64, over directed edges and all pairs."""
    n, k = neighbours.index.shape
    squared = ((Y[:, :, None] - Y[:, None, :]) ** 2).sum(0)
    rows = np.repeat(np.arange(n), k)
    d = np.sqrt(squared[rows, neighbours.index.ravel()])
    rest = neighbours.distance.ravel().astype(float)
    mean = rest.mean()
    pairs = squared[~np.eye(n, dtype=bool)]
    if name == "printed":
        return (1 / np.sqrt(pairs + (0.03 * mean) ** 2)).sum() + 0.5 * ((d - rest) ** 2).sum()
    logarithms = 0.5 * np.log(pairs + 1e-6).sum() / 2
    if name == "shipped":
        return -logarithms + (10 * d**3 / 3 - 5 * d**2 + 5 / 3).sum()
    middle = k / (40 * n ** (1 / 3)) * (Y**2).sum() / 2
    either = np.zeros((n, n), bool)
    either[rows, neighbours.index.ravel()] = True
    return 0.5 * squared[np.triu(either | either.T)].sum() - 40 * k / n * logarithms + middle


def made(name, neighbours):
    """The law, and the rest lengths of the edges."""
    law = springs.RECIPES[name](*neighbours.index.shape, springs.mean_length(neighbours.distance))
    return law, law.rest_lengths(neighbours.distance)


@recipes
@flat_or_not
def test_cost_is_the_definition(name, dims, neighbours):
    law, length = made(name, neighbours)
    Y = places(neighbours, dims)
    energy = SpringEnergy(spring_graph(neighbours, length, once=law.once), law, dims, 1)
    energy.forces(Y, Y.min(1), Y.max(1))
    assert energy.cost(Y) == pytest.approx(definition(name, neighbours, Y.astype(float)), rel=1e-5)


@recipes
@flat_or_not
def test_gradient_is_that_of_finite_differences(name, dims, neighbours):
    law, length = made(name, neighbours)
    Y = places(neighbours, dims)
    forces = SpringEnergy(spring_graph(neighbours, length, once=law.once), law, dims, 2).forces(Y, Y.min(1), Y.max(1))
    ours = forces.pull + forces.push_by * forces.push
    numeric, h = np.zeros((dims, 10)), 1e-5
    for c in range(dims):
        for i in range(10):
            for sign in (1, -1):
                moved = Y.astype(float)
                moved[c, i] += sign * h
                numeric[c, i] += sign * definition(name, neighbours, moved) / (2 * h)
    assert np.abs(ours[:, :10] - numeric).max() < 1e-4 * np.abs(numeric).max()


def test_every_directed_edge_is_a_spring_at_both_its_ends(neighbours):
    """C10: an edge in both directions stands twice."""
    n, k = neighbours.index.shape
    graph = spring_graph(neighbours, neighbours.distance)
    dense, rest = np.zeros((n, n), int), np.zeros((n, n))
    for i in range(n):
        row = graph.indices[graph.indptr[i] : graph.indptr[i + 1]]
        assert (np.diff(row) >= 0).all()
        np.add.at(dense[i], row, 1)
        rest[i, row] = graph.weight[graph.indptr[i] : graph.indptr[i + 1]]
    directed = np.zeros((n, n), int)
    directed[np.repeat(np.arange(n), k), neighbours.index.ravel()] = 1
    np.testing.assert_array_equal(dense, directed + directed.T)
    assert dense.max() == 2
    np.testing.assert_allclose(rest[np.arange(n)[:, None], neighbours.index], neighbours.distance)
    np.testing.assert_allclose(rest, rest.T)
    once = spring_graph(neighbours, neighbours.distance, once=True)
    assert len(once.indices) == (dense > 0).sum()
    for i in range(n):
        np.testing.assert_array_equal(once.indices[once.indptr[i] : once.indptr[i + 1]], np.flatnonzero(dense[i]))


def test_another_order_of_the_rows_gives_the_same_forces_and_cost(neighbours):
    law, length = made("printed", neighbours)
    Y = places(neighbours, 3)
    energy = SpringEnergy(spring_graph(neighbours, length), law, 3, 1)
    forces = energy.forces(Y, Y.min(1), Y.max(1))
    pull, push, cost = forces.pull.copy(), forces.push.copy(), energy.cost(Y)
    order = np.random.default_rng(0).permutation(Y.shape[1])
    energy.reorder(order)
    Y = Y.take(order, 1)
    forces = energy.forces(Y, Y.min(1), Y.max(1))
    np.testing.assert_allclose(forces.pull, pull[:, order], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(forces.push, push[:, order], rtol=1e-4, atol=1e-4)
    assert energy.cost(Y) == pytest.approx(cost, rel=1e-6)


@recipes
def test_rows_in_one_place_have_no_force_and_a_finite_cost(name):
    near = Neighbours(np.array([[1], [0], [1]], np.int32), np.zeros((3, 1), np.float32))
    law, length = made(name, near)
    graph = spring_graph(near, length)
    energy = SpringEnergy(graph, law, 2, 1)
    Y = np.zeros((2, 3), np.float32)
    forces = energy.forces(Y, Y[:, 0], Y[:, 0])
    assert not forces.pull.any()
    assert np.abs(forces.push).max() < 1e-12
    assert np.isfinite(energy.cost(Y))


def test_rms_length():
    near = Neighbours(np.array([[1], [2], [0]], np.int32), np.ones((3, 1), np.float32))
    Y = np.array([[0, 3, 3], [0, 0, 4]], np.float32)
    assert rms_length(spring_graph(near, near.distance), Y) == pytest.approx(np.sqrt((9 + 16 + 25) / 3))
