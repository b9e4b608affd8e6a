"""The most typical images: one row a class, the nearest first."""

from typing import TYPE_CHECKING

from snowdome.chart.kinds.atypical import ranked
from snowdome.chart.vega import Chart
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:  # noqa: ARG001
    """A row for each label, a column for each rank."""
    return ranked(
        table,
        dataset,
        "Most typical images",
        "the nearest to the mean image of their class, in RMS distance, first",
        dark=dark,
    )
