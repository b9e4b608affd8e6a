"""Photos of digits as people take them: fonts, sizes, turns, polarities, backgrounds; E comment 4.

The convolutional network is trained for three epochs here, on 20,000 of MNIST, which reads 193 of these 200, as many as
all of MNIST do; `python -m benchmarks classify --parts photos` holds the one as it is by default to the same share, on
more photos.
"""

import pytest

from benchmarks.digits import photos, read_wrong
from snowdome.model.base import make_classifier
from snowdome.model.fitted import fit_model

PHOTOS = 200
TRAINED = 20_000


@pytest.fixture(scope="module")
def drawn():
    """Photos and their digits."""
    return photos(PHOTOS)


def test_photos_are_of_all_kinds(drawn):
    """Every digit, every size, ink of either polarity: what is read is no one font's ten images."""
    assert {digit for _, digit in drawn} == set(range(10))
    assert len({picture.shape for picture, _ in drawn}) >= 5
    bright = sum(float(picture[0].mean()) > 127 for picture, _ in drawn)
    assert PHOTOS / 4 < bright < 3 * PHOTOS / 4


def test_95_of_100_are_read_by_the_best_kind(mnist, drawn):
    """And not because they are easy: the nearest mean image reads far fewer."""
    pytest.importorskip("torch")
    train = mnist.train[:TRAINED]
    model = fit_model(train, make_classifier("cnn", epochs=3, batch=64))
    wrong = read_wrong(model, drawn)
    assert len(wrong) <= 0.05 * PHOTOS, wrong
    assert len(read_wrong(fit_model(train, "centroid"), drawn)) > 0.15 * PHOTOS
