"""`snowdome map`: lay out a data set from the command line."""

import contextlib
import json
import math
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from snowdome.cli.errors import plainly
from snowdome.cli.opening import Watched, data_options, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.core.control import Stopped
from snowdome.core.options import Option, options_of
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Frame, Layout, layouts, make_layout

_OWN = ("n_components", "random_state", "n_jobs")  # --dims, --seed and --threads
_WRITERS = (".parquet", ".csv", ".npz")
NONE: Any = object()  # what the word none becomes, since None means that a flag was not given


class MapCommand(click.Command):
    """A command that also has each layout's options, found when they are first needed."""

    def get_params(self, context: click.Context) -> list[click.Parameter]:
        """The fixed parameters and one flag for each option of any layout."""
        return [*super().get_params(context), *_method_flags()]


@click.command("map", cls=MapCommand)
@click.argument("thing")
@click.option(
    "--method", default="tsne", show_default=True, metavar="M", help=f"Which layout: {', '.join(layouts.names())}."
)
@click.option("--dims", type=click.IntRange(2, 2), default=2, show_default=True, help="Dimensions of the map.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="S", help="Seed.")
@click.option("--threads", type=int, default=None, metavar="N", help="Threads; all where it is not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write id, x, y, label to a .parquet, .csv or .npz file.")  # fmt: skip
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw the map.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's facts as the last line.")
@data_options
@reading_options
@plainly
def map_command(thing: str, method: str, dims: int, seed: int, threads: int | None, **rest: Any) -> None:
    """Lay out THING and write the map. Ctrl-C keeps the map as it stands."""
    from snowdome.core.cache import disk_memo

    out, png, as_json = (rest.pop(name) for name in ("out", "png", "as_json"))
    place = {name: rest.pop(name) for name in ("data_dir", "reading")}
    check_target("--out", out, _WRITERS)
    check_target("--png", png, (".png",))
    chosen = {name: None if value is NONE else value for name, value in rest.items() if value is not None}
    layout = make_layout(method, n_components=dims, random_state=seed, n_jobs=threads, **chosen)
    dataset = opened(thing, **place)
    began = time.perf_counter()
    frame = _run(layout, dataset, disk_memo(dataset.row_order_hash))
    seconds = time.perf_counter() - began
    facts = describe(layout, dataset, frame)
    if out is not None:
        write_table(out, dataset, frame)
    if png is not None:
        from snowdome.chart.kinds import scatter
        from snowdome.chart.static import png as draw

        title = f"{dataset.name}, {layout.title}"
        picture = draw(scatter.chart(frame.Y, dataset, title, facts, _axes(layout)))
        with written(png) as file:
            file.write(picture)
    if as_json:
        cost = None if math.isnan(frame.cost) else frame.cost
        click.echo(json.dumps({
            "thing": thing, "method": method, "n": len(dataset), "seed": seed, "steps": frame.step,
            "steps_planned": frame.steps, "cost": cost, "seconds": round(seconds, 3),
        }))  # fmt: skip


def describe(layout: Layout, dataset: Dataset, frame: Frame) -> str:
    """One line: what the map was computed on and how far it came."""
    parts = [f"{len(dataset):,} of {len(dataset):,} rows"]
    space = getattr(layout, "space", None)
    if hasattr(layout, "perplexity_"):
        raw = space is None or space >= dataset.X.shape[1]
        parts += ["raw values" if raw else f"{space} components", f"perplexity {layout.perplexity_:g}"]
    if frame.steps:
        parts.append(f"step {frame.step} of {frame.steps}")
    if layout.cost_name and not math.isnan(frame.cost):
        parts.append(f"{layout.cost_name} {frame.cost:.4f}")
    if layout.cost_name:
        parts.append(f"seed {layout.random_state}")  # type: ignore[attr-defined]
    return " · ".join(parts)


def write_table(path: Path, dataset: Dataset, frame: Frame) -> None:
    """Write id, x, y[, z], label (code), one row per row of the Dataset in its order."""
    import numpy as np
    import polars as pl

    columns: dict[str, Any] = {"id": dataset.all_ids()}
    columns |= {name: frame.Y[:, axis] for axis, name in enumerate("xyz"[: frame.Y.shape[1]])}
    if dataset.y is not None:
        columns["label"] = np.asarray(dataset.y)
    with written(path) as file:
        if path.suffix == ".npz":
            np.savez_compressed(file, allow_pickle=False, **columns)
        elif path.suffix == ".csv":
            pl.DataFrame(columns).write_csv(file)
        else:
            pl.DataFrame(columns).write_parquet(file)


def _run(layout: Layout, dataset: Dataset, memo: Any) -> Frame:
    """The last Frame, with progress on stderr; Ctrl-C ends the run and keeps what there is."""
    with _interrupting(_Watched()) as control:
        frame = None
        try:
            for frame in layout.frames(dataset.X, control, memo):
                control.show(frame, layout)
        except Stopped as stopped:
            raise click.ClickException(f"Stopped while {stopped}: there is no map yet.") from None
    assert frame is not None  # noqa: S101 - every layout yields at least one frame
    if control.stopping and frame.step < frame.steps:
        click.echo(f"Stopped at step {frame.step} of {frame.steps}; the map is kept as it stands.", err=True)
    else:
        click.echo(f"{layout.title}: {describe(layout, dataset, frame)}", err=True)
    return frame


class _Watched(Watched):
    """Shows the stages and the steps of a run."""

    def show(self, frame: Frame, layout: Layout) -> None:
        """The bar of the run itself, with its cost."""
        cost = "" if math.isnan(frame.cost) else f"{layout.cost_name} {frame.cost:.4f}"
        self.update(layout.title, frame.step, frame.steps, cost)


@contextlib.contextmanager
def _interrupting(control: _Watched) -> Iterator[_Watched]:
    """Ctrl-C asks the run to stop at the end of its step; a second one interrupts at once."""

    def stop(*_: Any) -> None:
        if control.stopping:
            raise KeyboardInterrupt
        control.stopping = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield control
    finally:
        signal.signal(signal.SIGINT, before)
        control.close()


def _axes(layout: Layout) -> tuple[str, ...]:
    shares = getattr(layout, "explained_variance_ratio_", None)
    if shares is None:
        return ()
    return tuple(f"component {i + 1} ({100 * share:.1f} % of the variance)" for i, share in enumerate(shares[:2]))


def _method_flags() -> list[click.Parameter]:
    """A flag for each option that some layout has, its help naming the layouts."""
    owners: dict[str, list[str]] = {}
    declared: dict[str, Option] = {}
    for method in layouts.names():
        for name, option in options_of(layouts.member(method, Layout)).items():
            if name not in _OWN:
                owners.setdefault(name, []).append(method)
                declared[name] = option
    return [
        click.Option(
            [f"--{name.replace('_', '-')}"],
            type=_OrNone(option) if option.optional else option.kind,
            default=None,
            metavar=option.kind.__name__.upper(),
            help=f"{option.help} [{', '.join(owners[name])}; default: {option.default}]",
        )
        for name, option in declared.items()
    ]


class _OrNone(click.ParamType[Any]):
    """A value of the option's type, or the word none."""

    name = "value"

    def __init__(self, option: Option) -> None:
        self._option = option

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """`none` means that the option is off, which the layout spells None."""
        if value == "none":
            return NONE
        return click.types.convert_type(self._option.kind).convert(value, param, context)
