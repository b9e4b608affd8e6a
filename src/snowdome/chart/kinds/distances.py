"""Distances of pairs of images, of the same class and of others."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.vega import Chart, drawn, finished, ink, paper
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """For each kind of pair a bar of the middle half on a line of the middle nine tenths, and the median."""
    import altair as alt

    kinds = table["kind"].to_list()
    base = drawn([row for row in table.to_dicts() if row["q50"] is not None]).encode(
        y=alt.Y("kind:N", sort=kinds, title=None)
    )
    x = alt.X(
        "q5:Q", title="Euclidean distance", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=6, labelOverlap=True)
    )
    lines = base.mark_rule(color=ink(dark=dark)).encode(x=x, x2="q95:Q")
    bars = base.mark_bar(size=22, color="#3f90da").encode(
        x="q25:Q", x2="q75:Q", tooltip=["kind:N", "pairs:Q", *(f"{name}:Q" for name in table.columns[2:])]
    )
    medians = base.mark_tick(color=paper(dark=dark), thickness=2, size=22).encode(x="q50:Q")
    drawing = alt.layer(lines, bars, medians).properties(width=520, height=42 * len(kinds))
    said = f"{max(table['pairs'].to_list()):,} pairs; bar: middle half, line: 5 % to 95 %"
    means = dict(table.select("kind", "mean").iter_rows())
    if means.get("same class") and means.get("other class"):
        said += f"; other classes are {means['other class'] / means['same class']:.2f} times as far on average"
    return finished(drawing, "How far apart images are", of_what(dataset, said), dark=dark)
