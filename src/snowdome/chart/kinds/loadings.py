"""Principal components as images in red and blue."""

from typing import TYPE_CHECKING, Any

import numpy as np

from snowdome.chart.captions import of_what
from snowdome.chart.pictures import diverging_url, pixels_of
from snowdome.chart.vega import Chart, drawn, finished
from snowdome.summary.base import Summary, grid_of

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE = 140


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """An image for each component: red where more ink moves an image up its axis, blue where down."""
    import altair as alt

    shape = grid_of(dataset, "A component as an image")
    values: list[dict[str, Any]] = []
    for part in table.partition_by("component", maintain_order=True):
        weights = pixels_of(part, "weight").reshape(-1, dataset.channels).mean(1)
        number, most = part["component"][0], float(np.abs(weights).max())
        values.append({"name": f"component {number}", "url": diverging_url(weights, shape, most, dark=dark)})
    columns = min(6, len(values))
    for at, row in enumerate(values):
        row |= {"column": at % columns, "row": at // columns}
    base = drawn(values).encode(x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None))
    images = base.mark_image(width=_SIDE, height=_SIDE).encode(url="url:N", tooltip="name:N")
    labels = base.mark_text(dy=_SIDE / 2 + 10).encode(text="name:N", color=alt.value("#e8eaed" if dark else "#1d2127"))
    rows = -(-len(values) // columns)
    drawing = alt.layer(images, labels).properties(width=columns * (_SIDE + 14), height=rows * (_SIDE + 30))
    said = "red and blue are opposite directions; each image has its own scale"
    return finished(drawing, "Components as images", of_what(dataset, said), dark=dark)
