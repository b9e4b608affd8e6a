"""The histogram of one image's polynomial features."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.vega import BARS, Chart, drawn, finished
from snowdome.summary.questions.polynomial import Polynomial

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Polynomial, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Bars of counts."""
    import altair as alt

    drawing = (
        drawn(table.to_dicts())
        .mark_bar(color=BARS, stroke=None)
        .encode(
            x=alt.X("low:Q", bin=alt.Bin(binned=True), title="value of a feature", axis=alt.Axis(tickCount=8)),
            x2="high:Q",
            y=alt.Y("count:Q", title="features"),
            tooltip=[
                alt.Tooltip("low:Q", format=",.4~g", title="from"),
                alt.Tooltip("high:Q", format=",.4~g", title="to"),
                alt.Tooltip("count:Q", format=","),
            ],
        )
        .properties(width=520, height=260)
    )
    label = class_names(dataset).get(int(dataset.y[asked.instance - 1])) if dataset.y is not None else None
    image = f"image {asked.instance}" + (f", {label}" if label is not None else "")
    k = min(asked.count, dataset.X.shape[1])
    said = f"{image}: {k:,} scores, their squares and products are {table['count'].sum():,} features"
    return finished(drawing, "Polynomial features", of_what(dataset, said), dark=dark)
