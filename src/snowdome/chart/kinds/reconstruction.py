"""Images beside what a few components make of them."""

from typing import TYPE_CHECKING

import numpy as np

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.pictures import image_url
from snowdome.chart.vega import Chart, drawn, finished, quiet
from snowdome.core.threads import resolve
from snowdome.summary.base import folded, grid_of
from snowdome.summary.questions.reconstruction import Reconstruction

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE = 84


def chart(asked: Reconstruction, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """A row for each image, by its true label: from ever more components, and the original at the end."""
    import altair as alt

    grid_of(dataset, "An image from a few components")
    names, rows = class_names(dataset), asked.rows(dataset)
    restored = asked.restored(dataset, folded(dataset, [asked]), resolve(None))
    stages = {f"{k}": images for k, images in restored.items()}
    stages |= {"original": np.asarray(dataset.X[rows])}
    errors = {(row["instance"], str(row["components"])): row["mse"] for row in table.iter_rows(named=True)}
    codes = [None] * len(rows) if dataset.y is None else [int(code) for code in dataset.y[rows]]
    values = [
        {
            "image": f"{names[code]} ({row + 1})" if code is not None else f"{row + 1}",
            "components": stage,
            "url": image_url(dataset, image, dark=dark),
            "error": errors.get((row + 1, stage), 0.0),
        }
        for stage, images in stages.items()
        for row, code, image in zip(rows.tolist(), codes, images, strict=True)
    ]
    drawing = (
        drawn(values)
        .mark_image(width=_SIDE, height=_SIDE)
        .encode(
            x=alt.X("components:N", sort=list(stages), axis=quiet("top"), title="components"),
            y=alt.Y("image:N", sort=None, axis=quiet("left"), title=None),
            url="url:N",
            tooltip=["image:N", "components:N", alt.Tooltip("error:Q", format=".1f", title="mean squared error")],
        )
        .properties(width=alt.Step(_SIDE + 4), height=alt.Step(_SIDE + 4))
    )
    said = "components of all rows; one image of each class, its number in brackets"
    return finished(drawing, "Images from a few components", of_what(dataset, said), dark=dark)
