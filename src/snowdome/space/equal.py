"""Rows that are the same, bit for bit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.rng import uniform

_ROWS = 4096
_STREAM = 730  # of random numbers: see core.rng


def equal_rows(X: NDArray[Any]) -> NDArray[np.int64]:
    """For each row of X (n, p) the number of the first row that equals it, itself where it is the first, (n,).

    Zeros of either sign are equal. Rows are told apart by a random linear hash of 64 bits (J. L. Carter and M. N.
    Wegman, "Universal classes of hash functions", 1979), and those of one hash are compared. Cost: n p multiplications
    of whole numbers.
    """
    hashes = _hashes(X)
    _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    owner = first[group].astype(np.int64)
    suspects = np.flatnonzero(owner != np.arange(len(X)))
    for begin in range(0, len(suspects), _ROWS):
        some = suspects[begin : begin + _ROWS]
        differ = some[(X[some] != X[owner[some]]).any(1)]
        owner[differ] = differ  # two rows of one hash that differ would be a wonder: each is then its own
    return owner


def _hashes(X: NDArray[Any]) -> NDArray[np.uint64]:
    """A hash of the values of each row, (n,): the same for rows that are equal."""
    n = len(X)
    found = np.empty(n, np.uint64)
    factors: NDArray[np.uint64] | None = None
    for begin in range(0, n, _ROWS):
        block = np.ascontiguousarray(X[begin : begin + _ROWS])
        if block.dtype.kind == "f":
            block = block + block.dtype.type(0)
        kind = np.dtype(f"u{block.dtype.itemsize}") if block.dtype.itemsize in (1, 2, 4, 8) else np.dtype("u1")
        words = block.view(kind).reshape(len(block), -1).astype(np.uint64)
        if factors is None:
            halves = (uniform(0, _STREAM, words.shape[1], 2) * 2.0**32).astype(np.uint64)
            factors = halves[:, :1] << np.uint64(32) | halves[:, 1:] | np.uint64(1)
        found[begin : begin + _ROWS] = (words @ factors)[:, 0]
    return found
