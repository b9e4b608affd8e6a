"""The least typical images: one row a class, the furthest first."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.galleries import grid
from snowdome.chart.vega import Chart
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """Robinson's facets (2018): a row for each label, a column for each rank."""
    return ranked(
        table,
        dataset,
        "Least typical images",
        "the furthest from the mean image of their class, in RMS distance, first",
        dark=dark,
    )


def ranked(table: "pl.DataFrame", dataset: "Dataset", title: str, order: str, *, dark: bool) -> Chart:
    """A row for each label, its images in the order of their rank."""
    names = class_names(dataset)
    rows, place = [], dict[int | None, int]()
    for row in table.iter_rows(named=True):
        label = row["label"]
        place[label] = place.get(label, 0) + 1
        name = names.get(label, "")
        distance = row["rms_distance"]
        tip = f"image {row['instance']}, {name}: RMS distance {distance:.1f}".replace(", :", ":")
        rows.append({"instance": row["instance"], "down": name, "across": str(place[label]), "tip": tip})
    rows.sort(key=lambda row: int(row["across"]))  # so that a part of the table still has every class
    down = {name: at for at, name in enumerate(names.values())}
    rows.sort(key=lambda row: (down.get(row["down"], 0), int(row["across"])))
    return grid(dataset, rows, title, of_what(dataset, order), dark=dark, titles=("rank", None))
