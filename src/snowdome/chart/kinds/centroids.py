"""The mean image of each class."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.pictures import image_url, of_range, pixels_of, shades
from snowdome.chart.vega import Chart, angle_of, drawn, finished, quiet
from snowdome.summary.base import grid_of
from snowdome.summary.questions.centroids import Centroids

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST, _MOST_SPREAD = 100, 20  # classes drawn
_SIDE = 96


def chart(asked: Centroids, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """One image a class, its mean drawn as the data's images are; as many a row as make two rows, ten at most.

    With medians and deviations a row for each of the three.
    """
    import altair as alt

    grid_of(dataset, "A mean image")
    names = class_names(dataset)
    parts = table.partition_by("label", maintain_order=True)
    parts.sort(key=lambda part: part["label"][0] if part["label"][0] is not None else -1)
    if asked.spread:
        return _spread(parts[:_MOST_SPREAD], dataset, dark=dark)
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


def _spread(parts: "list[pl.DataFrame]", dataset: "Dataset", *, dark: bool) -> Chart:
    """A column for each class: its mean, its median, and its standard deviation from 0 to the greatest of all."""
    import altair as alt

    names = class_names(dataset)
    deviations = [np.sqrt(pixels_of(part, "variance")) for part in parts]
    most = max((float(deviation.max()) for deviation in deviations), default=0.0) or 1.0
    values = [
        {"name": names.get(part["label"][0], "all images"), "kind": kind, "codes": codes_of(part["label"][0]),
         "url": image_url(dataset, image, dark=dark)}
        for part, deviation in zip(parts, deviations, strict=True)
        for kind, image in (
            ("mean", pixels_of(part, "mean_value")),
            ("median", pixels_of(part, "median_value")),
            ("deviation", of_range(dataset, deviation / most)),
        )
    ]  # fmt: skip
    order = list(dict.fromkeys(str(value["name"]) for value in values))
    drawing = (
        drawn(values)
        .mark_image(width=_SIDE, height=_SIDE)
        .encode(
            x=alt.X("name:N", sort=order, title=None, axis=quiet("top", angle_of(order, _SIDE))),
            y=alt.Y("kind:N", sort=None, title=None, axis=quiet("left")),
            url="url:N",
            tooltip=["name:N", "kind:N"],
        )
        .properties(width=alt.Step(_SIDE + 4), height=alt.Step(_SIDE + 4))
    )
    said = f"standard deviations are drawn from 0 to {most:.4g}, the greatest"
    return finished(drawing, "Average image of each class, and how much it varies", of_what(dataset, said), dark=dark)
