"""One image as shades with their numbers."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.pictures import high_is_bright, shades
from snowdome.chart.vega import Chart, drawn, finished, quiet
from snowdome.summary.questions.image import Image

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 40  # rows and columns that have room for numbers


def chart(asked: Image, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """A square for each pixel in its shade, its number on it where there is room; colours as their mean."""
    import altair as alt
    import polars as pl

    pixels = table.group_by("row", "column").agg(pl.col("value").mean()).sort("row", "column")
    high = (dataset.value_range[1] - dataset.value_range[0] or 1) / asked.scale
    filled = pl.col("value") / high > 0.5
    pixels = pixels.with_columns(dark_square=~filled if high_is_bright(dataset, dark=dark) else filled)
    sides = int(pixels["row"].max() or 0) + 1, int(pixels["column"].max() or 0) + 1  # type: ignore[arg-type]
    cell = 22 if max(sides) <= _MOST else max(2, 800 // max(sides))
    base = drawn(pixels.to_dicts()).encode(
        x=alt.X("column:O", title=None, axis=quiet("top")),
        y=alt.Y("row:O", title=None, axis=quiet("left")),
    )
    squares = base.mark_rect(stroke="#8886", strokeWidth=0.5).encode(
        color=alt.Color("value:Q", scale=alt.Scale(domain=[0, high], range=shades(dataset, dark=dark)), title="value"),
        tooltip=["row:O", "column:O", "value:Q"],
    )
    layers, digits = [squares], ".0f" if asked.scale == 1 else ".1f"
    if max(sides) <= _MOST:
        colour = alt.condition("datum.dark_square", alt.value("#ffffff"), alt.value("#1d2127"))
        layers.append(base.mark_text(fontSize=8).encode(text=alt.Text("value:Q", format=digits), color=colour))
    drawing = alt.layer(*layers).properties(width=alt.Step(cell), height=alt.Step(cell))
    row = asked.instance - 1
    label = class_names(dataset).get(int(dataset.y[row])) if dataset.y is not None else None
    title = f"Image {asked.instance}" + (f", {label}" if label is not None else "") + f": {sides[0]}×{sides[1]} numbers"
    said = f"divided by {asked.scale:g}" if asked.scale != 1 else "rows and columns from 0, from the top left"
    return finished(drawing, title, of_what(dataset, said), dark=dark)
