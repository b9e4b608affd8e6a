"""`snowdome compare`: all kinds of models on the same rows, best first."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from snowdome.cli.errors import plainly, printable
from snowdome.cli.opening import Watched, data_options, opened, reading_options
from snowdome.cli.training import chosen_rows, preparation_of, rows_options
from snowdome.cli.writing import check_target, written
from snowdome.model.base import classifiers, make_classifier
from snowdome.model.compare import available_kinds, compare, comparison, with_seed

if TYPE_CHECKING:
    import polars as pl


@click.command("compare")
@click.argument("thing")
@click.option("--kinds", default=None, metavar="A,B,…",
              help=f"Which kinds of models; all that can be had here: {', '.join(classifiers.names())}.")  # fmt: skip
@click.option("--cv", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Also judge by N folds of the training rows, as many more fits.")  # fmt: skip
@click.option("--seeds", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Also judge N fits with other seeds.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="S", help="Seed.")
@click.option("--threads", type=int, default=None, metavar="N", help="Threads; all where it is not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the table to a .csv or .parquet file.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the facts of each kind as the last line.")
@rows_options
@data_options
@reading_options
@plainly
def compare_command(thing: str, kinds: str | None, rows: dict[str, Any], as_json: bool, **given: Any) -> None:
    """Train every kind of model on the same rows of THING and judge each on the same test rows.

    Accuracy comes with its 95 % interval: kinds whose intervals overlap were not told apart by these test rows.
    """
    out, cv, seeds, seed, threads = (given.pop(name) for name in ("out", "cv", "seeds", "seed", "threads"))
    check_target("--out", out, (".csv", ".parquet"))
    here, missing = available_kinds()
    names = [name.strip() for name in kinds.split(",")] if kinds else here
    asked = [with_seed(make_classifier(name), seed) for name in names]
    preparation = preparation_of(rows)
    dataset = chosen_rows(opened(thing, **given), rows)
    control = Watched()
    try:
        trained = compare(dataset, asked, preparation, cv=cv, seeds=seeds, n_jobs=threads, control=control)
    finally:
        control.close()
    if missing and not kinds:
        click.echo(f"left out: {', '.join(missing)} (pip install 'snowdome[deep]')", err=True)
    for one in trained:
        for note in one.model.notes:
            click.echo(f"{one.model.kind}: {printable(note)}", err=True)
    table = comparison(trained)
    if out is not None:
        with written(out) as file:
            (table.write_csv if out.suffix == ".csv" else table.write_parquet)(file)
    if as_json:
        click.echo(json.dumps({"thing": thing, "kinds": [one.facts() for one in trained]}))
    else:
        click.echo(as_text(table))


def as_text(table: "pl.DataFrame") -> str:
    """The comparison as a table of text."""
    spreads = [name for name in ("cv_mean", "cv_spread", "seed_spread") if table[name].null_count() < len(table)]
    head = f"{'kind':<10} accuracy  95 % interval   on training  "
    lines = [head + "".join(f"{name.replace('_', ' '):<12}" for name in spreads) + "seconds  predict      MB"]
    for row in table.rows(named=True):
        spread = "".join(f"{'–' if row[name] is None else f'{row[name]:.4f}':<12}" for name in spreads)
        lines.append(
            f"{row['kind']:<10} {row['accuracy']:.4f}   {row['accuracy_low']:.4f}–{row['accuracy_high']:.4f}   "
            f"{row['train_accuracy']:<12.4f} {spread}{row['seconds']:>7.1f}  {row['predict_seconds']:>7.2f}  "
            f"{row['megabytes']:>6.1f}"
        )
    if len(table):
        lines.append(f"trained on {table['n_train'][0]:,} rows, judged on {table['n_test'][0]:,} others")
    return "\n".join(lines)
