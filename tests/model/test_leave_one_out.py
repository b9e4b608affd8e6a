"""The model that judges each row by all others: exact, the same for any number of threads, blind to the row's label."""

from typing import Any

import numpy as np
import pytest

from snowdome.model import leave_one_out as module
from snowdome.model.leave_one_out import leave_one_out


@pytest.fixture
def few_features(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEATURES", 80)


def rows(n: int = 150, seed: int = 0) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    Z = random.normal(size=(n, 6)).astype(np.float32)
    return Z, (Z[:, 0] + 0.3 * random.normal(size=n) > 0).astype(np.int64) + (Z[:, 1] > 1)


def scores(Z: Any, y: Any, trains: Any, monkeypatch: pytest.MonkeyPatch, owner: Any = None) -> Any:
    """What the model says before it is made probabilities."""
    with monkeypatch.context() as patch:
        patch.setattr(module, "_probabilities", lambda scores, y, known: scores)
        return leave_one_out(Z, y, 3, trains=trains, owner=owner).proba


@pytest.mark.parametrize("copied", [False, True])
def test_as_if_fitted_without_the_row(few_features: None, monkeypatch: pytest.MonkeyPatch, copied: Any) -> None:
    """Beside n fits, each without one row (and its copy); the ridge, which is a share of the whole, held fixed."""
    Z, y = rows()
    owner = np.arange(len(Z))
    if copied:
        Z[9], owner[9] = Z[4], 4
    found = scores(Z, y, None, monkeypatch, owner)
    half = module.FEATURES // 2
    waves = module.normal(0, module._STREAM, 6, half).astype(np.float32)
    waves /= np.float32(module._WIDTH * module._median_distance(Z))
    F = np.concatenate([np.cos(Z @ waves), np.sin(Z @ waves)], 1).astype(np.float64)
    Y = np.eye(3)[y]
    ridge = module._RIDGE / np.sqrt(len(Z)) * np.square(F).sum() / F.shape[1]
    for row in [0, 4, 9, 77]:
        rest = owner != owner[row]
        # A free intercept is a column whose weight costs nothing.
        A = np.concatenate([F, np.ones((len(F), 1))], 1)
        cost = np.diag([ridge] * F.shape[1] + [0.0])
        weights = np.linalg.solve(A[rest].T @ A[rest] + cost, A[rest].T @ Y[rest])
        np.testing.assert_allclose(found[row], A[row] @ weights, atol=2e-3)


def test_the_label_of_a_row_has_no_say_in_its_judgement(few_features: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Z, y = rows()
    before = scores(Z, y, None, monkeypatch)
    for row in (3, 50):
        other = y.copy()
        other[row] = (y[row] + 1) % 3
        np.testing.assert_allclose(scores(Z, other, None, monkeypatch)[row], before[row], atol=1e-4)


def test_rows_that_do_not_train_are_judged(few_features: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Z, y = rows()
    trains = np.ones(len(Z), bool)
    trains[[5, 6]] = False
    other = y.copy()
    other[[5, 6]] = 2 - other[[5, 6]]
    np.testing.assert_array_equal(scores(Z, y, trains, monkeypatch), scores(Z, other, trains, monkeypatch))


def test_same_bits_for_any_number_of_threads(few_features: None) -> None:
    """J-11."""
    Z, y = rows(5000)
    one, two = (leave_one_out(Z, y, 3, threads=threads) for threads in (1, 2))
    np.testing.assert_array_equal(one.proba, two.proba)
    np.testing.assert_array_equal(one.leverage, two.leverage)


def test_probabilities(few_features: None) -> None:
    Z, y = rows(2000)
    judged = leave_one_out(Z, y, 3)
    np.testing.assert_allclose(judged.proba.sum(1), 1, atol=1e-5)
    assert (judged.proba.argmax(1) == y).mean() > 0.85
    own = judged.proba[np.arange(2000), y]
    assert abs(float(own.mean()) - float((judged.proba.argmax(1) == y).mean())) < 0.1, "confident where it is right"


@pytest.mark.parametrize("n", [2, 3])
def test_few_rows(few_features: None, n: int) -> None:
    Z, y = rows(n)
    assert np.isfinite(leave_one_out(Z, y, 3).proba).all()
    assert np.isfinite(leave_one_out(np.zeros((n, 6), np.float32), np.zeros(n, np.int64), 1).proba).all()
