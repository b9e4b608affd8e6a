"""The summaries as functions, for a script or a notebook."""

from typing import TYPE_CHECKING, Any

from snowdome.data.tidy import Labelled
from snowdome.summary.base import make_summary, summarise

if TYPE_CHECKING:
    import polars as pl


def explore(data: Labelled, summary: str, **options: Any) -> "pl.DataFrame":
    """The table of the summary of that id: `snowdome.explore(ds, "values", bins=10)`.

    OptionError for an id or an option that there is not, DataError where the data have not what is asked about.
    """
    (table,) = summarise(data, [make_summary(summary, **options)])
    return table


def centroids(data: Labelled, *, spread: bool = False) -> "pl.DataFrame":
    """x, y, label, mean_value: the mean of each pixel in each class; with `spread` medians and variances too."""
    return explore(data, "centroids", spread=spread)


def atypical(data: Labelled, top: int = 6) -> "pl.DataFrame":
    """label, instance (from 1), rank (1 = worst), rms_distance: the images furthest from their class's mean image."""
    return explore(data, "atypical", top=top)
