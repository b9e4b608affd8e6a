"""`snowdome table`: the file it writes, what it prints, what it refuses."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from snowdome.data.dataset import Dataset

COLUMNS = ["label", "instance", "value", "pixel", "x", "y"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_the_file_is_the_table(snowdome: Any, digits: Dataset, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"pixels.{suffix}"
    result = snowdome("table", "digits", "--head", 100, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    read = pl.read_parquet(out) if suffix == "parquet" else pl.read_csv(out)
    assert read.equals(digits[:100].pixels().collect())
    facts = json.loads(result.stdout.splitlines()[-1])
    assert facts.pop("seconds") >= 0
    assert facts == {"thing": "digits", "images": 100, "rows": 6400, "columns": COLUMNS}
    assert "wrote" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == [out.name]


def test_all_images(snowdome: Any, tmp_path: Path) -> None:
    assert snowdome("table", "digits", "--out", tmp_path / "all.parquet").exit_code == 0
    assert pl.scan_parquet(tmp_path / "all.parquet").select(pl.len()).collect().item() == 1797 * 64


def test_more_than_there_are(snowdome: Any) -> None:
    result = snowdome("table", "digits", "--head", 1_000_000, "--json")
    assert json.loads(result.stdout.splitlines()[-1])["images"] == 1797


def test_without_a_file_the_first_rows_are_printed(snowdome: Any) -> None:
    result = snowdome("table", "digits", "--head", 5)
    assert result.exit_code == 0
    assert all(name in result.stdout for name in COLUMNS)
    assert "(10, 6)" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "pixels.txt"), "'pixels.txt' ends in '.txt'; allowed: .parquet, .csv"),
        (("--out", "no/such/folder/pixels.csv"), "its folder does not exist"),
        (("--head", "0"), "--head"),
    ],
)
def test_refused(
    snowdome: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = snowdome("table", "digits", *arguments)
    assert result.exit_code in (1, 2)
    assert words in re.sub(r"\s+", " ", result.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_memory_is_bounded(mnist_folder: Path, mnist: Dataset, tmp_path: Path) -> None:
    """15 million rows, 750 MB if they were held, go to the disk block by block."""
    program = """
        import re, sys
        from pathlib import Path
        from snowdome.cli.main import main
        main([*sys.argv[1:]], standalone_mode=False)
        print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    """
    out = tmp_path / "pixels.parquet"
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(line[8:] for line in program.splitlines()), "table", "mnist",
         "--data", os.fspath(mnist_folder.parent), "--head", "20000", "--out", os.fspath(out)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 400 * 1024
    table = pl.scan_parquet(out)
    assert table.select(pl.col("value").sum(), pl.len()).collect().row(0) == (
        int(mnist.X[:20_000].sum(dtype=int)),
        20_000 * 784,
    )
