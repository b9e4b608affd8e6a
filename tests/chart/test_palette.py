"""Colours that stay apart, and are never the white of the paper."""

import itertools

import pytest

from snowdome.chart.palette import PETROFF10, class_colours


@pytest.mark.parametrize("k", [0, 1, 2, 10, 11, 30, 70, 1000])
def test_each_class_has_a_colour_of_its_own(k: int) -> None:
    colours = class_colours(k)
    assert len(colours) == k
    assert len(set(colours)) == k
    assert all(0 <= value <= 255 and type(value) is int for colour in colours for value in colour)


def test_the_first_ten_are_the_published_ones_whatever_k_is() -> None:
    assert tuple(class_colours(10)) == PETROFF10
    for k in range(1, 40):
        assert class_colours(k) == class_colours(40)[:k]


def test_later_rounds_are_lighter_and_darker_as_in_the_front_end() -> None:
    """The colours of web/src/palette.ts for classes 10, 20, 30 and 40, and for the last with a table of its own."""
    colours = class_colours(50)
    assert colours[10::10] == [(136, 186, 232), (42, 95, 144), (182, 213, 241), (28, 63, 96)]
    assert colours[49] == (64, 96, 97)


def test_there_are_as_many_as_asked_for() -> None:
    assert len(class_colours(65_535)) == 65_535


def test_they_stay_apart_from_each_other_and_from_white() -> None:
    def apart(a: tuple[int, ...], b: tuple[int, ...]) -> int:
        return sum(abs(x - y) for x, y in zip(a, b, strict=True))

    assert min(apart(a, b) for a, b in itertools.combinations(PETROFF10, 2)) > 60
    assert min(apart(a, b) for a, b in itertools.combinations(class_colours(30), 2)) > 15
    assert all(apart(colour, (255, 255, 255)) > 60 for colour in class_colours(30))
