"""Row T3: UMAP-like maps beside umap-learn."""

import time
from typing import Any

import numpy as np

from benchmarks.harness import distance_rank_correlation, label_accuracy, neighbour_recall
from benchmarks.rows.data import with_components
from benchmarks.rows.row import Row, load, save

ROWS = [
    Row(
        "T3",
        "UMAP-like map of 50 components, second run in the process",
        "3 times umap-learn without a seed; accuracy, recall and rank correlation each at least its",
        __name__,
        "umap_like",
        ("umap_learn", "uniform"),
        "prepare",
        "grade",
        most=3,
    )
]

prepare = with_components


def umap_like(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours."""
    from snowdome import UMAPLike

    scores = load(folder, "scores")
    return _twice(folder, out, lambda: UMAPLike(random_state=0, n_jobs=2).fit_transform(scores))


def uniform(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours: t-SNE with 15 neighbours that weigh the same."""
    from snowdome import TSNE

    scores = load(folder, "scores")
    layout = TSNE(affinities="uniform", space=None, random_state=0, n_jobs=2)
    return _twice(folder, out, lambda: layout.fit_transform(scores))


def umap_learn(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """umap-learn with its defaults, which without a seed use both threads."""
    from umap import UMAP

    scores = load(folder, "scores")
    return _twice(folder, out, lambda: UMAP(n_jobs=2).fit_transform(scores))


def _twice(folder: str, out: str, run: Any) -> dict[str, Any]:
    """The second run is timed: the first one compiles."""
    began = time.perf_counter()
    run()
    between = time.perf_counter()
    Y = run()
    save(folder, out, Y)
    return {"seconds": round(time.perf_counter() - between, 3), "first_run": round(between - began, 3)}


def grade(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """How well the map keeps classes, neighbours and distances."""
    Y = np.asarray(load(folder, out), np.float64)
    return {
        "accuracy_10nn": round(label_accuracy(Y, load(folder, "y")), 4),
        "recall_15": round(neighbour_recall(Y, load(folder, "index")), 4),
        "spearman": round(distance_rank_correlation(load(folder, "scores"), Y), 4),
    }
