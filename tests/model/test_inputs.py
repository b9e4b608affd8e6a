"""F 2 and §2.7: whatever is handed to predict, and what is said about what cannot be read."""

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import snowdome
from snowdome.core.errors import DataError, MissingDataError
from snowdome.model.base import make_classifier
from snowdome.model.fitted import fit_model
from snowdome.model.reading import read_photo, read_thing
from tests.model.conftest import blobs, with_labels


@pytest.fixture(scope="module")
def model(digits):
    return fit_model(digits[:900], "centroid")


def test_all_forms_are_the_same(model, digits):
    row = digits.X[1000]
    forms = [row, row.reshape(8, 8), row[None], row.reshape(1, 8, 8), row.tolist(), row.reshape(8, 8).tolist(),
             [row.tolist()], row.astype(np.float64), digits[1000:1001], row.astype(np.int16)]  # fmt: skip
    for form in forms:
        np.testing.assert_array_equal(model.predict_proba(form), model.predict_proba(row[None]))
        assert model.predict(form).shape == (1,)


def test_frames_of_any_library(model, digits):
    import polars as pl

    frame = digits[1000:1004].frame().drop("label")
    np.testing.assert_array_equal(model.predict(frame), model.predict(digits.X[1000:1004]))
    np.testing.assert_array_equal(model.predict(frame.to_pandas()), model.predict(digits.X[1000:1004]))
    assert isinstance(frame, pl.DataFrame)


def test_fractions_are_shares_of_the_range(mnist):
    """B13: X_train / 255, on a model of 0–255."""
    model = fit_model(mnist[:500], "centroid")
    np.testing.assert_allclose(
        model.predict_proba(mnist.X[60000:60003] / 255), model.predict_proba(mnist.X[60000:60003]), atol=1e-5
    )


def test_other_polarity_and_range_of_a_dataset(model, digits):
    some = digits[1000:1010]
    turned = dataclasses.replace(some, X=np.asarray(16 - some.X, np.uint8), ink_is_high=False)
    louder = dataclasses.replace(some, X=(some.X * 15).astype(np.uint8), value_range=(0.0, 240.0))
    for other in (turned, louder):
        np.testing.assert_allclose(model.predict_proba(other), model.predict_proba(some.X), atol=1e-5)


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        (np.ones(36), r"expected 64 values \(8×8\), got 36 \(6×6\?\); photo\(\) prepares pictures"),
        (np.ones((6, 6)), r"got 36 \(6×6\?\)"),
        (np.ones((3, 65)), "got 65"),
        (np.ones((2, 4, 4)), "got 16"),
        ([[1, 2], [3]], "different lengths"),
        ("seven", "expected numbers"),
        (np.array(["a"] * 64), "expected numbers"),
        (np.full(64, np.nan), "64 of 64 values are NaN"),
        (np.full(64, 1e300), "too large for float32"),
        (None, "got 1"),
        (np.ones(64) * 1j, "expected numbers"),
    ],
)
def test_what_cannot_be_read(model, thing, says):
    """E comment 4, M-06."""
    with pytest.raises(DataError, match=says):
        model.predict(thing)


def test_no_rows(model):
    assert model.predict([]).shape == (0,)
    assert model.predict_proba(np.empty((0, 64))).shape == (0, 10)


def test_classes_at_predict_time(digits):
    """Other class sets: the same names in another order are brought together, unknown ones are named."""
    model = fit_model(digits[:500], "centroid")
    test = digits[500:600]
    order = np.arange(9, -1, -1)
    turned = with_labels(test, order[np.asarray(test.y)], tuple(test.classes[code] for code in order))
    assert model.verdict(turned).accuracy == model.verdict(test).accuracy
    strange = with_labels(test, test.y, (*test.classes[:9], "nine"))
    with pytest.raises(DataError, match=r"The model knows the classes '0', .*; the data have 'nine' as well"):
        model.verdict(strange)
    assert model.verdict(dataclasses.replace(test, y=None)).given is None


def test_labels_of_any_text():
    """§2.7: spaces, ten thousand characters, emoji, right to left."""
    data, _ = blobs(noise=0, classes=4)
    names = (" ", "x" * 10_000, "👩‍👩‍👧", "\u202eabc")
    model = fit_model(with_labels(data, data.y, names), "logistic")
    assert model.classes == names
    assert (model.predict(data.X) == data.y).mean() > 0.95


def test_arrays_of_other_memory(model, digits):
    """Fortran order, strides, big-endian, read-only maps: the same as a plain copy."""
    wanted = model.predict_proba(digits.X[900:950])
    rows = np.asarray(digits.X[900:950])
    wide = np.zeros((50, 128), np.uint8)
    wide[:, ::2] = rows
    for form in (np.asfortranarray(rows), wide[:, ::2], rows.astype(">f8"), rows.astype(">i4")):
        np.testing.assert_array_equal(model.predict_proba(form), wanted)
        data = dataclasses.replace(digits[900:950], X=form)
        again = fit_model(data, "centroid").judge(rows)[1]
        np.testing.assert_allclose(again, fit_model(digits[900:950], "centroid").judge(rows)[1], atol=1e-5)


def test_a_photo_with_several_digits(mnist, tmp_path):
    """E comment 4: photos with several digits are read left to right, whatever the polarity."""
    model = fit_model(mnist[:10000], make_classifier("knn", k=3))
    picture = Image.new("L", (560, 160), 230)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(90)
    for place, digit in enumerate("20735"):
        pen.text((60 + 105 * place, 80), digit, fill=30, font=font, anchor="mm", stroke_width=3)
    read = read_photo(model, picture)
    assert [model.classes[code] for code in read.predicted] == list("20735")
    assert read.boxes is not None
    assert (np.diff(read.boxes[:, 0]) > 0).all()
    np.testing.assert_allclose(read.proba.sum(1), 1, atol=1e-5)
    picture.save(tmp_path / "five.png")
    assert (read_thing(model, tmp_path / "five.png").predicted == read.predicted).all()
    inverted = read_photo(model, 255 - np.asarray(picture))
    assert [model.classes[code] for code in inverted.predicted] == list("20735")


def test_photos_are_for_models_of_such_images(model, tmp_path):
    with pytest.raises(DataError, match="Photos are made into grey images of 28×28"):
        read_photo(model, np.zeros((50, 50), np.uint8))
    with pytest.raises(MissingDataError, match="There is no file"):
        read_thing(model, tmp_path / "nothing.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"bad\.png"):
        read_thing(model, tmp_path / "bad.png")


def test_public_names():
    assert snowdome.classifier("knn", k=1) == make_classifier("knn", k=1)
    assert snowdome.Preparation(components=3).says() == "values scaled as the kind asks for, 3 principal components"
