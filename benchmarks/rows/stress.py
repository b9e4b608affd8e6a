"""Rows T9 and T10: metric MDS and Sammon maps."""

import time
from typing import Any

import numpy as np

from benchmarks.rows.data import images
from benchmarks.rows.row import Row, load, save

ROWS = [
    Row(
        "T9", "metric MDS of raw pixels, second run in the process",
        "30 times scikit-learn (n_init 1, 300 iterations); raw stress at most its + 0.5 %",
        __name__, "mds", ("scikit_learn",), "prepare", "grade_mds", ("1000", "2000", "4000"), 1,
    ),
    Row(
        "T10-MDS", "metric MDS of raw pixels", "60 s; rescaled stress-1 at most 0.372; no smaller n slower",
        __name__, "mds", (), "prepare", "grade_mds", ("5000", "10000", "20000", "40000", "70000"), 1,
    ),
    Row(
        "T10-Sammon", "Sammon map of raw pixels", "60 s; no smaller n slower",
        __name__, "sammon", (), "prepare", "grade_sammon", ("5000", "10000", "20000", "40000", "70000"), 1,
    ),
]  # fmt: skip

prepare = images


def mds(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours."""
    from snowdome import MDS

    return _timed(folder, out, lambda X: MDS(random_state=0, n_jobs=2).fit_transform(X))


def sammon(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours."""
    from snowdome import Sammon

    return _timed(folder, out, lambda X: Sammon(random_state=0, n_jobs=2).fit_transform(X))


def scikit_learn(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """scikit-learn's SMACOF from one random start."""
    from sklearn.manifold import MDS

    def run(X: Any) -> Any:
        return MDS(n_init=1, max_iter=300, init="random", random_state=0, n_jobs=2).fit_transform(X.astype(np.float64))

    return _timed(folder, out, run)


def _timed(folder: str, out: str, run: Any) -> dict[str, Any]:
    """One run of few rows first, which loads what is needed, and then the one that is timed."""
    X = load(folder, "X")
    run(X[:300])
    began = time.perf_counter()
    Y = run(X)
    seconds = time.perf_counter() - began
    save(folder, out, np.asarray(Y))
    return {"seconds": round(seconds, 3)}


def grade_mds(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Raw stress over all pairs up to 5,000 rows, else stress-1 on 100,000 random pairs, raw and rescaled."""
    wanted, got = _distances(folder, out)
    rescaled = (wanted * got).sum() / (got**2).sum()
    figures = {
        "stress_1": round(float(np.sqrt(((wanted - got) ** 2).sum() / (wanted**2).sum())), 4),
        "stress_1_rescaled": round(float(np.sqrt(((wanted - rescaled * got) ** 2).sum() / (wanted**2).sum())), 4),
    }
    if len(load(folder, "X")) <= 5000:
        figures["raw_stress"] = float(f"{((wanted - got) ** 2).sum():.6g}")
    return figures


def grade_sammon(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Sammon stress, over all pairs up to 5,000 rows, else on 100,000 random pairs."""
    wanted, got = _distances(folder, out)
    return {"sammon_stress": round(float(((wanted - got) ** 2 / wanted).sum() / wanted.sum()), 5)}


def _distances(folder: str, out: str) -> tuple[Any, Any]:
    """Distances of pairs in the data and on the map, float64; pairs of equal rows left out."""
    from scipy.spatial.distance import pdist

    X, Y = load(folder, "X"), np.asarray(load(folder, out), np.float64)
    if len(X) <= 5000:
        wanted, got = pdist(X.astype(np.float64)), pdist(Y)
    else:
        first, second = np.random.default_rng(0).integers(0, len(X), (2, 100_000))
        wanted = np.sqrt(((X[first].astype(np.float64) - X[second].astype(np.float64)) ** 2).sum(1))
        got = np.sqrt(((Y[first] - Y[second]) ** 2).sum(1))
    return wanted[wanted > 0], got[wanted > 0]
