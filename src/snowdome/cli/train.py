"""`snowdome train`: fit one model, judge it on the test rows, keep it."""

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import snowdome
from snowdome.cli.errors import plainly, printable
from snowdome.cli.member_flags import MemberCommand, given_options
from snowdome.cli.opening import Watched, data_options, opened, reading_options
from snowdome.cli.training import SEED, chosen_rows, preparation_of, rows_options, told
from snowdome.cli.writing import check_target, written
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.model.base import Classifier, classifiers, make_classifier
from snowdome.model.compare import Trained, labelled, parts_of, train
from snowdome.model.kept import Card, Shelf, card_for, check_name, write_model

if TYPE_CHECKING:
    import polars as pl


@click.command("train", cls=MemberCommand, registry=classifiers, base=Classifier, without=SEED)
@click.argument("thing")
@click.option("--kind", default="logistic", show_default=True, metavar="K",
              help=f"Which kind of model: {', '.join(classifiers.names())}.")  # fmt: skip
@click.option("--cv", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Also judge by N folds of the training rows.")  # fmt: skip
@click.option("--seeds", type=click.IntRange(0), default=0, show_default=True, metavar="N",
              help="Also judge N fits with other seeds.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="S", help="Seed.")
@click.option("--threads", type=int, default=None, metavar="N", help="Threads; all where it is not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="MODEL",
              help="Write the model into a .safetensors file.")  # fmt: skip
@click.option("--keep", metavar="NAME", default=None, help="Keep the model under this name, as its next version.")
@click.option("--pictures", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write pictures of it into this folder: confusion, calibration, mistakes, weights.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the facts as the last line.")
@rows_options
@data_options
@reading_options
@plainly
def train_command(thing: str, kind: str, rows: dict[str, Any], as_json: bool, **given: Any) -> None:
    """Train a model on THING and judge it on the test rows, which it has not seen.

    Prints how often it is right, precision, recall and F1 of each class, and which classes it takes for each other.
    """
    out, keep, pictures = (given.pop(name) for name in ("out", "keep", "pictures"))
    cv, seeds, seed, threads = (given.pop(name) for name in ("cv", "seeds", "seed", "threads"))
    place = {name: given.pop(name) for name in ("data_dir", "reading")}
    check_target("--out", out, (".safetensors",))
    if keep is not None:
        check_name(keep)
    classifier = classifier_of(kind, seed, given)
    preparation = preparation_of(rows)
    dataset = chosen_rows(opened(thing, **place), rows)
    control = Watched()
    try:
        done = train(dataset, classifier, preparation, cv=cv, seeds=seeds, n_jobs=threads, control=control)
    finally:
        control.close()
    for note in done.model.notes:
        click.echo(printable(note), err=True)
    facts = done.facts()
    if out is not None or keep is not None:
        facts |= _write(done, dataset, out, keep)
    if pictures is not None:
        _draw(done, dataset, pictures)
    if as_json:
        click.echo(json.dumps({"thing": thing, **facts}))
    else:
        click.echo(told(done))
        click.echo(_classes(done))


def classifier_of(kind: str, seed: int, flags: dict[str, Any]) -> Classifier:
    """The kind with the flags that were given; OptionError for what it does not have or allow."""
    seeded = "random_state" in options_of(classifiers.member(kind, Classifier))
    return make_classifier(kind, **({"random_state": seed} if seeded else {}), **given_options(flags))


def _write(done: Trained, dataset: Dataset, out: Path | None, keep: str | None) -> dict[str, Any]:
    """Write the model where it was asked for; where that is."""
    card = _card(done, dataset, keep or (out.stem if out else "model"))
    probes = parts_of(dataset)[1].X
    said: dict[str, Any] = {}
    if out is not None:
        write_model(out, done.model, card, probes)
        click.echo(f"wrote {printable(str(out))}", err=True)
        said["out"] = out.name
    if keep is not None:
        kept = Shelf().keep(done.model, card, probes)
        click.echo(f"kept as {kept.name}, version {kept.version}", err=True)
        said |= {"name": kept.name, "version": kept.version}
    return said


def _card(done: Trained, dataset: Dataset, name: str) -> Card:
    made = {"snowdome": snowdome.__version__, "date": dt.datetime.now(dt.UTC).date().isoformat()}
    data = {"name": dataset.name, "hash": dataset.payload_hash}
    scores = {key: done.facts()[key] for key in ("accuracy", "n_train", "n_test", "seconds")}
    return card_for(done.model, name, data, scores, made)


def _draw(done: Trained, dataset: Dataset, folder: Path) -> None:
    """Confusion, calibration and mistakes, and the weights of kinds that have some, as PNG files."""
    from snowdome.chart.spec import charts
    from snowdome.chart.vega import encoded

    test = labelled(parts_of(dataset)[1])
    asked: dict[str, tuple[Any, ...]] = {"confusion": (done.verdict,), "calibration": (done.verdict,)}
    if dataset.image_shape is not None:
        asked["mistakes"] = (done.verdict, test)
        if done.model.weights() is not None and dataset.channels == 1:
            asked["weights"] = (done.model,)
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in asked.items():
        with written(folder / f"{name}.png") as file:
            file.write(encoded(charts.module(name).chart(*given), ".png"))


def _classes(done: Trained) -> str:
    """Precision, recall and F1 of each class, and the pairs that are confused most, as text."""
    from snowdome.model.evaluate import confused_pairs, metrics

    table: pl.DataFrame = metrics(done.verdict)
    shown = table.filter(table["support"] > 0)
    width = min(20, max([5, *(len(printable(name)) for name in shown["label"].to_list())]))
    lines = [f"{'class':<{width}} {'precision':>10} {'recall':>8} {'f1':>8} {'rows':>8}"]
    for row in shown.rows(named=True)[:50]:
        lines.append(
            f"{printable(row['label'])[:width]:<{width}} {row['precision']:>10.4f} {row['recall']:>8.4f} "
            f"{row['f1']:>8.4f} {row['support']:>8,}"
        )
    pairs = [
        f"{printable(a)} and {printable(b)} ({count})"
        for a, b, count in confused_pairs(done.verdict, 5).rows()
        if count
    ]
    if pairs:
        lines.append("most often taken for each other: " + ", ".join(pairs))
    return "\n".join(lines)
