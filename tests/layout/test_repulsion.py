"""The grid's force and sum against all pairs, and all pairs against the definition."""

import numpy as np
import pytest

from snowdome.layout.quality import exact_repulsion
from snowdome.layout.repulsion import COARSEST, AllPairs, GridRepulsion, coarsest_cell


def cloud(n, size, seed=0):
    """Clusters and stragglers within a box of about `size`, (2, n)."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-0.45, 0.45, (12, 2))
    places = centres[rng.integers(0, 12, n)] + 0.04 * rng.normal(size=(n, 2))
    places[: n // 10] = rng.uniform(-0.5, 0.5, (n // 10, 2))
    return np.ascontiguousarray((size * places).T, np.float32)


def by_grid(Y, threads=1, grid=None):
    push = np.empty_like(Y)
    total = (grid or GridRepulsion(Y.shape[1], threads))(Y, Y.min(1), Y.max(1), push)
    return push, total


@pytest.mark.parametrize(("n", "size"), [(3000, 1e-3), (3000, 1.0), (3000, 8.0), (3000, 30.0), (20000, 120.0)])
def test_force_error_is_below_one_and_a_half_percent(n, size):
    Y = cloud(n, size)
    push, total = by_grid(Y)
    exact, z = exact_repulsion(Y.T)
    error = np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum())
    assert error < (0.015 if size > 0.1 else 0.05)
    assert total == pytest.approx(z, rel=2e-4)


def test_cells_widen_with_the_fourth_root_of_n_beyond_a_quarter_of_a_million():
    sizes = (100, 250_000, 1_000_000, 4_000_000, 50_000_000)
    assert [round(coarsest_cell(n), 3) for n in sizes] == [0.35, 0.35, 0.495, 0.7, 0.7]


@pytest.mark.parametrize(("n", "bound"), [(1_000_000, 0.04), (4_000_000, 0.1)])
def test_force_error_in_the_wide_cells_of_a_large_map(n, bound):
    Y = cloud(20000, 120.0)
    push, total = by_grid(Y, grid=GridRepulsion(20000, 1, coarsest_cell(n)))
    exact, z = exact_repulsion(Y.T)
    assert np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum()) < bound
    assert total == pytest.approx(z, rel=1e-2)


def test_force_error_on_the_map_of_mnist(mnist_map):
    Y = np.ascontiguousarray(mnist_map.T)
    grid = GridRepulsion(Y.shape[1], 2)
    push, total = by_grid(Y, grid=grid)
    exact, z = exact_repulsion(mnist_map, threads=2)
    assert grid._cell == pytest.approx(COARSEST)
    assert np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum()) < 0.015
    assert total == pytest.approx(z, rel=1e-3)


def test_same_bits_for_one_and_two_threads_and_for_a_grid_used_before():
    Y = cloud(5000, 60.0)
    one, z_one = by_grid(Y, threads=1)
    two, z_two = by_grid(Y, threads=2)
    assert one.tobytes() == two.tobytes()
    assert z_one == z_two
    used = GridRepulsion(5000, 1)
    by_grid(cloud(5000, 60.0, seed=1), grid=used)
    np.testing.assert_allclose(by_grid(Y, grid=used)[0], one, atol=1e-2 * np.abs(one).max())


def test_two_points_push_each_other_along_their_line():
    Y = np.array([[0.0, 3.0], [0.0, 4.0]], np.float32)
    push, total = by_grid(Y)
    away = np.array([3 / 26**2, 4 / 26**2])  # the gradient of the energy points towards the other
    assert np.abs(push[:, 1] + away).max() < 1e-3  # a point's own charge, which all pairs leave out, moves it a little
    assert np.abs(push[:, 0] - away).max() < 1e-3
    assert total == pytest.approx(2 / 26, rel=0.01)


def test_an_outlier_far_away_changes_nothing_else():
    Y = cloud(2000, 20.0)
    Y[:, 0] = 90.0
    exact, _ = exact_repulsion(Y.T)
    push, _ = by_grid(Y)
    assert np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum()) < 0.015


def test_all_pairs_are_the_definition():
    Y = cloud(200, 10.0)
    push = np.empty_like(Y)
    total = AllPairs(200, 2)(Y, Y.min(1), Y.max(1), push)
    apart = Y[:, :, None].astype(float) - Y[:, None, :]
    q = 1 / (1 + (apart**2).sum(0))
    np.testing.assert_allclose(push, -(q**2 * apart).sum(2), rtol=1e-4, atol=1e-5)
    assert total == pytest.approx(q.sum() - 200, rel=1e-6)
