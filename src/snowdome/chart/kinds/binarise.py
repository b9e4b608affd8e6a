"""Accuracy on the values and on 0 and 1 alone."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.vega import Chart, drawn, finished, ink
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Two bars for each method."""
    import altair as alt

    values = [
        {"method": row["method"], "values": kind, "accuracy": row[column], "n": row["n_test"]}
        for row in table.iter_rows(named=True)
        for kind, column in (("as they are", "raw"), ("0 and 1", "binary"))
    ]
    base = drawn(values).encode(
        y=alt.Y("values:N", sort=["as they are", "0 and 1"], title=None),
        x=alt.X("accuracy:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title="accuracy"),
        tooltip=["method:N", "values:N", alt.Tooltip("accuracy:Q", format=".2%"), "n:Q"],
    )
    scale = alt.Scale(domain=["as they are", "0 and 1"], range=["#3f90da", "#ffa90e"])
    bars = base.mark_bar(size=20).encode(color=alt.Color("values:N", scale=scale, legend=None))
    numbers = base.mark_text(align="left", dx=4, color=ink(dark=dark)).encode(text=alt.Text("accuracy:Q", format=".1%"))
    rows = alt.Row("method:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left"))
    drawing = alt.layer(bars, numbers).properties(width=420, height=60).facet(row=rows)
    tested = " and ".join(f"{n:,}" for n in table["n_test"])
    return finished(drawing, "Would black and white do?", of_what(dataset, f"on {tested} test images"), dark=dark)
