"""Energies of all pairs, and SNE: gradients against finite differences, costs against their definitions."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

import snowdome
from snowdome.core.control import Control
from snowdome.layout import olah
from snowdome.layout.measures import sample
from snowdome.layout.methods import sne
from snowdome.layout.pairs import GaussianEnergy, StressEnergy
from snowdome.layout.stress import all_distances

N = 60


def squares(Y):
    return ((Y[:, :, None] - Y[:, None, :]) ** 2).sum(0)


def divergence(affinity, symmetric):
    """SNE's cost as its papers have it, in float64."""

    def cost(Y):
        q = np.exp(-squares(Y))
        np.fill_diagonal(q, 0)
        if symmetric:
            P, Q = (affinity + affinity.T) / (2 * N), q / q.sum()
        else:
            P, Q = affinity / N, q / q.sum(1, keepdims=True) / N
        some = P > 0
        return float((P[some] * np.log(P[some] / Q[some])).sum())

    return cost


def stress(distances, inverse):
    def cost(Y):
        off = ~np.eye(N, dtype=bool)
        w = 1 / distances[off] if inverse else 1.0
        return float((w * (distances[off] - np.sqrt(squares(Y)[off])) ** 2).sum())

    return cost


def affinity():
    p = np.random.default_rng(0).random((N, N)) ** 4
    np.fill_diagonal(p, 0)
    return (p / p.sum(1, keepdims=True)).astype(np.float32)


def deltas():
    return all_distances(np.random.default_rng(1).normal(size=(N, 8)).astype(np.float32))


CASES = {
    "SNE": (lambda: GaussianEnergy(affinity(), symmetric=False, threads=1), lambda: divergence(affinity(), False), N),
    "whole SNE": (lambda: GaussianEnergy(affinity(), symmetric=True, threads=2), lambda: divergence(affinity(), 1), N),
    "stress": (lambda: StressEnergy(deltas(), inverse=False, threads=1), lambda: stress(deltas(), False), 1),
    "Sammon": (lambda: StressEnergy(deltas(), inverse=True, threads=2), lambda: stress(deltas(), True), 1),
}  # fmt: skip


@pytest.fixture(params=[2, 3])
def places(request):
    return np.random.default_rng(7).normal(size=(request.param, N)).astype(np.float32)


@pytest.mark.parametrize("name", CASES)
def test_cost_and_gradient_are_those_of_the_definition(name, places):
    make, define, factor = CASES[name]
    energy, cost = make(), define()
    forces = energy.forces(places, places.min(1), places.max(1))
    assert energy.cost(places) == pytest.approx(cost(places.astype(np.float64)), rel=1e-5)
    ours = (forces.pull + forces.push_by * forces.push) / factor
    numeric, h = np.zeros((len(places), N)), 1e-5
    for c in range(len(places)):
        for i in range(N):
            for sign in (1, -1):
                moved = places.astype(np.float64)
                moved[c, i] += sign * h
                numeric[c, i] += sign * cost(moved) / (2 * h)
    assert np.abs(ours - numeric).max() < 2e-4 * np.abs(numeric).max()


@pytest.mark.parametrize("name", CASES)
def test_another_order_of_the_rows_gives_the_same_forces(name, places):
    energy, order = CASES[name][0](), np.random.default_rng(3).permutation(N)
    before = energy.forces(places, places.min(1), places.max(1)).pull.copy()
    cost = energy.cost(places)
    energy.reorder(order)
    moved = np.ascontiguousarray(places[:, order])
    after = energy.forces(moved, places.min(1), places.max(1)).pull
    assert np.allclose(after, before[:, order], rtol=1e-4, atol=1e-4 * np.abs(before).max())
    assert energy.cost(moved) == pytest.approx(cost, rel=1e-5)


@pytest.mark.parametrize("symmetric", [False, True])
def test_points_far_apart_have_no_underflow(symmetric):
    places = np.zeros((2, N), np.float32)
    places[0] = 100.0 * np.arange(N)
    energy = GaussianEnergy(affinity(), symmetric=symmetric, threads=1)
    forces = energy.forces(places, places.min(1), places.max(1))
    assert np.isfinite(forces.pull).all()
    assert np.isfinite(energy.cost(places))


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("dims", [2, 3])
def test_sne_keeps_neighbours_and_its_cost_falls(digits, symmetric, dims):
    layout = snowdome.SNE(n_components=dims, random_state=0, symmetric=symmetric, steps=150)
    frames = list(layout.frames(digits.X[:400]))
    assert frames[-1].cost < 0.5 * frames[1].cost
    squared = squares(frames[-1].Y.T.astype(np.float64))
    np.fill_diagonal(squared, np.inf)
    labels = digits.y[:400]
    assert (labels[np.argsort(squared, 1)[:, :10]] == labels[:, None]).mean() > 0.75


@pytest.mark.parametrize("dims", [2, 3])
def test_sne_of_many_rows_lays_out_some_and_places_the_rest_among_them(dims, digits, monkeypatch):
    """They find their kind as well as those laid out do; who stops keeps the map; both say so."""
    monkeypatch.setattr(sne, "FULL", 400)
    layout = snowdome.SNE(n_components=dims, random_state=0, steps=150)
    frames = list(layout.frames(digits.X[:1200]))
    assert "400 random rows" in layout.notes_[0]
    assert all(frame.Y.shape == (1200, dims) for frame in frames)
    chosen = sample(1200, 400, 0, sne._STREAM)
    others = np.setdiff1d(np.arange(1200), chosen)
    Y, y = frames[-1].Y, digits.y[:1200]
    among = KNeighborsClassifier(10).fit(Y[chosen], y[chosen]).score(Y[others], y[others])
    half = KNeighborsClassifier(10).fit(Y[chosen[::2]], y[chosen[::2]]).score(Y[chosen[1::2]], y[chosen[1::2]])
    assert among > half - 0.05
    same = snowdome.SNE(n_components=dims, random_state=0, steps=150).fit(np.array(digits.X[:1200])[chosen])
    assert np.array_equal(same.embedding_, Y[chosen])

    class Late(Control):
        def report(self, stage, done, total):
            self.stopping = stage == "placing rows"

    stopped = list(snowdome.SNE(n_components=dims, random_state=0, steps=5).frames(digits.X[:1200], Late()))[-1]
    assert stopped.done
    assert np.isfinite(stopped.Y).all()


def test_stress_falls_by_the_rule_of_the_preset(digits):
    """The one loop runs the dense energies too."""
    X = 15 * digits.X[:200]
    frames = list(snowdome.Sammon(random_state=0, preset="olah").frames(X))
    assert frames[-1].step == olah.RUNS["sammon"][2].steps
    assert frames[-1].cost < 0.6 * frames[1].cost
