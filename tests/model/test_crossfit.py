"""Folds that no copy of a row is split over, and verdicts that say what they were computed on."""

import dataclasses

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import OptionError
from snowdome.model.crossfit import cross_fit, fold_of
from snowdome.space.equal import equal_rows
from tests.model.conftest import blobs, small_digits


def test_folds_are_stratified_even_and_the_same_for_a_seed():
    data = small_digits()[0]
    folds = fold_of(data, 5, seed=3)
    np.testing.assert_array_equal(folds, fold_of(data, 5, seed=3))
    assert (folds != fold_of(data, 5, seed=4)).any()
    for code in range(10):
        counts = np.bincount(folds[np.asarray(data.y) == code], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_copies_of_a_row_are_in_one_fold_whatever_their_labels():
    """A row judged by a model that has seen its copy would be judged by its own label."""
    data = small_digits()[0][:100]
    rows = np.concatenate([np.arange(100), np.arange(40), np.arange(20)])
    doubled = data.take(rows)
    doubled = dataclasses.replace(doubled, y=(np.asarray(doubled.y) + (np.arange(160) >= 100)) % 10)
    folds = fold_of(doubled, 4)
    np.testing.assert_array_equal(folds, folds[:100][rows])
    counts = np.bincount(folds)
    assert counts.max() - counts.min() <= 16


def test_equal_rows_of_any_type(digits):
    X = np.array([[0.0, 1.0], [2.0, 3.0], [-0.0, 1.0], [2.0, 3.0], [1.0, 0.0]])
    for kind in (np.float64, np.float32, np.int16, np.uint8):
        np.testing.assert_array_equal(equal_rows(np.abs(X).astype(kind)), [0, 1, 0, 1, 4])
    np.testing.assert_array_equal(equal_rows(X), [0, 1, 0, 1, 4])
    np.testing.assert_array_equal(equal_rows(digits.X), np.arange(len(digits)))
    np.testing.assert_array_equal(equal_rows(np.zeros((9000, 3), np.uint8)), np.zeros(9000))


def test_every_row_is_judged_by_a_model_that_has_not_seen_it():
    """Neighbours: of a row and itself alone in its class, the vote out of fold is never its own."""
    data, _ = blobs(noise=0, classes=2)
    random = np.random.default_rng(0)
    shuffled = dataclasses.replace(data, y=random.integers(0, 2, len(data)))
    from snowdome.model.base import make_classifier

    verdict = cross_fit(shuffled, make_classifier("knn", k=1), k=5)
    assert 0.3 < verdict.accuracy < 0.7, "labels at random cannot be told out of fold"
    assert verdict.labels is not None
    assert len(verdict.table()) == len(data)
    assert verdict.table().columns == [
        "id", "given_label", "predicted_label", "confidence", "margin", "given_margin",
    ]  # fmt: skip


def test_a_fold_without_a_class():
    """A class of one row is judged by a model that does not know it: its probability is 0."""
    data, _ = blobs(noise=0, classes=3)
    y = np.asarray(data.y)
    few = data.take(np.append(np.flatnonzero(y < 2), np.flatnonzero(y == 2)[0]))
    verdict = cross_fit(few, "centroid", k=3)
    assert verdict.proba[-1, 2] == 0
    assert verdict.self_confidence[-1] == 0
    assert verdict.given_margin[-1] < 0


def test_rows_without_a_label_are_judged_and_train_nothing():
    data, _ = blobs(noise=0, classes=2)
    y = np.asarray(data.y).copy()
    y[:7] = 2
    verdict = cross_fit(dataclasses.replace(data, y=y, classes=("c0", "c1", "")), "centroid", k=3)
    assert (verdict.proba[:, 2] == 0).all()
    assert (verdict.predicted[:7] == np.asarray(data.y)[:7]).all()


def test_reports_and_stops():
    seen = []

    class Watcher(Control):
        def report(self, stage, done, total):
            seen.append((stage, done, total))
            self.stopping = done == 1

    with pytest.raises(Stopped):
        cross_fit(small_digits()[0], "centroid", k=4, control=Watcher())
    assert seen == [("fitting nearest centroid out of fold", done, 4) for done in (0, 1)]


def test_folds_that_cannot_be_had():
    with pytest.raises(OptionError, match="k got 1; allowed: a whole number from 2 to the 600 rows"):
        cross_fit(small_digits()[0], "centroid", k=1)
