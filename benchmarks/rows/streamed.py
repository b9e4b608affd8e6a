"""Row T12 from a file: components of rows that do not fit into the memory."""

import time
from typing import Any

import numpy as np

from benchmarks.rows.row import Row, load, save

_WORK = "50 components, uint8 n x 784 from a file"
_FLOOR = "angle of subspaces below 1e-3"
ROWS = [
    Row("T12-1M", _WORK, f"3 times IncrementalPCA; {_FLOOR}",
        __name__, "ours", ("incremental",), "prepare", "grade", ("1000000",), 1),
    Row("T12-8M", f"{_WORK}; IncrementalPCA would take eight times what it takes for a million", _FLOOR,
        __name__, "ours", (), "prepare", "grade", ("8000000",), 1),
]  # fmt: skip

_BLOCK = 65536


def prepare(folder: str, size: str) -> dict[str, Any]:
    """Deformed digits in a file, and the components of all of them in float64."""
    from scipy.linalg.blas import dsyrk

    from benchmarks.deformed import write_deformed

    path = f"{folder}/X.npy"
    write_deformed(path, int(size))
    X = np.load(path, mmap_mode="r")
    total, gram = np.zeros(784), np.zeros((784, 784), order="F")
    for first in range(0, len(X), _BLOCK):
        block = X[first : first + _BLOCK].astype(np.float64)
        total += block.sum(0)
        gram = dsyrk(1.0, block.T, beta=1.0, c=gram, lower=1, overwrite_c=True)
    mean = total / len(X)
    gram -= len(X) * np.outer(mean, mean)
    save(folder, "truth", np.linalg.eigh(gram, UPLO="L")[1][:, -50:])
    return {}


def ours(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours, straight from the mapped file, scores and all."""
    from snowdome.space.pca import components

    X = np.load(f"{folder}/X.npy", mmap_mode="r")
    components(X[:2000], 50, 2)  # loads the kernels
    began = time.perf_counter()
    found = components(X, 50, 2)
    seconds = time.perf_counter() - began
    save(folder, out, found.components.T)
    return {"seconds": round(seconds, 3), "gbs": round(X.nbytes / seconds / 1e9, 2)}


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
    for first in range(0, len(X), _BLOCK):
        pca.transform(X[first : first + _BLOCK].astype(np.float32))
    seconds = time.perf_counter() - began
    save(folder, out, pca.components_.T)
    return {"seconds": round(seconds, 3)}


def grade(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """The largest angle between the subspaces, in radians."""
    from scipy.linalg import subspace_angles

    return {"angle": float(f"{subspace_angles(load(folder, 'truth'), load(folder, out)).max():.2e}")}
