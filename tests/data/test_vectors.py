"""Arrays as a Dataset: shapes, values, missing ones, polarity; and that every rule is noted."""

from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.reading import Reading
from snowdome.data.vectors import About, Part, dataset

GREYS = (np.arange(64 * 20, dtype=np.uint32) * 37 % 256).astype(np.uint8).reshape(20, 64)
GREYS.reshape(20, 8, 8)[:, [0, -1]] = 0
GREYS.reshape(20, 8, 8)[:, :, [0, -1]] = 0


def made(X: Any, y: Any = None, **options: Any) -> Dataset:
    return dataset([Part(np.asarray(X), y)], Reading(**options), About("some data", "here"))


@pytest.mark.parametrize("dtype", ["u1", "i2", ">i4", "u8", "f2", "f4", ">f8", "longdouble"])
def test_whole_values_of_any_type_are_the_same_images(dtype: str) -> None:
    found = made(GREYS.astype(dtype))
    assert (found.X.dtype, found.image_shape, found.channels) == (np.uint8, (8, 8), 1)
    assert np.array_equal(found.X, GREYS)
    assert found.notes == ("the 64 values of each row were taken as an image of 8×8 pixels",)
    assert found.payload_hash == made(GREYS).payload_hash


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_fractions_of_255(dtype: str) -> None:
    found = made(GREYS.astype(dtype) / np.asarray(255, dtype))
    assert np.array_equal(found.X, GREYS)
    assert found.X.dtype == np.uint8
    assert "values from 0 to 1 were multiplied by 255" in found.notes
    other = made(GREYS.astype(dtype) / 256 + 0.0001)
    assert (other.X.dtype, other.value_range, other.image_shape) == (np.dtype(dtype), (0.0, 1.0), (8, 8))


def test_vectors_stay_what_they_are() -> None:
    for X in (GREYS[:, :10].astype(np.float32), GREYS.astype(float) - 1, GREYS[:, :49], np.ones((3, 1))):
        found = made(X)
        assert found.image_shape is None
        assert found.X.dtype == X.dtype
        assert np.array_equal(found.X, X)
        assert found.value_range == (X.min(), X.max())
        assert found.ink_is_high
        assert found.notes == ()


def test_images_of_every_layout() -> None:
    images = GREYS[:, :48].reshape(20, 6, 8)
    assert made(images).image_shape == (6, 8)
    assert np.array_equal(made(images).X, GREYS[:, :48])
    assert np.array_equal(made(images[..., None]).X, GREYS[:, :48])
    assert np.array_equal(made(images[:, None]).X, GREYS[:, :48])
    assert np.array_equal(made(np.asfortranarray(images)).X, GREYS[:, :48])
    assert made(GREYS[:, :, None]).image_shape == (8, 8)
    assert made(images).notes == ()


def test_colours() -> None:
    colours = np.random.default_rng(0).integers(0, 120, (5, 6, 7, 3)).astype(np.uint8)
    last, first = made(colours), made(colours.transpose(0, 3, 1, 2))
    assert (last.image_shape, last.channels, last.X.shape) == ((6, 7), 3, (5, 126))
    assert np.array_equal(last.X, first.X)
    assert np.array_equal(last[2].image, colours[2])
    assert first.notes == ("the three colours stood first in each image: they were put last",)
    grey = made(np.repeat(colours[..., :1], 3, axis=3))
    assert (grey.channels, grey.X.shape) == (1, (5, 42))
    assert grey.notes == ("the colour images are all grey: one value a pixel was kept",)


def test_flat_colours_are_told_from_each_other() -> None:
    steps = np.linspace(0, 100, 32)[None, :, None, None] + np.linspace(0, 100, 32)[None, None, :, None]
    colours = np.clip(steps + np.array([0, 20, 50]) + np.zeros((4, 1, 1, 1)), 0, 255).astype(np.uint8)
    last, first = made(colours.reshape(4, -1)), made(colours.transpose(0, 3, 1, 2).reshape(4, -1))
    assert (last.image_shape, last.channels) == ((32, 32), 3)
    assert np.array_equal(last.X, first.X)
    assert len(last.notes) == 1
    assert len(first.notes) == 2


def test_polarity() -> None:
    assert made(GREYS).ink_is_high
    found = made(255 - GREYS)
    assert not found.ink_is_high
    assert np.array_equal(found.X, 255 - GREYS)
    assert "dark is taken as ink" in found.notes[-1]


def test_small_ranges() -> None:
    assert made(GREYS % 17).value_range == (0.0, 16.0)
    assert made(GREYS > 99).value_range == (0.0, 1.0)
    assert made(GREYS * 0).value_range == (0.0, 255.0)
    deep = made((GREYS.astype(np.uint16) * 257).reshape(20, 8, 8))
    assert np.array_equal(deep.X, GREYS)
    assert deep.notes == ("values of 16 bits were divided by 257, into 0 to 255",)


def test_missing_values() -> None:
    X = GREYS.astype(float)
    X[3, 5], X[3, 6], X[7, 0] = np.nan, np.inf, -np.inf
    y = np.arange(20)
    with pytest.raises(DataError, match=r"^some data: 2 of 20 rows hold NaN, infinity or nothing; the first is row 4, "
                       r"value 6\. Open it with missing='drop'"):  # fmt: skip
        made(X, y)
    dropped = made(X, y, missing="drop")
    assert len(dropped) == 18
    assert [dropped.classes[code] for code in np.asarray(dropped.y)[2:5]] == ["2", "4", "5"]
    assert dropped.notes[0] == "2 rows with NaN or infinity were left out"
    zero = made(X, y, missing="zero")
    assert zero.X.dtype == np.uint8
    assert zero.X[3, 5] == zero.X[3, 6] == zero.X[7, 0] == 0
    assert zero.notes[0] == "NaN and infinity in 2 rows were set to 0"
    with pytest.raises(DataError, match="every row holds NaN"):
        made(X * np.nan, missing="drop")


def test_parts() -> None:
    parts = [Part(GREYS[:12], list("ab" * 6), "train"), Part(GREYS[12:], None, "test")]
    found = dataset(parts, Reading(), About("some data", "here", ["noted before"]))
    assert (found.split_names, len(found.train), len(found.test)) == (("train", "test"), 12, 8)
    assert found.classes == ("a", "b", "")
    assert found.notes[:2] == ("noted before", "8 rows have no label")


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        (np.zeros(5), None, r"shape \(5,\); expected rows of values"),
        (np.zeros((2, 2, 2, 2, 2)), None, r"shape \(2, 2, 2, 2, 2\)"),
        (np.zeros((0, 784)), None, "nothing to show"),
        (np.zeros((5, 0)), None, "nothing to show"),
        (np.zeros((5, 2), complex), None, "complex128; expected numbers"),
        (np.zeros((5, 2), "U3"), None, "expected numbers"),
        (np.zeros((5, 2), object), None, "object; expected numbers"),
        (np.zeros((5, 2), "M8[s]"), None, "expected numbers"),
        (np.zeros((5, 4, 4, 2)), None, "4 × 4 × 2; expected 1 or 3 values for each pixel"),
        (np.zeros((5, 2)), [1, 2], "2 labels for 5 rows. They must be equal"),
        (np.zeros((5, 2)), [[1, 2]] * 5, "some data: Labels"),
        (np.zeros((2, 2)), [{}, {}], "some data: Labels: row 0 has dict"),
    ],
)
def test_what_cannot_be_a_dataset(X: Any, y: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        made(X, y)


def test_parts_of_different_rows() -> None:
    parts = [Part(np.zeros((2, 784)), split="train"), Part(np.zeros((2, 36)), split="test")]
    with pytest.raises(
        DataError,
        match=r"^some data: test is not as train: expected 784 values \(28×28\), got 36 \(6×6\?\); photo\(\) prep",
    ):
        dataset(parts, Reading(), About("some data", "here"))
