"""What the commands that open a data set share: fetching by name, with a bar, and --offline."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from snowdome.cli.main import main
from snowdome.cli.opening import Watched, flag_of
from snowdome.core.options import options_of
from snowdome.data import fetch
from snowdome.data.catalogue import ENTRIES
from snowdome.data.dataset import Dataset
from snowdome.data.reading import Reading
from snowdome.layout.base import Layout, layouts


@pytest.fixture
def nowhere(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No data set is on this machine, fetching is allowed, and no mirror answers; the addresses that were asked."""
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    monkeypatch.setenv("SNOWDOME_OFFLINE", "0")
    asked: list[str] = []

    def opener(url: str) -> Any:
        asked.append(url)
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(fetch, "opener", opener)
    return asked


@pytest.mark.parametrize("command", ["table", "open", "map"])
def test_a_set_that_cannot_be_fetched(snowdome: Any, nowhere: list[str], empty_cache: Path, command: str) -> None:
    result = snowdome(command, "mnist")
    assert result.exit_code == 1
    assert "MNIST could not be fetched (ossci-datasets.s3.amazonaws.com: Network is unreachable; " in result.stderr
    assert f"Put {', '.join(ENTRIES['mnist'].files)} into {empty_cache / 'downloads' / 'mnist'}" in result.stderr
    assert "Traceback" not in result.stderr
    assert [url.rpartition("/")[2] for url in nowhere] == [ENTRIES["mnist"].files[0]] * 2


@pytest.mark.parametrize("command", ["table", "open", "map"])
def test_offline(snowdome: Any, nowhere: list[str], command: str) -> None:
    result = snowdome(command, "mnist", "--offline")
    assert result.exit_code == 1
    assert "MNIST is not on this machine, and fetching is switched off" in result.stderr
    assert os.environ["SNOWDOME_OFFLINE"] == "1"  # what is opened later, in the app, stays offline too
    assert not nowhere


def test_what_is_there_needs_no_network(snowdome: Any, nowhere: list[str]) -> None:
    assert snowdome("table", "digits", "--head", 3).exit_code == 0
    assert not nowhere


def test_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    """It shows each stage on stderr; nothing where there was none."""
    control = Watched()
    control.close()
    assert capsys.readouterr() == ("", "")
    control.report("fetching [b]Tiny[/b]", 1, 4)
    control.report("fetching [b]Tiny[/b]", 4, 4)
    control.report("reading images", 0, 0)
    control.close()
    out, err = capsys.readouterr()
    assert out == ""
    assert "fetching [b]Tiny[/b]" in err
    assert "reading images" in err


# How it is read: a flag for each option of Reading, and what was assumed is told


@pytest.fixture
def shown(snowdome: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs `open`, `map` or `table` with a THING and flags; the Dataset that it showed, and what it printed."""
    seen: list[Dataset] = []
    monkeypatch.setattr("snowdome.server.serve.serve", lambda dataset, **_: seen.append(dataset))
    monkeypatch.setattr("snowdome.cli.table._write", lambda dataset, _: seen.append(dataset))
    monkeypatch.setattr("snowdome.cli.map.write_table", lambda _, dataset, *__: seen.append(dataset))

    def run(command: str, *arguments: Any) -> tuple[Dataset, Any]:
        more = {
            "open": (),
            "table": ("--out", tmp_path / "a.csv"),
            "map": ("--method", "pca", "--out", tmp_path / "a.csv"),
        }
        result = snowdome(command, *arguments, *more[command])
        assert result.exit_code == 0, result.output
        return seen.pop(), result

    return run


@pytest.mark.parametrize("command", ["open", "map", "table"])
def test_every_command_that_opens_has_each_option_of_reading(snowdome: Any, command: str) -> None:
    text = " ".join(snowdome(command, "--help").stdout.split())
    for option in options_of(Reading).values():
        assert f"{flag_of(option)} " in text
        assert option.help[1:].split(",")[0] in text


def test_no_layout_has_an_option_of_that_name() -> None:
    """The flags of `map` are those of both."""
    flags = {name for method in layouts.names() for name in options_of(layouts.member(method, Layout))}
    assert not flags & set(options_of(Reading))
    taken = {name for verb in main.commands.values() for parameter in verb.params for name in parameter.opts}
    assert {flag_of(option) for option in options_of(Reading).values()} <= taken


TABLE = "label,kind,a,b\n" + "".join(f"{row % 3},{'xy'[row % 2]},{row / 7},{row % 5}\n" for row in range(30))


@pytest.mark.parametrize("command", ["open", "map", "table"])
def test_the_column_of_labels_is_told_and_can_be_chosen(shown: Any, tmp_path: Path, command: str) -> None:
    """F-05: on stderr, so that it is seen and never in the way of a script."""
    (tmp_path / "t.csv").write_text(TABLE)
    found, said = shown(command, tmp_path / "t.csv")
    assert found.classes == ("0", "1", "2")
    assert "the labels are those of the column 'label', by its name: label= (--label) chooses another\n" in said.stderr
    assert "the labels" not in said.stdout
    found, said = shown(command, tmp_path / "t.csv", "--label", "kind")
    assert found.classes == ("x", "y")
    assert "the labels are those of the column 'kind', as asked\n" in said.stderr


@pytest.mark.parametrize("command", ["open", "map", "table"])
def test_images_turned_as_asked(shown: Any, digits: Dataset, command: str) -> None:
    found, said = shown(command, "digits", "--transpose", "--flip")
    upright = digits.X.reshape(-1, 8, 8)
    assert (found.X.reshape(-1, 8, 8) == upright.swapaxes(1, 2)[:, :, ::-1]).all()
    assert "images were transposed\nimages were mirrored left to right\n" in said.stderr
    assert (shown(command, "digits")[0].X == digits.X).all()


def test_rows_with_holes(shown: Any, snowdome: Any, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE.replace("x,", "x,nan,", 1).replace("nan,0.0", "nan"))
    refused = snowdome("table", tmp_path / "t.csv")
    assert refused.exit_code == 1
    assert "(--missing drop)" in refused.stderr
    assert len(shown("table", tmp_path / "t.csv", "--missing", "drop")[0]) == 29
    assert len(shown("table", tmp_path / "t.csv", "--missing", "zero")[0]) == 30


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--label", "kin"), "t.csv: has no column 'kin'. Did you mean 'kind'?"),
        (("--transpose",), "t.csv: transpose and flip are for images; these are vectors."),
        (("--size", "0"), "option 'size' got 0; allowed: a whole number from 1 to 1024, or None."),
        (("--missing", "guess"), "'guess' is not one of 'stop', 'drop', 'zero'"),
    ],
)
def test_flags_that_do_not_fit(snowdome: Any, tmp_path: Path, flags: tuple[str, ...], words: str) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    result = snowdome("table", tmp_path / "t.csv", *flags)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_ends_its_decoder_costs_one_sentence(program: Any) -> None:
    """F-12: no panic, no backtrace, no dead program."""
    path = Path(__file__).parents[1] / "data" / "hostile" / "aborts.parquet"
    done = program("table", path)
    assert done.returncode == 1
    said = done.stderr.decode()
    assert (
        "Error: aborts.parquet: this file is damaged, so that decoding it fails altogether. Fetch it again.\n" in said
    )
    assert not re.search(r"panick|backtrace|Traceback|allocation", said)
