"""The attraction–repulsion spectrum."""

import numpy as np
import pytest

import snowdome
from snowdome.core.control import Control
from snowdome.layout.base import Phase
from snowdome.layout.methods.spectrum import Spectrum
from snowdome.layout.student import StudentEnergy
from snowdome.space.affinity import uniform_affinities
from snowdome.space.knn import nearest_neighbours


def last_of(frames):
    *_, last = frames
    return last


def gap_to_size(Y, y):
    """The mean distance of class centres over the mean size of a class."""
    centres = np.stack([Y[y == c].mean(0) for c in range(10)])
    size = np.mean([np.linalg.norm(Y[y == c] - centres[c], axis=1).mean() for c in range(10)])
    return np.linalg.norm(centres[:, None] - centres[None], axis=2).mean() / size


def test_more_attraction_makes_a_smaller_map_that_keeps_classes(digits):
    maps = {rho: Spectrum(exaggeration=rho, random_state=0, steps=250).fit_transform(digits.X) for rho in (1, 4, 30)}
    sizes = [np.ptp(Y, axis=0).max() for Y in maps.values()]
    assert sizes[0] > 1.5 * sizes[1] > 3 * sizes[2]
    assert all(gap_to_size(Y, digits.y) > 2 for Y in maps.values())


def test_the_forces_are_the_gradient_of_the_exaggerated_energy(digits):
    graph = uniform_affinities(nearest_neighbours(digits.X[:300].astype(np.float32), 15))
    n, rho = 300, 4.0
    places = np.ascontiguousarray(3 * np.random.default_rng(0).normal(size=(2, n)), np.float32)
    dense = np.zeros((n, n))
    dense[np.repeat(np.arange(n), np.diff(graph.indptr)), graph.indices] = graph.weight

    def energy(Y):
        q = 1 / (1 + ((Y[:, :, None] - Y[:, None]) ** 2).sum(0))
        return -rho * (dense * np.log(q)).sum() + np.log(q.sum() - n)

    forces = StudentEnergy(graph, 1).forces(places, places.min(1), places.max(1))
    ours = 4 * (rho * forces.pull + forces.push_by * forces.push)
    Y, h = places.astype(np.float64), 1e-4
    for c, i in ((0, 0), (1, 7), (0, 150), (1, 299)):
        up, down = Y.copy(), Y.copy()
        up[c, i] += h
        down[c, i] -= h
        numeric = (energy(up) - energy(down)) / (2 * h)
        assert ours[c, i] == pytest.approx(numeric, abs=0.01 * float(np.abs(ours).max()))


def test_exaggeration_one_is_tsne_on_the_same_graph(digits):
    X = digits.X[:600]
    by_name = Spectrum(exaggeration=1, random_state=0, early_steps=100, steps=200)
    Y = by_name.fit_transform(X)
    assert by_name.phases(600) == [Phase(100, 12.0, 0.5, 600.0), Phase(200, 1.0, 0.8, 600.0)]
    assert snowdome.Spectrum is Spectrum
    assert np.isfinite(Y).all()
    assert by_name.cost_ < 1.0


def test_the_first_phase_is_exaggerated_at_least_as_much_as_the_second():
    assert [phase.exaggeration for phase in Spectrum(exaggeration=50).phases(100)] == [50, 50]


def test_exaggeration_can_be_turned_while_it_runs(digits):
    """The end of a run that was turned from 4 to 1 is about the size of one at 1."""

    class Turned(Control):
        def __init__(self, rho):
            super().__init__()
            self.rho = rho

        def between_steps(self):
            self.steps_done = getattr(self, "steps_done", 0) + 1
            if self.steps_done == 300:
                self.exaggeration = self.rho

    X = digits.X[:800]
    sizes = {
        rho: np.ptp(last_of(Spectrum(random_state=0).frames(X, Turned(rho))).Y, axis=0).max() for rho in (None, 1.0)
    }
    at_one = np.ptp(Spectrum(exaggeration=1, random_state=0).fit_transform(X), axis=0).max()
    assert sizes[1.0] == pytest.approx(at_one, rel=0.15)
    assert sizes[None] < 0.7 * at_one


def test_early_stopping_saves_steps_and_says_so(digits):
    layout = Spectrum(random_state=0, tolerance=1e-4, steps=5000)
    Y = layout.fit_transform(digits.X[:800])
    assert layout.n_iter_ < 3000
    assert layout.notes_[-1].startswith(f"Phase 2 ended at step {layout.n_iter_}")
    whole = Spectrum(random_state=0, steps=5000)
    whole.fit(digits.X[:800])
    assert whole.notes_ == ()
    assert layout.cost_ == pytest.approx(whole.cost_, rel=0.01)
    assert np.isfinite(Y).all()


def test_few_rows_have_fewer_neighbours_and_it_is_told(digits):
    layout = Spectrum(random_state=0, early_steps=20, steps=20).fit(digits.X[:10])
    assert layout.notes_ == ("Each row has 9 others to be its neighbours, fewer than 15.",)
    layout.fit(digits.X[:300])
    assert layout.notes_ == ()


def test_three_dimensions(digits):
    """The same recipe with the repulsion by a tree."""
    Y = Spectrum(n_components=3, random_state=0, early_steps=100, steps=150).fit_transform(digits.X)
    assert Y.shape == (1797, 3)
    assert gap_to_size(Y, digits.y) > 2
    assert np.linalg.svd(Y - Y.mean(0), compute_uv=False)[2] > 0.2 * np.linalg.norm(Y - Y.mean(0)) / 3
