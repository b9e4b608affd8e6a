"""How far apart the classes' mean images are, as a square of numbers."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.vega import Chart, angle_of, drawn, finished, quiet
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 30  # classes a side; numbers are written up to 15


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Both halves of the square, dark for hard pairs."""
    import altair as alt
    import polars as pl

    names = class_names(dataset)
    codes = pl.concat([table["compare1"], table["compare2"]]).unique().sort().to_list()[:_MOST]
    order = [names[code] for code in codes]
    values = []
    for one, other, gap, overlap in table.filter(*(pl.col(f"compare{at}").is_in(codes) for at in (1, 2))).iter_rows():
        for a, b in ((one, other), (other, one)):
            values.append({"a": names[a], "b": names[b], "gap": gap, "overlap": overlap, "codes": codes_of(a, b)})
    step = 38 if len(codes) <= 15 else 22
    base = drawn(values).encode(
        x=alt.X("a:N", sort=order, title=None, axis=quiet("top", angle_of(order, step))),
        y=alt.Y("b:N", sort=order, title=None, axis=quiet("left")),
    )
    scheme = alt.Scale(scheme="viridis", reverse=not dark)
    squares = base.mark_rect().encode(
        color=alt.Color("gap:Q", scale=scheme, title="RMS difference"),
        tooltip=["a:N", "b:N", alt.Tooltip("gap:Q", format=".1f"), alt.Tooltip("overlap:Q", format=".2f")],
    )
    layers = [squares]
    if len(codes) <= 15 and values:
        middle = (min(row["gap"] for row in values) + max(row["gap"] for row in values)) / 2
        bright = f"datum.gap {'<' if dark else '>'} {middle}"
        most = max(row["gap"] for row in values)
        digits = ".0f" if most >= 10 else ".1f" if most >= 1 else ".2~g"
        layers.append(
            base.mark_text(fontSize=11).encode(
                text=alt.Text("gap:Q", format=digits),
                color=alt.condition(bright, alt.value("#ffffff"), alt.value("#1d2127")),
            )
        )
    side = alt.Step(step)
    drawing = alt.layer(*layers).properties(width=side, height=side)
    said = "RMS difference of the mean images; small means hard to tell apart"
    return finished(drawing, "Which classes are easy to tell apart", of_what(dataset, said), dark=dark)
