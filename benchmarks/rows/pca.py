"""Row T12: principal components beside scikit-learn, and streamed over eight million rows."""

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
    Row(
        "T12-8M", "50 components, uint8 n x 784 from a file", "3 times IncrementalPCA; angle of subspaces below 1e-3",
        __name__, "ours_streamed", ("incremental",), "prepare_file", "grade_file", ("1000000",), 1,
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


def prepare_file(folder: str, size: str) -> dict[str, Any]:
    """Deformed digits in a file, and float64 components of all of them."""
    from benchmarks.deformed import write_deformed

    path = f"{folder}/X.npy"
    write_deformed(path, int(size))
    X = np.load(path, mmap_mode="r")
    total, gram = np.zeros(784), np.zeros((784, 784))
    for first in range(0, len(X), 65536):
        block = X[first : first + 65536].astype(np.float64)
        total += block.sum(0)
        gram += block.T @ block
    mean = total / len(X)
    save(folder, "truth", np.linalg.eigh(gram - len(X) * np.outer(mean, mean))[1][:, -50:])
    return {}


def ours_streamed(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours, straight from the mapped file."""
    from snowdome.space.pca import components

    X = np.load(f"{folder}/X.npy", mmap_mode="r")
    began = time.perf_counter()
    found = components(X, 50, 2)
    seconds = time.perf_counter() - began
    save(folder, out, found.components.T)
    return {"seconds": round(seconds, 3)}


def incremental(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """scikit-learn's IncrementalPCA in batches of 4,096, and the scores."""
    from sklearn.decomposition import IncrementalPCA

    X = np.load(f"{folder}/X.npy", mmap_mode="r")
    began = time.perf_counter()
    pca = IncrementalPCA(50)
    for first in range(0, len(X), 4096):
        batch = X[first : first + 4096].astype(np.float32)
        if len(batch) >= 50:
            pca.partial_fit(batch)
    for first in range(0, len(X), 65536):
        pca.transform(X[first : first + 65536].astype(np.float32))
    seconds = time.perf_counter() - began
    save(folder, out, pca.components_.T)
    return {"seconds": round(seconds, 3)}


def grade_file(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """The largest angle between the subspaces, in radians."""
    from scipy.linalg import subspace_angles

    return {"angle": float(f"{subspace_angles(load(folder, 'truth'), load(folder, out)).max():.2e}")}
