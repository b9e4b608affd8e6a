"""The pixels that tell two classes apart: a square of difference images."""

from typing import TYPE_CHECKING, Any

import numpy as np

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.pictures import diverging_url, image_url, pixels_of
from snowdome.chart.vega import Chart, angle_of, drawn, finished, quiet
from snowdome.summary.base import grid_of
from snowdome.summary.questions.contrast import Contrast

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 20  # classes a side
_RANGE = ["#2166ac", "#ffffff", "#b2182b"]


def chart(asked: Contrast, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Row: the class whose ink is red; column: the class whose ink is blue; the row of one class where it is named.

    Nothing on the diagonal but of a single pair, which has its two mean images there.
    """
    import altair as alt

    grid_of(dataset, "A difference image")
    named = [dataset.classes.index(name) for name in (asked.first, asked.second) if name is not None]
    rows, columns = _sides(table, named)
    values, most = _cells(table, dataset, rows, columns, dark=dark)
    names = class_names(dataset)
    across, down = ([names[code] for code in codes] for codes in (columns, rows))
    side = 56 if len(columns) > 4 else 140
    images = (
        drawn(values)
        .mark_image(width=side, height=side)
        .encode(
            x=alt.X("column:N", sort=across, title=None, axis=quiet("top", angle_of(across, side))),
            y=alt.Y("row:N", sort=down, title=None, axis=quiet("left")),
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
    if table["compare1"].n_unique() > len({*rows, *columns}):
        said += f"; the first {len(columns)} classes"
    return finished(drawing, "Pixels that distinguish pairs of classes", of_what(dataset, said), dark=dark)


def _sides(table: "pl.DataFrame", named: list[int]) -> tuple[list[int], list[int]]:
    """The classes of the rows and of the columns."""
    codes = table["compare1"].unique().sort().to_list()
    if len(named) != 1:
        return codes[:_MOST], codes[:_MOST]
    return named, [code for code in codes if code != named[0]][:_MOST]


def _cells(
    table: "pl.DataFrame", dataset: "Dataset", rows: list[int], columns: list[int], *, dark: bool
) -> tuple[list[dict[str, Any]], float]:
    """The images, and the greatest difference."""
    import polars as pl

    names, shape = class_names(dataset), grid_of(dataset, "A difference image")
    some = table.filter(pl.col("compare1").is_in(columns), pl.col("compare2").is_in(rows))
    gaps, means = {}, {}
    for part in some.partition_by("compare1", "compare2"):
        one, other = pixels_of(part, "negative"), pixels_of(part, "positive")
        gaps[part["compare1"][0], part["compare2"][0]] = (other - one).reshape(-1, dataset.channels).mean(1)
        means[part["compare1"][0]] = one
    most = max((float(np.abs(gap).max()) for gap in gaps.values()), default=1.0)
    values = [
        {
            "column": names[one],
            "row": names[other],
            "url": diverging_url(gap, shape, most, dark=dark),
            "tip": f"red: ink of {names[other]}; blue: ink of {names[one]}",
            "codes": codes_of(one, other),
        }
        for (one, other), gap in gaps.items()
    ]
    if len(means) == 2 and rows == columns:
        for code, mean in means.items():
            url, name = image_url(dataset, mean, dark=dark), names[code]
            values.append({"column": name, "row": name, "url": url, "tip": f"mean of {name}", "codes": codes_of(code)})
    return values, most
