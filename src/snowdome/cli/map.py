"""`snowdome map`: lay out a data set from the command line."""

import dataclasses
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from snowdome.cli.errors import plainly
from snowdome.cli.member_flags import MemberCommand, given_options
from snowdome.cli.opening import Watched, data_options, interrupting, opened, reading_options
from snowdome.cli.writing import check_target, written
from snowdome.core.control import Stopped
from snowdome.core.errors import OptionError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Frame, Layout, layouts, make_layout

if TYPE_CHECKING:
    from snowdome.layout.quality import Quality, Score

_WRITERS = (".parquet", ".csv", ".npz")
_OWN = ("n_components", "random_state", "n_jobs")  # --dims, --seed and --threads


@click.command("map", cls=MemberCommand, registry=layouts, base=Layout, without=_OWN)
@click.argument("thing")
@click.option(
    "--method", default="tsne", show_default=True, metavar="M", help=f"Which layout: {', '.join(layouts.names())}."
)
@click.option("--dims", type=click.IntRange(2, 3), default=2, show_default=True, help="Dimensions of the map.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, metavar="S", help="Seed.")
@click.option("--threads", type=int, default=None, metavar="N", help="Threads; all where it is not given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write id, x, y, label to a .parquet, .csv or .npz file.")  # fmt: skip
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw the map.")
@click.option("--quality", "judged", is_flag=True, help="Measure how far the map can be believed, and print it.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's facts as the last line.")
@data_options
@reading_options
@plainly
def map_command(thing: str, method: str, dims: int, seed: int, threads: int | None, **rest: Any) -> None:
    """Lay out THING and write the map. Ctrl-C keeps the map as it stands.

    With --quality the measures are a table on stdout, or a part of --json, and --out gets the columns recall and
    distortion.
    """
    from snowdome.core.cache import disk_memo

    out, png, judged, as_json = (rest.pop(name) for name in ("out", "png", "judged", "as_json"))
    place = {name: rest.pop(name) for name in ("data_dir", "reading")}
    check_target("--out", out, _WRITERS)
    check_target("--png", png, (".png",))
    layout = layout_of(method, dims, seed, threads, rest)
    dataset = opened(thing, **place)
    memo = disk_memo(dataset.row_order_hash)
    began = time.perf_counter()
    frame = _run(layout, dataset, memo)
    seconds = time.perf_counter() - began
    facts = describe(layout, dataset, frame)
    quality = _judge(layout, dataset, frame, memo) if judged else None
    if out is not None:
        write_table(out, dataset, frame, quality)
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
            "steps_planned": frame.steps, "cost": cost, "seconds": round(seconds, 3), "notes": list(layout.notes_),
            **({} if quality is None else {"quality": [_facts(score) for score in quality.rows]}),
        }))  # fmt: skip
    elif quality is not None:
        click.echo(_table(quality))


def layout_of(method: str, dims: int, seed: int, threads: int | None, flags: dict[str, Any]) -> Layout:
    """The layout with the flags that were given; OptionError for what it does not have or allow."""
    components = options_of(layouts.member(method, Layout)).get("n_components")
    if components is not None and not components.admits(dims):
        can = " or ".join(str(other) for other in (2, 3) if components.admits(other))
        raise OptionError(f"--dims got {dims}: {method} makes maps of {can} dimensions only. Choose another method.")
    return make_layout(method, n_components=dims, random_state=seed, n_jobs=threads, **given_options(flags))


def describe(layout: Layout, dataset: Dataset, frame: Frame) -> str:
    """One line: what the map was computed on and how far it came."""
    from snowdome.session.maps.files import main_option

    parts = [f"{len(dataset):,} of {len(dataset):,} rows"]
    if hasattr(layout, "space"):
        raw = layout.space is None or layout.space >= dataset.X.shape[1]
        parts.append("raw values" if raw else f"{layout.space} components")
    main = main_option(type(layout))
    if main is not None:
        value = getattr(layout, f"{main}_", getattr(layout, main))  # as it was fitted: it may have been lowered
        parts.append(f"{main} {value:g}" if isinstance(value, float) else f"{main} {value}")
    if frame.steps:
        parts.append(f"step {frame.step} of {frame.steps}")
    if layout.cost_name and not math.isnan(frame.cost):
        parts.append(f"{layout.cost_name} {_cost(frame.cost)}")
    if layout.cost_name:
        parts.append(f"seed {layout.random_state}")
    return " · ".join(parts)


def write_table(path: Path, dataset: Dataset, frame: Frame, quality: "Quality | None" = None) -> None:
    """Write id, x, y[, z], label (code)[, recall, distortion], one row per row of the Dataset in its order."""
    from snowdome.session.maps.files import TABLES, columns_of

    points = {} if quality is None else {"recall": quality.recall, "distortion": quality.distortion}
    body = TABLES[path.suffix[1:]](columns_of(dataset, frame.Y, points))
    with written(path) as file:
        file.write(body)


def _run(layout: Layout, dataset: Dataset, memo: Any) -> Frame:
    """The last Frame, with progress on stderr; Ctrl-C ends the run and keeps what there is."""
    with interrupting(_Watched()) as control:
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
    for note in layout.notes_:
        click.echo(f"Note: {note}", err=True)
    return frame


def _judge(layout: Layout, dataset: Dataset, frame: Frame, memo: Any) -> "Quality | None":
    """How good the map is, with progress on stderr; None where Ctrl-C ended the measuring."""
    from snowdome.session.maps.judging import judge_map

    with interrupting(_Watched()) as control:
        try:
            return judge_map(layout, dataset, frame.Y, control, memo)
        except Stopped:
            click.echo("The measuring was stopped; the map is kept.", err=True)
            return None


def _facts(score: "Score") -> dict[str, Any]:
    """One measure; a value that is not finite is none, for JSON knows no other."""
    return dataclasses.asdict(score) | {"value": score.value if math.isfinite(score.value) else None}


def _cost(cost: float) -> str:
    """Four decimals, and of large numbers seven digits."""
    return f"{cost:.4f}" if abs(cost) < 1000 else f"{cost:.7g}"


def _table(quality: "Quality") -> str:
    """The measures in lines: name, value, which way is better, and what it was computed on."""
    width = max((len(score.name) for score in quality.rows), default=0)
    signs = {"high": "higher is better", "low": "lower is better"}
    return "\n".join(
        f"{score.name:<{width}}  {score.value:>8.4g}  {signs[score.better]:<16}  {score.of}" for score in quality.rows
    )


class _Watched(Watched):
    """Shows the stages and the steps of a run."""

    def show(self, frame: Frame, layout: Layout) -> None:
        """The bar of the run itself, with its cost."""
        cost = "" if math.isnan(frame.cost) else f"{layout.cost_name} {_cost(frame.cost)}"
        self.update(layout.title, frame.step, frame.steps, cost)


def _axes(layout: Layout) -> tuple[str, ...]:
    shares = getattr(layout, "explained_variance_ratio_", None)
    if shares is None:
        return ()
    drawn = shares[: layout.n_components]
    return tuple(f"component {i + 1} ({100 * share:.1f} % of the variance)" for i, share in enumerate(drawn))
