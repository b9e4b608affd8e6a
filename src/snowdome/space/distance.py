"""Squared distances of rows to a few others, in blocks of matrix products."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import one_blas_thread, run_tasks

_ROWS = 512
EXACT_COLUMNS = 1024  # 128² · 1024 = 2²⁴, up to which whole numbers are exact in float32
_TILE = 2048  # others at a time: the distances of a block of rows to them stay in the cache


def squared_distances(X: NDArray[Any], centres: NDArray[Any], threads: int = 1) -> NDArray[np.float64]:
    """(n, m) float64 between the rows of X (n, p) and of centres (m, p). Cost: n m p multiplications.

    Both are moved by a whole number first, which keeps whole numbers whole: their distances are exact, and equal ones
    are equal. Bytes less 128 are multiplied in float32, where their sums are exact up to 1,024 columns.
    """
    if X.dtype == centres.dtype == np.uint8 and X.shape[1] <= EXACT_COLUMNS:
        return _between_bytes(X, centres, threads)
    middle = np.round(centres.mean(0, dtype=np.float64)) if len(centres) else np.zeros(X.shape[1])
    right = centres.astype(np.float64) - middle
    norms = np.einsum("ij,ij->i", right, right)
    out = np.empty((len(X), len(centres)))

    def task(block: int) -> None:
        rows = slice(block * _ROWS, min(len(X), (block + 1) * _ROWS))
        left = X[rows].astype(np.float64) - middle
        out[rows] = np.einsum("ij,ij->i", left, left)[:, None] + norms - 2 * left @ right.T

    with one_blas_thread():
        run_tasks(task, -(-len(X) // _ROWS), threads)
    return np.maximum(out, 0, out=out)


def _between_bytes(X: NDArray[np.uint8], others: NDArray[np.uint8], threads: int) -> NDArray[np.float64]:
    right = _moved(others)
    norms = np.einsum("ij,ij->i", right, right)
    out = np.empty((len(X), len(others)))

    def task(block: int) -> None:
        rows = slice(block * _ROWS, min(len(X), (block + 1) * _ROWS))
        left = _moved(X[rows])
        np.multiply(left @ right.T, -2.0, out=out[rows])
        out[rows] += np.einsum("ij,ij->i", left, left)[:, None]
        out[rows] += norms

    with one_blas_thread():
        run_tasks(task, -(-len(X) // _ROWS), threads)
    return out


def nearest_of(X: NDArray[Any], others: NDArray[Any], threads: int = 1) -> NDArray[np.int64]:
    """(n,) the row of others (m, p) that is nearest to each row of X (n, p), the first of equals. m is 1 at least.

    Never holds all distances at once; those of bytes are exact. Cost: n m p multiplications.
    """
    exact = X.dtype == others.dtype == np.uint8 and X.shape[1] <= EXACT_COLUMNS
    middle = np.zeros(X.shape[1]) if exact else np.round(others.mean(0, dtype=np.float64))
    right: NDArray[Any] = _moved(others) if exact else others - middle
    norms = np.einsum("ij,ij->i", right, right)
    whole = np.int32 if exact else np.float64  # twice a product of bytes needs 25 bits
    found = np.zeros(len(X), np.int64)

    def task(block: int) -> None:
        rows = slice(block * _ROWS, min(len(X), (block + 1) * _ROWS))
        left = _moved(X[rows]) if exact else X[rows] - middle
        best = np.full(len(left), np.iinfo(np.int32).max if exact else np.inf, whole)
        for first in range(0, len(right), _TILE):
            far = (left @ right[first : first + _TILE].T).astype(whole, copy=False)
            far *= -2
            far += norms[first : first + _TILE].astype(whole)  # a row's own norm changes no order and is left out
            at = far.argmin(1)
            least = np.take_along_axis(far, at[:, None], 1)[:, 0]
            closer = least < best
            best[closer], found[rows][closer] = least[closer], first + at[closer]

    with one_blas_thread():
        run_tasks(task, -(-len(X) // _ROWS), threads)
    return found


def _moved(X: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Less 128, as float32."""
    return (X ^ np.uint8(128)).view(np.int8).astype(np.float32, order="C")


def nearest_to(X: NDArray[Any], row: int, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k rows of X (n, p) nearest to that one, without it, with their Euclidean distances; ties by index.

    Rows with NaN are infinitely far. Fewer than k where there are no more. Cost: n p multiplications.
    """
    far = np.nan_to_num(squared_distances(X, X[row : row + 1])[:, 0], nan=np.inf, posinf=np.inf)
    far[row] = np.inf
    k = min(k, len(X) - 1)
    if k < 1:
        return np.empty(0, np.int64), np.empty(0)
    may = np.flatnonzero((far <= np.partition(far, k - 1)[k - 1]) & (np.arange(len(X)) != row))
    order = np.argsort(far[may], kind="stable")[:k]
    return may[order], np.sqrt(far[may[order]])
