"""`snowdome report five-documents`: their figures and tables, with our numbers beside the printed ones."""

import json
from pathlib import Path
from typing import Any

import click

from snowdome.cli.errors import plainly
from snowdome.cli.opening import Watched, data_options, opened
from snowdome.cli.writing import written
from snowdome.core.errors import OptionError


@click.command("report")
@click.argument("which", type=click.Choice(["five-documents"]))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="The folder to write.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as the last line.")
@data_options
@plainly
def report_command(which: str, out: Path, as_json: bool, data_dir: Path | None) -> None:
    """Make the figures and tables of the five documents about MNIST again.

    Writes index.html, claims.csv (each printed number beside ours), and a PNG and a CSV for each figure.
    """
    from snowdome.report.five_documents import write_report

    if out.exists() and not out.is_dir():
        raise OptionError(f"--out: {out} is a file; the report is a folder.")
    dataset = opened("mnist", data_dir, {})
    out.mkdir(parents=True, exist_ok=True)

    def write(path: Path, content: bytes) -> None:
        with written(path) as file:
            file.write(content)

    control = Watched()
    try:
        claims = write_report(dataset, out, write, control)
    finally:
        control.close()
    facts: dict[str, Any] = {"report": which, "claims": len(claims), "agree": int(claims["agrees"].sum())}
    click.echo(
        f"{facts['agree']} of {facts['claims']} printed numbers agree; {out / 'index.html'} shows them.", err=True
    )
    if as_json:
        click.echo(json.dumps(facts))
