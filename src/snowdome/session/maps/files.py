"""A map as a file: its coordinates as a table, or its picture with a caption that says what it was computed on."""

import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.chart.kinds import scatter
from snowdome.chart.static import png
from snowdome.core.errors import DataError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.data.guards.spreadsheet import plain_cell
from snowdome.layout.base import Layout, layouts
from snowdome.session.messages import RunRecord
from snowdome.session.protocol import Positions

_LEAST = ("n_components", "random_state", "n_jobs", "space", "preset", "steps")  # options that say less than others

Columns = Mapping[str, NDArray[Any]]


def columns_of(dataset: Dataset, Y: NDArray[Any], points: Columns | None = None) -> dict[str, NDArray[Any]]:
    """id, x, y[, z], label (code) and the values of `points`: one row for each row of the Dataset, in its order."""
    columns: dict[str, NDArray[Any]] = {"id": np.asarray(dataset.all_ids())}
    columns |= {name: Y[:, axis] for axis, name in enumerate("xyz"[: Y.shape[1]])}
    if dataset.y is not None:
        columns["label"] = np.asarray(dataset.y)
    return columns | dict(points or {})


def _csv(columns: Columns) -> bytes:
    import polars as pl

    ids = columns["id"]
    safe = np.array([plain_cell(str(each)) for each in ids]) if ids.dtype.kind in "OU" else ids
    return pl.DataFrame({**columns, "id": safe}).write_csv().encode()


def _parquet(columns: Columns) -> bytes:
    import polars as pl

    file = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(file)
    return file.getvalue()


def _npz(columns: Columns) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **columns)
    return file.getvalue()


TABLES: dict[str, Callable[[Columns], bytes]] = {"csv": _csv, "parquet": _parquet, "npz": _npz}


def map_file(dataset: Dataset, run: RunRecord, positions: Positions, points: Mapping[str, bytes], ending: str) -> bytes:
    """The map of a run as `csv`, `parquet`, `npz` or `png`. DataError for any other ending."""
    Y = np.frombuffer(positions.values, "<f4").reshape(positions.n, positions.dim)
    if ending == "png":
        return png(scatter.chart(Y, dataset, f"{dataset.name}, {run.title}", caption(dataset, run, positions)))
    if ending not in TABLES:
        raise DataError(f"A map cannot be written as {ending!r}; there is: {', '.join([*TABLES, 'png'])}.")
    values = {name: np.frombuffer(each, "<f4") for name, each in points.items()}
    return TABLES[ending](columns_of(dataset, Y, values))


def main_option(method: type[Layout]) -> str | None:
    """The name of the option that says most about a map: the one that is declared first, but for its length."""
    return next((name for name in options_of(method) if name not in _LEAST), None)


def caption(dataset: Dataset, run: RunRecord, positions: Positions) -> str:
    """One line: n, the options that say most, how far it came, its cost and its seed."""
    parts = [f"{len(dataset):,} of {len(dataset):,} rows"]
    if "space" in run.options:
        space = run.options["space"]
        raw = not isinstance(space, int) or space >= dataset.X.shape[1]
        parts.append("raw values" if raw else f"{space} components")
    main = main_option(layouts.member(run.method, Layout))
    if main is not None:
        parts.append(f"{main.replace('_', ' ')} {run.options[main]}")
    if positions.steps:
        parts.append(f"step {positions.step} of {positions.steps}")
    if run.cost_name and not math.isnan(positions.cost):
        parts.append(f"{run.cost_name} {positions.cost:.4g}")
    if run.seed is not None:
        parts.append(f"seed {run.seed}")
    return ", ".join(parts)
