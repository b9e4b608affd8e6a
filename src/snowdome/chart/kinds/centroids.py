"""The mean image of each class."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.pictures import image_url, pixels_of, shades
from snowdome.chart.vega import Chart, drawn, finished
from snowdome.core.errors import DataError
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 100  # classes drawn
_SIDE = 96


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """One image a class, its mean drawn as the data's images are; as many a row as make two rows, ten at most."""
    import altair as alt

    if dataset.image_shape is None:
        raise DataError("Mean images need a grid of pixels; these are plain values.")
    names = class_names(dataset)
    parts = table.partition_by("label", maintain_order=True)
    parts.sort(key=lambda part: part["label"][0] if part["label"][0] is not None else -1)
    columns = max(1, min(10, -(-min(len(parts), _MOST) // 2)))
    values = [
        {
            "url": image_url(dataset, pixels_of(part, "mean_value"), dark=dark),
            "name": names.get(part["label"][0], "all images"),
            "codes": codes_of(part["label"][0]),
            "column": at % columns,
            "row": at // columns,
        }
        for at, part in enumerate(parts[:_MOST])
    ]
    low, high = dataset.value_range
    gap = alt.Scale(paddingInner=0.05)
    base = drawn(values).encode(x=alt.X("column:O", scale=gap, axis=None), y=alt.Y("row:O", scale=gap, axis=None))
    images = base.mark_image(width=_SIDE, height=_SIDE).encode(url="url:N", tooltip="name:N")
    labels = base.mark_text(dy=_SIDE / 2 + 10, fontSize=12).encode(
        text="name:N", color=alt.value("#e8eaed" if dark else "#1d2127")
    )
    format_ = ".0f" if high - low >= 10 else ".2~f"
    shown = alt.Legend(title="Average value", format=format_, values=[low + (high - low) * at / 4 for at in range(5)])
    ends = drawn([{"v": low}, {"v": high}]).mark_point(opacity=0, size=0)
    ink = alt.Scale(domain=[low, high], range=shades(dataset, dark=dark))
    legend = ends.encode(color=alt.Color("v:Q", scale=ink, legend=shown))
    layers = [images, labels] + ([legend] if dataset.channels == 1 else [])
    rows = -(-len(values) // columns)
    drawing = alt.layer(*layers).properties(width=columns * (_SIDE + 8), height=rows * (_SIDE + 28))
    return finished(drawing, "Average image of each class", of_what(dataset), dark=dark)
