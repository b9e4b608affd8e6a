"""D10–D12, D6, E3: metrics by hand and by the library, from the documents' own numbers."""

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.model import evaluate
from snowdome.model.verdict import Verdict

# Ovchinnikov's table of the logistic regression on raw pixels.
PRECISION = (0.9561, 0.9534, 0.9029, 0.8909, 0.9186, 0.8865, 0.9316, 0.925, 0.8842, 0.8921)
RECALL = (0.9561, 0.9719, 0.8899, 0.8946, 0.9151, 0.8594, 0.9463, 0.9348, 0.8666, 0.9021)
F1 = (0.9561, 0.9626, 0.8964, 0.8928, 0.9168, 0.8728, 0.9389, 0.9298, 0.8753, 0.8971)


def verdict_of(given, predicted, proba=None, classes="abc"):
    k = len(classes)
    given, predicted = np.asarray(given), np.asarray(predicted)
    if proba is None:
        proba = np.full((len(given), k), 0.1, np.float32)
        proba[np.arange(len(given)), predicted] = 1 - 0.1 * (k - 1)
    return Verdict(np.asarray(proba, np.float32), predicted, given, tuple(classes), np.arange(len(given)) + 100)


def of_matrix(matrix):
    """A verdict with that confusion matrix."""
    matrix = np.asarray(matrix)
    given, predicted = (np.repeat(side.ravel(), matrix.ravel()) for side in np.indices(matrix.shape))
    return verdict_of(given, predicted, classes=tuple(map(str, range(len(matrix)))))


def test_worked_examples_of_the_article():
    """D12: TP 90 of 100 predicted and of 120 actual → .90, .75, .818; the medical table (50, 10, 5, 35)."""
    precision, recall, f1 = evaluate.scores_of_matrix(np.array([[90, 30], [10, 70]]))[0]
    assert (precision, recall, round(f1, 3)) == (0.9, 0.75, 0.818)
    medical = evaluate.scores_of_matrix(np.array([[50, 5], [10, 35]]))[0]
    np.testing.assert_allclose(medical, [50 / 60, 50 / 55, 2 * 50 / (2 * 50 + 10 + 5)])


def test_f1_of_the_printed_precision_and_recall():
    """D12: F1 = 2PR / (P + R) for all ten printed classes."""
    for precision, recall, f1 in zip(PRECISION, RECALL, F1, strict=True):
        assert abs(2 * precision * recall / (precision + recall) - f1) < 1e-4


def test_by_hand_equals_the_library():
    random = np.random.default_rng(0)
    verdict = verdict_of(random.integers(0, 3, 500), random.integers(0, 3, 500))
    table = evaluate.metrics(verdict)
    for name in ("precision", "recall", "f1"):
        np.testing.assert_allclose(table[name], table[f"{name}_library"], atol=1e-12)
    assert table["support"].sum() == 500
    confusion = evaluate.confusion(verdict)
    assert len(confusion) == 9
    assert confusion["count"].sum() == 500
    assert confusion["rate"].sum() == pytest.approx(3)


def test_classes_that_nothing_is_taken_for():
    """Division by zero is guarded: 0, not NaN."""
    table = evaluate.metrics(verdict_of([0, 0, 1], [0, 0, 0]))
    assert table["precision"].to_list() == [2 / 3, 0, 0]
    assert table["recall"].to_list() == [1, 0, 0]
    assert not table["f1"].is_nan().any()


def test_confused_pairs():
    pairs = evaluate.confused_pairs(of_matrix([[5, 2, 0], [3, 5, 1], [0, 0, 9]]), top=2)
    assert pairs.rows() == [("0", "1", 5), ("1", "2", 1)]


def test_intervals():
    """Wilson's, as R's prop.test(8, 10, correct=FALSE) and statsmodels give it."""
    assert evaluate.interval(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    low, high = evaluate.interval(9200, 10000)
    assert low < 0.92 < high
    assert high - low < 0.011
    assert evaluate.interval(0, 0) == (0, 1)
    assert evaluate.interval(10, 10)[1] == pytest.approx(1)


def test_calibration():
    """Of 1,000 rows said with 0.75, 750 are right: calibrated; said with 0.95, off by 0.2."""
    given = np.zeros(1000, int)
    predicted = (np.arange(1000) >= 750).astype(int)
    for confidence, error in ((0.75, 0.0), (0.95, 0.2)):
        proba = np.full((1000, 2), 1 - confidence)
        proba[np.arange(1000), predicted] = confidence
        verdict = verdict_of(given, predicted, proba, "ab")
        assert evaluate.calibration_error(verdict) == pytest.approx(error, abs=1e-6)
        (row,) = evaluate.calibration(verdict).rows(named=True)
        assert row["count"] == 1000
        assert row["accuracy"] == 0.75
        assert row["accuracy_low"] < 0.75 < row["accuracy_high"]


def test_thresholds():
    """D6: class 1 where the probability is at least the threshold."""
    proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7], [0.8, 0.2]])
    table = evaluate.thresholds(verdict_of([0, 1, 1, 1], [0, 0, 1, 0], proba, "ab"), "b", steps=11)
    rows = {row["threshold"]: row for row in table.rows(named=True)}
    assert (rows[0.5]["tp"], rows[0.5]["fp"], rows[0.5]["fn"], rows[0.5]["tn"]) == (2, 0, 1, 1)
    assert rows[0.0]["recall"] == 1
    assert rows[0.0]["precision"] == 0.75
    assert (rows[1.0]["tp"], rows[1.0]["f1"]) == (0, 0)
    assert table["recall"].is_sorted(descending=True)
    with pytest.raises(DataError, match="There is no class 'c'"):
        evaluate.thresholds(verdict_of([0], [0], classes="ab"), "c")


def test_misclassified_by_confidence():
    proba = [[0.6, 0.4, 0], [0.9, 0.1, 0], [0.2, 0.8, 0], [0.0, 0.3, 0.7]]
    verdict = verdict_of([1, 2, 1, 1], [0, 0, 1, 2], proba)
    table = evaluate.misclassified(verdict)
    assert table["row"].to_list() == [1, 3, 0]
    assert table["id"].to_list() == [101, 103, 100]
    assert table["given_label"].to_list() == ["c", "b", "b"]
    assert evaluate.misclassified(verdict, given="b", predicted="a")["row"].to_list() == [0]
    assert len(evaluate.misclassified(verdict_of([0], [0]))) == 0


def test_random_rows_are_seeded():
    """E comment 3."""
    verdict = verdict_of(np.arange(90) % 3, np.arange(90) % 3)
    drawn = evaluate.random_rows(verdict, 9, seed=4)
    assert drawn.equals(evaluate.random_rows(verdict, 9, seed=4))
    assert drawn["row"].n_unique() == 9
    assert not drawn.equals(evaluate.random_rows(verdict, 9, seed=5))


def test_probability_bars():
    verdict = verdict_of([0], [1], [[0.2, 0.5, 0.3]])
    assert evaluate.probability_bars(verdict, 0)["label"].to_list() == ["b", "c", "a"]
    with pytest.raises(OptionError, match="row got 1; allowed: 0 to 0"):
        evaluate.probability_bars(verdict, 1)
