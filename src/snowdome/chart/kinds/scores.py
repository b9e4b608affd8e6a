"""Images in the plane of two principal components."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.dots import dots
from snowdome.chart.vega import Chart, finished
from snowdome.summary.questions.scores import Scores

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_MOST = 5000  # dots


def chart(asked: Scores, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Dots in class colours."""
    names = class_names(dataset)
    values = [
        {"class": names.get(label, "images"), "instance": instance, "x": x, "y": y, "at_x": x, "at_y": y}
        for label, instance, x, y in table.head(_MOST).iter_rows()
    ]
    titles = f"score on component {asked.horizontal}", f"score on component {asked.vertical}"
    drawing = dots(values, tuple(names.values()) or ("images",), titles)
    said = [f"the first {len(values):,}, on components of all", "less the mean" if asked.centred else "not centred"]
    if asked.scale != 1:
        said.append(f"values divided by {asked.scale:g}")
    return finished(drawing, "Two components as axes", of_what(dataset, *said), dark=dark)
