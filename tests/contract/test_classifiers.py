"""What every kind of classifier must do: by scikit-learn's manners, out of fold, and on data of every shape."""

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, OptionError
from snowdome.core.options import options_of
from snowdome.model.base import Classifier, classifiers, make_classifier, name_of
from snowdome.model.crossfit import cross_fit
from snowdome.model.fitted import fit_model
from snowdome.model.preparation import Preparation
from tests.model.conftest import QUICK, blobs, kind_for, small_digits

NAMES = classifiers.names()


@pytest.fixture(params=NAMES)
def kind(request):
    return kind_for(request.param)


def test_is_declared(kind):
    assert kind.title
    assert kind.says.endswith(".")
    assert all(option.help for option in options_of(type(kind)).values())
    assert name_of(kind) in NAMES
    assert set(QUICK) <= set(NAMES)


def test_makes_a_scikit_learn_estimator(kind):
    estimator = kind.make()
    assert {"fit", "predict", "get_params", "set_params"} <= set(dir(estimator))


def test_options_are_checked(kind):
    with pytest.raises(OptionError, match="has no option 'colour'"):
        make_classifier(name_of(kind), colour=1)
    for name, option in options_of(type(kind)).items():
        if option.low is not None:
            with pytest.raises(OptionError, match=rf"option '{name}' got .*allowed"):
                make_classifier(name_of(kind), **{name: option.low - 1})


def test_learns_digits_and_says_what_it_was_computed_on(kind):
    """Far better than chance out of the training rows; probabilities are some; the greatest score is the prediction."""
    train, test = small_digits()
    model = fit_model(train, kind, n_jobs=2)
    verdict = model.verdict(test, n_jobs=2)
    assert verdict.accuracy > (0.6 if name_of(kind) == "tree" else 0.8)
    assert verdict.proba.dtype == np.float32
    assert verdict.proba.shape == (len(test), 10)
    np.testing.assert_allclose(verdict.proba.sum(1), 1, atol=1e-5)
    assert verdict.proba.min() >= 0
    best = verdict.proba.max(1)
    assert (verdict.confidence >= best - 1e-6).all()
    assert kind.title in verdict.about
    assert f"{len(train):,} other rows" in verdict.about
    assert np.isfinite(verdict.margin).all()


def test_same_bits_for_one_thread_and_two(kind):
    train, test = small_digits()
    one, two = (fit_model(train, kind, n_jobs=jobs).judge(test.X, n_jobs=jobs) for jobs in (1, 2))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])


def test_same_bits_where_the_products_are_large_enough_for_threads_of_blas(mnist):
    one, two = (fit_model(mnist.train[:2000], "logistic", n_jobs=jobs).state for jobs in (1, 2))
    for part, values in one.items():
        np.testing.assert_array_equal(values, two[part], part)


def test_out_of_fold_finds_planted_label_noise(kind):
    """A flipped label is worth less to every kind than nearly all that are right."""
    data, flipped = blobs(noise=12)
    verdict = cross_fit(data, kind, k=3, n_jobs=2)
    assert verdict.fold is not None
    assert set(verdict.fold) == {0, 1, 2}
    assert "out of fold, 3 folds" in verdict.about
    first = np.argsort(verdict.given_margin, kind="stable")[:16]
    assert np.isin(first, flipped).sum() >= 10


@pytest.mark.parametrize("classes", [2, 3])
def test_few_classes_and_classes_that_are_missing(kind, classes):
    """Classes that no training row has get probability 0; two classes are told apart as three are."""
    data, _ = blobs(noise=0, classes=classes, of=5)
    model = fit_model(data, kind)
    predicted, proba = model.judge(data.X)
    assert proba.shape == (len(data), 5)
    assert (proba[:, classes:] == 0).all()
    assert (predicted == data.y).mean() > 0.95
    np.testing.assert_allclose(proba.sum(1), 1, atol=1e-5)


def test_a_class_of_one_row(kind):
    data, _ = blobs(noise=0, classes=3)
    rows = np.flatnonzero(np.asarray(data.y) < 2)
    model = fit_model(data.take(np.append(rows, np.flatnonzero(np.asarray(data.y) == 2)[0])), kind)
    assert any("one training row alone is of class 'c2'" in note for note in model.notes)
    assert (model.judge(data.X)[0] == data.y).mean() > 0.6


def test_constant_values_and_a_single_value(kind):
    if kind.of_images:
        return
    data, _ = blobs(noise=0, classes=2)
    for X in (np.repeat(np.asarray(data.X)[:, :1], 1, 1), np.zeros_like(data.X)):
        plain = type(data)(X=np.ascontiguousarray(X), y=data.y, classes=data.classes, value_range=data.value_range)
        predicted, proba = fit_model(plain, kind).judge(plain.X)
        assert np.isfinite(proba).all()
        assert len(predicted) == len(plain)


def test_says_what_it_cannot_learn_from(kind):
    data, _ = blobs(noise=0)
    with pytest.raises(DataError, match="There are no labels to learn from"):
        fit_model(type(data)(X=data.X), kind)
    with pytest.raises(DataError, match="only one class, 'c0',"):
        fit_model(data.take(np.asarray(data.y) == 0), kind)
    spoilt = np.asarray(data.X, np.float32).copy()
    spoilt[3, 2] = np.nan
    bad = type(data)(X=spoilt, y=data.y, classes=data.classes, image_shape=data.image_shape)
    with pytest.raises(DataError, match=r"1 of .* values are NaN.*row 3, column 2"):
        fit_model(bad, kind)


def test_stops(kind):
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped):
        cross_fit(small_digits()[0], kind, k=2, control=control)


@pytest.mark.parametrize(
    "preparation", [Preparation("standard"), Preparation("minmax", components=8), Preparation(components=6, degree=2)]
)
def test_prepared_values_are_learnt_from_the_training_rows(kind, preparation):
    train, test = small_digits()
    if kind.of_images:
        if not preparation.plain:
            with pytest.raises(OptionError, match="looks at images"):
                fit_model(train, kind, preparation)
        return
    model = fit_model(train, kind, preparation)
    assert model.verdict(test).accuracy > 0.55
    loud = type(test)(X=np.full_like(test.X, 16), y=test.y, classes=test.classes, image_shape=test.image_shape)
    again = fit_model(train, kind, preparation)  # what is judged changes nothing that was learnt
    again.judge(loud.X)
    for name, learnt in model.learnt.items():
        np.testing.assert_array_equal(learnt, again.learnt[name])


def test_base_is_the_only_list():
    assert all(issubclass(classifiers.member(name, Classifier), Classifier) for name in NAMES)
