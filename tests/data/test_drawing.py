"""A5, B15: ink becomes an image as those of the data are."""

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageDraw

import snowdome
from snowdome.core.errors import DataError
from snowdome.data.drawing import MNIST, Form, drawn


def ring(side=224, middle=(112, 112), radius=70, width=20):
    """A drawn 0."""
    image = Image.new("L", (side, side), 0)
    (x, y), r = middle, radius
    ImageDraw.Draw(image).ellipse((x - r * 0.7, y - r, x + r * 0.7, y + r), outline=255, width=width)
    return np.asarray(image)


def test_the_form_of_mnist_is_measured_as_its_makers_gave_it(mnist):
    assert Form.of(mnist) == MNIST


def test_the_form_of_other_data(digits):
    form = Form.of(digits)
    assert (form.shape, form.longest) == ((8, 8), 8)
    assert all(3 <= at <= 4.5 for at in form.centre)


@pytest.mark.parametrize("middle", [(80, 80), (112, 112), (150, 140)])
@pytest.mark.parametrize("radius", [30, 70])
def test_is_fitted_and_centred_wherever_it_was_drawn(middle, radius):
    image = drawn(ring(middle=middle, radius=radius))
    assert (image.shape, image.dtype, image.max()) == ((28, 28), np.uint8, 255)
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    for axis in (0, 1):
        assert 13.4 <= image.sum(1 - axis, dtype=float) @ np.arange(28) / image.sum(dtype=float) <= 14.6


def test_is_what_a_photo_of_the_same_ink_gives():
    """One preparation: of a photo without noise and shadow nothing else is left."""
    ink = ring()
    photo = snowdome.photo(255 - ink)
    np.testing.assert_allclose(drawn(ink).ravel().astype(int), photo.X[0].astype(int), atol=40)
    assert photo.size == (224, 224)


def test_photos_in_another_form(digits):
    page = np.concatenate([ring(), ring(radius=40)], axis=1)
    found = snowdome.photo(255 - page, form=Form.of(digits))
    assert found.X.shape == (2, 64)
    assert found.dataset.image_shape == (8, 8)


def test_the_bytes_of_a_file_are_a_photo(tmp_path):
    path = tmp_path / "ring.png"
    Image.fromarray(255 - ring()).save(path)
    np.testing.assert_array_equal(snowdome.photo(path.read_bytes()).X, snowdome.photo(path).X)
    with pytest.raises(DataError, match=r"^photo: "):
        snowdome.photo(b"no picture at all")


def test_says_what_it_needs(digits):
    with pytest.raises(DataError, match="The drawing is empty"):
        drawn(np.zeros((50, 50), np.uint8))
    vectors = dataclasses.replace(digits, image_shape=None)
    with pytest.raises(DataError, match="it takes grey images of one size, and these are plain values"):
        Form.of(vectors)
    colour = snowdome.Dataset(X=np.zeros((3, 12), np.uint8), image_shape=(2, 2), channels=3)
    with pytest.raises(DataError, match="these are images in colour"):
        Form.of(colour)
    with pytest.raises(DataError, match="its images are empty"):
        Form.of(dataclasses.replace(digits, X=np.zeros_like(digits.X)))


def test_paper_that_is_bright_is_paper(digits):
    turned = dataclasses.replace(digits, X=16 - np.asarray(digits.X), ink_is_high=False)
    assert Form.of(turned) == Form.of(digits)
