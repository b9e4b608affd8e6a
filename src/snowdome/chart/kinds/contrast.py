"""The pixels that tell two classes apart: a square of difference images."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.pictures import diverging_url, pixels_of
from snowdome.chart.vega import Chart, angle_of, drawn, finished, quiet
from snowdome.core.errors import DataError
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 20  # classes a side
_RANGE = ["#2166ac", "#ffffff", "#b2182b"]


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Row: the class whose ink is red; column: the class whose ink is blue; nothing on the diagonal."""
    import altair as alt
    import polars as pl

    if dataset.image_shape is None:
        raise DataError("Difference images need a grid of pixels; these are plain values.")
    names = class_names(dataset)
    codes = sorted(set(table["compare1"]))[:_MOST]
    some = table.filter(pl.col("compare1").is_in(codes), pl.col("compare2").is_in(codes))
    differences = {}
    for part in some.partition_by("compare1", "compare2"):
        gap = pixels_of(part, "positive") - pixels_of(part, "negative")
        differences[part["compare1"][0], part["compare2"][0]] = gap.reshape(-1, dataset.channels).mean(1)
    most = max((float(np.abs(gap).max()) for gap in differences.values()), default=1.0)
    values = [
        {
            "column": names[one],
            "row": names[other],
            "url": diverging_url(gap, dataset.image_shape, most, dark=dark),
            "tip": f"red: ink of {names[other]}; blue: ink of {names[one]}",
            "codes": codes_of(one, other),
        }
        for (one, other), gap in differences.items()
    ]
    order = [names[code] for code in codes]
    side = 56 if len(codes) > 4 else 140
    images = (
        drawn(values)
        .mark_image(width=side, height=side)
        .encode(
            x=alt.X("column:N", sort=order, title=None, axis=quiet("top", angle_of(order, side))),
            y=alt.Y("row:N", sort=order, title=None, axis=quiet("left")),
            url="url:N",
            tooltip="tip:N",
        )
    )
    middle = "#14161a" if dark else "#ffffff"
    scale = alt.Scale(domain=[-most, 0, most], range=[_RANGE[0], middle, _RANGE[2]], interpolate="rgb")
    ends = drawn([{"v": -most}, {"v": most}]).mark_point(opacity=0, size=0)
    legend = ends.encode(color=alt.Color("v:Q", scale=scale, title="row - column"))
    drawing = alt.layer(images, legend).properties(width=alt.Step(side + 3), height=alt.Step(side + 3))
    said = "red: more ink in that row's class; blue: more in that column's; faint squares are hard pairs"
    if len(set(table["compare1"])) > len(codes):
        said += f"; the first {len(codes)} classes"
    return finished(drawing, "Pixels that distinguish pairs of classes", of_what(dataset, said), dark=dark)
