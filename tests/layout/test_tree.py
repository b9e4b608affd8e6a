"""The tree's force and sum against all pairs, and all pairs against the definition, for each law."""

import numpy as np
import pytest

from snowdome.layout.tree import STUDENT, ExactRepulsion, Law, TreeRepulsion, radial_repulsion

LAWS = [STUDENT, Law("logarithm", 1e-4), Law("inverse", 1e-4)]
named = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
flat_or_not = pytest.mark.parametrize("dims", [2, 3])


def cloud(n, dims, size, seed=0):
    """Clusters and stragglers within a box of about `size`, (dims, n)."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-0.45, 0.45, (12, dims))
    places = centres[rng.integers(0, 12, n)] + 0.04 * rng.normal(size=(n, dims))
    places[: n // 10] = rng.uniform(-0.5, 0.5, (n // 10, dims))
    return np.ascontiguousarray((size * places).T, np.float32)


def ask(repulsion, Y):
    push = np.full_like(Y, np.nan)
    repulsion(Y, Y.min(1), Y.max(1), push)
    return push, repulsion.total(Y)


def by_all_pairs(law, Y, threads=1):
    return ask(ExactRepulsion(law, Y.shape[1], threads), Y)


def by_definition(law, Y):
    """½ ∇ Σ_j φ(r_ij) and Σ φ over ordered pairs, in float64."""
    apart = Y[:, :, None].astype(float) - Y[:, None, :]
    s = (apart**2).sum(0) + law.softening
    value, slope = {
        "student": (1 / s, -2 / s**2),
        "logarithm": (-0.5 * np.log(s), -1 / s),
        "inverse": (s**-0.5, -(s**-1.5)),
    }[law.name]
    np.fill_diagonal(value, 0)
    return 0.5 * (slope * apart).sum(2), value.sum()


def error(push, exact):
    return np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum())


@named
@flat_or_not
def test_all_pairs_are_the_definition(law, dims):
    Y = cloud(150, dims, 10.0)
    push, total = by_all_pairs(law, Y, threads=2)
    wanted, sum_wanted = by_definition(law, Y)
    assert np.abs(push - wanted).max() < 1e-5 * np.abs(wanted).max()
    assert total == pytest.approx(sum_wanted, rel=1e-5)


@named
@flat_or_not
@pytest.mark.parametrize("size", [1e-3, 1.0, 60.0])
def test_force_error_is_below_one_percent(law, dims, size):
    """What `radial_repulsion` chooses for 5,000 points; a map of 1e-3 is smaller than the softening."""
    Y = cloud(5000, dims, size)
    push, total = ask(radial_repulsion(law, 5000, 1), Y)
    exact, sum_exact = by_all_pairs(law, Y)
    assert error(push, exact) < 0.01
    assert total == pytest.approx(sum_exact, rel=1e-3)


def test_force_error_for_many_points_and_a_tree_kept_for_two_steps_is_below_two_percent():
    """RMS at 30,000 points that moved since the tree was made as far as a late step of t-SNE moves them."""
    Y = cloud(30000, 3, 60.0)
    moved = Y + 0.05 * np.random.default_rng(1).normal(size=Y.shape).astype(np.float32)
    for law in LAWS:
        repulsion = radial_repulsion(law, 30000, 2)
        ask(repulsion, Y)
        push, _ = ask(repulsion, moved)
        assert error(push, by_all_pairs(law, moved, 2)[0]) < 0.02


@named
def test_smaller_openings_tend_to_all_pairs(law):
    Y = cloud(4000, 3, 20.0)
    exact, sum_exact = by_all_pairs(law, Y)
    errors = []
    for opening in (0.8, 0.4, 0.2, 0.0):
        push, total = ask(TreeRepulsion(law, 4000, 1, opening, 1), Y)
        errors.append(error(push, exact))
    assert errors[0] > errors[1] > errors[2] > errors[3]
    assert errors[3] < 2e-6
    assert total == pytest.approx(sum_exact, rel=1e-5)


@named
def test_same_bits_for_one_and_two_threads(law):
    Y = cloud(6000, 3, 30.0)
    answers = [ask(TreeRepulsion(law, 6000, threads, 0.5, 1), Y) for threads in (1, 2)]
    assert answers[0][0].tobytes() == answers[1][0].tobytes()
    assert answers[0][1] == answers[1][1]


@named
@flat_or_not
def test_outliers_far_away_change_nothing_else(law, dims):
    """A cell with an outlier is as large as its farthest corner makes it, not as its rms distance."""
    Y = cloud(4000, dims, 20.0)
    Y[:, 0], Y[:, 1] = 1e4, -3e3
    push, _ = ask(radial_repulsion(law, 4000, 1), Y)
    exact, _ = by_all_pairs(law, Y)
    assert error(push, exact) < 0.01
    assert error(push[:, :2], exact[:, :2]) < 0.01


@named
@flat_or_not
def test_equal_points_do_not_push_each_other_and_take_no_time(law, dims):
    """All in one place, in one cell that cannot be cut."""
    Y = np.full((dims, 50000), 0.1, np.float32)
    push, total = ask(TreeRepulsion(law, 50000, 1, 0.5, 1), Y)
    assert not push.any()
    itself = {"student": 1 / law.softening, "logarithm": -0.5 * np.log(law.softening), "inverse": law.softening**-0.5}
    assert total == pytest.approx(50000.0 * 49999 * itself[law.name], rel=1e-4)


def test_half_the_points_twice():
    Y = np.tile(cloud(3000, 3, 10.0), 2)
    for law in LAWS:
        push, _ = ask(radial_repulsion(law, 6000, 1), Y)
        assert error(push, by_all_pairs(law, Y)[0]) < 0.01
        assert np.abs(push[:, :3000] - push[:, 3000:]).max() < 0.02 * np.abs(push).max()


@named
@pytest.mark.parametrize("n", [1, 2, 3, 33])
def test_few_points(law, n):
    Y = cloud(n, 3, 5.0, seed=3)
    push, total = ask(TreeRepulsion(law, n, 2, 0.5, 1), Y)
    exact, sum_exact = by_definition(law, Y)
    assert np.abs(push - exact).max() <= 1e-5 * max(np.abs(exact).max(), 1e-30)
    assert total == pytest.approx(sum_exact, rel=1e-4, abs=2e-4)


def test_cells_hold_their_points_and_groups_all_of_them():
    from snowdome.layout import kernels_tree as kernels

    Y = cloud(3000, 3, 7.0)
    code, order = np.empty(3000, np.uint64), np.empty(3000, np.uint32)
    kernels.curve_codes(Y, Y.min(1), np.float32(2097151 / np.ptp(Y, axis=1).max()), code)
    unsorted = code.copy()
    kernels.sort_codes(code, order)
    np.testing.assert_array_equal(order, np.argsort(unsorted, kind="stable"))
    np.testing.assert_array_equal(code, unsorted[order])
    node, group = np.empty((6000, 4), np.uint32), np.empty((3000, 3), np.uint32)
    cells, groups = kernels.build(code, 32, node), kernels.groups(node, 128, group)
    for begin, end, first, children in node[:cells].astype(int):
        if children:
            parts = node[first : first + children].astype(int)
            assert (parts[0, 0], parts[-1, 1]) == (begin, end)
            assert (parts[1:, 0] == parts[:-1, 1]).all()
            assert (parts[:, 1] > parts[:, 0]).all()
        else:
            assert end - begin <= 32
    pieces = group[:groups].astype(int)
    assert (pieces[0, 1], pieces[-1, 2]) == (0, 3000)
    assert (pieces[1:, 1] == pieces[:-1, 2]).all()
    assert (pieces[:, 2] - pieces[:, 1] <= 128).all()
