"""What a model looks at: weights, evidence, occlusion, neighbours."""

import dataclasses

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.data.dataset import Dataset
from snowdome.model import explain
from snowdome.model.fitted import fit_model
from snowdome.model.preparation import Preparation
from tests.model.conftest import small_digits


@pytest.fixture(scope="module")
def corner():
    """Images of noise whose class is whether one corner has ink; a model of them has to look there."""
    random = np.random.default_rng(0)
    images = random.integers(0, 40, (300, 10, 10)).astype(np.uint8)
    y = np.arange(300) % 2
    images[y == 1, 1:4, 6:9] = 230
    return Dataset(X=images.reshape(300, -1), y=y, classes=("plain", "marked"), image_shape=(10, 10), name="corner")


@pytest.mark.parametrize("kind", ["logistic", "centroid", "forest", "knn", "mlp"])
def test_occlusion_finds_what_decides(corner, kind):
    model = fit_model(corner[:200], kind)
    lost = explain.occlusion(model, corner.X[201], size=3)
    assert lost.shape == (10, 10)
    at = np.unravel_index(lost.argmax(), lost.shape)
    assert 1 <= at[0] <= 3
    assert 6 <= at[1] <= 8
    assert lost[6:, :4].max() < lost.max() / 3


def test_occlusion_equals_covering_by_hand(corner):
    """A square as large as the image: each pixel is the mean over the squares that cover it."""
    model = fit_model(corner[:200], "logistic")
    row = corner.X[201]
    lost = explain.occlusion(model, row, "marked", size=1)
    before = np.log(model.predict_proba(row)[0, 1])
    for pixel in (0, 17, 38):
        covered = row.copy()
        covered[pixel] = 0
        after = np.log(model.predict_proba(covered)[0, 1])
        assert lost.ravel()[pixel] == pytest.approx(before - after, abs=1e-5)


@pytest.mark.parametrize("kind", ["logistic", "sgd", "svm"])
@pytest.mark.parametrize("scale", ["range", "minmax", "raw"])
def test_evidence_sums_to_the_difference_of_scores(kind, scale):
    train, test = small_digits()
    model = fit_model(train, kind, Preparation(scale))
    row = test.X[3]
    table = explain.speaks_for(model, row, "3", "5")
    prepared = model.preparation.apply(model.learnt, row[None])
    scores = model.classifier.scores(model.state, prepared)[0]
    offset = model.state["intercept"][3] - model.state["intercept"][5]
    assert table["evidence"].sum() + offset == pytest.approx(scores[3] - scores[5], rel=1e-4, abs=1e-4)


def test_weights_of_a_class_the_model_has_not_seen_and_of_other_kinds():
    train, _ = small_digits()
    few = train.take(np.asarray(train.y) < 5)
    weights = explain.weight_images(fit_model(few, "logistic"))
    assert weights.shape == (10, 64)
    assert not weights[5:].any()
    for model in (fit_model(few, "tree"), fit_model(few, "logistic", Preparation(components=5))):
        with pytest.raises(DataError, match="an occlusion map shows"):
            explain.weight_images(model)


def test_nearest_training_images():
    train, _ = small_digits()
    model = fit_model(train, "centroid")
    table = explain.nearest_training(train, train.X[7], model, k=5)
    assert table["row"][0] == 7
    assert table["rms_distance"][0] == 0
    assert table["rms_distance"].is_sorted()
    assert table["label"][0] == train.classes[train.y[7]]


def test_why_on_one_page():
    train, test = small_digits()
    page = explain.why(fit_model(train, "logistic"), test.X[0].reshape(8, 8))
    assert page["probability"] >= page["other_probability"]
    assert page["margin"] == pytest.approx(page["probability"] - page["other_probability"])
    assert page["evidence"].shape == (64,)
    assert page["occlusion"].shape == (8, 8)
    asked = explain.why(fit_model(train, "tree"), test.X[0], "8", "3")
    assert (asked["label"], asked["other"], asked["evidence"]) == ("8", "3", None)


def test_what_cannot_be_explained():
    train, test = small_digits()
    model = fit_model(train, "centroid")
    with pytest.raises(DataError, match="2 images came"):
        explain.why(model, test.X[:2])
    with pytest.raises(DataError, match="There is no class 'ten'"):
        explain.speaks_for(model, test.X[0], "ten", "1")
    with pytest.raises(OptionError, match="size got 9; allowed: 1 to 8"):
        explain.occlusion(model, test.X[0], size=9)
    vectors = dataclasses.replace(train, image_shape=None)
    with pytest.raises(DataError, match="plain values"):
        explain.occlusion(fit_model(vectors, "centroid"), test.X[0])
