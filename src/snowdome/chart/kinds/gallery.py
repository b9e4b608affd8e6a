"""The images themselves."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import class_names, of_what
from snowdome.chart.galleries import grid
from snowdome.chart.vega import Chart
from snowdome.summary.questions.gallery import Gallery

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Gallery, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Some of each class as a column for each; the first images line by line, each with its label below."""
    names = class_names(dataset)
    rows, place = [], dict[int | None, int]()
    columns = 5 if len(table) <= 10 else 10 if len(table) <= 100 else 20
    for at, (label, instance) in enumerate(table.iter_rows()):
        name = names.get(label, "")
        place[label] = place.get(label, 0) + 1
        row = {"instance": instance, "tip": f"image {instance} {name}".strip()}
        if asked.each:
            row |= {"across": name, "down": str(place[label])}
        else:
            row |= {"across": str(at % columns), "down": str(at // columns), "text": name}
        rows.append(row)
    if asked.each:
        rows.sort(key=lambda row: int(str(row["down"])))
        said = f"{asked.each} random images of each class, seed {asked.seed}"
    else:
        said = f"the first {len(table)}" + (f" of class {asked.of}" if asked.of is not None else "")
    return grid(dataset, rows, "Gallery", of_what(dataset, said), dark=dark, named=bool(asked.each))
