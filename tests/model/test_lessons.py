"""D5–D7, D13–D16, E4–E6, A7: the lessons, their definitions exactly and their numbers where they are quick."""

import dataclasses
import warnings

import numpy as np
import pytest

from snowdome.core.errors import OptionError
from snowdome.model import lessons
from snowdome.model.base import make_classifier
from snowdome.model.preparation import Preparation, with_products


def test_sigmoid():
    """D5: σ(0) = .5, monotone, σ(-x) = 1 - σ(x), no warning at ±1000."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = np.array([-1000.0, -30, -1, 0, 1, 30, 1000])
        y = lessons.sigmoid(x)
    assert y[3] == 0.5
    assert (np.diff(y) >= 0).all()
    np.testing.assert_allclose(lessons.sigmoid(-x), 1 - y, atol=1e-15)
    assert (y[0], y[-1]) == (0, 1)
    curve = lessons.sigmoid_curve()
    assert (len(curve), curve["x"][0], curve["x"][-1]) == (100, -10, 10)


def test_simulation_is_seeded():
    """D6, D7."""
    table = lessons.simulated_predictions(seed=3)
    assert table["z"].shape == (100,)
    np.testing.assert_array_equal(table["y_hat"], lessons.sigmoid(table["z"]))
    assert table.equals(lessons.simulated_predictions(seed=3))
    assert not table.equals(lessons.simulated_predictions(seed=4))
    assert (table["label"] == (table["y_hat"] >= 0.5)).all()
    strict, loose = (lessons.simulated_predictions(seed=3, threshold=at)["label"].sum() for at in (0.9, 0.1))
    assert strict < table["label"].sum() < loose
    with pytest.raises(OptionError):
        lessons.simulated_predictions(n=0)


def test_products_are_those_of_scikit_learn():
    """D15: 30 → 495, 100 → 5,150, in the same order."""
    from sklearn.preprocessing import PolynomialFeatures

    assert [lessons.polynomial_features(n) for n in (30, 100)] == [495, 5150]
    X = np.random.default_rng(0).normal(size=(20, 7)).astype(np.float32)
    np.testing.assert_allclose(with_products(X), PolynomialFeatures(2, include_bias=False).fit_transform(X), rtol=1e-6)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_scalers_are_those_of_scikit_learn(scale, mnist):
    """D13, on rows with constant pixels, which must not divide by zero."""
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    X = mnist.X[:500]
    ours = Preparation(scale).learn(X, (0.0, 255.0))[1]
    theirs = (StandardScaler() if scale == "standard" else MinMaxScaler()).fit_transform(X.astype(np.float64))
    np.testing.assert_allclose(ours, theirs, atol=2e-5)
    assert (X.min(0) == X.max(0)).any()


def test_more_components_restore_better(digits):
    """D14: the error falls strictly, and full rank is exact to 1e-6."""
    table = lessons.restored(digits, [1, 5, 20, 40, 64])
    assert (np.diff(table["mse"]) < 0).all()
    assert table["mse"][-1] < 1e-6
    with pytest.raises(OptionError, match="from 1 to 64"):
        lessons.restored(digits, [65])


def test_quick_lessons_on_all_of_mnist(mnist):
    """A7 and E6, exact to ±.0005."""
    table = lessons.lessons(mnist, ["centroid", "knn3"])
    np.testing.assert_allclose(table["ours"], table["recomputed"], atol=0.0005)
    assert table["n_train"].to_list() == [60000] * 2
    assert table["n_test"].to_list() == [10000] * 2


def test_the_drawn_split_is_the_documents(mnist):
    """D8: the first test rows and labels."""
    train, test = lessons.rows_of(mnist, lessons.LESSONS["logistic-minmax"])
    assert test.all_ids()[:5].tolist() == [46730, 48393, 41416, 34506, 43725]
    assert test.y[:10].tolist() == [8, 4, 8, 7, 7, 0, 6, 2, 7, 4]
    assert (len(train), len(test)) == (56000, 14000)


def test_scaling_lesson_is_a_table(digits):
    """E: the numbers on all of MNIST take minutes, and are in the benchmark."""
    table = lessons.scaling_lesson(digits[:300], loss="log")
    assert table["scale"].to_list() == ["raw", "range", "standard"]
    assert table["n_train"].to_list() == [240] * 3
    assert table["accuracy"].min() > 0.7


def test_products_help_a_linear_model(mnist):
    """D16 in small: products of components are worth more than the components."""
    few = dataclasses.replace(mnist.take(np.r_[0:1500, 60000:61000]), name="few")
    table = lessons.lessons(few, ["pca30", "pca30-poly"])
    assert table["ours"][1] > table["ours"][0]
    with pytest.raises(OptionError, match="There is no lesson 'pca'"):
        lessons.lessons(few, ["pca"])


def test_every_lesson_can_be_made():
    for lesson in lessons.LESSONS.values():
        assert make_classifier(lesson.kind, **lesson.options)
        assert lesson.printed or lesson.recomputed
