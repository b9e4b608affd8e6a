"""One process for each contender, in turn; the machine, the versions and every single run in one JSON file."""

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESULTS = Path(__file__).parent / "results"


def contender(module: str, function: str, *arguments: str, keep_usage: bool = True) -> dict[str, Any]:
    """Run `module.function(*arguments)` in a process of its own; its result plus wall time and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        program = (
            "import importlib, json, sys; "
            f"result = getattr(importlib.import_module({module!r}), {function!r})(*sys.argv[2:]); "
            "open(sys.argv[1], 'w').write(json.dumps(result))"
        )
        began = time.perf_counter()
        child = subprocess.Popen([sys.executable, "-c", program, str(answer), *arguments], env=quiet_environment())
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise SystemExit(f"{module}.{function} ended with status {status}.")
        measured = {"process_seconds": round(time.perf_counter() - began, 3), "peak_mb": round(usage.ru_maxrss / 1024)}
        return {**json.loads(answer.read_text()), **(measured if keep_usage else {})}


def quiet_environment() -> dict[str, str]:
    """The environment without settings that slow a linear algebra library down."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":")[1].strip() if lines else model
    packages = ("snowdome", "numpy", "scipy", "numba", "scikit-learn", "openTSNE", "umap-learn", "faiss-cpu",
                "pynndescent", "cleanlab", "fa2-modified", "networkx", "playwright", "torch")  # fmt: skip
    return {
        "processor": model,
        "threads": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version for name in packages if (version := _version(name))},
    }


def save(name: str, result: dict[str, Any]) -> Path:
    """Write results/<name>.json."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), "machine": machine(), **result}, indent=1) + "\n")
    return path


def saved(name: str) -> dict[str, Any]:
    """What results/<name>.json says; empty where there is none."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def middle(runs: list[dict[str, Any]], key: str) -> float:
    """The median of one figure over the runs."""
    return float(f"{median(run[key] for run in runs):.6g}")


def label_accuracy(Y: NDArray[Any], y: NDArray[Any], k: int = 10, queries: int = 10000) -> float:
    """The share of rows whose k nearest other rows on the map vote for their own label (ties: the lower label)."""
    from scipy.spatial import cKDTree

    rows = np.random.default_rng(0).choice(len(Y), min(queries, len(Y)), replace=False)
    nearest = cKDTree(Y).query(Y[rows], k + 1, workers=-1)[1][:, 1:]
    votes = np.zeros((len(rows), int(y.max()) + 1), int)
    for column in range(k):
        np.add.at(votes, (np.arange(len(rows)), y[nearest[:, column]]), 1)
    return float((votes.argmax(1) == y[rows]).mean())


def neighbour_recall(Y: NDArray[Any], index: NDArray[np.int32], k: int = 15, queries: int = 10000) -> float:
    """The share of each row's k nearest in the data (`index`) that are among its k nearest on the map."""
    from scipy.spatial import cKDTree

    rows = np.random.default_rng(1).choice(len(Y), min(queries, len(Y)), replace=False)
    nearest = cKDTree(Y).query(Y[rows], k + 1, workers=-1)[1][:, 1:]
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(nearest, index[rows, :k], strict=True)]))


def distance_rank_correlation(X: NDArray[Any], Y: NDArray[Any], rows: int = 1000) -> float:
    """Spearman's correlation of the distances of 1,000 rows in the data X with those on the map Y."""
    from scipy.spatial.distance import pdist
    from scipy.stats import spearmanr

    chosen = np.random.default_rng(2).choice(len(X), min(rows, len(X)), replace=False)
    return float(spearmanr(pdist(X[chosen].astype(np.float64)), pdist(Y[chosen].astype(np.float64))).statistic)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
