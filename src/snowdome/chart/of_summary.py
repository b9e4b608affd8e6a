"""The chart of a summary: the kind of the same name."""

from typing import TYPE_CHECKING

from snowdome.chart.spec import charts
from snowdome.chart.vega import Chart
from snowdome.core.errors import OptionError
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def chart_of(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The picture of that summary's table; OptionError for one that is a table alone."""
    name = type(asked).__module__.rpartition(".")[2]
    if name not in charts.names():
        raise OptionError(f"{asked.title} is a table; it has no picture.")
    chart: Chart = charts.module(name).chart(asked, table, dataset, dark=dark)
    return chart


def has_chart(name: str) -> bool:
    """Whether the summary of that id has a picture."""
    return name in charts.names()
