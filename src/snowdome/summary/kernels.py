"""Compiled loops of `summary`: one reading of a block of uint8 rows.

Indices are unsigned, as in the other rooms' kernels; a kernel and all it calls live here.
"""

import numpy as np
from numba import float32, float64, int64, njit, types, uint8, uint32, uint64, void

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz"}}

# Rows may be a memory map, and codes a slice of one: both are declared read-only.
_bytes = types.Array(uint8, 2, "C", readonly=True)
_codes = types.Array(int64, 1, "C", readonly=True)


@njit(void(_bytes, _codes, int64[:, ::1], int64[:, ::1], int64[::1]), **_exact)
def add_moments(X, codes, sums, squares, counts):
    """Add each row, and its squares, to its class's."""
    p = U(X.shape[1])
    for i in range(U(X.shape[0])):
        row, total, square = X[i], sums[U(codes[i])], squares[U(codes[i])]
        counts[U(codes[i])] += 1
        for c in range(p):
            value = int64(row[c])
            total[c] += value
            square[c] += value * value


@njit(void(_bytes, _codes, _codes, uint32[:, ::1], int64[:, ::1]), **_exact)
def count_values(X, codes, order, scratch, counts):
    """Add how often each of the 256 values occurs in each class; `order` lists the rows class by class.

    scratch (4, 256) is zero before and after: four tables take turns, so that a value that repeats does not wait for
    itself.
    """
    p = U(X.shape[1])
    whole = p - p % U(4)
    for at in range(U(X.shape[0])):
        code = codes[U(order[at])]
        row, total = X[U(order[at])], counts[U(code)]
        for c in range(U(0), whole, U(4)):
            scratch[U(0), row[c]] += uint32(1)
            scratch[U(1), row[c + U(1)]] += uint32(1)
            scratch[U(2), row[c + U(2)]] += uint32(1)
            scratch[U(3), row[c + U(3)]] += uint32(1)
        for c in range(whole, p):
            scratch[U(0), row[c]] += uint32(1)
        if at + U(1) == U(X.shape[0]) or codes[U(order[at + U(1)])] != code:
            for v in range(U(256)):
                total[v] += int64(scratch[U(0), v] + scratch[U(1), v] + scratch[U(2), v] + scratch[U(3), v])
                for t in range(U(4)):
                    scratch[t, v] = uint32(0)


def _squared_to_own(X, codes, centres, out):
    """out[i] = Σ_c (X[i, c] - centres[codes[i], c])², in float64."""
    p = U(X.shape[1])
    for i in range(U(X.shape[0])):
        centre = centres[U(codes[i])]
        total = 0.0
        for c in range(p):
            step = float64(X[i, c]) - centre[c]
            total += step * step
        out[i] = total


squared_to_own = njit(
    [
        void(types.Array(kind, 2, "C", readonly=True), _codes, float64[:, ::1], float64[::1])
        for kind in (uint8, float32, float64)
    ],
    **_sums,
)(_squared_to_own)


@njit(void(_bytes, _codes, uint64, uint64, uint32[:, ::1], float64[:, ::1]), **_exact)
def medians_of_bytes(X, rows, begin, end, counts, out):
    """out[0, begin:end] = the medians of these columns over the rows named, by counting into (end - begin, 256)."""
    counts[:] = uint32(0)
    for r in range(U(rows.shape[0])):
        row = X[U(rows[r])]
        for c in range(begin, end):
            counts[c - begin, row[c]] += uint32(1)
    n = rows.shape[0]
    low, high = (n - 1) // 2, n // 2
    for c in range(begin, end):
        seen = int64(0)
        first = int64(-1)
        for v in range(U(256)):
            seen += int64(counts[c - begin, v])
            if first < 0 and seen > low:
                first = int64(v)
            if seen > high:
                out[U(0), c] = 0.5 * (float64(first) + float64(v))
                break
