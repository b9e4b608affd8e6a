"""The histogram of all values."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.vega import Chart, drawn, finished
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Bars of counts; every class's together."""
    import altair as alt
    import polars as pl

    whole = table.group_by("bin").agg(pl.col("low").first(), pl.col("high").first(), pl.col("count").sum()).sort("bin")
    total = max(1, whole["count"].sum())
    whole = whole.with_columns(share=pl.col("count") / total)
    drawing = (
        drawn(whole.to_dicts())
        .mark_bar(color="#3f90da", stroke=None)
        .encode(
            x=alt.X("low:Q", bin=alt.Bin(binned=True), title="value", axis=alt.Axis(tickCount=8)),
            x2="high:Q",
            y=alt.Y("count:Q", title="values", axis=alt.Axis(format="~s")),
            tooltip=[
                alt.Tooltip("low:Q", format=".4~g", title="from"),
                alt.Tooltip("high:Q", format=".4~g", title="to"),
                alt.Tooltip("count:Q", format=","),
                alt.Tooltip("share:Q", format=".2%"),
            ],
        )
        .properties(width=520, height=260)
    )
    first = whole["share"][0] if len(whole) else 0.0
    said = f"{len(whole)} bins, the first centred on the least value; it holds {first:.1%} of all values"
    grey = dataset.image_shape is not None and dataset.channels == 1
    title = "How much grey?" if grey else "How often each value occurs"
    return finished(drawing, title, of_what(dataset, said), dark=dark)
