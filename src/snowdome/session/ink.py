"""How many rows of each class have ink at each pixel."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset

MOST = 1 << 22  # counts: classes times values of a row
_BLOCK = 1 << 22  # bytes of rows that are looked at at once


def ink_counts(dataset: Dataset, control: Control | None = None) -> NDArray[np.uint32]:
    """(k, p): how many rows of each class have there another value than paper; one class without labels.

    Paper is the least value that a pixel can have, or the greatest where that is paper. DataError where there would be
    too many counts. Cost: one reading of X.
    """
    watcher = control or Control()
    n, p = dataset.X.shape
    k = max(1, len(dataset.classes)) if dataset.y is not None else 1
    if k * p > MOST:
        raise DataError(f"{k} classes of {p} values are more than the {MOST} counts that are made here.")
    paper = dataset.value_range[0 if dataset.ink_is_high else 1]
    counts = np.zeros((k, p), np.uint32)
    step = max(1, _BLOCK // max(1, p * dataset.X.dtype.itemsize))
    for first in range(0, n, step):
        watcher.check("reading the rows", first, n)
        inked = dataset.X[first : first + step] != paper
        codes = np.zeros(len(inked), np.int64) if dataset.y is None else dataset.y[first : first + step]
        for code in np.unique(codes):
            counts[code] += inked[codes == code].sum(axis=0, dtype=np.uint32)
    return counts
