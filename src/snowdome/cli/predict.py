"""`snowdome predict`: what a model reads on photos, in arrays, in folders and data sets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from snowdome.cli.errors import plainly, printable
from snowdome.cli.writing import check_target, written
from snowdome.core.errors import DataError, MissingDataError
from snowdome.model.fitted import Model
from snowdome.model.reading import Read, read_thing

if TYPE_CHECKING:
    import polars as pl

_BAR = 20
_SHOWN = 200  # rows that are printed; all of them are written


@click.command("predict")
@click.argument("model")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--top", type=click.IntRange(1, 100), default=3, show_default=True, metavar="N",
              help="Bars for the N most probable classes.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write file, row, predicted_label and all probabilities to a .csv or .parquet file.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the predictions as the last line.")
@plainly
def predict_command(model: str, files: tuple[Path, ...], top: int, out: Path | None, as_json: bool) -> None:
    """Say what MODEL takes each image of the FILES for, with its probabilities.

    MODEL is a file, or the name of one that was kept (NAME or NAME@VERSION). FILES are photos of handwritten digits,
    images of the very size that the model was trained on, arrays (.npy), or anything that `snowdome open` takes.
    """
    check_target("--out", out, (".csv", ".parquet"))
    asked = model_of(model)
    found = list(_read(asked, files))
    if out is not None:
        with written(out) as file:
            table = _table(asked, found)
            (table.write_csv if out.suffix == ".csv" else table.write_parquet)(file)
    if as_json:
        click.echo(json.dumps({"model": model, "predictions": [
            {"file": printable(one.name), "row": row, "label": asked.classes[code],
             "probabilities": dict(zip(asked.classes, map(float, proba), strict=True))}
            for one in found for row, (code, proba) in enumerate(zip(one.predicted, one.proba, strict=True))
        ]}))  # fmt: skip
    else:
        _say(asked, found, top)


def model_of(text: str) -> Model:
    """The model in a file, or the kept one of that name; MissingDataError where there is neither."""
    from snowdome.model.kept import Shelf, read_model

    path = Path(text)
    if path.suffix or path.is_file():
        return read_model(path)[0]
    name, _, version = text.partition("@")
    if version and not version.isdecimal():
        raise MissingDataError(f"{text!r}: after @ stands a version, a whole number.")
    return Shelf().load(name, int(version) if version else None)[0]


def _read(model: Model, files: tuple[Path, ...]) -> Iterator[Read]:
    """What is read in each file; one that cannot be read is told and skipped, unless none can."""
    failed: list[DataError] = []
    for path in files:
        try:
            yield read_thing(model, path)
        except DataError as error:
            if len(files) == 1:
                raise
            failed.append(error)
            click.echo(printable(str(error)), err=True)
    if len(failed) == len(files):
        raise DataError("None of the files could be read.")


def _say(model: Model, found: list[Read], top: int) -> None:
    shown = 0
    for one in found:
        for note in one.notes:
            click.echo(printable(note), err=True)
        for row, (code, proba) in enumerate(zip(one.predicted, one.proba, strict=True)):
            if shown == _SHOWN:
                rest = sum(len(each.predicted) for each in found) - shown
                click.echo(f"… and {rest:,} more; --out FILE writes them all")
                return
            shown += 1
            where = printable(one.name) + (f" [{row}]" if len(one.predicted) > 1 else "")
            click.echo(f"{where}: {printable(model.classes[code])}")
            for other in (-proba).argsort(kind="stable")[:top]:
                bar = "█" * round(_BAR * float(proba[other]))
                click.echo(f"  {printable(model.classes[other]):<12} {proba[other]:6.1%} {bar}")


def _table(model: Model, found: list[Read]) -> "pl.DataFrame":
    import polars as pl

    files = [(one.name, row, model.classes[code]) for one in found for row, code in enumerate(one.predicted)]
    columns = {name: [one[at] for one in files] for at, name in enumerate(("file", "row", "predicted_label"))}
    proba = [row for one in found for row in one.proba]
    for code, name in enumerate(model.classes):
        columns[f"p_{name}"] = [float(row[code]) for row in proba]
    return pl.DataFrame(columns)
