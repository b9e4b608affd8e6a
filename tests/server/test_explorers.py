"""The routes of the explorers, answered by the real query process."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import httpx
import numpy as np
import pytest

from snowdome.space.pca import components


@pytest.fixture(scope="module")
def ask(running: Callable[[], Any]) -> Iterator[Callable[[str], httpx.Response]]:
    """What a server over the small data answers."""
    server = running()
    with server.client() as client:
        yield client.get
    server.close()


@pytest.fixture(scope="module", autouse=True)
def cache() -> None:
    """One cache for the server of all tests here: that of the whole session."""


def numbers(answer: httpx.Response, kind: str = "<f4") -> np.ndarray[Any, Any]:
    assert answer.status_code == 200, answer.text
    return np.frombuffer(answer.content, kind)


def test_columns_rows_and_means(ask: Callable[[str], httpx.Response], fakes: ModuleType) -> None:
    dataset = fakes.dataset()
    assert np.array_equal(numbers(ask("/api/columns/5"), "u1"), dataset.X[:, 5])
    assert np.array_equal(numbers(ask("/api/rows/7/values")), dataset.X[7]), "and not those spread for the screen"
    wanted = [dataset.X[dataset.y == code].mean(0) for code in range(3)] + [dataset.X.mean(0)]
    assert np.allclose(numbers(ask("/api/means")).reshape(4, 6), wanted, rtol=1e-6)
    assert numbers(ask("/api/first/neighbours"), "<u2").shape == (400,)


def test_components(ask: Callable[[str], httpx.Response], fakes: ModuleType) -> None:
    found = components(fakes.dataset().X, 6)
    record = json.loads(ask("/api/components").content)
    assert (record["n"], record["count"]) == (40, 6)
    assert record["shares"] == pytest.approx(found.explained_variance_ratio)
    assert np.allclose(numbers(ask("/api/components/basis")).reshape(7, 6)[1:], found.components, atol=1e-6)
    assert np.array_equal(numbers(ask("/api/components/5/scores")), found.scores[:, 5])


@pytest.mark.parametrize("path", ["columns/6", "columns/-1", "columns/x", "columns/%D9%A1", "rows/40/values",
                                  "components/6/scores", "components/1e1/scores"])  # fmt: skip
def test_numbers_that_there_are_not_are_refused(door: Any, path: str) -> None:
    assert door(f"/api/{path}").status == 404


def test_frames_can_be_had_of_the_first_rows_only(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server):
        server.until(lambda: server.session.run(1).over)
    address = f"http://127.0.0.1:{server.port}/api/runs/1/frame"
    bodies = {
        query: httpx.get(address + query, headers=server.headers(), trust_env=False).content
        for query in ("", "?first=7", "?first=400", "?first=x")
    }
    assert bodies["?first=400"] == bodies["?first=x"] == bodies[""]
    assert int.from_bytes(bodies["?first=7"][16:20], "little") == 7
    assert bodies["?first=7"][64:] == bodies[""][64 : 64 + 7 * 2 * 4]
