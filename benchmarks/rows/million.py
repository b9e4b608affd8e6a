"""Rows T8 and T16, and how time and memory grow: t-SNE of ever more deformed digits."""

import itertools
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.rows.row import Row, load, save
from snowdome.core.cache import Arrays

STEPS = 500
LOOKED_AT = 10**9  # distances from all rows to some, for the grade
ROWS = [
    Row(
        "T8", "2-D t-SNE, 15 uniform neighbours, 500 steps, from uint8 images in a file", "6 minutes",
        __name__, "whole", (), "prepare", "grade", ("1000000",), 1,
    ),
    Row(
        "T8-growth", "the same, ever more rows; openTSNE beside it where it ends in time", "memory at most half its",
        __name__, "whole", ("opentsne",), "prepare", "grade", ("20000", "50000", "100000", "200000"), 1,
    ),
    Row(
        "T16", "the same as T8 of ten times as many, from 7.8 GB in a file", "30 minutes; .9 of the neighbours found",
        __name__, "whole", (), "prepare", "grade", ("10000000",), 1, asked=True,
    ),
]  # fmt: skip


def prepare(folder: str, size: str) -> dict[str, Any]:
    """Deformed digits in a file."""
    from benchmarks.deformed import write_deformed

    write_deformed(f"{folder}/X.npy", int(size))
    return {}


def whole(folder: str, out: str, size: str) -> dict[str, Any]:
    """Ours from the mapped file, by stages: components, neighbours, the rest; and the machine's share they reach."""
    from snowdome import TSNE
    from snowdome.core.control import Control

    marks: dict[str, float] = {}

    class Watch(Control):
        def report(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002
            marks.setdefault(stage, time.perf_counter())

    found: dict[str, float] = {}

    def memo(_: str, compute: Callable[[], Arrays]) -> Arrays:
        kept = compute()
        if "recall" in kept:  # of approximate neighbours, for 1,000 rows
            found["recall_of_neighbours"] = round(float(kept["recall"][0]), 4)
        return kept

    X = np.load(f"{folder}/X.npy", mmap_mode="r")
    layout = TSNE(affinities="uniform", early_steps=STEPS // 4, steps=STEPS - STEPS // 4, random_state=0, n_jobs=2)
    layout.fit(X[:3000])  # loads the kernels
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    for frame in layout.frames(X, Watch(), memo):
        last = frame
    ended = time.perf_counter()
    save(folder, out, last.Y)
    starts = [*sorted(marks.items(), key=lambda item: item[1]), ("end", ended)]
    stages = {name: round(after - at, 2) for (name, at), (_, after) in itertools.pairwise(starts)}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"seconds": round(ended - began, 2), "grown_mb": round(grown), "rows": int(size), "stages": stages, **found}


def opentsne(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """openTSNE on scikit-learn's 50 components, as in row T2, with the same kind of affinities and the same steps."""
    from openTSNE import TSNEEmbedding, initialization
    from openTSNE.affinity import Uniform
    from sklearn.decomposition import PCA

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    scores = PCA(50, random_state=0).fit_transform(np.load(f"{folder}/X.npy", mmap_mode="r").astype(np.float32))
    reduced = time.perf_counter() - began
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    affinities = Uniform(scores, k_neighbors=15, method="annoy", n_jobs=2, random_state=0)
    start = initialization.pca(scores, random_state=0)
    embedding = TSNEEmbedding(start, affinities, negative_gradient_method="fft", n_jobs=2, random_state=0)
    embedding.optimize(STEPS // 4, exaggeration=12, momentum=0.5, inplace=True)
    embedding.optimize(STEPS - STEPS // 4, momentum=0.8, inplace=True)
    seconds = time.perf_counter() - began
    save(folder, out, np.asarray(embedding))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {
        "seconds": round(seconds, 2), "grown_mb": round(grown),
        "components": {"seconds": round(reduced, 2), "grown_mb": round((held - before) / 1024)},
    }  # fmt: skip


def grade(folder: str, out: str, size: str) -> dict[str, Any]:
    """The share of the 15 nearest in 50 components that are among the 15 nearest on the map, of 1,000 rows at most."""
    from scipy.spatial import cKDTree

    from snowdome.space.pca import components

    Y = np.asarray(load(folder, out), np.float64)
    scores = components(np.load(f"{folder}/X.npy", mmap_mode="r"), 50, 2).scores
    rows = np.linspace(0, int(size) - 1, min(1000, LOOKED_AT // int(size))).astype(int)
    norms = np.einsum("ij,ij->i", scores, scores)
    on_map = cKDTree(Y).query(Y[rows], 16, workers=2)[1][:, 1:]
    kept = 0
    for row, near in zip(rows, on_map, strict=True):
        squared = norms - 2 * (scores @ scores[row])
        squared[row] = np.inf
        kept += len(np.intersect1d(np.argpartition(squared, 15)[:15], near))
    return {"map_recall_15": round(kept / (15 * len(rows)), 4)}
