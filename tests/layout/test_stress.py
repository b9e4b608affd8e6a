"""Stress and distances: against their definitions, in float64 and dense."""

import itertools

import numpy as np
import pytest

import snowdome
from snowdome.layout.classical import classical_scaling
from snowdome.layout.stress import Rows, Stress, all_distances, floor_of, place_against


def dense(X, Y=None):
    X = np.asarray(X, np.float64)
    Y = X if Y is None else np.asarray(Y, np.float64)
    return np.sqrt(((X[:, None] - Y[None]) ** 2).sum(2))


def definition(distances, Y, inverse, floor):
    """Σ w (δ - d)² over the pairs, as the papers have it. Y (d, n)."""
    delta = distances.astype(np.float64)
    w = 1 / np.maximum(delta, floor) if inverse else np.ones_like(delta)
    d = dense(Y.T)
    return float((w * (delta - d) ** 2)[np.triu_indices(len(delta), 1)].sum())


@pytest.fixture(scope="module")
def distances(digits):
    return all_distances(Rows(digits.X[:150])[:])


@pytest.fixture(params=[2, 3])
def places(request):
    return np.ascontiguousarray(np.random.default_rng(5).normal(size=(request.param, 150)), np.float32)


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64, np.int64, bool])
def test_distances_are_those_of_the_values(kind):
    X = np.random.default_rng(0).integers(0, 255, (1100, 20)).astype(kind)
    rows = Rows(X)
    found = all_distances(rows[:], 2) * rows.unit
    assert np.allclose(found, dense(X), atol=2e-3 * rows.unit / 255, rtol=1e-5)
    assert (found == found.T).all()
    assert not np.diag(found).any()


def test_rows_at_one_place_and_near_ones_keep_their_distance():
    """Products cancel; the differences themselves do not."""
    X = 1000 + np.random.default_rng(0).normal(size=(40, 30))
    X[1], X[2] = X[0], X[0] + 1e-4
    found = all_distances(Rows(X)[:]) * Rows(X).unit
    assert found[0, 1] == 0
    assert found[0, 2] == pytest.approx(1e-4 * np.sqrt(30), rel=1e-2)


@pytest.mark.parametrize("factor", [1e-30, 1e30])
def test_tiny_and_huge_values_stay_in_range(factor):
    X = np.random.default_rng(0).normal(size=(50, 4))
    rows = Rows(factor * X)
    assert np.allclose(all_distances(rows[:]).astype(np.float64) * rows.unit / factor, dense(X), rtol=1e-4)


@pytest.mark.parametrize("inverse", [False, True])
def test_stress_is_its_definition(distances, places, inverse):
    floor = floor_of(distances)
    stress = Stress(distances, inverse=inverse, floor=floor)
    assert stress.pull(places, np.empty_like(places)) == pytest.approx(
        definition(distances, places, inverse, floor), rel=1e-5
    )
    assert stress.worst == pytest.approx(definition(distances, 0 * places, inverse, floor), rel=1e-5)


@pytest.mark.parametrize("inverse", [False, True])
def test_pull_is_half_the_gradient_of_finite_differences(distances, places, inverse):
    floor = floor_of(distances)
    pull = np.empty_like(places)
    Stress(distances, inverse=inverse, floor=floor).pull(places, pull)
    Y, h = places.astype(np.float64), 1e-5
    numeric = np.zeros((len(Y), 10))
    for c in range(len(Y)):
        for i in range(10):
            for sign in (1, -1):
                moved = Y.copy()
                moved[c, i] += sign * h
                numeric[c, i] += sign * definition(distances, moved, inverse, floor) / (2 * h)
    assert np.abs(-2 * pull[:, :10] - numeric).max() < 1e-4 * np.abs(numeric).max()


@pytest.mark.parametrize("inverse", [False, True])
def test_a_guttman_step_never_raises_the_stress(distances, places, inverse):
    stress = Stress(distances, inverse=inverse, floor=floor_of(distances))
    pull, values, Y = np.empty_like(places), [], places
    for _ in range(40):
        values.append(stress.pull(Y, pull))
        Y = Y + pull / stress.mass
    assert all(after <= before * (1 + 1e-6) for before, after in itertools.pairwise(values))
    assert values[-1] < 0.8 * values[0]


@pytest.mark.parametrize("inverse", [False, True])
def test_best_scale_is_the_least_of_the_parabola(distances, places, inverse):
    stress = Stress(distances, inverse=inverse, floor=floor_of(distances))
    best = stress.best_scale(places)
    at = [stress.pull(np.float32(best * by) * places, np.empty_like(places)) for by in (0.99, 1, 1.01)]
    assert at[1] < min(at[0], at[2])
    assert stress.best_scale(0 * places) == 1.0


def test_rows_at_one_place_weigh_finitely():
    X = np.repeat(np.random.default_rng(0).normal(size=(4, 6)), 20, axis=0)
    D = all_distances(Rows(X)[:])
    stress = Stress(D, inverse=True, floor=floor_of(D))
    assert np.isfinite(stress.mass).all()
    assert floor_of(D) == pytest.approx(0.01 * D.sum() / (80 * 79))
    assert floor_of(np.zeros((3, 3), np.float32)) == 1.0


@pytest.mark.parametrize("dims", [2, 3])
def test_classical_scaling_of_euclidean_distances_is_the_components(digits, dims):
    from snowdome.space.pca import components

    X = digits.X[:500]
    rows = Rows(X)
    D = all_distances(rows[:])
    ours = classical_scaling(D, dims, 0).T * rows.unit
    exact = components(X, dims).scores
    turn = np.linalg.svd(ours.T @ exact)
    aligned = ours @ (turn[0] @ turn[2])
    assert np.abs(aligned - exact).max() < 0.05 * np.abs(exact).max()
    assert (classical_scaling(D, dims, 0, 2) == classical_scaling(D, dims, 0, 1)).all()


@pytest.mark.parametrize("weights", ["equal", "inverse"])
def test_places_against_landmarks_are_the_least_stress_of_each_row_by_itself(digits, weights):
    from scipy.optimize import minimize

    landmarks, new = digits.X[:200], digits.X[200:260]
    Y = snowdome.MDS(random_state=0).fit_transform(landmarks)
    placed = place_against(landmarks, Y, new, weights, threads=2)
    alone = np.concatenate([place_against(landmarks, Y, new[i : i + 1], weights) for i in range(60)])
    assert (placed == alone).all()
    delta = dense(new, landmarks)
    w = 1 / delta if weights == "inverse" else np.ones_like(delta)

    def stress(y, i):
        return float((w[i] * (delta[i] - np.sqrt(((y - Y) ** 2).sum(1))) ** 2).sum())

    for i in range(0, 60, 6):
        found = minimize(stress, placed[i], (i,), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6})
        assert stress(placed[i], i) <= found.fun * (1 + 1e-3)
