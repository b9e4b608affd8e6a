"""Kinds beside each other: the data set's own split, folds, seeds, and what each number was computed on."""

import dataclasses

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, OptionError
from snowdome.model.base import Classifier, classifiers, make_classifier
from snowdome.model.compare import available_kinds, compare, comparing, comparison, learning_curve, parts_of, train
from snowdome.model.preparation import Preparation
from tests.model.conftest import blobs, kind_for


def with_split(data, test):
    split = (np.arange(len(data)) >= len(data) - test).astype(np.uint8)
    return dataclasses.replace(data, split=split, split_names=("train", "test"))


def test_facts_of_a_training(digits):
    data = with_split(digits[:900], 300)
    done = train(data, "logistic", cv=3, n_jobs=2)
    facts = done.facts()
    assert list(facts)[:5] == ["kind", "accuracy", "n_train", "n_test", "seconds"]
    assert (facts["kind"], facts["n_train"], facts["n_test"]) == ("logistic", 600, 300)
    assert facts["accuracy"] == done.verdict.correct.mean()
    assert facts["accuracy_low"] < facts["accuracy"] < facts["accuracy_high"]
    assert len(facts["cv"]) == 3
    assert facts["train_accuracy"] > facts["accuracy"]


def test_folds_are_those_of_scikit_learn(digits):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score

    data = with_split(digits[:700], 100)
    ours = train(data, make_classifier("logistic"), Preparation("range"), cv=3).fold_accuracy
    X = data.train.X.astype(np.float32) / np.float32(data.value_range[1])
    theirs = cross_val_score(LogisticRegression(max_iter=1000), X, data.train.y, cv=3)
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_comparison_is_a_table_best_first(digits):
    data = with_split(digits[:700], 200)
    trained = compare(data, ["centroid", "knn", kind_for("tree")], seeds=2, cv=2)
    table = comparison(trained)
    assert table["kind"].to_list()[-1] in ("tree", "centroid")
    assert table["accuracy"].is_sorted(descending=True)
    spread = dict(table.select("kind", "seed_spread").rows())
    assert spread["tree"] is not None
    assert spread["knn"] is None, "neighbours have no seed"
    assert table["cv_mean"].null_count() == 0
    assert (table["megabytes"] >= 0).all()


def test_what_is_done_is_there_before_the_next_one_begins(digits):
    data = with_split(digits[:300], 100)
    control = Control()
    one_by_one = comparing(data, ["centroid", "logistic"], control=control)
    assert next(one_by_one).model.kind == "centroid"
    control.stopping = True
    with pytest.raises(Stopped):
        next(one_by_one)


def test_kinds_of_an_extra_come_last():
    """They take longest, so that a comparison that is stopped has all others."""
    here, missing = available_kinds()
    extras = [bool(classifiers.member(name, Classifier).extra) for name in here]
    assert extras == sorted(extras)
    assert sorted(here + missing) == sorted(classifiers.names())


def test_processor_seconds_are_those_of_the_fit(digits):
    done = train(with_split(digits, 400), "logistic")
    assert 0 < done.facts()["cpu_seconds"] < 100 * max(done.facts()["seconds"], 0.01)


def test_a_drawn_split_where_there_is_none(digits):
    rows, test = parts_of(digits)
    assert (len(rows), len(test)) == (1437, 360)
    again = parts_of(digits)[1]
    np.testing.assert_array_equal(test.all_ids(), again.all_ids())
    few, _ = blobs(noise=0, classes=3)
    odd = few.take(np.append(np.flatnonzero(np.asarray(few.y) < 2), 2))
    assert sum(map(len, parts_of(odd))) == len(odd)


def test_learning_curve_grows(digits):
    table = learning_curve(with_split(digits, 400), "centroid")
    assert table["n_train"].to_list()[-1] == 1397
    assert table["n_train"].is_sorted()
    assert table["accuracy"][-1] > table["accuracy"][0]
    assert learning_curve(with_split(digits, 400), "centroid", sizes=[50, 10**9])["n_train"].to_list() == [50, 1397]


def test_the_unconverged_is_explained(digits):
    """D9's ConvergenceWarning is told in words where it appears, and is no warning to the one who calls."""
    done = train(with_split(digits[:600], 100), make_classifier("logistic", max_iter=3), Preparation("raw"))
    (note,) = done.model.notes
    assert note.startswith("ConvergenceWarning: the solver stopped at its limit of steps")
    assert "scale=minmax" in note


def test_test_rows_without_labels_and_stopping(digits):
    data = with_split(digits[:300], 50)
    blank = dataclasses.replace(data, y=np.where(np.arange(300) < 250, data.y, 10), classes=(*data.classes, ""))
    with pytest.raises(DataError):
        train(dataclasses.replace(data, y=None), "centroid")
    assert train(dataclasses.replace(blank, y=np.where(np.arange(300) < 290, data.y, 10)), "centroid").verdict
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped):
        compare(data, ["centroid"], control=control)
    with pytest.raises(OptionError, match="cv got 1"):
        train(data, "centroid", cv=1)
