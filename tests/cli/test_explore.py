"""`snowdome explore`: tables, pictures, the code to copy, and what is refused."""

import json

import polars as pl
from click.testing import CliRunner

import snowdome
from snowdome.cli.main import main
from snowdome.summary.base import summaries


def run(*arguments):
    return CliRunner().invoke(main, ["explore", *map(str, arguments)])


def test_lists_the_summaries():
    done = run("digits")
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == summaries.names()


def test_a_table_a_picture_and_the_code(tmp_path):
    out, png = tmp_path / "least.parquet", tmp_path / "least.png"
    done = run("digits", "atypical", "--top", 2, "--head", 500, "--out", out, "--png", png, "--code", "--json")
    assert done.exit_code == 0, done.output
    assert png.read_bytes().startswith(b"\x89PNG")
    *code, facts = done.stdout.strip().splitlines()
    assert json.loads(facts)["n"] == 500
    made = {}
    exec("\n".join(code), made)  # noqa: S102 - the line to copy must work
    assert made["table"].equals(pl.read_parquet(out))
    assert made["table"].equals(snowdome.atypical(snowdome.open("digits")[:500], top=2))


def test_everything_into_a_folder(tmp_path):
    """The digits have 64 pixels: the columns and pixels of the documents are those in the same place."""
    done = run("digits", "--out", tmp_path / "all", "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["skipped"] == {}
    assert {f"{name}.csv" for name in summaries.names()} <= set(facts["files"])
    assert {path.name for path in (tmp_path / "all").iterdir()} == set(facts["files"])


def test_refusals_are_sentences(tmp_path):
    for arguments, sentence in (
        (("digits", "atypica"), "There is no summary 'atypica'. Did you mean 'atypical'?"),
        (("digits", "atypical", "--bins", 3), "Atypical has no option 'bins'"),
        (("digits", "--top", 3), "Name the SUMMARY"),
        (("digits", "cube", "--horizontal", "9,9"), "There is no pixel '9,9'"),
        (("digits", "range", "--png", tmp_path / "x.png"), "is a table; it has no picture"),
        (("digits", "values", "--out", tmp_path / "x.txt"), "allowed: .csv, .parquet"),
        (("digits", "contrast", "--first", "4", "--second", "x"), "There is no class 'x'"),
    ):
        done = run(*arguments)
        assert done.exit_code == 1, arguments
        assert sentence in done.stderr
        assert "Traceback" not in done.output
