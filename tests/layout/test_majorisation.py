"""Majorisation: against scikit-learn's SMACOF, blocks against all pairs, and what happens at the edges."""

import hashlib

import numpy as np
import pytest

import snowdome
from snowdome.core.control import Control
from snowdome.layout import majorisation
from snowdome.layout.classical import classical_scaling
from snowdome.layout.methods import mds
from snowdome.layout.stress import Rows, Stress, all_distances, floor_of

BOTH = pytest.mark.parametrize("method", [snowdome.MDS, snowdome.Sammon])


def dense(X):
    X = np.asarray(X, np.float64)
    return np.sqrt(((X[:, None] - X[None]) ** 2).sum(2))


def raw_stress(X, Y):
    return float(((dense(X) - dense(Y)) ** 2).sum() / 2)


def sammon_stress(X, Y):
    delta, d = dense(X), dense(Y)
    some = delta > 0
    return float(((delta - d)[some] ** 2 / delta[some]).sum() / delta.sum())


def digest(Y):
    return hashlib.sha256(Y.tobytes()).hexdigest()


@pytest.mark.parametrize("dims", [2, 3])
def test_stress_is_not_above_that_of_scikit_learn(digits, dims):
    """T9: where the peer ends after 300 iterations, + 0.5 %."""
    from sklearn.manifold import smacof

    X = digits.X[:300]
    _, peer = smacof(
        dense(X), n_components=dims, n_init=1, max_iter=300, random_state=0, normalized_stress=False, eps=1e-9
    )
    ours = snowdome.MDS(n_components=dims, random_state=0).fit(X)
    assert ours.cost_ <= 1.005 * peer
    assert ours.cost_ == pytest.approx(raw_stress(X, ours.embedding_), rel=1e-4)


def test_cost_is_the_sammon_stress(digits):
    X = digits.X[:300]
    ours = snowdome.Sammon(random_state=0).fit(X)
    assert ours.cost_ == pytest.approx(sammon_stress(X, ours.embedding_), rel=1e-4)
    assert ours.cost_ < sammon_stress(X, snowdome.MDS(random_state=0).fit_transform(X))


def test_what_fits_in_the_plane_is_found_exactly():
    X = np.random.default_rng(0).normal(size=(80, 2)) @ np.random.default_rng(1).normal(size=(2, 7))
    assert snowdome.MDS(random_state=0, steps=300).fit(X).cost_ < 1e-5 * (dense(X) ** 2).sum()


@BOTH
def test_momentum_comes_further_than_plain_steps(digits, method):
    X = digits.X[:500]
    D = all_distances(Rows(X)[:])
    stress = Stress(D, inverse=method.inverse, floor=floor_of(D))
    Y = start = classical_scaling(D, 2, 0)
    pull = np.empty_like(Y)
    for _ in range(300):
        plain = stress.pull(Y, pull)
        Y = Y + pull / stress.mass
    *_, last = majorisation.majorise(stress, start, 60, 1.0, Control())
    assert stress.pull(np.ascontiguousarray(last.Y.T), pull) < plain * 1.001


@BOTH
@pytest.mark.parametrize("dims", [2, 3])
def test_blocks_end_near_all_pairs(digits, monkeypatch, method, dims):
    """T10: within 2 % of the optimum; here with 8 blocks of 225 rows, which is noisier than blocks of 1,024."""
    full = method(n_components=dims, random_state=0, steps=300).fit(digits.X).cost_
    monkeypatch.setattr(mds, "FULL", 1000)
    monkeypatch.setattr(majorisation, "BLOCK", 256)
    layout = method(n_components=dims, random_state=0, steps=20).fit(digits.X)
    assert layout.cost_ <= 1.02 * full
    assert "random rows" in layout.notes_[0]


@BOTH
def test_one_block_is_all_pairs(digits, monkeypatch, method):
    X = digits.X[:300]
    full = method(random_state=0, steps=300).fit(X).cost_
    monkeypatch.setattr(mds, "FULL", 100)
    assert method(random_state=0, steps=60).fit(X).cost_ == pytest.approx(full, rel=3e-3)


@BOTH
def test_blocks_give_the_same_bits_for_any_number_of_threads(digits, monkeypatch, method):
    """J-11."""
    monkeypatch.setattr(mds, "FULL", 100)
    monkeypatch.setattr(majorisation, "BLOCK", 100)
    maps = [method(random_state=3, n_jobs=jobs, steps=2).fit_transform(digits.X[:1500]) for jobs in (1, 2, 3)]
    assert len({digest(Y) for Y in maps}) == 1
    assert digest(method(random_state=4, steps=2).fit_transform(digits.X[:1500])) != digest(maps[0])


def test_blocks_stream_fall_and_stop(digits, monkeypatch):
    monkeypatch.setattr(mds, "FULL", 100)
    monkeypatch.setattr(majorisation, "BLOCK", 64)
    frames = list(snowdome.MDS(random_state=0, steps=4).frames(digits.X))
    assert [frame.step for frame in frames] == list(range(len(frames)))
    assert frames[-1].steps == len(frames) - 1 == 4 * 4
    assert all(frame.cost_step == frame.step for frame in frames)
    assert frames[-1].cost < 0.9 * frames[0].cost

    class Impatient(Control):
        def between_steps(self):
            self.stopping = True

    assert [f.done for f in snowdome.MDS(random_state=0).frames(digits.X, Impatient())] == [False, True]


@BOTH
@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize(
    "X",
    [
        np.ones((1, 4)), np.arange(8.0).reshape(2, 4), np.eye(3), np.full((30, 5), 7, np.uint8),
        np.repeat(np.eye(4), 20, axis=0), np.arange(20.0)[:, None], 1e15 * np.eye(6), 1e-30 * np.eye(6),
    ],
)  # fmt: skip
def test_few_equal_tiny_and_huge_rows_stay_finite(method, dims, X):
    layout = method(n_components=dims, random_state=0)
    Y = layout.fit_transform(X)
    assert Y.shape == (len(X), dims)
    assert np.isfinite(Y).all()
    assert np.isfinite(layout.cost_)
    if len(X) <= 3:
        assert np.allclose(dense(Y), dense(X), atol=1e-3)


@BOTH
def test_equal_rows_end_at_one_place(method):
    X = np.repeat(np.eye(4), 20, axis=0)
    Y = method(random_state=0, n_components=3, steps=300).fit_transform(X)
    apart = dense(Y)
    same = dense(X) == 0
    assert apart[same].max() < 0.05 * apart[~same].min()


@BOTH
def test_new_rows_go_where_their_stress_is_least(digits, method):
    """Their distances are kept about as well as those of the rows of the fit."""
    layout = method(random_state=0).fit(digits.X[:600])
    new = digits.X[600:700]
    placed = layout.transform(new)
    assert (layout.transform(digits.X[:50]) == layout.embedding_[:50]).all()
    together = np.concatenate([layout.embedding_, placed])
    delta, d = dense(digits.X[:700])[600:, :600], dense(together)[600:, :600]
    own, theirs = dense(digits.X[:600]), dense(layout.embedding_)
    kept = ((own - theirs) ** 2).sum() / (own**2).sum()
    assert ((delta - d) ** 2).sum() / (delta**2).sum() < 1.1 * kept
