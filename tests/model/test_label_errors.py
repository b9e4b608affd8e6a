"""Habits of whoever gave the labels are told from chance and from classes that look alike."""

import numpy as np
import pytest

from snowdome.model.label_errors import habits, label_quality

CLASSES, N = 4, 20_000


@pytest.fixture
def sure():
    """The truth, and probabilities that are sure of it, more or less."""
    random = np.random.default_rng(0)
    truth = random.integers(0, CLASSES, N)
    proba = random.random((N, CLASSES)) * 0.1
    proba[np.arange(N), truth] += 1
    return truth, proba / proba.sum(1, keepdims=True)


def test_a_class_that_is_taken_for_another_is_a_habit(sure):
    truth, proba = sure
    given = np.where((truth == 1) & (np.random.default_rng(1).random(N) < 0.05), 3, truth)
    times = habits(proba, given)
    assert times[1, 3] > 10
    assert (np.delete(times.ravel(), 1 * CLASSES + 3) == 1).all()
    before, after = (label_quality(proba, given, each) for each in (np.ones_like(times), times))
    assert (after[(given == 3) & (truth == 1)] < before[(given == 3) & (truth == 1)]).all()
    np.testing.assert_array_equal(before[given != 3], after[given != 3])


def test_chance_is_no_habit(sure):
    truth, proba = sure
    random = np.random.default_rng(1)
    given = np.where(random.random(N) < 0.03, (truth + random.integers(1, CLASSES, N)) % CLASSES, truth)
    np.testing.assert_array_equal(habits(proba, given), np.ones((CLASSES, CLASSES)))


def test_classes_that_look_alike_are_no_habit(sure):
    truth, proba = sure
    random = np.random.default_rng(1)
    alike = (truth < 2) & (random.random(N) < 0.4)  # of these nobody knows which of the two they are
    proba = proba.copy()
    proba[alike] = [0.49, 0.49, 0.01, 0.01]
    proba[alike, 0] += random.normal(0, 0.01, int(alike.sum()))
    given = np.where(alike, random.integers(0, 2, N), truth)
    assert (habits(proba, given) == 1).all()


def test_few_rows_show_no_habit(sure):
    truth, proba = sure
    given = truth[:40].copy()
    mine = np.flatnonzero(given == 1)
    given[mine[proba[mine, 1].argmax()]] = 3  # the surest of all
    assert (habits(proba[:40], given) == 1).all()


def test_without_habits_quality_is_the_probability_of_the_label(sure):
    _, proba = sure
    given = np.random.default_rng(2).integers(0, CLASSES, N)
    got = label_quality(proba, given, np.ones((CLASSES, CLASSES)))
    np.testing.assert_allclose(got, proba[np.arange(N), given], rtol=1e-6)
