"""One row of the table: contenders that take turns, each in a process of its own, and one evaluator for all of them."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, middle


@dataclasses.dataclass(frozen=True)
class Row:
    """What is measured, beside whom, and by whom it is graded.

    The functions are named, since each runs in another process. `prepare(folder, size)` leaves what all contenders
    start from; a contender `f(folder, out, size)` returns a dict with its `seconds`; `grade(folder, out, size)` returns
    the figures of quality of what it left under `out`, the same for all.
    """

    id: str
    work: str
    floor: str
    module: str
    ours: str
    peers: tuple[str, ...] = ()
    prepare: str = ""
    grade: str = ""
    sizes: tuple[str, ...] = ("70000",)
    most: int = 5  # repeats at most: what takes many minutes is not repeated so often
    asked: bool = False  # measured only where it is named: it takes half an hour and the whole machine


def measure(row: Row, sizes: tuple[str, ...], repeats: int) -> dict[str, Any]:
    """Run the row at each size, print as it goes, and return medians, ratios and every run."""
    result: dict[str, Any] = {"work": row.work, "floor": row.floor, "sizes": {}}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            result["sizes"][size] = _at(row, folder, size, min(repeats, row.most))
    return result


def _at(row: Row, folder: str, size: str, repeats: int) -> dict[str, Any]:
    if row.prepare:
        contender(row.module, row.prepare, folder, size)
    names = (row.ours, *row.peers)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for repeat in range(repeats):
        for name in names:
            out = f"{name}-{repeat}"
            figures = contender(row.module, name, folder, out, size)
            if row.grade and figures.get("finished", True):
                figures = {**figures, **contender(row.module, row.grade, folder, out, size, keep_usage=False)}
            runs[name].append(figures)
            print(f"{row.id} n={size} {name}: {figures}", flush=True)
    return {
        "median": {name: _medians(results) for name, results in runs.items()},
        "times_as_fast": {
            peer: round(float(np.median([theirs["seconds"] / ours["seconds"] for ours, theirs in pairs])), 2)
            for peer in row.peers
            if (pairs := list(zip(runs[row.ours], runs[peer], strict=True)))
        },
        "runs": runs,
    }


def _medians(results: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = {key for key, value in results[0].items() if isinstance(value, int | float)} - {"finished"}
    return {key: middle(results, key) for key in results[0] if key in numbers}


def load(folder: str, name: str) -> Any:
    """An array that `prepare` or a contender left."""
    return np.load(Path(folder) / f"{name}.npy", allow_pickle=False)


def save(folder: str, name: str, array: Any) -> None:
    """Leave an array for the contenders or the evaluator."""
    np.save(Path(folder) / f"{name}.npy", array)
