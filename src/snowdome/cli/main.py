"""The command line: `snowdome [open THING]`, `explore`, `map`, `table`, `photo`, `datasets`, `doctor`."""

from pathlib import Path
from typing import Any

import click

import snowdome
from snowdome.cli.annotations import annotations_command
from snowdome.cli.compare import compare_command
from snowdome.cli.errors import plainly
from snowdome.cli.explore import explore_command
from snowdome.cli.map import map_command
from snowdome.cli.opening import data_options, opened, reading_options
from snowdome.cli.photo import photo_command
from snowdome.cli.predict import predict_command
from snowdome.cli.report import report_command
from snowdome.cli.serve import serve_command
from snowdome.cli.suspects import suspects_command
from snowdome.cli.table import table_command
from snowdome.cli.train import train_command


def _app_options(command: Any) -> Any:
    for add in (
        data_options,
        click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to serve on."),
        click.option("--port", default=8642, show_default=True, metavar="N", type=click.IntRange(0, 65535),
                     help="Port to serve on; where it is busy, the next free one."),
        click.option("--no-browser", is_flag=True, help="Only print the address; open no browser."),
        click.option("--upload-mb", default=512, show_default=True, metavar="N", type=click.IntRange(1, 1_000_000),
                     help="The most megabytes that a file dropped on the app may have."),
    ):  # fmt: skip
        command = add(command)
    return command


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(snowdome.__version__, prog_name="snowdome")
@_app_options
@click.pass_context
@plainly
def main(context: click.Context, **place: Any) -> None:
    """Open a labelled set of images and watch its maps form.

    Without a command it opens the digits that come with scikit-learn.
    """
    if context.invoked_subcommand is None:
        _serve("digits", {}, **place)


@main.command("open")
@click.argument("thing")
@_app_options
@reading_options
@plainly
def open_command(thing: str, reading: dict[str, Any], **place: Any) -> None:
    """Open THING in the app: the name of a data set, a file, a folder or a zip."""
    _serve(thing, reading, **place)


@main.command()
@data_options
@plainly
def datasets(data_dir: Path | None) -> None:
    """List the data sets known by name and whether they are on this machine; opening one fetches it."""
    from rich.console import Console
    from rich.table import Column, Table

    from snowdome.data import catalogue

    name, size, here = (Column(noun, no_wrap=True) for noun in ("name", "size", "here"))
    table = Table(name, "what it is", size, "licence", here, box=None, pad_edge=False, header_style="bold")
    for key, entry in catalogue.ENTRIES.items():
        found = not entry.files or catalogue.find(key, data_dir) is not None
        table.add_row(key, entry.about, entry.size, entry.licence, "yes" if found else "no")
    Console().print(table)


@main.command()
@plainly
def doctor() -> None:
    """Print what a report of a problem needs: versions, BLAS, threads, memory, browser. No private path."""
    from snowdome.cli.doctor import facts

    for noun, fact in facts():
        click.echo(f"{noun:<14} {fact}")


main.add_command(annotations_command)
main.add_command(compare_command)
main.add_command(explore_command)
main.add_command(map_command)
main.add_command(photo_command)
main.add_command(predict_command)
main.add_command(report_command)
main.add_command(suspects_command)
main.add_command(serve_command)
main.add_command(table_command)
main.add_command(train_command)


def _serve(
    thing: str, reading: dict[str, Any], *, data_dir: Path | None, no_browser: bool, upload_mb: int, **place: Any
) -> None:
    from snowdome.server.serve import serve
    from snowdome.server.ways_in import Sources, named_origin

    sources = Sources(data_dir, upload_mb, named_origin(thing, data_dir, reading))
    serve(opened(thing, data_dir, reading), open_browser=not no_browser, sources=sources, **place)
