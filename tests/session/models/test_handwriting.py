"""What is seen in ink, and where it goes on a map: the questions at a desk of the real data."""

import dataclasses
import io
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image

import snowdome
from snowdome.core.cache import disk_memo
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.layout.base import make_layout
from snowdome.session.question import Desk
from snowdome.session.questions.drawing import Drawing
from snowdome.session.questions.photo import Photo
from snowdome.session.questions.place import Place


@pytest.fixture
def desk(digits: snowdome.Dataset) -> Desk:
    return Desk(digits, disk_memo(digits.row_order_hash))


def enlarged(row: Any) -> Any:
    """An image of the digits as somebody would draw it: 256 × 256, ink 255."""
    image = Image.fromarray((row.reshape(8, 8) * 15.9).astype(np.uint8))
    return np.asarray(image.resize((256, 256), Image.Resampling.NEAREST))


def test_a_drawing_is_seen_as_what_it_was_drawn_after(desk: Desk) -> None:
    right = itself = 0
    for row in range(0, 200, 10):
        ink = enlarged(np.asarray(desk.dataset.X[row]))
        seen = Drawing(ink.tobytes(), 256).answer(desk, Control())
        assert len(seen.shades) == 64
        assert len(seen.row) == 4 * 64
        assert seen.distances == sorted(seen.distances)
        assert sum(seen.votes) == pytest.approx(1)
        assert desk.dataset.y is not None
        right += int(np.argmax(seen.votes)) == desk.dataset.y[row]
        itself += row in seen.rows
    assert min(right, itself) >= 17


def test_only_training_rows_are_like_it(mnist: snowdome.Dataset) -> None:
    few = mnist.take(np.r_[0:300, 60000:60300])
    desk = Desk(few, disk_memo(few.row_order_hash))
    ink = np.asarray(few.X[400]).reshape(28, 28)
    assert max(Drawing(ink.tobytes(), 28).answer(desk, Control()).rows) < 300


def test_a_photo_of_two(desk: Desk) -> None:
    page = 255 - np.concatenate([enlarged(np.asarray(desk.dataset.X[row])) for row in (0, 1)], axis=1)
    file = io.BytesIO()
    Image.fromarray(np.pad(page, 40, constant_values=255)).save(file, "PNG")
    found = Photo(file.getvalue()).answer(desk, Control())
    assert (found.width, found.height) == (592, 336)
    assert [int(np.argmax(digit.votes)) for digit in found.digits] == [0, 1]
    assert found.boxes[0][2] <= found.boxes[1][0]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (Drawing(bytes(100), 10), "The drawing is empty"),
        (Drawing(bytes(100), 0), "no whole number of lines"),
        (Drawing(bytes(101), 10), "no whole number of lines"),
        (Photo(b"nothing"), "photo: "),
    ],
)
def test_what_cannot_be_read_says_so(desk: Desk, question: Any, says: str) -> None:
    with pytest.raises(DataError, match=says):
        question.answer(desk, Control())


def test_data_that_are_no_grey_images_say_so(desk: Desk) -> None:
    plain = Desk(dataclasses.replace(desk.dataset, image_shape=None), desk.memo)
    with pytest.raises(DataError, match="these are plain values"):
        Drawing(b"\1", 1).answer(plain, Control())


OPTIONS: dict[str, dict[str, Any]] = {
    "pca": {},
    "tsne": {"random_state": 0, "early_steps": 50, "steps": 50},
    "graph": {"random_state": 0, "steps": 40},
    "isomap": {"random_state": 0, "steps": 5},
}


@pytest.mark.parametrize("method", OPTIONS)
def test_a_row_goes_where_transform_puts_it(method: str, digits: snowdome.Dataset) -> None:
    """The map of another process: the same place as in the layout that made it, and for isomap near its nearest."""
    data = digits.take(slice(0, 400))
    desk = Desk(data, disk_memo(data.row_order_hash))
    layout = make_layout(method, **OPTIONS[method]).fit(data.X)
    new = np.asarray(digits.X[400:404], np.float32) * np.float32(0.9)
    options = {name: value for name, value in layout.get_params().items() if name not in ("random_state", "n_jobs")}
    asked = Place(new.tobytes(), 7, method, options, 2, done=True)
    assert asked.answer(desk, Control()).places == [], "the map has to be sent first"
    told = msgspec.structs.replace(asked, values=layout.embedding_.tobytes()).answer(desk, Control())
    again = asked.answer(desk, Control())
    assert again == told, "and then it is known"
    if method == "isomap":
        assert not told.settled
    else:
        assert told.settled
        np.testing.assert_allclose(told.places, layout.transform(new), rtol=1e-6)


def test_a_map_that_still_forms_is_sent_each_time(digits: snowdome.Dataset) -> None:
    data = digits.take(slice(0, 300))
    desk = Desk(data, disk_memo(data.row_order_hash))
    Y = np.arange(600, dtype=np.float32).reshape(300, 2)
    row = np.asarray(data.X[5], np.float32)
    for shift in (0, 1000):
        asked = Place(row.tobytes(), 8, "tsne", {}, 2, done=False, values=(Y + shift).tobytes())
        told = asked.answer(desk, Control())
        assert not told.settled
        assert shift <= told.places[0][0] <= shift + 600
    with pytest.raises(DataError, match="The map has 10 places for 300 rows"):
        Place(row.tobytes(), 9, "tsne", {}, 2, done=True, values=Y[:10].tobytes()).answer(desk, Control())
