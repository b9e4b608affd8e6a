"""The images that a model takes for another class, the surest mistakes first."""

from typing import TYPE_CHECKING

from snowdome.chart.galleries import grid
from snowdome.chart.vega import Chart
from snowdome.core.errors import DataError
from snowdome.model.evaluate import misclassified
from snowdome.model.verdict import Verdict

if TYPE_CHECKING:
    from snowdome.data.dataset import Dataset


def chart(verdict: Verdict, dataset: "Dataset", *, dark: bool = False, most: int = 40, columns: int = 10) -> Chart:
    """The first `most` mistakes among the rows of `dataset`, which the verdict is about; below each "5 as 3"."""
    if len(dataset) != len(verdict):
        raise DataError(f"The verdict is on {len(verdict):,} rows; {len(dataset):,} came with it.")
    table = misclassified(verdict)
    rows = [
        {
            "instance": row["row"] + 1,
            "across": str(at % columns),
            "down": str(at // columns),
            "text": f"{row['given_label'][:8]} as {row['predicted_label'][:8]}",
            "tip": f"row {row['row']}: given {row['given_label']}, taken for {row['predicted_label']} with "
            f"{row['confidence']:.1%}",
        }
        for at, row in enumerate(table.head(most).rows(named=True))
    ]
    title = f"{len(table):,} mistakes, the surest first"
    return grid(dataset, rows, title, f"{verdict.about}.", dark=dark, named=False)
