"""Maps of three dimensions as pictures: the nearer is larger, in front and in full colour; C15."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from snowdome.chart import static
from snowdome.chart.kinds import scatter
from snowdome.chart.palette import class_colours
from snowdome.chart.projection import ABOVE, ASIDE, FIELD_OF_VIEW, HAZE, STATED, seen
from snowdome.chart.static import _lines, png
from snowdome.data.dataset import Dataset


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small plot, since a large one takes a second."""
    monkeypatch.setattr(static, "_SIDE", 200)


@pytest.fixture
def ball() -> Any:
    """Two thousand places in a ball that is not at the origin."""
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(2000, 3))
    directions *= (rng.uniform(0, 1, (2000, 1)) ** (1 / 3)) / np.linalg.norm(directions, axis=1, keepdims=True)
    return 4 * directions + (3, -2, 7)


def eye() -> Any:
    """The direction from the middle of the map to the eye."""
    aside, above = np.radians([ASIDE, ABOVE])
    return np.array([np.cos(above) * np.sin(aside), np.sin(above), np.cos(above) * np.cos(aside)])


def drawn(positions: Any, codes: Any, axes: tuple[str, ...] = ()) -> Any:
    names = tuple(f"c{code}" for code in range(int(np.max(codes)) + 1))
    dataset = Dataset(np.zeros((len(positions), 1), np.uint8), np.asarray(codes), names)
    return np.asarray(Image.open(io.BytesIO(png(scatter.chart(np.asarray(positions), dataset, "t", "c", axes)))))


def count(picture: Any, colour: Any) -> int:
    return int((picture[:, : -132 * 2] == np.array(colour, np.uint8)).all(2).sum())


def test_what_is_nearer_to_the_eye_is_larger(ball: Any) -> None:
    found = seen(ball)
    middle = (ball.min(0) + ball.max(0)) / 2
    depth = (ball - middle) @ eye()
    radius = np.linalg.norm(ball - middle, axis=1).max()
    np.testing.assert_allclose(found.nearness, depth / radius, atol=1e-12)
    distance = radius / np.sin(np.radians(FIELD_OF_VIEW / 2))
    np.testing.assert_allclose(found.size, distance / (distance - depth))
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(found.axes), 1, err_msg="no mirror image")
    np.testing.assert_allclose(found.axes[:, 2], eye())


def test_a_place_is_where_a_line_to_the_eye_meets_the_plane_through_the_middle(ball: Any) -> None:
    found = seen(ball)
    middle = (ball.min(0) + ball.max(0)) / 2
    radius = np.linalg.norm(ball - middle, axis=1).max()
    viewer = middle + eye() * radius / np.sin(np.radians(FIELD_OF_VIEW / 2))
    share = (viewer - middle) @ eye() / ((viewer - ball) @ eye())
    met = viewer + share[:, None] * (ball - viewer) - middle
    np.testing.assert_allclose(found.places, met @ found.axes[:, :2], atol=1e-9)


def test_a_flat_map_is_seen_as_it_is(ball: Any) -> None:
    flat = seen(ball[:, :2])
    np.testing.assert_array_equal(flat.places, ball[:, :2])
    assert not flat.nearness.any()
    assert (flat.size == 1).all()


@pytest.mark.parametrize("front", [0, 1])
def test_the_front_hides_the_back_and_is_in_full_colour(front: int) -> None:
    """Two dots in one line with the eye, and two at the sides."""
    side = 0.9 * seen(np.eye(3)).axes[:, 0]
    middle = [eye(), -eye()] if front == 0 else [-eye(), eye()]
    picture = drawn(np.array([*middle, side, -side]), [0, 1, 2, 2])
    colours = [np.array(colour) for colour in class_colours(3)[:2]]
    assert count(picture, colours[front]) > 100
    hidden = colours[1 - front] + HAZE * (255 - colours[1 - front])
    assert not (np.abs(picture[:, : -132 * 2] - hidden) < 3).all(2).any()


def test_near_dots_cover_more_than_far_ones_and_these_are_paler(ball: Any) -> None:
    near = (seen(ball).nearness > 0).astype(int)
    picture = drawn(ball, near)
    far_colour, near_colour = (np.array(colour, float) for colour in class_colours(2))
    pixels = picture[:, : -132 * 2].reshape(-1, 3).astype(float)
    inked = pixels[(pixels != 255).any(1)]

    def haze(colour: Any) -> Any:
        """How far each pixel is on the way from that colour to white; only those that are on it."""
        share = ((inked - colour) @ (255 - colour)) / ((255 - colour) @ (255 - colour))
        on = np.abs(inked - colour - share[:, None] * (255 - colour)).max(1) < 2
        return share[on & (share < 0.7) & (share > -0.01)]

    assert np.median(haze(far_colour)) > np.median(haze(near_colour)) + 0.15
    assert len(haze(near_colour)) > 1.3 * len(haze(far_colour))


def test_the_projection_is_stated_and_the_axes_are_named(ball: Any) -> None:
    dataset = Dataset(np.zeros((2000, 1), np.uint8))
    axes = ("one", "two", "three")
    deep, flat = (scatter.chart(places, dataset, "t", "a caption", axes) for places in (ball, ball[:, :2]))
    assert [words for words, _ in _lines(deep)] == ["x: one;  y: two;  z: three", STATED, "a caption"]
    assert [words for words, _ in _lines(flat)] == ["to the right: one;  upward: two", "a caption"]
    plain = scatter.chart(ball, dataset, "t", "a caption")
    heights = [Image.open(io.BytesIO(png(spec))).size[1] for spec in (deep, plain)]
    assert heights[0] == heights[1] + 2 * 20


@pytest.mark.parametrize(
    "places", [[[3.0, -7.0, 1.0]], [[5.0, 5.0, 5.0]] * 9, [[-3e38, 0, 3e38], [3e38, 0, 0]], [[0, 0, 0], [1e-40, 0, 0]]]
)
def test_few_equal_or_enormous_points_are_drawn(places: Any) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        picture = drawn(places, np.zeros(len(places), int))
    assert (picture[:, : -132 * 2] != 255).any()


@given(st.lists(st.tuples(*[st.floats(-(2.0**99), 2.0**99, width=32)] * 3), min_size=1, max_size=5))
@settings(max_examples=15)
def test_any_finite_positions(places: list[tuple[float, ...]]) -> None:
    found = seen(np.array(places))
    assert np.isfinite(found.places).all()
    assert (np.abs(found.nearness) <= 1 + 1e-9).all()
    assert ((found.size > 0.5) & (found.size < 2)).all()
