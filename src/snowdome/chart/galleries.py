"""Images laid out in rows and columns, as charts."""

from typing import TYPE_CHECKING, Any

import numpy as np

from snowdome.chart.pictures import image_url
from snowdome.chart.vega import Chart, angle_of, drawn, finished, quiet

if TYPE_CHECKING:
    from snowdome.data.dataset import Dataset

_SIDE = 64
_MOST = 400  # images: more would make a file of many megabytes that nobody looks through


def grid(
    dataset: "Dataset",
    rows: list[dict[str, Any]],
    title: str,
    caption: str,
    *,
    dark: bool,
    named: bool = True,
    titles: tuple[str | None, str | None] = (None, None),
) -> Chart:
    """A chart of images: each row has `instance` (from 1), `across` and `down` (places, in order of appearance), `tip`
    and perhaps a `text`, which is written below it. Places have names on the axes where they are `named`, and the axes
    those `titles`.

    At most 400 images are drawn, the first ones, and the caption says so where there are more.
    """
    import altair as alt

    kept = rows[:_MOST]
    values = [{**row, "url": image_url(dataset, np.asarray(dataset.X[row["instance"] - 1]), dark=dark)} for row in kept]
    across = list(dict.fromkeys(row["across"] for row in kept))
    down = list(dict.fromkeys(row["down"] for row in kept))
    height, width = dataset.image_shape or (1, 1)
    high = max(12, round(_SIDE * min(1.0, height / width)))
    wide = max(12, round(_SIDE * min(1.0, width / height)))
    gaps = alt.Scale(paddingInner=3 / _SIDE)
    room = 16 if any("text" in row for row in kept) else 0
    top, left = (quiet("top", angle_of(across, wide + 3)), quiet("left")) if named else (None, None)
    base = drawn(values).encode(
        x=alt.X("across:N", sort=across, scale=gaps, axis=top, title=titles[0]),
        y=alt.Y("down:N", sort=down, scale=gaps, axis=left, title=titles[1]),
    )
    images = base.mark_image(width=wide, height=high).encode(url="url:N", tooltip="tip:N")
    words = base.mark_text(dy=high / 2 + 8, fontSize=11).encode(
        text="text:N", color=alt.value("#a3aab3" if dark else "#5f6670")
    )
    drawing = alt.layer(images, *([words] if room else []))
    drawing = drawing.properties(width=alt.Step(wide + 3), height=alt.Step(high + 3 + room))
    if len(rows) > len(kept):
        caption += f" The first {len(kept)} of {len(rows):,} are drawn."
    return finished(drawing, title, caption, dark=dark)
