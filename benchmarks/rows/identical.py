"""Row T15: the same seed with one thread and with two."""

import hashlib
import time
from typing import Any

import numpy as np

from benchmarks.rows.data import images
from benchmarks.rows.row import Row, load

ROWS = [
    Row(
        "T15", "bytes of every map with one thread and with two", "identical bytes",
        __name__, "two_threads", ("one_thread",), "prepare", "", ("20000",), 1,
    )
]  # fmt: skip

prepare = images


def one_thread(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """All methods by one thread."""
    return _digests(folder, 1)


def two_threads(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """All methods by two."""
    return _digests(folder, 2)


def _digests(folder: str, jobs: int) -> dict[str, Any]:
    from snowdome.layout.base import layouts, make_layout

    X = load(folder, "X")
    began = time.perf_counter()
    digests = {}
    for method in layouts.names():
        Y = make_layout(method, random_state=0, n_jobs=jobs).fit_transform(X)
        digests[method] = hashlib.sha256(np.ascontiguousarray(Y).tobytes()).hexdigest()[:16]
    return {"seconds": round(time.perf_counter() - began, 3), **digests}
