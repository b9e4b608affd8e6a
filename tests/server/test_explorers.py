"""What the explorers ask: columns, means, components and neighbours; C5 to C8, C10, D14."""

import dataclasses
import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from snowdome.data.dataset import Dataset
from snowdome.session import spaces
from snowdome.space.pca import components


def numbers(door: Any, path: str, kind: str = "<f4") -> np.ndarray[Any, Any]:
    answer = door(path)
    assert answer.status == 200, answer.body
    return np.frombuffer(answer.body, kind)


def test_columns_are_bytes_where_the_data_are_and_floats_else(door: Any, fakes: ModuleType) -> None:
    X = fakes.dataset().X
    for index in (0, 5):
        assert np.array_equal(numbers(door, f"/api/columns/{index}", "u1"), X[:, index])
    door.session.dataset = Dataset(np.array([[0.5, -2.0], [1.5, 3.0]]))
    assert numbers(door, "/api/columns/1").tolist() == [-2.0, 3.0]
    assert numbers(door, "/api/rows/1/values").tolist() == [1.5, 3.0]


def test_a_row_has_its_own_values_and_not_those_spread_for_the_screen(door: Any, fakes: ModuleType) -> None:
    assert np.array_equal(numbers(door, "/api/rows/7/values"), fakes.dataset().X[7])


@pytest.mark.parametrize("path", ["columns/6", "columns/-1", "columns/x", "columns/\u0661", "rows/40/values",
                                  "components/6/scores", "components/1e1/scores"])  # fmt: skip
def test_numbers_that_there_are_not_are_refused(door: Any, path: str) -> None:
    assert door(f"/api/{path}").status == 404


def test_means_are_those_of_each_class_and_then_of_all(door: Any, fakes: ModuleType) -> None:
    dataset = fakes.dataset()
    wanted = [dataset.X[dataset.y == code].mean(0) for code in range(3)] + [dataset.X.mean(0)]
    assert np.allclose(numbers(door, "/api/means").reshape(4, 6), wanted, rtol=1e-6)
    door.session.dataset = dataclasses.replace(dataset, classes=("a", "b", "c", "nobody"))
    found = numbers(door, "/api/means").reshape(5, 6)
    assert np.isnan(found[3]).all()
    assert np.allclose(found[4], wanted[3])
    door.session.dataset = Dataset(dataset.X)
    assert np.allclose(numbers(door, "/api/means"), wanted[3])


def test_components_are_those_of_all_rows(door: Any, fakes: ModuleType) -> None:
    found = components(fakes.dataset().X, 6)
    record = json.loads(door("/api/components").body)
    assert (record["n"], record["count"]) == (40, 6)
    assert sum(record["shares"]) == pytest.approx(1)
    basis = numbers(door, "/api/components/basis").reshape(7, 6)
    assert np.allclose(basis[0], found.mean)
    assert np.allclose(basis[1:], found.components, atol=1e-6)
    for component in (0, 5):
        scores = numbers(door, f"/api/components/{component}/scores")
        assert np.array_equal(scores, found.scores[:, component])
        reach = record["low"][component], record["high"][component]
        assert reach == pytest.approx((scores.min(), scores.max()))


def test_one_row_has_no_components_and_is_told_so_in_words(door: Any) -> None:
    door.session.dataset = Dataset(np.ones((1, 3), np.uint8))
    answer = door("/api/components")
    assert answer.status == 409
    assert "at least 2 rows" in json.loads(answer.body)["text"]


def test_neighbours_of_the_first_rows_are_the_nearest_and_the_earlier_of_equals() -> None:
    X = np.array([[0], [1], [2], [1], [9]], np.uint8)
    found = np.frombuffer(spaces.first_neighbours(Dataset(X)), "<u2").reshape(5, 4)
    assert found[0].tolist() == [1, 3, 2, 4]
    assert found[1].tolist() == [3, 0, 2, 4]
    assert found[4].tolist() == [2, 1, 3, 0]


def test_c10_of_the_essays_graph_most_edges_join_a_class(mnist: Dataset) -> None:
    nearest = np.frombuffer(spaces.first_neighbours(mnist), "<u2").reshape(1000, 10)
    assert 0.83 < (mnist.y[nearest[:, :3]] == mnist.y[:1000, None]).mean() < 0.87


def test_frames_can_be_had_of_the_first_rows_only(serving: Any, tab: Any) -> None:
    import urllib.request

    server = serving()
    with tab(server):
        server.until(lambda: server.session.run(1).over)
    bodies = {}
    for query in ("", "?first=7", "?first=400", "?first=x"):
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/api/runs/1/frame{query}", headers=server.headers()
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            bodies[query] = answer.read()
    assert bodies["?first=400"] == bodies["?first=x"] == bodies[""]
    assert int.from_bytes(bodies["?first=7"][16:20], "little") == 7
    assert bodies["?first=7"][64:] == bodies[""][64 : 64 + 7 * 2 * 4]
