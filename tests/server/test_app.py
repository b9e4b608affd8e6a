"""The routes: data, pixels, files; reliability.md S-13 to S-15."""

import dataclasses
import json
import os
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from snowdome.core.cache import folder
from snowdome.data.dataset import Dataset
from snowdome.layout.base import layouts
from snowdome.server import app, browser, static
from snowdome.server.wire import MAX_IMAGES
from snowdome.session.host import Host


def test_the_facts_of_the_data(door: Any) -> None:
    facts = json.loads(door("/api/dataset").body)
    assert (facts["n"], facts["p"], facts["image_shape"]) == (40, 6, [2, 3])
    assert facts["classes"] == ["a", "b", "c"]
    assert facts["counts"] == [14, 13, 13]
    splits = [{"name": "train", "count": 39, "start": 0}, {"name": "test", "count": 1, "start": 39}]
    assert facts["splits"] == splits


def test_the_kinds_of_map(door: Any) -> None:
    methods = {method["id"]: method for method in json.loads(door("/api/methods").body)["methods"]}
    assert list(methods) == layouts.names()
    perplexity = next(option for option in methods["tsne"]["options"] if option["name"] == "perplexity")
    assert (perplexity["default"], perplexity["low"], perplexity["kind"]) == (30.0, 0.1, "number")


def test_labels_are_u16(door: Any, fakes: ModuleType) -> None:
    assert np.array_equal(np.frombuffer(door("/api/labels").body, "<u2"), fakes.dataset().y)
    bare = Dataset(np.zeros((3, 2), np.uint8))
    assert np.frombuffer(app.label_bytes(bare), "<u2").tolist() == [65535] * 3
    assert app.dataset_record(bare).counts == []


@pytest.mark.parametrize("count", [0, 1, 3, 200])
def test_images_are_bytes_in_the_order_asked(door: Any, fakes: ModuleType, count: int) -> None:
    rows = (np.arange(count) * 7 % 40).astype("<u4")
    answer = door("/api/images", method="POST", body=[rows.tobytes()[:5], rows.tobytes()[5:]])
    assert answer.status == 200
    wanted = np.rint(fakes.dataset().X[rows] * (255 / 16)).astype(np.uint8)
    assert answer.body == wanted.tobytes()


def test_rows_have_the_ids_that_the_data_give_them(door: Any) -> None:
    rows = np.array([3, 0], "<u4").tobytes()
    assert json.loads(door("/api/dataset").body)["has_ids"] is False
    assert json.loads(door("/api/ids", method="POST", body=[rows]).body) == [3, 0]
    dataset = door.session.dataset
    own = [f"cat/{row:02}.png" for row in range(len(dataset))]
    door.session.dataset = dataclasses.replace(dataset, ids=np.array(own))
    assert json.loads(door("/api/dataset").body)["has_ids"] is True
    assert json.loads(door("/api/ids", method="POST", body=[rows]).body) == ["cat/03.png", "cat/00.png"]
    assert door("/api/ids", method="POST", body=[np.array([40], "<u4").tobytes()]).status == 400


def test_pixels_of_plain_bytes_are_left_alone_and_of_floats_spread() -> None:
    X = np.arange(12, dtype=np.uint8).reshape(3, 4)
    rows = np.array([2, 0], np.uint32)
    assert app.pixels(Dataset(X), rows) == X[[2, 0]].tobytes()
    floats = Dataset(np.array([[-1.0, 0.0, 1.0, np.nan]]), value_range=(-1.0, 1.0))
    assert list(app.pixels(floats, np.array([0], np.uint32))) == [0, 128, 255, 0]


def test_bad_row_numbers_are_refused_in_words(door: Any) -> None:
    for body, says in ((b"abc", "4 bytes each"), (np.array([40], "<u4").tobytes(), "0 to 39")):
        answer = door("/api/images", method="POST", body=[body])
        assert answer.status == 400
        assert says in json.loads(answer.body)["text"]


def test_s13_a_body_is_cut_off_where_it_is_too_long(door: Any) -> None:
    rows = np.zeros(MAX_IMAGES, "<u4").tobytes()
    assert door("/api/images", method="POST", body=[rows]).status == 200
    asked = 0

    class Endless(list[bytes]):
        def pop(self, *_: Any) -> bytes:
            nonlocal asked
            asked += 1
            return bytes(1 << 16)

    answer = door("/api/images", method="POST", body=Endless([b"", b""]))
    assert answer.status == 413
    assert asked == 1
    text = json.loads(answer.body)["text"]
    assert text == "The body has more than 16384 bytes."


def test_frames_of_runs(door: Any) -> None:
    for run in ("1", "0", "-1", "1.5", "x", "9" * 5000, "%31", "١"):
        assert door(f"/api/runs/{run}/frame").status == 404


def test_files_have_their_types_and_are_kept_by_the_browser(door: Any) -> None:
    for path, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/assets/app.js", "text/javascript; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
    ):
        answer = door(path)
        assert answer.status == 200
        assert answer.all("content-type") == [kind]
        (tag,) = answer.all("etag")
        again = door(path, {"if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
    for path in ("/assets/index.html", "/assets/../index.html", "/assets/%2e%2e", "/index.html", "/assets/nothing.js"):
        assert door(path).status == 404


def test_the_bundle_is_read_once_by_its_fixed_names(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "enter.js").write_text("never this one")
    (tmp_path / "assets" / "app.js").write_text("js")
    (tmp_path / "assets" / "notes.exe").write_text("no")
    found = static.load_assets(tmp_path)
    assert set(found) == {"index.html", "assets/app.js", "enter.js"}
    assert found["enter.js"].body == static.ENTER


def test_without_the_bundle_the_page_says_what_to_do(door: Any) -> None:
    rooms = app.Rooms(Host(door.session), door.keys, static.load_assets(Path("nowhere")))
    bare = app.Starlette(routes=rooms.routes())
    door.app.app = bare
    answer = door("/")
    assert answer.status == 503
    assert b"make build" in answer.body


def test_s14_faults_give_a_number_and_nothing_else(
    door: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError(f"secret {Path.home()}")

    monkeypatch.setattr(door.session, "snapshot", broken)
    with pytest.raises(RuntimeError, match="secret"):  # the server's log gets it
        door("/api/session")
    number = re.fullmatch(r"fault ([0-9a-f]{8}): RuntimeError", caplog.messages[0])
    assert number is not None


def test_s14_no_answer_repeats_the_address_or_names_a_path(door: Any) -> None:
    for path, method in (("/<script>alert(1)", "GET"), ("/api/<b>", "GET"), ("/api/session", "PUT"), ("/x?<i>", "GET")):
        answer = door(path, method=method)
        assert answer.status in (404, 405)
        assert set(json.loads(answer.body)) == {"id", "text"}
        assert b"<" not in answer.body
        for secret in (str(Path.home()), "Traceback", "site-packages", ".py"):
            assert secret.encode() not in answer.body


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_s15_runtime_files_are_for_their_owner_alone(cache: Path) -> None:
    before = os.umask(0)
    try:
        page = browser.redirect_file("http://127.0.0.1:1/login?code=x&y", 1)
    finally:
        os.umask(before)
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.parent.stat().st_mode & 0o777 == 0o700
    assert folder().stat().st_mode & 0o777 == 0o700
    assert cache in page.parents
    assert static.FOLDER not in page.parents
    assert "url=http://127.0.0.1:1/login?code=x&amp;y" in page.read_text()


def test_a_map_as_a_file(door: Any) -> None:
    run = door.session.snapshot().runs
    assert run == []
    assert door("/api/runs/1/map/csv").status == 404
