"""A sheet of images."""

import io

import numpy as np
import pytest
from PIL import Image

from snowdome.chart.contact_sheet import MOST, contact_sheet
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset


def picture_of(dataset, rows):
    return np.asarray(Image.open(io.BytesIO(contact_sheet(dataset, np.array(rows), "some"))))


def images(n, shape=(4, 4), **facts):
    p = int(np.prod(shape)) * facts.get("channels", 1)
    X = np.random.default_rng(0).integers(0, 256, (n, p), np.uint8)
    return Dataset(X, np.zeros(n, np.int64), ("=a",), shape, **facts)


def test_every_image_stands_in_its_order_as_ink_on_paper_each_pixel_a_square():
    dataset = images(9)
    sheet = picture_of(dataset, [5, 0, 8])
    for place, row in enumerate([5, 0, 8]):
        shown = sheet[96 : 96 + 112 : 28, 48 + place * 128 : 48 + place * 128 + 112 : 28]
        assert np.array_equal(shown[..., 0], 255 - dataset.X[row].reshape(4, 4))
        block = sheet[96 : 96 + 28, 48 + place * 128 : 48 + place * 128 + 28]
        assert (block == block[0, 0]).all()


def test_paper_that_is_high_stays_and_colours_are_as_they_are():
    light = images(1, ink_is_high=False)
    assert np.array_equal(picture_of(light, [0])[96:208:28, 48:160:28, 0], light.X[0].reshape(4, 4))
    colour = images(1, channels=3)
    assert np.array_equal(picture_of(colour, [0])[96:208:28, 48:160:28], colour.X[0].reshape(4, 4, 3))


def test_large_images_are_made_smaller_and_lines_are_broken():
    sheet = picture_of(images(40, (200, 100)), range(40))
    assert sheet.shape[1] == 2 * 48 + 8 * (56 + 16) - 16
    assert sheet.shape[0] == 96 + 5 * (112 + 28 + 16) + 24


@pytest.mark.parametrize("rows", [[], [0] * (MOST + 1)])
def test_a_sheet_has_bounds(rows):
    with pytest.raises(DataError, match=r"2,500 images; got"):
        contact_sheet(images(1), np.array(rows, np.int64), "some")


def test_plain_values_have_no_sheet():
    with pytest.raises(DataError, match="plain values"):
        contact_sheet(Dataset(np.zeros((2, 3))), np.array([0]), "some")
