"""Images at their values of two pixels."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.vega import Chart, class_scale, drawn, finished
from snowdome.summary.questions.cube import Cube

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 5000  # dots


def chart(asked: Cube, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Dots in class colours; where many share a value they stand a little apart, by Olah's rule (2014)."""
    import altair as alt

    names = class_names(dataset)
    low, high = dataset.value_range
    span = (high - low) or 1
    values = []
    for i, (label, instance, across, up) in enumerate(table.head(_MOST).iter_rows()):
        x, y = ((float(value) - low) / span for value in (across, up))
        k = 10 + (i * 7) % 11
        nudge = 0.02 * (i % k) / k + 0.01
        values.append(
            {
                "class": names.get(label, "images"),
                "instance": instance,
                "x": across, "y": up,
                "at_x": low + span * (x + nudge * ((x == 0) - (x == 1))),
                "at_y": low + span * (y + 0.02 * (i * 3 % k) / k * ((y == 0) - (y == 1))),
            }
        )  # fmt: skip
    classes = tuple(names.values()) or ("images",)
    domain = alt.Scale(domain=[low - 0.02 * span, high + 0.02 * span], nice=False)
    drawing = (
        drawn(values)
        .mark_circle(size=26, opacity=0.8)
        .encode(
            x=alt.X("at_x:Q", scale=domain, title=f"pixel {asked.horizontal} (x,y from the bottom left)"),
            y=alt.Y("at_y:Q", scale=domain, title=f"pixel {asked.vertical}"),
            color=alt.Color("class:N", scale=class_scale(classes), title=None, legend=alt.Legend(symbolLimit=30)),
            tooltip=["class:N", "instance:Q", "x:Q", "y:Q"],
        )
        .properties(width=420, height=420)
    )
    said = f"the first {len(values):,}; equal values stand a little apart"
    return finished(drawing, "Two pixels of the cube", of_what(dataset, said), dark=dark)
