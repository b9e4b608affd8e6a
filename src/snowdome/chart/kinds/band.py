"""Rows as strips: the images as the vectors that they are."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.pictures import strip_url
from snowdome.chart.vega import Chart, drawn, finished, quiet
from snowdome.summary.questions.band import Band

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_ROWS, _HIGH, _WIDE = 24, 14, 800


def chart(asked: Band, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The first rows, a strip each: its columns from left to right, its class at its end."""
    import altair as alt

    names = class_names(dataset)
    begin, end = asked.columns(dataset)
    shown = table.head(_ROWS)
    values = np.asarray(shown.drop("label", "instance").to_numpy(), np.float64)
    rows = [
        {"instance": f"{instance}", "class": names.get(label, ""), "url": strip_url(dataset, strip, dark=dark)}
        for (label, instance), strip in zip(shown.select("label", "instance").iter_rows(), values, strict=True)
    ]
    base = drawn(rows).encode(y=alt.Y("instance:N", sort=None, axis=quiet("left"), title="image, from 1"))
    strips = base.mark_image(width=_WIDE, height=_HIGH - 2, aspect=False).encode(x=alt.value(_WIDE / 2), url="url:N")
    labels = base.mark_text(align="left").encode(
        x=alt.value(_WIDE + 8), text="class:N", color=alt.value("#a3aab3" if dark else "#5f6670")
    )
    columns = drawn([{"at": begin - 0.5}, {"at": end + 0.5}]).mark_point(opacity=0, size=0)
    ends = alt.Scale(domain=[begin - 0.5, end + 0.5], nice=False)
    axis = alt.Axis(grid=False, tickMinStep=1)
    ruler = columns.encode(x=alt.X("at:Q", scale=ends, title="column, from 1", axis=axis))
    drawing = alt.layer(ruler, strips, labels).properties(width=_WIDE, height=alt.Step(_HIGH))
    said = f"columns {begin} to {end}, counted from 1; the first {len(rows)} rows"
    return finished(drawing, "Images as vectors", of_what(dataset, said), dark=dark)
