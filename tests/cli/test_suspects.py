"""`snowdome suspects` and `snowdome annotations`: the files they write, what they print, what they refuse."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from snowdome.data.annotated import read_patch
from snowdome.data.dataset import Dataset
from snowdome.model import leave_one_out
from snowdome.session.labels.annotations import Annotations

COLUMNS = ["rank", "index", "id", "given_label", "predicted_label", "label_quality", "is_label_issue"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(leave_one_out, "FEATURES", 400)
    monkeypatch.setenv("SNOWDOME_WORKSPACE", str(tmp_path / "workspace"))


@pytest.fixture(scope="module")
def two_splits(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 training and 100 test digits in a file, five test labels wrong."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    y = np.array(digits.y)
    y[400:405] = (y[400:405] + 1) % 10
    X = np.asarray(digits.X).reshape(-1, 8, 8)
    np.savez(path, x_train=X[:400], y_train=y[:400], x_test=X[400:500], y_test=y[400:500])
    return path


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_table_of_a_split(snowdome: Any, two_splits: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"suspects.{suffix}"
    result = snowdome("suspects", two_splits, "--split", "test", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    table = pl.read_csv(out) if suffix == "csv" else pl.read_parquet(out)
    assert table.columns == COLUMNS
    assert table["rank"].to_list() == list(range(1, 101))
    assert sorted(table["index"]) == list(range(100))
    assert set(table["index"][:5]) == set(range(5))
    assert (table["id"] == table["index"] + 400).all()
    facts = json.loads(result.stdout.splitlines()[-1])
    assert (facts["n"], facts["split"], facts["by"]) == (100, "test", "combined")
    assert facts["first"] == table["index"][:10].to_list()
    assert "labels are probably wrong" in result.stderr


def test_sheet_and_details(snowdome: Any, two_splits: Path, tmp_path: Path) -> None:
    result = snowdome("suspects", two_splits, "--split", "test", "--png", tmp_path / "a.png", "--top", 12,
                      "--details", tmp_path / "details")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    tables = {file.stem: pl.read_csv(file) for file in (tmp_path / "details").iterdir()}
    assert tables.keys() == {"duplicates", "oddities", "error_rates", "overlaps"}
    assert tables["error_rates"]["n"].to_list()[-1] == 100
    assert tables["oddities"]["index"].is_between(400, 499).all()


def test_printed(snowdome: Any, two_splits: Path) -> None:
    result = snowdome("suspects", two_splits, "--by", "neighbours")
    assert result.exit_code == 0
    assert "label_quality" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "a.txt"), "allowed: .csv, .parquet"),
        (("--split", "validation"), "has no split 'validation'; it has: train, test"),
        (("--annotations", "none.json"), "There is no file of annotations 'none.json'"),
    ],
)
def test_refused(snowdome: Any, two_splits: Path, arguments: tuple[str, ...], words: str) -> None:
    result = snowdome("suspects", two_splits, *arguments)
    assert result.exit_code == 1
    assert words in re.sub(r"\s+", " ", result.stderr)


def test_decisions_out_and_in(snowdome: Any, two_splits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Export, import elsewhere, the corrected labels, and ranking again with the decisions taken in."""
    import snowdome as library

    data = library.open(two_splits)
    decided = Annotations(data)
    assert data.y is not None
    decided.decide([400], "relabel", data.classes[(data.y[400] - 1) % 10], "=wrong")
    decided.decide([401, 402], "exclude")
    decided.close()
    patch, out = tmp_path / "patch.json", tmp_path / "labels.csv"
    result = snowdome("annotations", two_splits, "--out", patch, "--corrected", out, "--report", tmp_path / "a.md",
                      "--json")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["by_decision"] == {"relabel": 1, "exclude": 2}
    assert len(read_patch(patch).decisions) == 3
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert rows[400]["note"] == "'=wrong"
    assert rows[400]["label"] != rows[400]["original_label"]
    story = (tmp_path / "a.md").read_text()
    assert "2 exclude" in story
    assert story.count("of its 20 nearest are") == 3

    monkeypatch.setenv("SNOWDOME_WORKSPACE", str(tmp_path / "elsewhere"))
    again = tmp_path / "again.json"
    result = snowdome("annotations", two_splits, "--import", patch, "--out", again)
    assert "took 3 decisions in; 0 were there already" in result.stderr
    assert again.read_bytes() == patch.read_bytes()

    table = tmp_path / "suspects.csv"
    assert snowdome("suspects", two_splits, "--split", "test", "--annotations", patch, "--out", table).exit_code == 0
    ranked = pl.read_csv(table)
    assert ranked.filter(index=0)["rank"].item() > 10, "its label is right now"
    assert len(ranked) == 100
