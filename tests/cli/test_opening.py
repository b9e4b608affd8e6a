"""What the commands that open a data set share: fetching by name, with a bar, and --offline."""

import os
from pathlib import Path
from typing import Any

import pytest

from snowdome.cli.opening import Watched
from snowdome.data import fetch
from snowdome.data.catalogue import ENTRIES


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
