"""The median of each column in each class."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Rows
from snowdome.core.threads import run_tasks

_STRIP = 64  # columns at a time: one cache line of a row of bytes


def class_medians(rows: Rows, threads: int = 1) -> NDArray[np.float64]:
    """(k, p) float64; NaN for an empty class. The mean of the two middle values where a class has an even number.

    Bytes are counted, which takes 1 kB a column; other values are gathered strip by strip. Each class and strip is a
    task of its own. Cost: one reading of X, in strips.
    """
    from snowdome.summary import kernels

    p = rows.X.shape[1]
    medians = np.full((rows.classes, p), np.nan)
    order = np.argsort(rows.codes, kind="stable")
    bounds = np.searchsorted(rows.codes[order], np.arange(rows.classes + 1))
    strips = -(-p // _STRIP)
    present = np.flatnonzero(np.diff(bounds))

    def task(number: int) -> None:
        code, strip = present[number // strips], number % strips
        begin, end = strip * _STRIP, min(p, (strip + 1) * _STRIP)
        members = order[bounds[code] : bounds[code + 1]]
        X: NDArray[Any] = rows.X
        if X.dtype == np.uint8 and X.flags.c_contiguous:
            counts = np.empty((end - begin, 256), np.uint32)
            kernels.medians_of_bytes(X, members, begin, end, counts, medians[code : code + 1])
        else:
            medians[code, begin:end] = np.median(X[members, begin:end].astype(np.float64), axis=0)

    run_tasks(task, len(present) * strips, threads)
    return medians
