"""The hardest images of two classes."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.galleries import grid
from snowdome.chart.vega import Chart
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """A row for each of the two classes, the hardest first; the number is how much nearer the own class is."""
    names = class_names(dataset)
    rows = [
        {
            "instance": row["instance"],
            "down": names[row["label"]],
            "across": str(row["rank"]),
            "tip": f"image {row['instance']}: {row['own_distance']:.1f} from its own class, "
            f"{row['other_distance']:.1f} from the other",
        }
        for row in table.iter_rows(named=True)
    ]
    said = "nearest to the other class's mean image, for how far they are from their own, first"
    title = "Hardest to tell apart: " + " and ".join(dict.fromkeys(str(row["down"]) for row in rows))
    return grid(dataset, rows, title, of_what(dataset, said), dark=dark, titles=("rank", None))
