"""`snowdome table`: the tidy table of a data set, one row for each pixel of each image."""

import json
import time
from pathlib import Path
from typing import Any

import click

from snowdome.cli.errors import plainly
from snowdome.cli.opening import data_options, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.data.dataset import Dataset

_WRITERS = (".parquet", ".csv")


@click.command("table")
@click.argument("thing")
@click.option("--head", type=click.IntRange(1), default=None, metavar="N", help="Only the first N images.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write all rows to a .parquet or .csv file; without it the first ten are printed.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the table's facts as the last line.")
@data_options
@reading_options
@plainly
def table_command(thing: str, head: int | None, out: Path | None, as_json: bool, **place: Any) -> None:
    """Write THING as a tidy table: label, instance, value, pixel, x, y.

    One row for each pixel of each image: instance counts images from 1, pixel from 0, x goes right from 0 and y up from
    1. All images' first pixel comes first. It is written as it is made, so that a table of any length fits into memory.
    """
    check_target("--out", out, _WRITERS)
    dataset = opened(thing, **place)
    if head is not None:
        dataset = dataset[:head]
    began = time.perf_counter()
    facts: dict[str, Any] = {"thing": thing, "images": len(dataset), "rows": dataset.X.size}
    facts["columns"] = dataset.pixels().collect_schema().names()
    if out is None:
        click.echo(str(dataset.pixels().head(10).collect()))
    else:
        _write(dataset, out)
    if as_json:
        click.echo(json.dumps(facts | {"seconds": round(time.perf_counter() - began, 3)}))


def _write(dataset: Dataset, out: Path) -> None:
    """Write the file whole or not at all, block after block."""
    table = dataset.pixels()
    with written(out.absolute()) as file:
        if out.suffix == ".csv":
            table.sink_csv(file)
        else:
            table.sink_parquet(file)
