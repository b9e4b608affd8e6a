"""Images as they are, standardised, and from 0 to 1."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.pictures import image_url, of_range
from snowdome.chart.vega import Chart, drawn, finished, quiet
from snowdome.summary.base import Summary, folded, grid_of, rows_of
from snowdome.summary.questions.scaling import fit

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE, _MOST = 72, 10


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The first image of each class in a column; each row of images is drawn from its own least to greatest value."""
    import altair as alt

    grid_of(dataset, "A scaled image")
    names = class_names(dataset)
    first = np.sort(np.unique(rows_of(dataset).codes, return_index=True)[1])[:_MOST]
    values = []
    for kind, images in fit(dataset, folded(dataset, [asked])).scaled(np.asarray(dataset.X[first])).items():
        low, high = float(images.min()), float(images.max())
        span = (high - low) or 1.0
        for row, image in zip(first.tolist(), images, strict=True):
            label = names[int(dataset.y[row])] if dataset.y is not None else ""
            url = image_url(dataset, of_range(dataset, (image - low) / span), dark=dark)
            values.append({"kind": kind, "image": f"{label}\n({row + 1})".strip(), "url": url})
    drawing = (
        drawn(values)
        .mark_image(width=_SIDE, height=_SIDE)
        .encode(
            x=alt.X("image:N", sort=None, axis=quiet("top", lines=2), title=None),
            y=alt.Y("kind:N", sort=None, axis=quiet("left"), title=None),
            url="url:N",
        )
        .properties(width=alt.Step(_SIDE + 4), height=alt.Step(_SIDE + 4))
    )
    constant = table["constant"][0]
    said = f"fitted on the training rows, where {constant} columns never change; each row of images has its own shades"
    return finished(drawing, "What scaling does", of_what(dataset, said), dark=dark)
