"""Rows T5 to T7: nearest neighbours beside faiss and pynndescent."""

import time
from typing import Any

import numpy as np

from benchmarks.rows.data import images, with_components
from benchmarks.rows.row import Row, load, save

_EXACT = "distances of the same neighbours up to ties"
ROWS = [
    Row(
        "T5", "90 exact neighbours, n x 50 float32", f"4 times faiss IndexFlatL2; {_EXACT}",
        __name__, "ours_50", ("faiss_flat_50",), "prepare_50", "grade_50",
    ),
    Row(
        "T6", "15 exact neighbours, n x 784 raw pixels", f"4 times faiss IndexFlatL2; {_EXACT}",
        __name__, "ours_raw", ("faiss_flat_raw",), "prepare_raw", "grade_raw", most=3,
    ),
    Row(
        "T7", "15 neighbours, 1,000,000 x 50", "1.5 times faiss HNSW at a recall of at least .95 and the peer's",
        __name__, "ours_many", ("faiss_hnsw",), "prepare_many", "grade_many", ("1000000",), 1,
    ),
]  # fmt: skip

prepare_50, prepare_raw = with_components, images


def ours_50(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours in 50 components."""
    return _ours(folder, out, "scores", 90)


def ours_raw(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours in raw pixels."""
    return _ours(folder, out, "X", 15)


def ours_many(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours above the number of rows where neighbours become approximate."""
    return _ours(folder, out, "scores", 15)


def _ours(folder: str, out: str, name: str, k: int) -> dict[str, Any]:
    from snowdome.space.knn import nearest_neighbours

    X = load(folder, name)
    nearest_neighbours(X[:2000], k, 2)  # loads the kernels
    began = time.perf_counter()
    found = nearest_neighbours(X, k, 2)
    seconds = time.perf_counter() - began
    save(folder, out, found.index)
    return {"seconds": round(seconds, 3)}


def faiss_flat_50(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """faiss in 50 components; its own row is among the 91."""
    return _flat(folder, out, "scores", 91)


def faiss_flat_raw(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """faiss in raw pixels as float32; its own row is among the 16."""
    return _flat(folder, out, "X", 16)


def _flat(folder: str, out: str, name: str, k: int) -> dict[str, Any]:
    import faiss

    faiss.omp_set_num_threads(2)
    X = np.ascontiguousarray(load(folder, name), np.float32)
    began = time.perf_counter()
    index = faiss.IndexFlatL2(X.shape[1])
    index.add(X)
    _, found = index.search(X, k)
    seconds = time.perf_counter() - began
    save(folder, out, _without_itself(found))
    return {"seconds": round(seconds, 3)}


def faiss_hnsw(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """faiss's graph index, built and searched."""
    import faiss

    faiss.omp_set_num_threads(2)
    X = load(folder, "scores")
    began = time.perf_counter()
    index = faiss.IndexHNSWFlat(X.shape[1], 16)
    index.hnsw.efConstruction = 40
    index.add(X)
    index.hnsw.efSearch = 48
    _, found = index.search(X, 16)
    seconds = time.perf_counter() - began
    save(folder, out, _without_itself(found))
    return {"seconds": round(seconds, 3)}


def _without_itself(found: Any) -> Any:
    """Each row's list without the row, or without its last where the row itself was not found."""
    n, k = found.shape
    others = found != np.arange(n)[:, None]
    others[others.all(1), k - 1] = False
    return found[others].reshape(n, k - 1).astype(np.int32)


def grade_50(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """See _against_exact."""
    return _against_exact(load(folder, "scores"), load(folder, out))


def grade_raw(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """See _against_exact."""
    return _against_exact(load(folder, "X"), load(folder, out))


def grade_many(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """See _against_exact."""
    return _against_exact(load(folder, "scores"), load(folder, out))


def prepare_many(folder: str, size: str) -> dict[str, Any]:
    """Deformed digits in 50 components."""
    from benchmarks.deformed import write_deformed
    from snowdome.space.pca import components

    write_deformed(f"{folder}/X.npy", int(size))
    save(folder, "scores", components(np.load(f"{folder}/X.npy", mmap_mode="r"), 50, 2).scores)
    return {}


def _against_exact(X: Any, found: Any) -> dict[str, Any]:
    """Of 1,000 rows: the share of neighbours no further than the true k-th (float64), and the rows with one missed."""
    from snowdome.space.distance import squared_distances

    k = found.shape[1]
    rows = np.linspace(0, len(X) - 1, 1000).astype(int)
    good, wrong = 0, 0
    for first in range(0, len(rows), 50):
        some = rows[first : first + 50]
        squared = squared_distances(X, np.asarray(X[some]), 2).T
        squared[np.arange(len(some)), some] = np.inf
        for distances, row in zip(squared, some, strict=True):
            furthest = np.partition(distances, k - 1)[k - 1]
            hits = int((distances[found[row]] <= furthest * (1 + 1e-9)).sum())
            good += hits
            wrong += hits < k
    return {"recall": round(good / (k * len(rows)), 5), "rows_with_a_miss": wrong}
