"""`snowdome suspects`: which labels to distrust, worst first."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from snowdome.cli.errors import plainly, printable
from snowdome.cli.opening import Watched, data_options, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.core.errors import OptionError
from snowdome.data.guards.spreadsheet import plain_cell
from snowdome.model.suspects import BY

if TYPE_CHECKING:
    import polars as pl

    from snowdome.model.suspects import Suspects

_TABLES = (".csv", ".parquet")
_SHOWN, _ON_THE_SHEET = 15, 50


@click.command("suspects")
@click.argument("thing")
@click.option("--split", metavar="NAME", help="Judge the images of this split only; all splits are learnt from.")
@click.option("--by", type=click.Choice(BY), default="combined", show_default=True,
              help="What the labels are judged by.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write every image, worst first, to a .csv or .parquet file.")  # fmt: skip
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="A sheet of the first images as a PNG.")  # fmt: skip
@click.option("--top", type=click.IntRange(1, 1000), default=_ON_THE_SHEET, show_default=True, metavar="N",
              help="How many images the sheet has.")  # fmt: skip
@click.option("--details", type=click.Path(path_type=Path), metavar="DIR",
              help="A folder for the tables duplicates, oddities, error_rates and overlaps.")  # fmt: skip
@click.option("--annotations", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Take these decisions in first: a patch that snowdome annotations wrote.")  # fmt: skip
@click.option("--raw", is_flag=True, help="Write text into .csv files as it is, also what a spreadsheet would run.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as the last line.")
@data_options
@reading_options
@plainly
def suspects_command(thing: str, split: str | None, by: str, **given: Any) -> None:
    """Rank the images of THING by how much speaks against their labels.

    A model of all other images, the nearest neighbours and the centroids of the classes are asked; none has seen the
    label that it judges. The table has the columns rank, index (from 0 within the split), id, given_label,
    predicted_label, label_quality (0 to 1, low for suspects) and is_label_issue.
    """
    out, png, details, patch, raw = (given.pop(key) for key in ("out", "png", "details", "annotations", "raw"))
    top, as_json = given.pop("top"), given.pop("as_json")
    check_target("--out", out, _TABLES)
    check_target("--png", png, (".png",))
    if details is not None and details.exists() and not details.is_dir():
        raise OptionError(f"--details: {details} is a file; the tables go into a folder.")
    began = time.perf_counter()
    found = _found(opened(thing, **given), split, by, patch)
    table = found.table()
    if out is not None:
        _write(out, table, raw=raw)
    if png is not None:
        with written(png) as file:
            file.write(sheet(found, top))
    if details is not None:
        from snowdome.session.labels.ranking import tables

        details.mkdir(parents=True, exist_ok=True)
        for name, other in tables(found).items():
            _write(details / f"{name}.csv", other, raw=raw)
    issues = int(found.is_issue.sum())
    click.echo(f"{issues:,} of {len(found):,} labels are probably wrong; {found.about}", err=True)
    if out is None and png is None and details is None:
        click.echo(printable(str(table.head(_SHOWN))))
    if as_json:
        click.echo(json.dumps({
            "thing": thing, "split": found.split or None, "by": by, "n": len(found), "issues": issues,
            "seconds": round(time.perf_counter() - began, 3), "first": table["index"].head(10).to_list(),
        }))  # fmt: skip


def _found(dataset: Any, split: str | None, by: str, patch: Path | None) -> "Suspects":
    from snowdome.core.cache import disk_memo
    from snowdome.data.annotated import read_patch, taken_in
    from snowdome.model.suspects import find_suspects

    trains = None
    if patch is not None:
        dataset, trains = taken_in(dataset, read_patch(patch))
    control = Watched()
    try:
        return find_suspects(
            dataset, split, by=by, trains=trains, control=control, memo=disk_memo(dataset.row_order_hash)
        )
    finally:
        control.close()


def sheet(found: "Suspects", top: int) -> bytes:
    """The first images with their labels, what is suggested in their place, and their index."""
    from snowdome.chart.contact_sheet import contact_sheet

    order, classes, given = found.order[:top], found.dataset.classes, found.verdict.labels
    words = []
    for place in order:
        was, now = classes[given[place]], classes[found.predicted[place]]
        label = printable(was if was == now else f"{was} ({now}?)")
        words.append(f"{label}  #{place}")
    name = found.dataset.name + (f", {found.split}" if found.split else "")
    caption = f"{name}: labels to distrust, worst first: label (suggestion?) #index"
    return contact_sheet(found.dataset, found.rows[order], caption, words)


def _write(path: Path, table: "pl.DataFrame", *, raw: bool) -> None:
    """A table into a file; text is made safe for spreadsheets where it is CSV."""
    import polars as pl

    with written(path) as file:
        if path.suffix == ".parquet":
            table.write_parquet(file)
            return
        text = [] if raw else [name for name in table.columns if table[name].dtype == pl.String]
        safe = [pl.Series(name, [cell and plain_cell(cell) for cell in table[name]], dtype=pl.String) for name in text]
        table.with_columns(safe).write_csv(file)
