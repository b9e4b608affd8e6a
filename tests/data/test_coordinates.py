"""Four ways to say where a pixel is: known places, and round trips between all of them."""

import itertools
from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import OptionError
from snowdome.data.coordinates import convert
from snowdome.data.dataset import Dataset

CONVENTIONS = ["array", "robinson", "olah", "openml"]
# the corners of 28×28, and p_{18,15} and p_{7,12} of Olah's text
SAME: list[dict[str, Any]] = [
    {"array": (0, 0), "robinson": (0, 28), "olah": (0, 27), "openml": 1},
    {"array": (0, 27), "robinson": (27, 28), "olah": (27, 27), "openml": 28},
    {"array": (27, 0), "robinson": (0, 1), "olah": (0, 0), "openml": 757},
    {"array": (27, 27), "robinson": (27, 1), "olah": (27, 0), "openml": 784},
    {"array": (12, 18), "robinson": (18, 16), "olah": (18, 15), "openml": 355},
    {"array": (15, 7), "robinson": (7, 13), "olah": (7, 12), "openml": 428},
]


@pytest.mark.parametrize("place", SAME, ids=lambda place: str(place["array"]))
@pytest.mark.parametrize(("given", "wanted"), list(itertools.product(CONVENTIONS, CONVENTIONS)))
def test_known_places(place: dict[str, Any], given: str, wanted: str) -> None:
    assert convert(place[given], given, wanted) == place[wanted]


@pytest.mark.parametrize("shape", [(28, 28), (3, 7), (7, 3), (1, 5)])
@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(CONVENTIONS, 2)))
def test_there_and_back_for_every_pixel(shape: tuple[int, int], one: str, other: str) -> None:
    rows, columns = np.indices(shape)
    places = convert((rows, columns), "array", one, shape)
    back = convert(convert(places, one, other, shape), other, one, shape)
    assert np.array_equal(np.asarray(back), np.asarray(places))
    number = convert(convert(places, one, other, shape), other, "openml", shape)
    assert np.array_equal(number.ravel(), np.arange(1, rows.size + 1))


def test_they_name_the_values_of_the_tables(mnist: Dataset) -> None:
    """One pixel of one image by all four, from the array, the tidy table and the wide one."""
    import polars as pl

    image = mnist[6]
    for row, column in ((12, 15), (5, 18), (27, 0)):
        value = int(image.image[row, column])
        x, y = convert((row, column), "array", "robinson")
        table = mnist[6:7].pixels().filter(pl.col("x") == x, pl.col("y") == y).collect()
        assert table["value"].to_list() == [value]
        assert mnist[6:7].frame()[f"pixel{convert((row, column), 'array', 'openml')}"].to_list() == [value]


def test_names_of_openml() -> None:
    assert convert("pixel407", "openml", "array") == (14, 14)
    assert convert("407", "openml", "array") == (14, 14)


@pytest.mark.parametrize(
    ("place", "given", "sentence"),
    [
        ((28, 0), "array", r"\(28, 0\) \(array\) lies outside of an image of 28×28 pixels"),
        ((0, -1), "array", "outside"),
        ((0, 0), "robinson", "outside"),
        ((0, 29), "robinson", "outside"),
        ((0, 28), "olah", "outside"),
        (0, "openml", "outside"),
        (785, "openml", "outside"),
        ("pixel0", "openml", "outside"),
        ("pixle4", "openml", "is no name of a pixel"),
        ("pixel²", "openml", "is no name of a pixel"),
        (3, "array", "expected two whole numbers"),
        ((1, 2, 3), "olah", "expected two whole numbers"),
        ((1.0, 2.5), "array", "expected whole numbers"),
        ("ab", "array", "expected two whole numbers"),
        ((1, 1), "robbinson", r"no convention 'robbinson' for pixels\. Did you mean 'robinson'"),
    ],
)
def test_what_is_no_place(place: Any, given: str, sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        convert(place, given, "array")
