"""Two images, what differs, and their distance beside those of other pairs."""

from typing import TYPE_CHECKING, Any

import numpy as np

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.kinds.distances import spans
from snowdome.chart.pictures import diverging_url, image_url
from snowdome.chart.vega import Chart, drawn, finished, ink
from snowdome.summary.questions.between import Between

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from snowdome.data.dataset import Dataset

_SIDE, _STEP, _WIDE = 150, 186, 520
_RULE = "#e76300"  # of the class colours, the one that stands out from the bars


def chart(asked: Between, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The images and their difference side by side; below, a line at their distance across the spans of each kind."""
    import altair as alt

    distance = float(table["distance"][0])
    at = alt.Chart(alt.Data(values=[{"at": distance}]))  # type: ignore[no-untyped-call]
    rule = at.mark_rule(color=_RULE, strokeWidth=2).encode(x="at:Q")
    word = at.mark_text(color=_RULE, dy=-8, fontWeight=600).encode(
        x="at:Q", y=alt.value(0), text=alt.value("these two")
    )
    drawing: Any = alt.layer(spans(table, dark=dark), rule, word).properties(width=_WIDE, height=42 * len(table))
    if dataset.image_shape is not None:
        drawing = alt.vconcat(_images(asked, dataset, dark=dark), drawing, spacing=24)
    numbers = f"Euclidean distance {distance:,.4g}, divided by {asked.scale:g}: {table['scaled'][0]:.4g}"
    pairs = f"the bars are of {max(table['pairs'].to_list()):,} other pairs: middle half, line 5 % to 95 %"
    nearer = [
        f"{share:.1%} of the pairs of {kind.replace('class', 'classes') if kind != 'same class' else 'the same class'}"
        for kind, share in table.select("kind", "nearer").iter_rows()
        if share is not None and kind != "all"
    ]
    said = [numbers, *([" and ".join(nearer) + " are nearer to each other"] if nearer else []), pairs]
    return finished(drawing, "Two images compared", of_what(dataset, *said), dark=dark)


def _images(asked: Between, dataset: "Dataset", *, dark: bool) -> "alt.LayerChart | alt.FacetChart":
    import altair as alt

    names, rows = class_names(dataset), asked.rows(dataset)
    one, other = (np.asarray(dataset.X[row], np.float64) for row in rows)
    gap = (other - one).reshape(-1, dataset.channels).mean(1)
    height, width = dataset.image_shape or (1, 1)
    values: list[dict[str, Any]] = [
        {
            "url": image_url(dataset, image, dark=dark),
            "says": f"image {row + 1}" + (f": {names[int(dataset.y[row])]}" if dataset.y is not None else ""),
            "instance": row + 1,
        }
        for row, image in zip(rows, (one, other), strict=True)
    ]
    most = float(np.abs(gap).max())
    difference = diverging_url(gap, (height, width), most, dark=dark)
    values.append({"url": difference, "says": f"red: more in image {rows[1] + 1}, blue: less"})
    for at, row in enumerate(values):
        row["at"] = _STEP * (at + 0.5)
    wide, high = _SIDE * min(1.0, width / height), _SIDE * min(1.0, height / width)
    across = alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, _STEP * len(values)]))
    base = drawn(values).encode(x=across)
    images = base.mark_image(width=wide, height=high).encode(y=alt.value(high / 2), url="url:N", tooltip="says:N")
    words = base.mark_text(color=ink(dark=dark), fontSize=12).encode(y=alt.value(high + 12), text="says:N")
    return alt.layer(images, words).properties(width=_STEP * len(values), height=high + 18)
