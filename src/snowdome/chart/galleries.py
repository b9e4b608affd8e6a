"""Images laid out in rows and columns, as charts."""

from typing import TYPE_CHECKING, Any

import numpy as np

from snowdome.chart.pictures import image_url
from snowdome.chart.vega import Chart, drawn, finished, quiet

if TYPE_CHECKING:
    from snowdome.data.dataset import Dataset

_MOST = 400  # images: more would make a file of many megabytes that nobody looks through


def grid(
    dataset: "Dataset", rows: list[dict[str, Any]], title: str, caption: str, *, dark: bool, side: int = 64
) -> Chart:
    """A chart of images: each row has `instance` (from 1), `across` and `down` (places, in order of appearance), `tip`.

    At most 400 images are drawn, the first ones, and the caption says so where there are more.
    """
    import altair as alt

    kept = rows[:_MOST]
    values = [{**row, "url": image_url(dataset, np.asarray(dataset.X[row["instance"] - 1]), dark=dark)} for row in kept]
    across = list(dict.fromkeys(row["across"] for row in kept))
    down = list(dict.fromkeys(row["down"] for row in kept))
    height, width = dataset.image_shape or (1, 1)
    high = max(12, round(side * min(1.0, height / width)))
    wide = max(12, round(side * min(1.0, width / height)))
    gap = 1 - 3 / side
    drawing = (
        drawn(values)
        .mark_image(width=wide, height=high)
        .encode(
            x=alt.X("across:N", sort=across, scale=alt.Scale(paddingInner=1 - gap), axis=quiet("top"), title=None),
            y=alt.Y(
                "down:N",
                sort=down,
                scale=alt.Scale(paddingInner=1 - gap),
                axis=quiet("left"),
                title=None,
            ),
            url="url:N",
            tooltip="tip:N",
        )
        .properties(width=alt.Step(wide + 3), height=alt.Step(high + 3))
    )
    if len(rows) > len(kept):
        caption += f" The first {len(kept)} of {len(rows):,} are drawn."
    return finished(drawing, title, caption, dark=dark)
