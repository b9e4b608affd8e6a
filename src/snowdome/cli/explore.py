"""`snowdome explore`: what there is to see in a data set before any map, as tables and pictures."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from snowdome.chart.of_summary import chart_of, has_chart, python_of
from snowdome.cli.errors import plainly
from snowdome.cli.member_flags import MemberCommand, given_options
from snowdome.cli.opening import data_options, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.core.errors import DataError, OptionError
from snowdome.core.options import fitted
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.summary.base import Summary, folded, make_summary, summaries, summarise

if TYPE_CHECKING:
    import polars as pl

_TABLES = (".csv", ".parquet")


@click.command("explore", cls=MemberCommand, registry=summaries, base=Summary)
@click.argument("thing")
@click.argument("summary", required=False)
@click.option("--head", type=click.IntRange(1), default=None, metavar="N", help="Only the first N images.")
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH",
              help="A folder for every table and picture; with SUMMARY a .csv or .parquet file.")  # fmt: skip
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="SUMMARY as a PNG.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="SUMMARY as an SVG.")
@click.option("--dark", is_flag=True, help="Pictures in the dark theme.")
@click.option("--code", is_flag=True, help="Print the Python that makes SUMMARY.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as the last line.")
@data_options
@reading_options
@plainly
def explore_command(thing: str, summary: str | None, head: int | None, as_json: bool, **given: Any) -> None:
    """Look at THING: values, mean images, least typical images, pairs of classes.

    Without SUMMARY it lists the summaries there are, or with --out DIR writes every table and picture of them. With
    SUMMARY it prints that table, or writes it.
    """
    out, png, svg, dark, code = (given.pop(key) for key in ("out", "png", "svg", "dark", "code"))
    place = {name: given.pop(name) for name in ("data_dir", "reading")}
    options = given_options(given)
    if summary is None:
        if options or png or svg or code:
            raise OptionError("Name the SUMMARY that these options are for: snowdome explore THING SUMMARY …")
        facts = _all(thing, head, out, dark=dark, **place)
    else:
        asked = make_summary(summary, **options)
        check_target("--out", out, _TABLES)
        check_target("--png", png, (".png",))
        check_target("--svg", svg, (".svg",))
        if code:
            click.echo(python_of(asked, thing, head, place["reading"]))
        facts = _one(asked, opened(thing, **place), head, out, [path for path in (png, svg) if path], dark=dark)
    if as_json:
        click.echo(json.dumps({"thing": thing, **facts}))


def _all(thing: str, head: int | None, out: Path | None, *, dark: bool, **place: Any) -> dict[str, Any]:
    """Every summary into a folder; what the data have not is named and left out."""
    if out is None:
        click.echo("\n".join(_listed()))
        return {"summaries": summaries.names()}
    if out.exists() and not out.is_dir():
        raise OptionError(f"--out: {out} is a file; every table and picture goes into a folder.")
    out.mkdir(parents=True, exist_ok=True)
    dataset = opened(thing, **place)
    dataset = dataset if head is None else dataset[:head]
    asked = {name: fitted(make_summary(name), dataset) for name in summaries.names()}
    files, skipped = [], {}
    began = time.perf_counter()
    answers, threads = folded(dataset, asked.values()), resolve(None)
    for name, summary in asked.items():
        try:
            table = summary.table(dataset, answers, threads)
            _write_table(out / f"{name}.csv", table)
            files.append(f"{name}.csv")
            if has_chart(name):
                _write_picture(out / f"{name}.png", summary, table, dataset, dark=dark)
                files.append(f"{name}.png")
        except DataError as error:
            skipped[name] = str(error)
            click.echo(f"{name}: {error}", err=True)
    return {"n": len(dataset), "files": files, "skipped": skipped, "seconds": round(time.perf_counter() - began, 3)}


def _listed() -> list[str]:
    """Each summary's id and sentence."""
    lines = []
    for name in summaries.names():
        cls = summaries.member(name, Summary)
        lines.append(f"{name:<12} {cls.says}")
    return lines


def _one(
    asked: Summary, dataset: Dataset, head: int | None, out: Path | None, pictures: list[Path], *, dark: bool
) -> dict[str, Any]:
    dataset = dataset if head is None else dataset[:head]
    began = time.perf_counter()
    (table,) = summarise(dataset, [asked])
    seconds = round(time.perf_counter() - began, 3)
    if out is not None:
        _write_table(out, table)
    for path in pictures:
        _write_picture(path, asked, table, dataset, dark=dark)
    if out is None and not pictures:
        click.echo(str(table))
    return {"n": len(dataset), "rows": len(table), "columns": table.columns, "seconds": seconds}


def _write_table(path: Path, table: "pl.DataFrame") -> None:
    with written(path) as file:
        if path.suffix == ".csv":
            table.write_csv(file)
        else:
            table.write_parquet(file)


def _write_picture(path: Path, asked: Summary, table: "pl.DataFrame", dataset: Dataset, *, dark: bool) -> None:
    from snowdome.chart.vega import encoded

    chart = chart_of(asked, table, dataset, dark=dark)
    with written(path) as file:
        file.write(encoded(chart, path.suffix))
