"""The routes of columns, ids, ink and exports."""

import dataclasses
import json
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from snowdome.data.columns import Columns
from snowdome.session.exports import MOST_ROWS


def test_columns_are_listed_and_sent_as_four_bytes_a_row(door: Any, fakes: ModuleType) -> None:
    listed = {column["id"]: column for column in json.loads(door("/api/table").body)["columns"]}
    assert list(listed) == ["label", "split", "row", "instance", "distance", "mean"]
    means = np.frombuffer(door("/api/table/mean").body, "<f4")
    assert np.allclose(means, fakes.dataset().X.mean(1))
    assert np.frombuffer(door("/api/table/label").body, "<u4").tolist() == fakes.dataset().y.tolist()
    assert json.loads(door("/api/table/label/names").body) == ["a", "b", "c"]
    for name in ("id", "nothing", "x" * 5000, "%2e%2e"):
        assert door(f"/api/table/{name}").status == 404


def test_ids_are_found_whole_ones_first(door: Any) -> None:
    assert json.loads(door("/api/find?text=3").body) == [], "rows without ids of their own are found by number"
    own = [f"cat/{row}.png" for row in range(len(door.session.dataset))]
    door.session.dataset = dataclasses.replace(door.session.dataset, ids=np.array(own))
    found = json.loads(door("/api/find?text=CAT/3.png").body)
    assert found == [{"row": 3, "id": "cat/3.png"}]
    found = json.loads(door("/api/find?text=3").body)
    assert {each["row"] for each in found} == {row for row in range(40) if "3" in str(row)}
    assert len(json.loads(door("/api/find?text=cat").body)) == 20
    assert json.loads(door("/api/find").body) == []


def test_ink_by_class(door: Any, fakes: ModuleType) -> None:
    dataset = fakes.dataset()
    counts = np.frombuffer(door("/api/ink").body, "<u4").reshape(3, 6)
    assert np.array_equal(counts[1], (dataset.X[dataset.y == 1] != dataset.value_range[0]).sum(0))


def test_the_selection_as_a_file(door: Any) -> None:
    rows = [np.array([39, 2], "<u4").tobytes()]  # the door empties the list that it is given
    assert door("/api/export/ids", method="POST", body=rows[:]).body == b"39\n2\n"
    table = pl.read_parquet(door("/api/export/parquet", method="POST", body=rows[:]).body)
    assert table["row"].to_list() == [39, 2]
    assert table["split"].to_list() == ["test", "train"]
    assert door("/api/export/sheet", method="POST", body=rows[:]).body.startswith(b"\x89PNG")
    refused = door("/api/export/exe", method="POST", body=rows[:])
    assert (refused.status, json.loads(refused.body)["text"][:20]) == (400, "A selection cannot b")
    assert door("/api/export/csv", method="POST", body=[np.array([40], "<u4").tobytes()]).status == 400
    assert door("/api/export/csv", method="POST", body=[bytes(4 * MOST_ROWS + 4)]).status == 413


def test_the_data_s_own_columns_are_sent_and_exported(door: Any) -> None:
    n = len(door.session.dataset)
    own = Columns({"site": np.array(["Ulm", "=1+1"] * (n // 2)), "a/b": np.arange(n) / 2})
    door.session.dataset = dataclasses.replace(door.session.dataset, columns=own)
    listed = [column["id"] for column in json.loads(door("/api/table").body)["columns"]]
    assert listed[-2:] == ["site", "column-2"]
    assert json.loads(door("/api/table/site/names").body) == ["=1+1", "Ulm"]
    assert np.frombuffer(door("/api/table/column-2").body, "<f4")[3] == 1.5
    table = door("/api/export/csv", method="POST", body=[np.array([3], "<u4").tobytes()]).body.decode().splitlines()
    assert [line.split(",")[4:6] for line in table] == [["site", "a/b"], ["'=1+1", "1.5"]]
