"""Rows on a basis: (X - mean) @ basis for many rows, in blocks that stay in the cache."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks

_PARTS = 16
_CACHED = 2**17  # numbers of a block that stay in the second-level cache while they are projected
_ROWS = 1024  # of bytes
_MOST_COLUMNS = 2**16  # 255 · 128 · columns stays below 2³¹
_LARGEST = 127 * (1 + 256 + 256**2)  # of a whole number of three signed bytes


def project(
    X: NDArray[Any], mean: NDArray[np.float64], basis: NDArray[np.float64], out: NDArray[np.float32], threads: int = 1
) -> bool:
    """out[:, :k] = (X - mean) @ basis: X (n, p), mean (p,), basis (p, k), out (n, at least k); whether all is finite.

    Bytes are multiplied as whole numbers where the processor has dot products of bytes, entries of the basis rounded
    to 2⁻²³ of the largest of their column; other data in float32. The bits do not depend on the number of threads.
    Call it with one thread of BLAS. Cost: n p k multiplications.
    """
    from snowdome.space import kernels_bytes

    if X.dtype == np.uint8 and kernels_bytes.AVAILABLE and len(basis) < _MOST_COLUMNS:
        return _by_dot_products(X, mean, basis, out, threads)
    return _by_blas(X, mean, basis, out, threads)


def _by_blas(
    X: NDArray[Any], mean: NDArray[np.float64], basis: NDArray[np.float64], out: NDArray[np.float32], threads: int
) -> bool:
    n, p = X.shape
    step = max(64, _CACHED // p)
    sound = np.ones(_PARTS, bool)
    with np.errstate(over="ignore"):
        centre, single = mean.astype(np.float32), np.ascontiguousarray(basis, np.float32)

    def task(part: int) -> None:
        room = np.empty((step, p), np.float32)  # one for all blocks: fresh memory costs as much as the product
        for first in range(part * step, n, _PARTS * step):
            rows = slice(first, min(n, first + step))
            with np.errstate(over="ignore", invalid="ignore"):  # the caller is told of what is too large
                centred = np.subtract(X[rows], centre, out=room[: rows.stop - first], dtype=np.float32)
                np.matmul(centred, single, out=out[rows, : single.shape[1]])
            sound[part] &= bool(np.isfinite(out[rows]).all())

    run_tasks(task, _PARTS, threads)
    return bool(sound.all())


def _by_dot_products(
    X: NDArray[np.uint8], mean: NDArray[np.float64], basis: NDArray[np.float64], out: NDArray[np.float32], threads: int
) -> bool:
    from snowdome.space.kernels_bytes import ACROSS, DOWN
    from snowdome.space.kernels_bytes import project as project_bytes

    n = len(X)
    scale = np.abs(basis).max(0) / _LARGEST
    whole = np.rint(basis / np.where(scale > 0, scale, 1.0)).astype(np.int64)
    offset = mean @ whole.astype(np.float64)  # exact where the means are whole: the scores of constant columns are 0
    digits = _packed(_digits(whole), DOWN)

    def task(part: int) -> None:
        right = np.zeros((digits.shape[1], ACROSS), np.uint32)
        totals = np.empty((digits.shape[0] * DOWN, ACROSS), np.int32)
        for first in range(part * _ROWS, n, _PARTS * _ROWS):
            rows = slice(first, min(n, first + _ROWS))
            project_bytes(_words(X[rows]), digits, scale, offset, right, totals, out[rows])

    run_tasks(task, _PARTS, threads)
    return True


def _digits(whole: NDArray[np.int64]) -> NDArray[np.int8]:
    """The three signed bytes of each number of (p, k), lowest first, as (p, 3 k)."""
    found = []
    for _ in range(3):
        digit = ((whole + 128) & 255) - 128
        found.append(digit)
        whole = (whole - digit) >> 8
    return np.stack(found, 2).astype(np.int8).reshape(len(whole), -1)


def _packed(digits: NDArray[np.int8], down: int) -> NDArray[np.uint32]:
    """Columns of signed bytes (p, c) as (tiles, quads, down) words of four rows each, zeros after them."""
    p, columns = digits.shape
    quads, tiles = -(-p // 4), -(-columns // down)
    padded = np.zeros((4 * quads, tiles * down), np.int8)
    padded[:p, :columns] = digits
    words = np.ascontiguousarray(padded.reshape(quads, 4, -1).transpose(0, 2, 1)).view(np.uint32)[..., 0]
    return np.ascontiguousarray(words.reshape(quads, tiles, down).transpose(1, 0, 2))


def _words(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Rows of bytes as words of four bytes, zeros after them; a view where they lie so."""
    if rows.shape[1] % 4 or not rows.flags.c_contiguous or rows.ctypes.data % 4:
        padded = np.zeros((len(rows), -(-rows.shape[1] // 4) * 4), np.uint8)
        padded[:, : rows.shape[1]] = rows
        rows = padded
    return rows.view(np.uint32)
