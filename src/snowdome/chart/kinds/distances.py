"""Distances of pairs of images, of the same class and of others."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.vega import BARS, Chart, drawn, finished, ink, paper
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from snowdome.data.dataset import Dataset

_TIPS = ("nearer", "mean", "deviation", "q0", "q5", "q25", "q50", "q75", "q95", "q100")


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """For each kind of pair a bar of the middle half on a line of the middle nine tenths, and the median."""
    drawing = spans(table, dark=dark).properties(width=520, height=42 * len(table))
    said = f"{max(table['pairs'].to_list()):,} pairs; bar: middle half, line: 5 % to 95 %"
    means = dict(table.select("kind", "mean").iter_rows())
    if means.get("same class") and means.get("other class"):
        said += f"; other classes are {means['other class'] / means['same class']:.2f} times as far on average"
    return finished(drawing, "How far apart images are", of_what(dataset, said), dark=dark)


def spans(table: "pl.DataFrame", *, dark: bool) -> "alt.LayerChart | alt.FacetChart":
    """The bars, lines and medians of a table with `kind` and quantiles."""
    import altair as alt

    kinds = table["kind"].to_list()
    base = drawn([row for row in table.to_dicts() if row["q50"] is not None]).encode(
        y=alt.Y("kind:N", sort=kinds, title=None)
    )
    x = alt.X(
        "q5:Q", title="Euclidean distance", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6, labelOverlap=True)
    )
    lines = base.mark_rule(color=ink(dark=dark)).encode(x=x, x2="q95:Q")
    shown = [
        "kind:N",
        "pairs:Q",
        *(alt.Tooltip(f"{name}:Q", format=",.4~g") for name in table.columns if name in _TIPS),
    ]
    bars = base.mark_bar(size=22, color=BARS).encode(x="q25:Q", x2="q75:Q", tooltip=shown)
    medians = base.mark_tick(color=paper(dark=dark), thickness=2, size=22).encode(x="q50:Q")
    return alt.layer(lines, bars, medians)
