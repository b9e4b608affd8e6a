"""`snowdome map`: the files it writes, what it prints, what it refuses, and how Ctrl-C ends it."""

import csv
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image

from snowdome.chart.palette import class_colours
from snowdome.cli.map import _Watched
from snowdome.data.dataset import Dataset

Program = Callable[..., subprocess.CompletedProcess[bytes]]
FEW = ("--early-steps", "20", "--steps", "30")


@pytest.fixture(scope="module")
def made(snowdome: Any, digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with one map in every form, and what the run that wrote it printed."""
    folder = tmp_path_factory.mktemp("maps")
    common = ("map", "digits", "--method", "tsne", "--seed", "7", *FEW)
    result = snowdome(*common, "--out", folder / "map.parquet", "--png", folder / "map.png", "--json")
    assert result.exit_code == 0, result.output
    for suffix in ("csv", "npz"):
        assert snowdome(*common, "--out", folder / f"map.{suffix}").exit_code == 0
    return folder, result


def test_the_table(made: tuple[Path, Any], digits: Dataset) -> None:
    """Columns id, x, y, label; a row for each row of the Dataset, in its order."""
    table = pl.read_parquet(made[0] / "map.parquet")
    assert table.schema == {"id": pl.Int64, "x": pl.Float32, "y": pl.Float32, "label": pl.Int64}
    assert digits.y is not None
    assert table["id"].to_list() == list(range(1797))
    assert table["label"].to_list() == digits.y.tolist()
    places = table.select("x", "y").to_numpy()
    assert np.isfinite(places).all()
    assert len(np.unique(places, axis=0)) > 1700
    assert np.abs(places.mean(0)).max() < 1e-2 * places.std()


def test_the_three_forms_hold_the_same(made: tuple[Path, Any]) -> None:
    table = pl.read_parquet(made[0] / "map.parquet")
    with np.load(made[0] / "map.npz", allow_pickle=False) as arrays:
        assert list(arrays) == ["id", "x", "y", "label"]
        for name in table.columns:
            assert np.array_equal(arrays[name], table[name].to_numpy())
            assert arrays[name].dtype == table[name].to_numpy().dtype
    with (made[0] / "map.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "x", "y", "label"]
    assert len(rows) == 1797
    for name, kind in (("id", np.int64), ("x", np.float32), ("y", np.float32), ("label", np.int64)):
        assert np.array_equal(np.array([row[name] for row in rows]).astype(kind), table[name].to_numpy()), name


def test_the_picture(made: tuple[Path, Any]) -> None:
    """It has dots of every class in its colour."""
    with Image.open(made[0] / "map.png", formats=("PNG",)) as picture:
        assert picture.mode == "RGB"
        colours = {colour: count for count, colour in picture.getcolors(1 << 20) or []}
    assert all(colours[colour] > 500 for colour in class_colours(10))


def test_what_is_printed(made: tuple[Path, Any]) -> None:
    """The facts on stdout, as its only and last line; everything else on stderr."""
    folder, result = made
    lines = result.stdout.splitlines()
    assert len(lines) == 1
    facts = json.loads(lines[0])
    assert facts.pop("seconds") > 0
    assert 0 < facts.pop("cost") < 10
    assert facts == {
        "thing": "digits", "method": "tsne", "n": 1797, "seed": 7, "steps": 50, "steps_planned": 50, "notes": [],
    }  # fmt: skip
    assert re.search(
        r"t-SNE: 1,797 of 1,797 rows · 50 components · perplexity 30 · step 50 of 50 · KL \d\.\d{4} · seed 7",
        result.stderr,
    )
    for name in ("map.parquet", "map.png"):
        assert f"wrote {folder / name}" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["map.csv", "map.npz", "map.parquet", "map.png"]


def test_nothing_is_printed_to_stdout_unless_asked(snowdome: Any) -> None:
    result = snowdome("map", "digits", "--method", "pca")
    assert (result.exit_code, result.stdout) == (0, "")


def test_same_seed_same_bytes_whatever_the_threads(made: tuple[Path, Any], program: Program, tmp_path: Path) -> None:
    """In processes and caches of their own, so that nothing is shared but the seed."""
    for threads, suffix in (("1", "npz"), ("2", "parquet")):
        path = tmp_path / f"map.{suffix}"
        done = program("map", "digits", "--seed", "7", *FEW, "--threads", threads, "--out", path,
                       SNOWDOME_CACHE=str(tmp_path / f"cache {threads}"))  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert path.read_bytes() == (made[0] / path.name).read_bytes(), f"{threads} threads"


def test_another_seed_another_map(made: tuple[Path, Any], snowdome: Any, tmp_path: Path) -> None:
    snowdome("map", "digits", "--seed", "8", *FEW, "--out", tmp_path / "map.parquet")
    one, other = (pl.read_parquet(path / "map.parquet") for path in (made[0], tmp_path))
    assert one["label"].equals(other["label"])
    assert not one["x"].equals(other["x"])


def test_pca(snowdome: Any, digits: Dataset, tmp_path: Path) -> None:
    from sklearn.decomposition import PCA

    result = snowdome("map", "digits", "--method", "pca", "--out", tmp_path / "map.npz", "--png", tmp_path / "a.png",
                      "--json")  # fmt: skip
    facts = json.loads(result.stdout)
    assert (facts["steps"], facts["steps_planned"], facts["cost"]) == (0, 0, None)
    with np.load(tmp_path / "map.npz") as arrays:
        places = np.stack([arrays["x"], arrays["y"]], 1)
    expected = PCA(2, svd_solver="full").fit_transform(digits.X.astype(float))
    assert np.abs(np.abs(places) - np.abs(expected)).max() < 1e-5 * np.abs(expected).max()


def test_options_of_the_layout_are_flags(snowdome: Any, tmp_path: Path) -> None:
    result = snowdome("map", "digits", *FEW, "--perplexity", "5", "--space", "none", "--out", tmp_path / "a.csv")
    assert result.exit_code == 0
    assert "raw values · perplexity 5 ·" in result.stderr
    result = snowdome("map", "digits", *FEW, "--space", "3")
    assert "3 components · perplexity 30 ·" in result.stderr


def test_every_layout_makes_a_map_of_every_dimension_that_it_declares(
    snowdome: Any, tmp_path: Path, digits: Dataset
) -> None:
    """C8: one command for all of them; what one cannot do is said before the data are opened."""
    from snowdome.core.options import options_of
    from snowdome.layout.base import Layout, layouts

    few = pl.DataFrame(digits.X[:120].astype(int), schema=[f"p{i}" for i in range(64)])
    few.write_csv(tmp_path / "few.csv")
    for method in layouts.names():
        options = options_of(layouts.member(method, Layout))
        short = [flag for name in ("early_steps", "steps") if name in options
                 for flag in (f"--{name.replace('_', '-')}", "5")]  # fmt: skip
        for dims in (2, 3):
            out = tmp_path / f"{method}{dims}.npz"
            result = snowdome("map", tmp_path / "few.csv", "--method", method, "--dims", dims, *short, "--out", out)
            if options["n_components"].admits(dims):
                assert result.exit_code == 0, result.stderr
                with np.load(out) as arrays:
                    assert [name in arrays for name in "xyz"] == [True, True, dims == 3]
            else:
                assert f"--dims got {dims}: {method} makes maps of" in result.stderr
                assert not out.exists()


def test_the_quality_is_a_table_columns_and_a_part_of_the_facts(snowdome: Any, tmp_path: Path) -> None:
    out = tmp_path / "map.parquet"
    result = snowdome("map", "digits", "--method", "pca", "--quality", "--out", out)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    trust = next(line for line in lines if line.startswith("trustworthiness"))
    assert "higher is better" in trust
    assert "1,797 rows, 50 components" in trust
    table = pl.read_parquet(out)
    assert table.columns == ["id", "x", "y", "label", "recall", "distortion"]
    assert 0 < table["recall"].mean() < 1
    facts = json.loads(snowdome("map", "digits", "--method", "pca", "--quality", "--json").stdout)
    told = {score["name"]: score for score in facts["quality"]}
    assert told["recall@15"]["value"] == pytest.approx(table["recall"].mean(), rel=1e-5)
    assert f"{told['trustworthiness']['value']:.4g}" in trust


def test_j01_what_memory_does_not_hold_is_refused_with_another_way(
    snowdome: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(3).integers(0, 1000, (200, 12))  # nothing of these is kept from before
    pl.DataFrame(values, schema=[f"p{i}" for i in range(12)]).write_csv(tmp_path / "new.csv")
    monkeypatch.setattr("snowdome.space.checks.available", lambda: 1_000_000)
    result = snowdome("map", tmp_path / "new.csv", "--out", tmp_path / "map.csv")
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert re.search(r"needs about \d+ MB, and 1 MB of memory are available, of which up to 60% are used\. \w", said)
    assert "Traceback" not in said
    assert not (tmp_path / "map.csv").exists()


def test_what_was_not_done_as_asked_is_noted(snowdome: Any, tmp_path: Path) -> None:
    pl.DataFrame({"a": [1.0, 2, 3, 7, 8], "b": [4.0, 2, 1, 0, 5]}).write_csv(tmp_path / "few.csv")
    result = snowdome("map", tmp_path / "few.csv", "--method", "umap", "--json")
    (facts,) = map(json.loads, result.stdout.splitlines())
    assert len(facts["notes"]) == 1
    assert f"Note: {facts['notes'][0]}" in result.stderr


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npz"])
def test_a_folder_of_own_files(snowdome: Any, tmp_path: Path, suffix: str) -> None:
    """Labels are integer codes and ids are row numbers, also beyond ten classes."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (40, 3, 3), np.uint8), np.arange(40, dtype=np.uint8) % 13
    for name, array in (("a-images-idx3-ubyte", images), ("a-labels-idx1-ubyte", labels)):
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        (tmp_path / name).write_bytes(head + array.tobytes())
    out = tmp_path / f"map.{suffix}"
    result = snowdome("map", tmp_path, *FEW, "--out", out, "--png", tmp_path / "map.png")
    assert result.exit_code == 0, result.stderr
    assert "40 of 40 rows · raw values · perplexity 13 ·" in result.stderr
    if suffix == "npz":
        with np.load(out) as arrays:
            found = {name: arrays[name].tolist() for name in ("id", "label")}
    else:
        table = pl.read_csv(out) if suffix == "csv" else pl.read_parquet(out)
        found = {name: table[name].to_list() for name in ("id", "label")}
    assert found == {"id": list(range(40)), "label": labels.tolist()}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("mnits",), 1, "There is no file, folder or data set 'mnits'. Did you mean 'mnist'?"),
        (("digits", "--method", "tnse"), 1, "There is no layout 'tnse'. Did you mean 'tsne'? There is: "),
        (("digits", "--method", "pca", "--perplexity", "5"), 1, "PCA has no option 'perplexity'."),
        (("digits", "--perplexity", "0"), 1, "TSNE: option 'perplexity' got 0.0; allowed: a number from 0.1 to 1000."),
        (("digits", "--perplexity", "nan"), 1, "TSNE: option 'perplexity' got nan; allowed:"),
        (("digits", "--steps", "-5"), 1, "TSNE: option 'steps' got -5; allowed: a whole number from 0"),
        (("digits", "--space", "1"), 1, "TSNE: option 'space' got 1; allowed: a whole number from 2 to 10000, or None"),
        (("digits", "--steps", "many"), 2, "'many' is not a valid integer"),
        (("digits", "--space", "all"), 2, "'all' is not a valid integer"),
        (("digits", "--seed", "-1"), 2, "-1 is not in the range"),
        (("digits", "--seed", str(2**31)), 2, "is not in the range"),
        (("digits", "--dims", "4"), 2, "4 is not in the range"),
        (("digits", "--method", "umap", "--n-neighbors", "2.5"), 2, "'2.5' is not a valid integer"),
        (("digits", "--perplexty", "5"), 2, "Did you mean"),
        ((), 2, "Missing argument 'THING'"),
        (("digits", "--out", "map.xlsx"), 1, "--out: 'map.xlsx' ends in '.xlsx'; allowed: .parquet, .csv, .npz."),
        (("digits", "--out", "map"), 1, "--out: 'map' ends in ''; allowed: .parquet, .csv, .npz."),
        (("digits", "--out", "no-such-folder/map.csv"), 1, "no-such-folder/map.csv: its folder does not exist."),
        (("digits", "--png", "no-such-folder/map.png"), 1, "no-such-folder/map.png: its folder does not exist."),
        (("digits", "--out", "."), 2, "is a directory"),
        (("digits", "--data", "no-such-folder", "--method", "x"), 1, "There is no layout 'x'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_refused(
    snowdome: Any, arguments: tuple[str, ...], code: int, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a sentence, before any work: nothing is laid out, no file is written."""

    def never(*_: Any) -> None:
        raise AssertionError("the work began")

    monkeypatch.setattr("snowdome.cli.map._run", never)
    monkeypatch.chdir(tmp_path)
    result = snowdome("map", *arguments)
    assert result.exit_code == code
    assert words in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_data_set_that_is_not_there(snowdome: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    result = snowdome("map", "mnist", "--data", tmp_path)
    assert result.exit_code == 1
    assert f"into {tmp_path / 'mnist'}" in result.stderr
    assert "train-images-idx3-ubyte.gz" in result.stderr


def test_a_folder_that_may_not_be_written_is_found_before_the_work(program: Program, tmp_path: Path) -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        target = Path("/proc/self/map.csv")  # not even root may make a file there
        if not target.parent.is_dir():
            pytest.skip("as root every folder can be written")
    else:
        tmp_path.chmod(0o500)
        target = tmp_path / "map.csv"
    done = program("map", "digits", *FEW, "--out", target)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert str(target).encode() in done.stderr
    assert b"step 50 of 50" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX only")
@pytest.mark.parametrize("flag", ["--out", "--png"])
def test_control_characters_of_the_file_that_is_written_do_not_reach_the_terminal(
    program: Program, tmp_path: Path, flag: str
) -> None:
    path = tmp_path / f"evil\x1b]0;owned\x07{'.csv' if flag == '--out' else '.png'}"
    done = program("map", "digits", "--method", "pca", flag, path, "--json")
    assert done.returncode == 0, done.stderr
    assert path.is_file()
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", done.stdout + done.stderr)


# Ctrl-C


def read_terminal(terminal: int, until: str | None = None, seconds: float = 30) -> bytes:
    """What the program writes to its terminal until a pattern is seen, or until it closes it."""
    written, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                written += os.read(terminal, 65536)
            except OSError:  # the other side is closed
                return written
            if until is not None and re.search(until.encode(), written, re.DOTALL):
                return written
    raise AssertionError(f"after {seconds} s it had written {written!r}")


@pytest.mark.skipif(os.name != "posix", reason="terminals and signals of POSIX")
def test_ctrl_c_keeps_the_map_as_it_stands(tmp_path: Path, digits: Dataset) -> None:
    import pty

    terminal, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "snowdome", "map", "digits", "--steps", "100000", "--json",
         "--out", tmp_path / "map.parquet", "--png", tmp_path / "map.png"],
        stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    try:
        read_terminal(terminal, r"t-SNE .*KL \d")
        running.send_signal(signal.SIGINT)
        shown = read_terminal(terminal)
        stdout, _ = running.communicate(timeout=30)
    finally:
        running.kill()
        running.wait()
        os.close(terminal)
    assert running.returncode == 0
    said = re.search(rb"Stopped at step (\d+) of 100250; the map is kept as it stands\.", shown)
    assert said, shown[-2000:]
    facts = json.loads(stdout)
    assert (facts["steps"], facts["steps_planned"]) == (int(said[1]), 100250)
    assert 0 < facts["steps"] < 100250
    table = pl.read_parquet(tmp_path / "map.parquet")
    assert len(table) == 1797
    assert np.isfinite(table.select("x", "y").to_numpy()).all()
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("times", "words"), [(1, "Stopped while finding components: there is no map yet."), (2, "Aborted!")]
)
def test_ctrl_c_before_there_is_a_map(
    snowdome: Any, empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, words: str
) -> None:
    """Once: it ends where the preparation is. Twice: it ends at once. No file is left, and Ctrl-C is what it was."""
    before = signal.getsignal(signal.SIGINT)

    def pressed(*_: Any) -> None:
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(_Watched, "report", pressed)
    result = snowdome("map", "digits", "--method", "pca", "--out", tmp_path / "map.csv", "--json")
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "map.csv").exists()
    assert signal.getsignal(signal.SIGINT) is before
