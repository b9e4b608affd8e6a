"""The routes of the models, over a real server with its processes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from snowdome.core.options import options_of
from snowdome.model.base import Classifier, classifiers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for the server of this file and its processes, which start when they are needed."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, in place of one for each test."""
    monkeypatch.setenv("SNOWDOME_CACHE", str(home))
    return home


@pytest.fixture(scope="module")
def ask(running: Callable[[], Any], home: Path) -> Iterator[httpx.Client]:
    """A client of one server, as a program with the token."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWDOME_CACHE", str(home))
        server = running()
        try:
            with server.client() as client:
                yield client
        finally:
            server.close()


@pytest.fixture(scope="module")
def model(ask: httpx.Client) -> str:
    """A model that was trained: the fake data have one test row, so that others are drawn."""
    answer = ask.post("/api/models", json={"kind": "centroid", "rows": {"test": 0.3}})
    assert answer.status_code == 200, answer.text
    return over(ask, answer.json()["id"])["id"]


def over(ask: httpx.Client, model: str) -> dict[str, Any]:
    """The record of a model once it is over."""
    end = time.monotonic() + 60
    while True:
        found = {one["id"]: one for one in ask.get("/api/models").json()["models"]}[model]
        if found["status"] in ("done", "failed", "stopped"):
            return found
        assert time.monotonic() < end
        time.sleep(0.05)


def test_every_kind_is_listed_with_its_options(ask: httpx.Client) -> None:
    found = ask.get("/api/kinds").json()
    assert [kind["id"] for kind in found["kinds"]] == classifiers.names()
    for kind in found["kinds"]:
        cls = classifiers.member(kind["id"], Classifier)
        assert [option["name"] for option in kind["options"]] == list(options_of(cls))
    assert [option["name"] for option in found["preparation"]][:2] == ["scale", "components"]
    assert found["rows"][0]["name"] == "test"


def test_a_model_is_judged_explained_and_asked(ask: httpx.Client, model: str) -> None:
    base = f"/api/models/{model}"
    judged = ask.get(f"{base}/judged").json()
    assert sum(map(sum, judged["matrix"])) == judged["n"] == 12
    assert len(ask.get(f"{base}/verdicts").content) == 12 * 20
    assert len(np.frombuffer(ask.get(f"{base}/weights").content, "<f4")) == 3 * 6
    assert len(ask.get(f"{base}/thresholds/1").json()["threshold"]) == 101
    why = ask.get(f"{base}/rows/3/explained?label=0&other=2").json()
    assert (why["label"], why["other"]) == ("a", "c")
    assert len(np.frombuffer(ask.get(f"{base}/rows/3/occlusion?label=0&other=2").content, "<f4")) == 6
    one = ask.post("/api/models/newest/predict", content=bytes(12)).json()
    assert len(one["predicted"]) == 2
    assert sum(one["probability"][0]) == pytest.approx(1, abs=1e-5)
    ids = [column["id"] for column in ask.get("/api/table").json()["columns"]]
    assert ids[-3:] == [f"predicted-{model}", f"correct-{model}", f"confidence-{model}"]
    assert len(ask.get(f"/api/table/confidence-{model}").content) == 40 * 4
    assert ask.get(f"/api/table/correct-{model}/names").json() == ["right", "wrong"]
    rows = np.arange(40, dtype="<u4").tobytes()
    lines = ask.post(f"/api/export/csv?model={model}", content=rows).text.splitlines()
    assert lines[0].endswith(f",predicted by {model},correct by {model},confidence by {model}")
    assert sum(line.split(",")[-2] in ("right", "wrong") for line in lines[1:]) == 12


def test_a_model_is_kept_deleted_and_brought_back(ask: httpx.Client, model: str) -> None:
    base = f"/api/models/{model}"
    assert ask.post(f"{base}/keep", json={"name": "a b"}).status_code == 400
    (kept,) = ask.post(f"{base}/keep", json={"name": "ours"}).json()["models"]
    assert (kept["name"], kept["version"]) == ("ours", 1)
    assert ask.delete(base).json()["models"] == []
    assert ask.get(f"{base}/judged").status_code == 404
    assert ask.post(f"{base}/restore").json()["models"] == [kept]


@pytest.mark.parametrize(
    ("body", "option", "says"),
    [
        ({"kind": "sgd", "options": {"alpha": 0}}, "alpha", "allowed: a number from"),
        ({"kind": "cnnn"}, "", "Did you mean 'cnn'?"),
        ({"kind": "sgd", "folds": 99}, "folds", "2 to 20"),
        ({"kind": "sgd", "nonsense": 1}, "", "The body is"),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_option(
    ask: httpx.Client, body: dict[str, Any], option: str, says: str
) -> None:
    answer = ask.post("/api/models", json=body)
    assert answer.status_code == 400
    said = answer.json()
    assert says in said["text"]
    assert said.get("option", "") == option


def test_what_there_is_not(ask: httpx.Client, model: str) -> None:
    for path in ("nobody/judged", "nobody/verdicts", f"{model}/rows/40/explained", f"{model}/thresholds/3"):
        assert ask.get(f"/api/models/{path}").status_code == 404
    assert ask.post("/api/models/nobody/stop").status_code == 404
    assert ask.post(f"/api/models/{model}/predict", content=b"12345").status_code == 400
    assert ask.get("/api/table/predicted-nobody").status_code == 404
