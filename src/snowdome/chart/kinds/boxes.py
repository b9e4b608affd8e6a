"""Box plots of the distances to the class centroid."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, codes_of, of_what
from snowdome.chart.vega import Chart, angle_of, class_scale, drawn, finished, ink, paper
from snowdome.summary.asked import explore
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST, _OUTLIERS = 40, 2000  # classes, and images beyond the whiskers, that are drawn: the first and the furthest


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Tukey's boxes, a class each, with the images beyond the whiskers as dots."""
    import altair as alt
    import polars as pl

    names = class_names(dataset)
    named = table.head(_MOST).with_columns(
        name=pl.col("label").replace_strict(names, return_dtype=pl.String, default="all")
    )
    order = named["name"].to_list()
    beyond = (
        explore(dataset, "distance")
        .join(named, on="label", how="inner", nulls_equal=True)
        .filter((pl.col("rms_distance") > pl.col("upper_whisker")) | (pl.col("rms_distance") < pl.col("lower_whisker")))
        .sort("rms_distance", descending=True)
    )
    width = max(200, min(900, 64 * len(order)))
    wide = min(24.0, 0.7 * width / max(1, len(order)))
    x = alt.X("name:N", sort=order, title=None, axis=alt.Axis(labelAngle=angle_of(order, width / max(1, len(order)))))
    colour = alt.Color("name:N", scale=class_scale(tuple(order)), legend=None)
    base = drawn([{**row, "codes": codes_of(row["label"])} for row in named.to_dicts()]).encode(x=x)
    title = "RMS distance to the class centroid"
    whiskers = base.mark_rule(color=ink(dark=dark)).encode(
        y=alt.Y("lower_whisker:Q", title=title), y2="upper_whisker:Q"
    )
    boxes = base.mark_bar(size=wide, stroke=ink(dark=dark), strokeWidth=0.8).encode(
        y="lower_quartile:Q",
        y2="upper_quartile:Q",
        color=colour,
        tooltip=["name:N", *(alt.Tooltip(f"{column}:Q", format=".1f") for column in _SHOWN), "images:Q", "outliers:Q"],
    )
    medians = base.mark_tick(color=paper(dark=dark), size=wide, thickness=2).encode(y="median:Q")
    dots = (
        drawn(beyond.head(_OUTLIERS).select("name", "instance", "rms_distance").to_dicts())
        .mark_circle(size=9, opacity=0.6)
        .encode(x=x, y="rms_distance:Q", color=colour, tooltip=["name:N", "instance:Q", "rms_distance:Q"])
    )
    drawing = alt.layer(dots, whiskers, boxes, medians).properties(width=width, height=320)
    said = "the box holds the middle half of a class, the whiskers end within 1.5 box lengths of it"
    if len(table) > len(named):
        said += f"; the first {len(named)} of {len(table):,} classes"
    return finished(drawing, "How much the classes vary", of_what(dataset, said), dark=dark)


_SHOWN = ("lower_whisker", "lower_quartile", "median", "upper_quartile", "upper_whisker")
