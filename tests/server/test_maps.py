"""The routes of the kept maps and of the edges; U-07, C10."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import numpy as np
import pytest

Client = httpx.Client


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache for the server of all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWDOME_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def server(cache: None, running: Callable[[], Any]) -> Iterator[Any]:
    """A server over the small data."""
    server = running()
    yield server
    server.close()


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[Client]:
    """A program that talks to it."""
    with server.client() as client:
        yield client


def maps(client: Client) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get("/api/maps").json()["maps"]
    return listed


def made(server: Any, client: Client, seed: int) -> str:
    """The id of a kept map of that seed."""
    asked = {"method": "tsne", "seed": seed, "options": {"steps": 20}}
    run = client.post("/api/maps", json=asked).json()["run"]
    server.until(lambda: server.session.run(run).record.kept)
    return str(server.session.run(run).record.kept)


def test_a_map_is_listed_named_deleted_and_brought_back(server: Any, client: Client) -> None:
    number = made(server, client, 5)
    assert number in [each["id"] for each in maps(client)]
    named = client.put(f"/api/maps/{number}", json={"name": "<b>mine</b>"})
    assert (named.status_code, named.json()["name"]) == (200, "<b>mine</b>")
    assert client.delete(f"/api/maps/{number}").status_code == 204
    assert number not in [each["id"] for each in maps(client)]
    assert client.delete(f"/api/maps/{number}").status_code == 404
    assert client.post(f"/api/maps/{number}/back").json()["name"] == "<b>mine</b>"
    assert client.post(f"/api/maps/{number}/back").status_code == 404
    sketch = np.frombuffer(client.get(f"/api/maps/{number}/sketch").content, np.uint8)
    assert sketch.shape == (80,)


def test_asked_for_again_it_is_given_at_once(server: Any, client: Client) -> None:
    number = made(server, client, 6)
    asked = {"method": "tsne", "seed": 6, "options": {"steps": 20}}
    run = client.post("/api/maps", json=asked).json()["run"]
    record = next(each for each in client.get("/api/session").json()["runs"] if each["id"] == run)
    assert (record["kept"], record["status"]) == (number, "done")
    assert client.post(f"/api/maps/{number}/show").json()["run"] == run
    frame = client.get(f"/api/runs/{run}/frame").content
    assert len(frame) == 64 + 40 * 2 * 4
    assert client.get(f"/api/runs/{run}/map/csv").status_code == 200


def test_what_is_not_allowed_is_refused_with_the_option_at_fault(client: Client) -> None:
    answer = client.post("/api/maps", json={"method": "tsne", "seed": 6, "options": {"steps": -4}})
    assert (answer.status_code, answer.json()["option"]) == (400, "steps")
    answer = client.post("/api/maps", json={"method": "tsne", "seed": 6, "options": {"n_jobs": 4}})
    assert answer.status_code == 400
    for body in (b"", b"[]", b'{"method": 3}', b'{"name": "x", "more": 1}', b"[" * 1500, b"\xff"):
        assert client.post("/api/maps", content=body).status_code == 400
        assert client.put(f"/api/maps/{'0' * 20}", content=body).status_code == 400
    assert client.put(f"/api/maps/{'0' * 20}", content=b" " * 70_000).status_code == 413


@pytest.mark.parametrize("number", ["0" * 20, "x", "..%2f..%2fx", "damaged-" + "0" * 20])
def test_there_are_no_other_maps(client: Client, number: str) -> None:
    assert client.put(f"/api/maps/{number}", json={"name": "x"}).status_code == 404
    assert client.delete(f"/api/maps/{number}").status_code == 404
    for verb in ("back", "show"):
        assert client.post(f"/api/maps/{number}/{verb}").status_code == 404
    assert client.get(f"/api/maps/{number}/sketch").status_code == 404


def test_c10_edges_are_the_three_nearest(client: Client, fakes: ModuleType) -> None:
    X = fakes.dataset().X.astype(float)
    distances = ((X[:, None] - X[None]) ** 2).sum(-1)
    np.fill_diagonal(distances, np.inf)
    wanted = np.argsort(distances, 1, kind="stable")[:, :3]
    for space in ("", "?space=0", "?space=6"):
        found = np.frombuffer(client.get(f"/api/edges{space}").content, "<u4").reshape(40, 3)
        ours = np.take_along_axis(distances, found.astype(int), 1)
        assert np.allclose(ours, np.take_along_axis(distances, wanted, 1))
        assert np.array_equal(found, wanted)
    two = np.frombuffer(client.get("/api/edges?space=2").content, "<u4").reshape(40, 3)
    assert not np.array_equal(two, wanted)
    for space in ("7", "-1", "x", "1e1"):
        assert client.get(f"/api/edges?space={space}").status_code == 404


def test_everybody_is_told_of_a_change(server: Any, client: Client, tab: Any) -> None:
    with tab(server) as viewer:
        number = made(server, client, 9)
        viewer.until(lambda: viewer.kept and number in [each["id"] for each in viewer.kept[-1]])
        client.delete(f"/api/maps/{number}")
        viewer.until(lambda: number not in [each["id"] for each in viewer.kept[-1]])
