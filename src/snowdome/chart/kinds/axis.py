"""Images along the values of one pixel."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.pictures import image_url, shades
from snowdome.chart.vega import BARS, Chart, drawn, finished, ink
from snowdome.summary.base import grid_of
from snowdome.summary.questions.axis import Axis
from snowdome.summary.questions.cube import place_of

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE, _STEP = 84, 100


def chart(asked: Axis, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The images in a row, the pixel ringed, above a bar of the pixel's own shades."""
    import altair as alt

    height, width = grid_of(dataset, "An axis")
    names = class_names(dataset)
    x, y = place_of(dataset, asked.pixel)
    wide, high = _SIDE * min(1.0, width / height), _SIDE * min(1.0, height / width)
    values = [
        {
            "at": _STEP * (at + 0.5),
            "ring": _STEP * (at + 0.5) + wide * ((x + 0.5) / width - 0.5),
            "url": image_url(dataset, np.asarray(dataset.X[instance - 1]), dark=dark),
            "value": value,
            "tip": f"image {instance} {names.get(label, '')}".strip(),
        }
        for at, (label, instance, value) in enumerate(table.iter_rows())
    ]
    low, up = dataset.value_range
    base = drawn(values).encode(x=alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, _STEP * max(1, len(values))])))
    images = base.mark_image(width=wide, height=high).encode(y=alt.value(_SIDE / 2), url="url:N", tooltip="tip:N")
    rings = base.mark_point(color=BARS, size=70, strokeWidth=2).encode(
        x=alt.X("ring:Q", axis=None), y=alt.value(_SIDE / 2 + high * ((height - 1 - y + 0.5) / height - 0.5))
    )
    bar = base.mark_rect(height=14, stroke=ink(dark=dark), strokeWidth=0.5, width=_STEP).encode(
        y=alt.value(_SIDE + 20),
        color=alt.Color("value:Q", scale=alt.Scale(domain=[low, up], range=shades(dataset, dark=dark)), legend=None),
    )
    numbers = base.mark_text(dy=0, color=ink(dark=dark)).encode(y=alt.value(_SIDE + 38), text="value:Q")
    drawing = alt.layer(images, rings, bar, numbers).properties(width=_STEP * max(1, len(values)), height=_SIDE + 46)
    chosen = f"chosen from the first {asked.images:,}" + (f" of class {asked.of}" if asked.of is not None else "")
    said = f"pixel {asked.pixel} (x,y from the bottom left) is ringed, its value below", chosen
    return finished(drawing, "One pixel as an axis", of_what(dataset, *said), dark=dark)
