"""The mathematics of every layout: its forces are the gradient of its cost, and its quick sums are the exact ones.

What a method goes down is caught where it goes down it: in the loop of all that descend, or in the stress of those that
majorise. So a new member of the kind is tested here without a word about it.
"""

import numpy as np
import pytest

from snowdome.layout import optimiser
from snowdome.layout.base import Layout, layouts
from snowdome.layout.repulsion import GridRepulsion
from snowdome.layout.stress import Stress
from snowdome.layout.tree import STUDENT, ExactRepulsion, TreeRepulsion
from tests.contract.layouts import pytest_generate_tests, short  # noqa: F401 - pytest asks for one

FEW, MANY = 300, 3000  # rows whose pairs are all summed, and rows whose are not
ROUNDING = 5e-4  # of a force, in float32


@pytest.fixture
def caught(monkeypatch, digits):
    """A function that runs a method on n rows and gives the energies that it went down, and its map (dims, n)."""

    def caught(method, dims, n, **chosen):
        found = []
        begin, begin_stress = optimiser._Descent.__init__, Stress.__init__

        def descent(self, energy, *rest):
            found.append(energy)
            begin(self, energy, *rest)

        def stress(self, *given, **named):
            found.append(self)
            begin_stress(self, *given, **named)

        monkeypatch.setattr(optimiser._Descent, "__init__", descent)
        monkeypatch.setattr(Stress, "__init__", stress)
        more = np.random.default_rng(0).integers(0, 3, (n, 64)) if n > len(digits.X) else 0
        X = np.resize(digits.X, (n, 64)) + more  # the same digits again, a little noisier
        layout = short(method, n_components=dims, **chosen)
        Y = np.ascontiguousarray(layout.fit_transform(X.astype(np.float32)).T)
        monkeypatch.undo()
        return found, Y

    return caught


def gradient_and_cost(energy):
    """Two functions of Y (d, n): the gradient, up to one factor for all of it, and the cost."""
    if isinstance(energy, Stress):

        def gradient(Y):
            pull = np.empty_like(Y)
            energy.pull(Y, pull)
            return -pull.astype(np.float64)

        return gradient, lambda Y: energy.pull(Y, np.empty_like(Y))

    def forces(Y):
        found = energy.forces(Y, Y.min(1), Y.max(1))
        return found.pull.astype(np.float64) + found.push_by * found.push.astype(np.float64)

    def cost(Y):
        forces(Y)
        return energy.cost(Y)

    return forces, cost


def has_cost(method):
    return bool(layouts.member(method, Layout).cost_name)


def test_goes_down_what_it_calls_its_cost(method, dims, caught):
    """A method without a cost has nothing to go down: its map is computed at once."""
    assert bool(caught(method, dims, FEW)[0]) == has_cost(method)


def test_gradient_is_that_of_finite_differences(method, dims, caught):
    """Along the gradient's own parts: of each dimension and of every third row. One factor holds for all of them."""
    energies, Y = caught(method, dims, FEW)
    rng = np.random.default_rng(1)
    for energy in energies:
        gradient, cost = gradient_and_cost(energy)
        Y = (Y + 0.1 * Y.std() * rng.normal(size=Y.shape)).astype(np.float32)  # where it is not at rest
        slope = gradient(Y)
        factors = []
        for part in range(3 * dims):
            along = np.zeros_like(slope)
            along[part % dims, part // dims :: 3] = slope[part % dims, part // dims :: 3]
            length = np.sqrt((along**2).sum())
            step = 3e-3 * np.sqrt((Y.astype(float) ** 2).sum()) * along / length
            there, back = (Y + step).astype(np.float32), (Y - step).astype(np.float32)
            moved = there.astype(float) - back  # what is left of the step in float32
            factors.append((cost(there) - cost(back)) / (slope * moved).sum())
        assert min(factors) > 0
        assert np.ptp(factors) < 0.01 * np.mean(factors), factors


def test_sums_over_all_pairs_are_exact_where_rows_are_few(method, dims, caught):
    for energy in caught(method, dims, FEW)[0]:
        repulsion = getattr(energy, "_repulsion", None)
        assert not isinstance(repulsion, GridRepulsion | TreeRepulsion)


def test_sums_by_grid_and_tree_are_near_the_exact_ones_and_tend_to_them(method, dims, caught):
    """At 3,000 rows they are taken: within 2 % of the force, and nearer where cells are smaller."""
    if not has_cost(method):
        return
    energies, Y = caught(method, dims, MANY)
    Y = Y * np.float32(10 / Y.std())  # as wide as a map that is done: in a small one every sum is easy
    for energy in energies:
        repulsion = getattr(energy, "_repulsion", None)
        if repulsion is None:  # a stress, or all pairs by their definition: nothing is approximated
            continue
        law = getattr(repulsion, "law", STUDENT)
        exact, total = pushed(ExactRepulsion(law, MANY, 1), Y)
        finer = (
            GridRepulsion(MANY, 1, repulsion._coarsest / 3)
            if isinstance(repulsion, GridRepulsion)
            else TreeRepulsion(law, MANY, 1, repulsion._opening / 3, 1)
        )
        errors = []
        for approximate in (repulsion, finer):
            push, sum_of_all = pushed(approximate, Y)
            errors.append(np.sqrt(((push - exact) ** 2).sum() / (exact**2).sum()))
            assert sum_of_all == pytest.approx(total, rel=2e-3)
        assert errors[0] < 0.02
        assert errors[1] < max(0.3 * errors[0], ROUNDING), errors


def pushed(repulsion, Y):
    """The push (d, n) in float64, and the sum of the law over all pairs."""
    push = np.empty_like(Y)
    total = repulsion(Y, Y.min(1), Y.max(1), push)
    return push.astype(np.float64), repulsion.total(Y) if hasattr(repulsion, "total") else total
