"""The commands that only tell, and how errors look."""

import errno
import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import snowdome as package
from snowdome.cli.errors import printable
from snowdome.data.catalogue import ENTRIES

Program = Callable[..., subprocess.CompletedProcess[bytes]]
CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")  # all but newline and tab


def test_version(snowdome: Any) -> None:
    result = snowdome("--version")
    assert (result.exit_code, result.stdout) == (0, f"snowdome, version {package.__version__}\n")


def test_the_program_is_installed_under_its_name() -> None:
    try:
        installed = importlib.metadata.distribution("snowdome")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("run from the source tree: nothing is installed")
    scripts = installed.entry_points.select(group="console_scripts")
    assert {script.name: script.value for script in scripts} == {"snowdome": "snowdome.cli.main:main"}


def test_as_a_module(program: Program) -> None:
    done = program("--version")
    assert done.returncode == 0
    assert done.stdout.decode() == f"snowdome, version {package.__version__}\n"
    assert done.stderr == b""


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(snowdome: Any, flag: str) -> None:
    result = snowdome(flag)
    assert result.exit_code == 0
    for word in (
        "open",
        "map",
        "table",
        "photo",
        "datasets",
        "doctor",
        "--data",
        "--host",
        "--port",
        "--no-browser",
        "--version",
    ):
        assert word in result.stdout


def test_a_verb_that_there_is_not_is_said_to_be_none(snowdome: Any) -> None:
    result = snowdome("polish")
    assert result.exit_code == 2
    assert "No such command 'polish'" in result.stderr


def test_help_of_map_has_each_option_of_each_layout(snowdome: Any) -> None:
    result = snowdome("map", "--help")
    assert result.exit_code == 0
    for flag in ("--method", "--dims", "--seed", "--threads", "--out", "--png", "--json", "--data",
                 "--perplexity", "--space", "--exaggeration", "--early-steps", "--steps"):  # fmt: skip
        assert re.search(rf"^\s*{flag}\s", result.stdout, re.MULTILINE), flag
    assert re.search(r"how many neighbours count, about \[.*tsne 30\.0\]", " ".join(result.stdout.split()))


def test_help_does_not_load_what_it_does_not_need(python: Any) -> None:
    done = python("""
        import sys
        from snowdome.cli.main import main
        main(["map", "--help"], standalone_mode=False)
        heavy = {"numba", "sklearn", "polars", "scipy", "PIL", "starlette", "uvicorn"} & set(sys.modules)
        assert not heavy, heavy
    """)
    assert done.returncode == 0, done.stderr


def test_datasets(snowdome: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    lines = snowdome("datasets").stdout.splitlines()
    assert lines[0].split() == ["name", "what", "it", "is", "size", "licence", "here"]
    assert {line.split()[0] for line in lines[1:] if not line.startswith(" ")} == set(ENTRIES)

    def here(*arguments: Any) -> dict[str, str]:
        lines = snowdome("datasets", *arguments).stdout.splitlines()
        return {line.split()[0]: line.split()[-1] for line in lines[1:] if not line.startswith(" ")}

    assert (here()["digits"], here()["mnist"]) == ("yes", "no")
    (tmp_path / "mnist").mkdir()
    for name in ENTRIES["mnist"].files:
        (tmp_path / "mnist" / name).write_bytes(b"")
    assert here("--data", tmp_path)["mnist"] == "yes"
    monkeypatch.setenv("SNOWDOME_DATA", str(tmp_path))
    assert here()["mnist"] == "yes"


def test_doctor(snowdome: Any) -> None:
    result = snowdome("doctor")
    assert result.exit_code == 0
    facts = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if not line.startswith("scikit"))
    assert facts["snowdome"] == package.__version__
    assert facts["numpy"] == np.__version__
    assert facts["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert {"system", "numba", "polars", "sqlite", "BLAS", "threads", "memory", "browser", "cache"} <= set(facts)
    assert re.match(r"\d+(\.\d+)+$", facts["sqlite"])
    assert re.match(r"\d+\.\d GiB, \d+\.\d GiB free$", facts["memory"])
    assert "threads)" in facts["BLAS"]


def secrets(home: Path) -> set[str]:
    """What a report that is pasted into a public page must not hold."""
    return {str(home), str(Path.home()), os.environ["SNOWDOME_CACHE"], str(Path(package.__file__).parent), sys.prefix}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a telling name, where everything private lies."""
    home = tmp_path / "home" / "jane.doe"
    home.mkdir(parents=True)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.setenv("SNOWDOME_CACHE", str(home / "cache"))
    monkeypatch.setenv("SNOWDOME_DATA", str(home / "data"))
    return home


def test_doctor_names_no_private_path(program: Program, home: Path) -> None:
    done = program("doctor")
    assert done.returncode == 0, done.stderr
    printed = (done.stdout + done.stderr).decode()
    assert "jane.doe" not in printed
    assert not [secret for secret in secrets(home) if len(secret) > 1 and secret in printed]


def test_doctor_names_no_private_path_of_a_browser(program: Program, home: Path) -> None:
    """$BROWSER may hold the path of a program in the home folder."""
    browser = home / "bin" / "firefox-nightly"
    browser.parent.mkdir()
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    done = program("doctor", BROWSER=str(browser))
    assert done.returncode == 0, done.stderr
    assert b"jane.doe" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("open", "mnits", "--no-browser"), 1, "There is no file, folder or data set 'mnits'. Did you mean 'mnist'?"),
        (("open", "/no/such/folder"), 1, "There is no file, folder or data set '/no/such/folder'."),
        (("opne", "mnist"), 2, "No such command 'opne'."),
        (("open",), 2, "Missing argument 'THING'."),
        (("--port", "66000"), 2, "66000 is not in the range 0<=x<=65535"),
        (("--prot", "5"), 2, "No such option"),
        (("datasets", "extra"), 2, "unexpected extra argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_errors_are_one_sentence(snowdome: Any, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = snowdome(*arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_bug_keeps_its_traceback(snowdome: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what has a sentence for a person is made plain."""

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("snowdome.data.source.open_dataset", fail)
    with pytest.raises(ZeroDivisionError):
        snowdome("map", "digits")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "No space left on device"), (errno.EACCES, "Permission denied")]
)
def test_a_disk_that_takes_nothing_is_no_bug(
    snowdome: Any, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """The cache lies on it; P-07 in words."""

    def fail(*_: Any) -> None:
        raise OSError(number, words, "the-cache")

    monkeypatch.setattr("snowdome.core.cache.private_folder", fail)
    result = snowdome("table", "digits")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: the-cache: {words}. Make room or choose another folder for the cache with SNOWDOME_CACHE.\n"
    )


# Control characters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Zürich 漢字 🙂 [red]", "plain, Zürich 漢字 🙂 [red]"),
        ("two\nlines", "two\nlines"),
        ("\x1b]0;x\x07", "�]0;x�"),
        ("a\rb\x08c\x7fd\x9be", "a�b�c�d�e"),
        ("left\u202eright\u2066", "left�right�"),
        (os.fsdecode(b"caf\xe9"), "caf�"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


EVIL = "evil\x1b]0;owned\x07\x1b[31m\r\x9b"


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX only")
def test_control_characters_of_a_name_do_not_reach_the_terminal(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / EVIL
    (folder / EVIL).mkdir(parents=True)
    (folder / f"{EVIL}-images-idx3-ubyte").write_bytes(b"\x1b]0;owned\x07")
    (folder / f"{EVIL}-labels-idx1-ubyte").write_bytes(b"")
    (folder / "file").write_bytes(b"\x1b]0;owned\x07")
    for arguments in (
        ("map", EVIL),
        ("map", folder),
        ("map", folder / EVIL),
        ("map", folder / "file"),
        ("map", "mnist", "--data", folder),
        ("map", "digits", "--method", EVIL),
        ("map", "digits", "--out", f"map.{EVIL}"),
        ("map", "digits", "--out", folder / "nowhere" / "map.csv"),
        ("open", folder),
        (EVIL,),
    ):
        done = program(*arguments, SNOWDOME_DATA="")
        assert done.returncode in (1, 2), arguments
        assert b"Error: " in done.stderr
        assert not CONTROL.search(done.stdout + done.stderr), (arguments, done.stderr)
        assert b"Traceback" not in done.stderr
