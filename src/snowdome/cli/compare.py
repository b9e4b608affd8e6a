"""`snowdome compare`: all kinds of models on the same rows, best first."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from snowdome.cli.errors import plainly, printable
from snowdome.cli.opening import Watched, data_options, interrupting, opened, reading_options
from snowdome.cli.training import chosen_rows, preparation_of, rows_options
from snowdome.cli.writing import check_target, written
from snowdome.core.control import Stopped
from snowdome.model.base import Classifier, classifiers, make_classifier, name_of
from snowdome.model.compare import Trained, available_kinds, comparing, comparison, with_seed

if TYPE_CHECKING:
    import polars as pl

_INTERRUPTED = 130  # what a shell calls a command that Ctrl-C ended
_SHOWN = 5  # folds or seeds whose scores are told one by one


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

    Accuracy comes with its 95 % interval: kinds whose intervals overlap were not told apart by these test rows. Ctrl-C
    ends it with the table of the kinds that are done.
    """
    out, seed, threads = (given.pop(name) for name in ("out", "seed", "threads"))
    repeats = {name: given.pop(name) for name in ("cv", "seeds")}
    check_target("--out", out, (".csv", ".parquet"))
    here, missing = available_kinds()
    names = [name.strip() for name in kinds.split(",")] if kinds else here
    asked = [with_seed(make_classifier(name), seed) for name in names]
    preparation = preparation_of(rows)
    dataset = chosen_rows(opened(thing, **given), rows)
    if missing and not kinds:
        click.echo(f"left out: {', '.join(missing)} (pip install 'snowdome[deep]')", err=True)
    trained: list[Trained] = []
    with interrupting(Watched()) as control:
        try:
            for one in comparing(dataset, asked, preparation, n_jobs=threads, control=control, **repeats):
                trained.append(one)
                control.update(one.model.kind, 1, 1, f"{one.verdict.accuracy:.4f}")
        except Stopped:
            pass
    for one in trained:
        for note in one.model.notes:
            click.echo(f"{one.model.kind}: {printable(note)}", err=True)
    if control.stopping and not trained:
        raise click.ClickException("Stopped before the first kind was done.")
    _tell(thing, trained, out, as_json)
    if control.stopping:
        _tell_missing(asked, trained)


def _tell(thing: str, trained: list[Trained], out: Path | None, as_json: bool) -> None:
    table = comparison(trained)
    if out is not None:
        with written(out) as file:
            (table.write_csv if out.suffix == ".csv" else table.write_parquet)(file)
    if as_json:
        click.echo(json.dumps({"thing": thing, "kinds": [one.facts() for one in trained]}))
    else:
        click.echo(as_text(table))
        best = sorted(trained, key=lambda one: -one.verdict.accuracy)
        folds = {one.model.kind: one.fold_accuracy for one in best}
        seeds = {one.model.kind: (one.verdict.accuracy, *one.seed_accuracy) for one in best}
        for line in (*_repeated("on folds of the training rows", folds), *_repeated("with other seeds", seeds)):
            click.echo(line)


def _tell_missing(asked: list[Classifier], trained: list[Trained]) -> None:
    """Say what a stop left out, and end as what Ctrl-C ended."""
    done = {one.model.kind for one in trained}
    left = ", ".join(name_of(kind) for kind in asked if name_of(kind) not in done)
    click.echo(f"Stopped; the table is of what was done. Not compared: {left}.", err=True)
    click.get_current_context().exit(_INTERRUPTED)


def as_text(table: "pl.DataFrame") -> str:
    """The comparison as a table of text, at most 80 characters wide."""
    lines = [f"{'kind':<9} accuracy  95 % interval  on training  fit seconds  judging  size"]
    for row in table.rows(named=True):
        lines.append(
            f"{row['kind']:<9} {row['accuracy']:<8.4f}  {row['accuracy_low']:.4f}–{row['accuracy_high']:.4f}  "
            f"{row['train_accuracy']:<11.4f}  {row['seconds']:>11.1f}  {row['predict_seconds']:>7.2f}  "
            f"{_size(row['megabytes'])}"
        )
    if len(table):
        lines.append(f"trained on {table['n_train'][0]:,} rows, judged on {table['n_test'][0]:,} others")
    return "\n".join(lines)


def _size(megabytes: float) -> str:
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{1000 * megabytes:.0f} kB"


def _repeated(title: str, scores: dict[str, tuple[float, ...]]) -> list[str]:
    """What each kind scored in every one of its fits, with mean and standard deviation; nothing of those with one."""
    from statistics import mean, stdev

    lines = []
    for kind, found in scores.items():
        if len(found) > 1:
            shown = "  ".join(f"{score:.4f}" for score in found[:_SHOWN]) + ("  …" if len(found) > _SHOWN else "")
            lines.append(f"{kind:<9} {shown}  mean {mean(found):.4f} ± {stdev(found):.4f}")
    return ["", title, *lines] if lines else []
