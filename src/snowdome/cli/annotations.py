"""`snowdome annotations`: what was decided about the images of a data set: where it stands, in, out, and applied."""

import json
from pathlib import Path
from typing import Any

import click

from snowdome.cli.errors import plainly, printable
from snowdome.cli.opening import Watched, data_options, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.data.take_home import SUFFIXES


@click.command("annotations")
@click.argument("thing")
@click.option("--import", "taken", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Take the decisions of a patch in.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the decisions as a patch (.json) that --import and open(annotations=…) take.")  # fmt: skip
@click.option("--corrected", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the corrected labels: .csv, or the data with them: .parquet, .npz.")  # fmt: skip
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write what changed and why as Markdown (.md).")  # fmt: skip
@click.option("--raw", is_flag=True, help="Write text into .csv files as it is, also what a spreadsheet would run.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as the last line.")
@data_options
@reading_options
@plainly
def annotations_command(thing: str, taken: Path | None, out: Path | None, **given: Any) -> None:
    """Show what was decided about the images of THING, take decisions in, and write what became of the labels.

    Decisions are kept in the folder $SNOWDOME_WORKSPACE, else in the user's own, and found again by the images.
    """
    from snowdome.data.annotated import corrected, read_patch, write_patch
    from snowdome.data.take_home import report, write_corrected
    from snowdome.session.labels.annotations import Annotations

    target, story, raw, as_json = (given.pop(key) for key in ("corrected", "report", "raw", "as_json"))
    check_target("--out", out, (".json",))
    check_target("--corrected", target, SUFFIXES)
    check_target("--report", story, (".md",))
    patch = None if taken is None else read_patch(taken)
    dataset = opened(thing, **given)
    annotations = Annotations(dataset)
    try:
        if patch is not None:
            done = annotations.take_in(patch)
            click.echo(f"took {done.taken:,} decisions in; {done.unchanged:,} were there already", err=True)
        state, exported = annotations.state, annotations.exported()
        for note in [*annotations.notices, *([state.read_only] if state.read_only else [])]:
            click.echo(printable(note), err=True)
    finally:
        annotations.close()
    if out is not None:
        with written(out) as file:
            file.write(write_patch(exported))
    if target is not None or story is not None:
        found = corrected(dataset, exported, annotations.keys)
        for path in [] if target is None else write_corrected(target, dataset, found, raw=raw):
            click.echo(f"wrote {printable(str(path))}", err=True)
        if story is not None:
            why = _why(dataset, [row for row, one in enumerate(found.decided) if one is not None])
            with written(story) as file:
                file.write(report(dataset, found, why).encode())
    counts: dict[str, int] = {}
    for one in exported.effective().values():
        counts[one.decision] = counts.get(one.decision, 0) + 1
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing yet"
    click.echo(f"{printable(dataset.name)}: decided about {state.count:,} of {len(dataset):,} images: {told}", err=True)
    if state.orphans:
        click.echo(f"{state.orphans:,} decisions are about images that are not here; they are kept.", err=True)
    if as_json:
        click.echo(json.dumps({"thing": thing, "n": len(dataset), "decided": state.count, "by_decision": counts,
                               "orphans": state.orphans, "revision": state.revision}))  # fmt: skip


def _why(dataset: Any, rows: list[int]) -> dict[int, str]:
    """What speaks about the labels as they were given; nothing has to be asked where nothing was decided."""
    from snowdome.session.labels.ranking import rank, reasons

    if not rows:
        return {}
    control = Watched()
    try:
        return reasons(rank(dataset, control=control), rows)
    finally:
        control.close()
