"""How much of the variance the leading principal components keep."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.vega import BARS, Chart, drawn, finished, ink
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Bars for each component, a line for all so far."""
    import altair as alt

    kinds = ["each component", "all so far"]
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=[BARS, ink(dark=dark)]))
    values = [row | {"kind": kinds[0], "so_far": kinds[1]} for row in table.to_dicts()]
    base = drawn(values).encode(
        x=alt.X("component:Q", title="component", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False)),
    )
    bars = base.mark_bar(size=max(1, min(14, 420 // max(1, len(table))))).encode(
        y=alt.Y("share:Q", title="share of the variance", axis=alt.Axis(format="%")),
        color=colour,
        tooltip=["component:Q", alt.Tooltip("share:Q", format=".2%"), alt.Tooltip("cumulative:Q", format=".2%")],
    )
    line = base.mark_line(strokeWidth=1.5).encode(y="cumulative:Q", color=alt.Color("so_far:N"))
    drawing = alt.layer(bars, line).properties(width=520, height=280)
    kept, error = table["cumulative"][-1], table["reconstruction_mse"][-1]
    said = f"{len(table)} components keep {kept:.1%}; without the rest a value is off by {error**0.5:.1f} (RMS)"
    return finished(drawing, "Variance kept by principal components", of_what(dataset, said), dark=dark)
