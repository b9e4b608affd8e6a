"""Row T12: principal components beside scikit-learn."""

import time
from typing import Any

import numpy as np

from benchmarks.rows.data import images
from benchmarks.rows.row import Row, load, save

ROWS = [
    Row(
        "T12", "50 components and scores, uint8 n x 784",
        "3 times scikit-learn; scores within 1e-5 of the largest",
        __name__, "ours", ("scikit_learn",), "prepare", "grade",
    ),
]  # fmt: skip

prepare = images


def ours(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours."""
    from snowdome.space.pca import components

    X = load(folder, "X")
    components(X[:2000], 50, 2)
    began = time.perf_counter()
    found = components(X, 50, 2)
    seconds = time.perf_counter() - began
    save(folder, out, found.scores)
    return {"seconds": round(seconds, 3)}


def scikit_learn(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """scikit-learn's default solver on float32."""
    from sklearn.decomposition import PCA

    X = load(folder, "X")
    PCA(50, random_state=0).fit_transform(X[:2000].astype(np.float32))
    began = time.perf_counter()
    scores = PCA(50, random_state=0).fit_transform(X.astype(np.float32))
    seconds = time.perf_counter() - began
    save(folder, out, scores)
    return {"seconds": round(seconds, 3)}


def grade(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """The largest error of a score, of the largest score, against float64 throughout; signs apart."""
    X = load(folder, "X").astype(np.float64)
    X -= X.mean(0)
    values, vectors = np.linalg.eigh(X.T @ X)
    wanted = X @ vectors[:, np.argsort(values)[::-1][:50]]
    scores = load(folder, out).astype(np.float64)
    scores *= np.sign((scores * wanted).sum(0))
    return {"worst_score": float(f"{np.abs(scores - wanted).max() / np.abs(wanted).max():.2e}")}
