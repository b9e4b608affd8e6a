"""One temperature for scores that are no logarithms of probabilities."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from snowdome.model.tempered import log_loss, softmax, temperature


def drawn(n, c, scale, seed=0):
    """Scores and classes that were drawn by the softmax of the scores / scale."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 3, (n, c)) * scale
    shares = softmax(scores / scale)
    y = (shares.cumsum(1) < rng.random((n, 1))).sum(1).clip(0, c - 1)
    return scores, y


@pytest.mark.parametrize("scale", [1e-3, 0.2, 1.0, 40.0, 1e5])
@pytest.mark.parametrize("classes", [2, 10])
def test_it_is_the_least_loss_that_an_independent_search_finds(scale, classes):
    scores, y = drawn(3000, classes, scale)
    found = temperature(scores, y)
    around = np.log(scale)
    best = minimize_scalar(
        lambda log: log_loss(scores / np.exp(log), y), bounds=(around - 2, around + 2), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    assert np.log(found) == pytest.approx(best.x, abs=1e-5)
    assert found == pytest.approx(scale, rel=0.15), "and about the one that the classes were drawn by"


def test_where_no_temperature_is_best_it_stays_within_its_bounds():
    y = np.arange(600) % 3
    right = np.eye(3)[y]
    for scores in (right, -right, np.zeros((600, 3)), np.full((600, 3), 1e6)):
        found = temperature(scores, y)
        assert 1e-5 < found / (scores.std() or 1.0) < 1e5
        assert np.isfinite(softmax(scores / found)).all()


def test_float32_scores_and_more_rows_than_it_looks_at_are_taken():
    scores, y = drawn(25_000, 10, 2.0)
    assert temperature(scores.astype(np.float32), y) == pytest.approx(2.0, rel=0.05)
