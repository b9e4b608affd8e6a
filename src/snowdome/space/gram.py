"""Exact sums of products of the columns of bytes."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 512  # rows whose words, packed twice, stay in the second-level cache
_STRIP = 64  # rows of a covariance matrix that stay in the second-level cache
EXACT_ROWS = 1024  # 128² · 1024 = 2²⁴: so many products of bytes less 128 are summed exactly in float32
_NO_LOCK: AbstractContextManager[Any] = nullcontext()


def products_of_bytes(
    X: NDArray[np.uint8],
    sums: NDArray[np.float64],
    gram: NDArray[np.float64],
    lock: AbstractContextManager[Any] = _NO_LOCK,
) -> None:
    """sums (p,) += Σ_i z_i and the upper half of gram (p, p) += Σ_i z_i z_iᵀ, where z_i is row i of X (m, p) less 128.

    Whole numbers throughout, so that the order of work does not matter: with a lock, threads may add to one gram.
    Cost: m p² / 2 multiplications, of bytes where the processor has them (AVX-512 VNNI), else in float32.
    """
    from snowdome.space import kernels_bytes

    (_by_dot_products if kernels_bytes.AVAILABLE else _by_blas)(X, sums, gram, lock)


def moments_of_products(
    n: int, sums: NDArray[np.float64], gram: NDArray[np.float64], moved: NDArray[np.float64] | float = 128.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean (p,) and the covariance (p, p) of n rows from the sums and products of the rows less `moved`.

    Of gram the upper half counts; it becomes the covariance, in place: fresh memory costs more than the arithmetic.
    """
    for first in range(0, len(gram), _STRIP):
        rows = slice(first, first + _STRIP)
        strip = gram[rows, first:]
        strip -= np.outer(sums[rows], sums[first:]) / max(1, n)
        strip /= max(1, n - 1)
        gram[first:, rows] = strip.T
        square = gram[rows, rows]  # now transposed: its lower half counts
        square[:] = np.tril(square) + np.tril(square, -1).T
    return moved + sums / max(1, n), gram


def _by_blas(
    X: NDArray[np.uint8],
    sums: NDArray[np.float64],
    gram: NDArray[np.float64],
    lock: AbstractContextManager[Any] = _NO_LOCK,
) -> None:
    from scipy.linalg.blas import ssyrk

    for first in range(0, len(X), EXACT_ROWS):
        moved = (X[first : first + EXACT_ROWS] ^ np.uint8(128)).view(np.int8).astype(np.float32, order="C")
        sums += moved.sum(0)
        products = ssyrk(1.0, moved.T, lower=1).T
        with lock:
            gram += products


def _by_dot_products(
    X: NDArray[np.uint8],
    sums: NDArray[np.float64],
    gram: NDArray[np.float64],
    lock: AbstractContextManager[Any] = _NO_LOCK,
) -> None:
    from snowdome.space.kernels_bytes import ACROSS, DOWN, MOST_ROWS, add_products

    m, p = X.shape
    across, down = -(-p // ACROSS), -(-(p + 1) // DOWN)  # at least one row of `down` is none of the columns
    right = np.zeros((across, _BLOCK // 4, ACROSS), np.uint32)
    left = np.empty((down, _BLOCK // 4, DOWN), np.uint32)
    out = np.empty((down * DOWN, across * ACROSS), np.int32)
    for first in range(0, m, MOST_ROWS):
        last = min(m, first + MOST_ROWS)
        out[:] = 0
        for begin in range(first, last, _BLOCK):
            add_products(_whole_quads(X[begin : min(begin + _BLOCK, last)]), right, left, out)
        totals = out[-1, :p] / -128.0
        # Σ (x_a - 128)(x_b - 128) from Σ (x_a - 128) x_b
        moved = totals - 128.0 * (last - first)
        sums += moved
        with lock:
            gram += out[:p, :p]
            gram -= 128.0 * moved[:, None]


def _whole_quads(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The rows, zeros after them to a multiple of four: they add nothing."""
    if len(rows) % 4:
        rows = np.concatenate([rows, np.zeros((-len(rows) % 4, rows.shape[1]), np.uint8)])
    return np.ascontiguousarray(rows)
