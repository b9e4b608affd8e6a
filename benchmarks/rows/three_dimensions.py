"""Row T4: t-SNE in three dimensions beside scikit-learn."""

import time
from typing import Any

import numpy as np

from benchmarks.harness import label_accuracy, neighbour_recall
from benchmarks.rows.data import with_components
from benchmarks.rows.row import Row, load, save

_WORK = "3-D t-SNE, perplexity 30"
ROWS = [
    Row(
        "T4",
        f"{_WORK}, from 50 components",
        "30 times scikit-learn at 10,000, exact KL (1/(1 + d²)) at most its",
        __name__,
        "snowdome_3d",
        ("scikit_learn",),
        "prepare",
        "grade",
        ("10000",),
        1,
    ),
    Row("T4-70k", f"{_WORK}, from uint8 images", "40 s", __name__, "end_to_end", (), "prepare", "grade", most=2),
]

PERPLEXITY = 30


def prepare(folder: str, size: str) -> dict[str, Any]:
    """The data, and one exact P by which every map is graded."""
    from snowdome.space.affinity import perplexity_affinities
    from snowdome.space.knn import nearest_neighbours

    with_components(folder, size)
    graph = perplexity_affinities(nearest_neighbours(load(folder, "scores"), 3 * PERPLEXITY, 2), PERPLEXITY, 2)
    for name in ("indptr", "indices", "weight"):
        save(folder, name, getattr(graph, name))
    return {}


def snowdome_3d(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours, neighbours and affinities included."""
    from snowdome import TSNE

    TSNE(3, random_state=0, n_jobs=2, early_steps=5, steps=5).fit(load(folder, "scores")[:3000])  # loads the kernels
    scores = load(folder, "scores")
    began = time.perf_counter()
    Y = TSNE(3, space=None, random_state=0, n_jobs=2).fit_transform(scores)
    save(folder, out, Y)
    return {"seconds": round(time.perf_counter() - began, 3)}


def end_to_end(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours from pixels, kernels compiled before."""
    from snowdome import TSNE

    X = load(folder, "X")
    began = time.perf_counter()
    Y = TSNE(3, random_state=0, n_jobs=2).fit_transform(X)
    save(folder, out, Y)
    return {"seconds": round(time.perf_counter() - began, 3)}


def scikit_learn(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """scikit-learn's Barnes–Hut with its defaults on two threads."""
    from sklearn.manifold import TSNE

    scores = load(folder, "scores")
    began = time.perf_counter()
    Y = TSNE(3, random_state=0, n_jobs=2).fit_transform(scores)
    save(folder, out, Y)
    return {"seconds": round(time.perf_counter() - began, 3)}


def grade(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Exact KL with the kernel 1/(1 + d²); scikit-learn's own kernel has two degrees of freedom in 3-D.

    Its map is scaled by the factor that is best for it, since its kernel has another width.
    """
    from snowdome.layout.quality import kl_divergence
    from snowdome.space.affinity import Graph

    graph = Graph(*(load(folder, name) for name in ("indptr", "indices", "weight")))
    Y = np.asarray(load(folder, out), np.float64)
    factors = (1.0,) if out.startswith(("snowdome", "end")) else (0.7, 0.85, 1.0, 1.2, 1.45)
    return {
        "kl": round(min(kl_divergence(graph, factor * Y, 2) for factor in factors), 4),
        "recall_15": round(neighbour_recall(Y, load(folder, "index")), 4),
        "accuracy_10nn": round(label_accuracy(Y, load(folder, "y")), 4),
    }
