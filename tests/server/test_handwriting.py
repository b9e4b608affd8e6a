"""The routes of drawings and photos, over a real server with its query process."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image, ImageDraw

from snowdome.server.handwriting import MOST_SIDE, PHOTO_MB


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def ask(running: Callable[[], Any], folder: Path) -> Iterator[httpx.Client]:
    """A client of one server, whose first map is there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWDOME_CACHE", str(folder))
        server = running()
        try:
            with server.client() as client:
                client.post("/api/drawing?width=60", content=ink().tobytes())  # keeps this cache folder
                server.until(lambda: client.get("/api/session").json()["runs"][0]["status"] == "done", 30)
                yield client
        finally:
            server.close()


def ink(side: int = 60) -> Any:
    image = Image.new("L", (side, side), 0)
    ImageDraw.Draw(image).line((20, 10, 40, 50), fill=255, width=8)
    return np.asarray(image)


def test_a_drawing_is_told_with_its_place(ask: httpx.Client, fakes: ModuleType) -> None:
    data = fakes.dataset()
    found = ask.post("/api/drawing", params={"width": 60, "run": 1}, content=ink().tobytes())
    assert found.status_code == 200
    told = found.json()
    (digit,) = told["digits"]
    assert len(digit["shades"]) == 6
    assert max(digit["shades"]) == 255
    assert len(digit["shares"]) == 3
    assert digit["label"] == int(np.argmax(digit["shares"]))
    assert len(digit["rows"]) == 10
    assert len(data) - 1 not in digit["rows"], "the test row is not among the training images"
    assert len(digit["place"]) == 2
    assert (told["model"], told["boxes"], told["unplaced"]) == ("", [], "")


def test_without_a_map_there_is_no_place(ask: httpx.Client) -> None:
    for params in ({"width": 60}, {"width": 60, "run": 999}):
        told = ask.post("/api/drawing", params=params, content=ink().tobytes()).json()
        assert told["digits"][0]["place"] == []


def test_a_photo_is_told_digit_by_digit(ask: httpx.Client) -> None:
    page = 255 - np.concatenate([ink(), ink()], axis=1)
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PNG")
    told = ask.put("/api/photo", params={"run": 1}, content=file.getvalue()).json()
    assert (told["width"], told["height"]) == (120, 60)
    assert len(told["boxes"]) == len(told["digits"]) == 2
    assert told["boxes"][0][2] < told["boxes"][1][0]
    assert "dark ink on bright paper, turned round" in told["notes"]
    assert told["digits"][0]["place"] == told["digits"][1]["place"] != []


def test_a_model_says_what_it_is(ask: httpx.Client, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The probabilities of a trained model in place of the votes; of one that there is not, the votes."""
    monkeypatch.setenv("SNOWDOME_CACHE", str(folder))
    model = ask.post("/api/models", json={"kind": "centroid"}).json()["id"]
    params: dict[str, Any] = {"width": 60, "model": model}

    def done() -> bool:
        (record,) = (each for each in ask.get("/api/models").json()["models"] if each["id"] == model)
        assert record["status"] != "failed", record
        return bool(record["status"] == "done")

    until(done)
    told = ask.post("/api/drawing", params=params, content=ink().tobytes()).json()
    assert told["model"] == model
    assert sum(told["digits"][0]["shares"]) == pytest.approx(1, abs=1e-5)
    votes = ask.post("/api/drawing", params={"width": 60, "model": "99"}, content=ink().tobytes()).json()
    assert votes["model"] == ""
    assert votes["digits"][0]["shares"] != told["digits"][0]["shares"]


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "method", "body", "status", "says"),
    [
        ("/api/drawing?width=60", "POST", bytes(3600), 400, "The drawing is empty"),
        ("/api/drawing?width=7", "POST", bytes(3600), 400, "no whole number of lines of 7"),
        ("/api/drawing?width=0", "POST", b"\1", 400, "no whole number of lines"),
        ("/api/drawing", "POST", b"\1", 404, "whole numbers from 0"),
        ("/api/drawing?width=60&run=../x", "POST", ink().tobytes(), 404, "whole numbers from 0"),
        ("/api/drawing?width=512", "POST", bytes(MOST_SIDE**2 + 1), 413, "more than"),
        ("/api/photo", "PUT", b"%PDF-1.4", 400, "photo: "),
        ("/api/photo", "PUT", b"", 400, "photo: "),
        ("/api/photo", "PUT", bytes(PHOTO_MB * 1_000_000 + 1), 413, "more than"),
    ],
)
def test_what_is_wrong_is_said(ask: httpx.Client, path: str, method: str, body: bytes, status: int, says: str) -> None:
    answer = ask.request(method, path, content=body)
    assert answer.status_code == status
    assert says in answer.json()["text"]
