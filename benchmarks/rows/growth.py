"""How time and memory grow with the rows, and the share of the machine's limit that is reached.

T16, ten million rows end to end in 24 GB, is no row of these: 8 GB of images, 2 GB of scores, 1.2 GB of neighbours and
3 GB of graph in two orders would have to be there, and half an hour. What it would take is read off the growth.
"""

import resource
import time
from typing import Any

import numpy as np

from benchmarks.rows.row import Row, load, save

_SIZES = ("10000", "30000", "100000", "300000", "1000000")
_FLOOR = "none: it tells how seconds and megabytes grow"
STEPS = 500
ROWS = [
    Row("growth-neighbours", "15 neighbours in 50 components of deformed digits, exact up to 300,000 rows", _FLOOR,
        __name__, "neighbours", (), "prepare", "", _SIZES, 1),
    Row("growth-tsne", f"2-D t-SNE of deformed digits in a file, 15 uniform neighbours, {STEPS} steps", _FLOOR,
        __name__, "tsne", (), "prepare_file", "", _SIZES, 1),
    Row("growth-umap", "2-D UMAP-like map of deformed digits in a file, 400 steps", _FLOOR,
        __name__, "umap", (), "prepare_file", "", _SIZES, 1),
]  # fmt: skip

_MET = 4096  # rows that a row meets where neighbours are approximate
_SPACE = 50


def prepare_file(folder: str, size: str) -> dict[str, Any]:
    """Deformed digits in a file."""
    from benchmarks.deformed import write_deformed

    write_deformed(f"{folder}/X.npy", int(size))
    return {}


def prepare(folder: str, size: str) -> dict[str, Any]:
    """And their scores."""
    from snowdome.space.pca import components

    prepare_file(folder, size)
    save(folder, "scores", components(np.load(f"{folder}/X.npy", mmap_mode="r"), _SPACE, 2).scores)
    return {}


def neighbours(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Neighbours, and the operations that brute force would take in their time, as a share of plain products'.

    Counted are two for each multiplication of n²/2 pairs where they are exact, of 4,096 n where they are not.
    """
    from snowdome.space.knn import nearest_neighbours

    scores = load(folder, "scores")
    nearest_neighbours(scores[:2000], 15, 2)  # loads the kernels
    before, began = _peak_mb(), time.perf_counter()
    found = nearest_neighbours(scores, 15, 2)
    seconds = time.perf_counter() - began
    grown, n = _peak_mb() - before, len(scores)
    pairs = n * n / 2 if found.exact else _MET * n
    rate, limit = 2 * pairs * _SPACE / seconds / 1e9, product_gflops()
    recall = {} if found.recall is None else {"recall": round(found.recall, 4)}
    return {"seconds": round(seconds, 3), "grown_mb": round(grown), **recall, "gflops": round(rate, 1),
            "limit_gflops": round(limit, 1), "share_of_limit": round(rate / limit, 3)}  # fmt: skip


def tsne(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """t-SNE by fifteen neighbours that weigh the same."""
    from snowdome import TSNE

    few = STEPS // 4
    return _run(folder, TSNE, {"affinities": "uniform", "early_steps": few, "steps": STEPS - few})


def umap(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """The UMAP-like map by its defaults."""
    from snowdome import UMAPLike

    return _run(folder, UMAPLike, {})


def _run(folder: str, kind: Any, options: dict[str, Any]) -> dict[str, Any]:
    """A run from the mapped file, and what a late step moves in its time as a share of a plain stream.

    Counted are an edge's index, weight and other end's place once each, and a point's place, two forces, velocity and
    gain, read or written where they must be: 16 bytes an edge and 72 a point.
    """
    from snowdome.core.control import Control

    steps: list[float] = []
    edges: list[int] = []

    class Counting(kind):  # type: ignore[misc]
        def graph(self, *given: Any) -> Any:
            made = super().graph(*given)
            edges.append(len(made.indices))
            return made

    class Watch(Control):
        def between_steps(self) -> None:
            steps.append(time.perf_counter())

    X = np.load(f"{folder}/X.npy", mmap_mode="r")
    kind(random_state=0, n_jobs=2, **options).fit(X[:3000])  # loads the kernels
    layout = Counting(random_state=0, n_jobs=2, **options)
    before, began = _peak_mb(), time.perf_counter()
    for frame in layout.frames(X, Watch()):
        last = frame
    seconds = time.perf_counter() - began
    grown, each = _peak_mb() - before, float(np.median(np.diff(steps[-100:])))
    rate, limit = (16 * edges[0] + 72 * len(last.Y)) / each / 1e9, stream_gbs()
    return {"seconds": round(seconds, 2), "grown_mb": round(grown), "late_step_ms": round(1e3 * each, 2),
            "edges": edges[0], "gbs": round(rate, 2), "limit_gbs": round(limit, 2),
            "share_of_limit": round(rate / limit, 3)}  # fmt: skip


def product_gflops() -> float:
    """Operations a second of a plain product of two large float32 matrices on two threads, in billions."""
    from threadpoolctl import threadpool_limits

    A = np.random.default_rng(0).random((4096, 4096), np.float32)
    out = np.empty_like(A)
    with threadpool_limits(2):
        return 2 * 4096**3 / _least(lambda: np.dot(A, A, out=out)) / 1e9


def stream_gbs() -> float:
    """Bytes a second that two threads copy from one large array to another, read and written, in billions."""
    from snowdome.core.threads import run_tasks

    source, target = np.ones((2, 2**26), np.uint8), np.zeros((2, 2**26), np.uint8)

    def copy(part: int) -> None:
        target[part] = source[part]

    return 2 * source.nbytes / _least(lambda: run_tasks(copy, 2, 2)) / 1e9


def _least(work: Any) -> float:
    """The seconds of the quickest of five."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
