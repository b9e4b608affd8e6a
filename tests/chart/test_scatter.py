"""The map as a picture: what cannot be drawn is refused, and what is drawn is in the file, colour by colour."""

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
from snowdome.chart.spec import Points, charts
from snowdome.chart.static import SCALE, png
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset

WHITE = (255, 255, 255)


def labelled(n: int, k: int) -> Dataset:
    """n rows in k classes without names that would colour the picture."""
    return Dataset(X=np.zeros((n, 4), np.uint8), y=np.arange(n) % k, classes=tuple(f"c{code}" for code in range(k)))


def drawn(positions: Any, dataset: Dataset, **more: Any) -> Any:
    """The pixels of the map, (height, width, 3)."""
    spec = scatter.chart(np.asarray(positions, np.float32), dataset, "title", "caption", **more)
    return np.asarray(Image.open(io.BytesIO(png(spec)), formats=("PNG",)))


def count(picture: Any, colour: tuple[int, ...]) -> int:
    """How many pixels have exactly this colour."""
    return int((picture == np.array(colour, np.uint8)).all(2).sum())


def plot_of(picture: Any) -> Any:
    """The part of the picture where the dots are: without title, legend and caption."""
    return picture[56 * SCALE : -44 * SCALE, 24 * SCALE : -(24 + 132) * SCALE]


@pytest.fixture(autouse=True)
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small plot, since a large one takes a second; tests that ask for `real_size` get that."""
    if "real_size" not in request.fixturenames:
        monkeypatch.setattr(static, "_SIDE", 200)


@pytest.fixture
def real_size() -> None:
    """Asked for by the tests that draw at the real size."""


@pytest.fixture
def cloud() -> Any:
    """Four thousand places on a disc."""
    rng = np.random.default_rng(0)
    angle, radius = rng.uniform(0, 2 * np.pi, 4000), np.sqrt(rng.uniform(0, 1, 4000))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).astype(np.float32)


def test_the_charts_are_there() -> None:
    assert "scatter" in charts.names()
    assert charts.module("scatter") is scatter


def test_the_spec(cloud: Any) -> None:
    dataset = labelled(4000, 3)
    spec = scatter.chart(cloud.astype(float), dataset, "a title", "a caption", ("one", "two"))
    assert isinstance(spec, Points)
    assert spec.positions.dtype == np.float32
    assert np.array_equal(spec.positions, cloud)
    assert spec.codes is dataset.y
    assert (spec.classes, spec.title, spec.caption, spec.axes) == (
        ("c0", "c1", "c2"), "a title", "a caption", ("one", "two"),
    )  # fmt: skip


@pytest.mark.parametrize("shape", [(3999, 2), (4000, 4), (3999, 3), (4000, 1), (4000,), (0, 2)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"positions have shape .*; expected \(4000, 2\) or \(4000, 3\)"):
        scatter.chart(np.zeros(shape), labelled(4000, 3), "", "")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_and_located(cloud: Any, bad: float) -> None:
    cloud[[17, 30], 1] = bad
    with pytest.raises(DataError, match="2 positions are not finite, the first in row 17"):
        scatter.chart(cloud, labelled(4000, 3), "", "")


def test_twice_the_nominal_size_and_the_same_bytes_again(cloud: Any, real_size: None) -> None:
    dataset = labelled(4000, 10)
    one, other = (png(scatter.chart(cloud, dataset, "title", "caption")) for _ in range(2))
    assert one == other
    with Image.open(io.BytesIO(one), formats=("PNG",)) as picture:
        assert picture.mode == "RGB"
        width, height = picture.size
    assert width == pytest.approx((720 + 2 * 24 + 132) * SCALE, abs=8)
    assert height == pytest.approx((720 + 56 + 44) * SCALE, abs=8)
    assert SCALE == 2


def test_every_class_is_there_in_its_colour(cloud: Any) -> None:
    """Equally many dots of each class: about as many pixels of each colour."""
    plot = plot_of(drawn(cloud, labelled(4000, 10)))
    counts = [count(plot, colour) for colour in class_colours(10)]
    assert min(counts) > 1000
    assert max(counts) < 1.3 * min(counts)


def test_a_class_is_where_its_rows_are(cloud: Any) -> None:
    """The left half red and the right half blue, the top half of the left green: x to the right, y upward."""
    codes = np.where(cloud[:, 0] > 0, 1, np.where(cloud[:, 1] > 0, 2, 0))
    dataset = Dataset(X=np.zeros((4000, 4), np.uint8), y=codes, classes=("a", "b", "c"))
    plot = plot_of(drawn(cloud, dataset))
    middle = plot.shape[1] // 2
    left_bottom, right, left_top = class_colours(3)
    for colour, rows, columns in (
        (left_bottom, slice(middle + 6, None), slice(0, middle - 6)),
        (right, slice(None), slice(middle + 6, None)),
        (left_top, slice(0, middle - 6), slice(0, middle - 6)),
    ):
        assert count(plot[rows, columns], colour) > 0.8 * count(plot, colour) > 0


def test_no_labels_is_one_colour(cloud: Any) -> None:
    picture = drawn(cloud, Dataset(X=np.zeros((4000, 4), np.uint8)))
    assert count(picture, class_colours(1)[0]) > 10_000
    assert all(count(picture, colour) == 0 for colour in class_colours(10)[1:])


def test_which_of_two_dots_is_on_top_does_not_depend_on_the_class(cloud: Any) -> None:
    """Both classes at the same places: neither hides the other."""
    places = np.concatenate([cloud, cloud])
    dataset = Dataset(X=np.zeros((8000, 1), np.uint8), y=np.repeat([0, 1], 4000), classes=("a", "b"))
    plot = plot_of(drawn(places, dataset))
    first, second = (count(plot, colour) for colour in class_colours(2))
    assert 0.8 < first / second < 1.25


@pytest.mark.parametrize(
    "places",
    [[[3.0, -7.0]], [[0.0, 0.0]], [[5.0, 5.0]] * 50, [[0.0, 0.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 1e-30]],
     [[1e6, 1e6], [1e6 + 1, 1e6]], [[-1e30, 0], [1e30, 0]]],
    ids=["one", "one at 0", "all equal", "on a line", "on a line of no length", "far away", "enormous"],
)  # fmt: skip
def test_few_or_equal_points_are_drawn(places: Any) -> None:
    picture = drawn(places, labelled(len(places), 1), axes=("one", "two"))
    picture_of_dots = drawn(places, Dataset(X=np.zeros((len(places), 1), np.uint8)))
    assert count(picture_of_dots, class_colours(1)[0]) > 20
    assert picture.shape[0] < 2000
    assert picture.shape[1] < 2000


@pytest.mark.parametrize("places", [[[-3e38, 0], [3e38, 0]], [[-1e300, 0], [1e300, 0]]], ids=["float32", "float64"])
def test_positions_at_the_end_of_the_numbers_are_drawn_or_refused_in_words(places: Any) -> None:
    try:
        picture = png(scatter.chart(np.array(places), labelled(2, 1), "", ""))
    except SnowdomeError:
        return
    assert picture.startswith(b"\x89PNG")


def test_no_points_at_all() -> None:
    with pytest.raises(DataError, match="there are no rows to draw"):
        scatter.chart(np.zeros((0, 2)), labelled(0, 2), "", "")


@pytest.mark.parametrize("few", [[[0, -1]], [[0, -1], [0.1, -0.9]]], ids=["one", "two"])
def test_the_name_of_a_class_does_not_hide_its_only_dots(few: Any) -> None:
    """A class of one or two dots, below the others."""
    places = np.concatenate([np.random.default_rng(0).uniform(-0.3, 1, (60, 2)), few])
    dataset = Dataset(X=np.zeros((len(places), 1), np.uint8), y=np.arange(len(places)) // 60, classes=("a", "the few"))
    inner = np.pi * (3 * SCALE - 1) ** 2  # of a dot, without the pixels on its edge
    assert count(plot_of(drawn(places, dataset)), class_colours(2)[1]) > 0.9 * inner * len(few)


def test_one_unit_is_as_long_to_the_right_as_upward() -> None:
    """A circle comes out round, a long map does not become a square."""
    angle = np.linspace(0, 2 * np.pi, 500)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1)
    for places, ratio in ((ring, 1.0), (ring * (1, 0.6), 0.6), (ring * (0.7, 1), 1 / 0.7)):
        inked = (drawn(places, Dataset(X=np.zeros((500, 1), np.uint8))) == class_colours(1)[0]).all(2)
        height, width = (np.ptp(np.flatnonzero(inked.any(axis))) for axis in (1, 0))
        assert height / width == pytest.approx(ratio, rel=0.03)


def test_many_classes(cloud: Any, real_size: None) -> None:
    k = 30
    picture = drawn(cloud, labelled(4000, k))
    legend = picture[:, -(24 + 132) * SCALE :]
    for colour in class_colours(k):
        assert count(plot_of(picture), colour) > 500
        assert count(legend, colour) > 100


def test_classes_and_words_are_written(cloud: Any) -> None:
    dataset = labelled(4000, 3)
    blank = drawn(cloud, Dataset(X=dataset.X, y=dataset.y, classes=(" ", "  ", "   ")))
    named = drawn(cloud, dataset)
    assert (blank[:, -132 * SCALE :] != named[:, -132 * SCALE :]).any()
    assert (plot_of(blank) != plot_of(named)).any()
    other = scatter.chart(cloud, dataset, "title", "another caption")
    pixels = np.asarray(Image.open(io.BytesIO(png(other))))
    assert (pixels[: 56 * SCALE] == named[: 56 * SCALE]).all()
    assert (pixels[-44 * SCALE :] != named[-44 * SCALE :]).any()


@pytest.mark.parametrize("text", ["", "Zürich 漢字 🙂", "a\nb", "\x1b]0;x\x07", "x" * 500])
def test_any_text_can_be_a_title_or_a_class(text: str) -> None:
    dataset = Dataset(X=np.zeros((2, 1), np.uint8), y=np.array([0, 1]), classes=(text, "b"))
    assert png(scatter.chart(np.eye(2), dataset, text, text)).startswith(b"\x89PNG")


@given(st.lists(st.tuples(*[st.floats(-(2.0**99), 2.0**99, width=32)] * 2), min_size=1, max_size=5))
@settings(max_examples=20)
def test_any_finite_positions(places: list[tuple[float, float]]) -> None:
    assert count(drawn(places, Dataset(X=np.zeros((len(places), 1), np.uint8))), class_colours(1)[0]) > 10
