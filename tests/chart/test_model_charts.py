"""Pictures of models: valid specs in both themes, with the numbers that they show in them."""

import dataclasses
import json

import numpy as np
import pytest

from snowdome.chart.spec import charts
from snowdome.chart.vega import encoded
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.model.evaluate import misclassified
from snowdome.model.fitted import fit_model


@pytest.fixture(scope="module")
def judged(digits):
    """A model of 400 digits, what it thinks of 500 others, and those."""
    model = fit_model(digits[:400], "logistic")
    return model, model.verdict(digits[400:900]), digits[400:900]


def made(name, judged, **options):
    model, verdict, rows = judged
    given = {"weights": (model,), "mistakes": (verdict, rows)}.get(name, (verdict,))
    return charts.module(name).chart(*given, **options)


@pytest.mark.parametrize("name", ["confusion", "calibration", "weights", "mistakes"])
def test_valid_in_both_themes(name, judged):
    light, dark = (made(name, judged, dark=dark) for dark in (False, True))
    assert light.spec["background"] != dark.spec["background"]
    assert light.title == light.spec["title"]["text"]
    assert "Logistic regression" in light.caption
    assert "http" not in json.dumps({**light.spec, "$schema": ""})
    assert encoded(light, ".svg").startswith(b"<svg")


def test_confusion_holds_every_cell(judged):
    values = made("confusion", judged).spec["data"]["values"]
    assert len(values) == 100
    assert sum(row["count"] for row in values) == 500
    assert values[3]["codes"] == [0, 3]


def test_mistakes_are_the_surest(judged):
    values = made("mistakes", judged, most=7).spec["data"]["values"]
    table = misclassified(judged[1])
    assert [row["instance"] - 1 for row in values] == table["row"].head(7).to_list()
    with pytest.raises(DataError, match="The verdict is on 500 rows; 400 came"):
        charts.module("mistakes").chart(judged[1], judged[2][:400])


def test_weights_of_what_is_no_image_or_no_sum(judged, digits):
    vectors = dataclasses.replace(digits[:300], image_shape=None)
    with pytest.raises(DataError, match="these rows are none"):
        charts.module("weights").chart(fit_model(vectors, "centroid"))
    with pytest.raises(DataError, match="an occlusion map"):
        charts.module("weights").chart(fit_model(digits[:300], "tree"))


def test_many_classes_are_cut_off():
    random = np.random.default_rng(0)
    X = random.integers(0, 255, (400, 16)).astype(np.uint8)
    data = Dataset(X=X, y=np.arange(400) % 100, classes=tuple(f"a class of name {n}" for n in range(100)))
    chart = charts.module("confusion").chart(fit_model(data, "centroid").verdict(data))
    assert len(chart.spec["data"]["values"]) == 900
