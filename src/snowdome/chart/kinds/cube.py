"""Images at their values of two pixels."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.dots import dots
from snowdome.chart.vega import Chart, finished
from snowdome.summary.questions.cube import Cube

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 5000  # dots


def chart(asked: Cube, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Dots in class colours; where many share a value they stand a little apart, by Olah's rule (2014)."""
    names = class_names(dataset)
    low, high = dataset.value_range
    span = (high - low) or 1
    values = []
    for i, (label, instance, across, up) in enumerate(table.head(_MOST).iter_rows()):
        x, y = ((float(value) - low) / span for value in (across, up))
        k = 10 + (i * 7) % 11
        nudge = 0.02 * (i % k) / k + 0.01
        values.append(
            {
                "class": names.get(label, "images"),
                "instance": instance,
                "x": across, "y": up,
                "at_x": low + span * (x + nudge * ((x == 0) - (x == 1))),
                "at_y": low + span * (y + 0.02 * (i * 3 % k) / k * ((y == 0) - (y == 1))),
            }
        )  # fmt: skip
    ends = (low - 0.02 * span, high + 0.02 * span)
    titles = f"value of pixel {asked.horizontal} (x,y from the bottom left)", f"value of pixel {asked.vertical}"
    drawing = dots(values, tuple(names.values()) or ("images",), titles, (ends, ends))
    said = f"the first {len(values):,}; equal values stand a little apart"
    return finished(drawing, "Two pixels of the cube", of_what(dataset, said), dark=dark)
