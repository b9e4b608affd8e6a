"""Compiled loops of `layout.quality`: sums over all pairs of a map in any number of dimensions, and exact ranks.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access. A kernel and all it calls
live here: numba's cache does not notice an edit in another file. Positions are (d, n) float32.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz"}}

_STRIP = U(1024)  # squared distances that stay in the first-level cache
_places = types.Array(float32, 2, "C", readonly=True)


@njit(float64(_places, uint64, uint64), **_sums)
def student_sum(Y, begin, end):
    """Σ 1/(1 + |y_i - y_j|²) over i in begin … end - 1 and all j < i: half of Z when summed over all rows."""
    dims = U(Y.shape[0])
    squared = np.empty(int64(_STRIP), np.float32)
    total = 0.0
    for i in range(begin, end):
        for first in range(U(0), i, _STRIP):
            width = min(_STRIP, i - first)
            for j in range(width):
                squared[j] = F(1)
            for c in range(dims):
                here = Y[c, i]
                for j in range(width):
                    step = here - Y[c, first + j]
                    squared[j] += step * step
            strip = F(0)
            for j in range(width):
                strip += F(1) / squared[j]
            total += float64(strip)
    return total


@njit(float64(_places, uint64, uint64, float32[:, ::1]), **_sums)
def student_forces(Y, begin, end, push):
    """push[:, i] = ½ ∇ Σ_j 1/(1 + |y_i - y_j|²), and the sum of those kernels over these rows, over all other j."""
    dims, n = U(Y.shape[0]), U(Y.shape[1])
    q = np.empty(int64(_STRIP), np.float32)
    grand = 0.0
    for i in range(begin, end):
        for c in range(dims):
            push[c, i] = F(0)
        for first in range(U(0), n, _STRIP):
            width = min(_STRIP, n - first)
            for j in range(width):
                q[j] = F(1)
            for c in range(dims):
                here = Y[c, i]
                for j in range(width):
                    step = here - Y[c, first + j]
                    q[j] += step * step
            strip = F(0)
            for j in range(width):
                q[j] = F(1) / q[j]
                strip += q[j]
            for c in range(dims):
                here = Y[c, i]
                along = F(0)
                for j in range(width):
                    along += q[j] * q[j] * (Y[c, first + j] - here)
                push[c, i] += along
            grand += float64(strip)
        grand -= 1.0
    return grand


@njit(void(_places, uint64, float32[:, ::1]), **_exact)
def fill_tile(Y, row0, tile):
    """tile[t, j] = |y_(row0 + t) - y_j|²."""
    for t in range(U(tile.shape[0])):
        tile[t] = F(0)
        for c in range(U(Y.shape[0])):
            here = Y[c, row0 + t]
            for j in range(U(tile.shape[1])):
                step = here - Y[c, j]
                tile[t, j] += step * step


@njit(void(float32[:, ::1], uint64, int32[:, ::1]), **_exact)
def nearest_in_tile(tile, row0, nearest):
    """nearest[t] = the columns, but row0 + t, of the least entries of tile[t], by (entry, column)."""
    k = int64(nearest.shape[1])
    best = np.empty(k, np.float32)
    for t in range(U(tile.shape[0])):
        held = int64(0)
        for j in range(U(tile.shape[1])):
            d = tile[t, j]
            if j == row0 + t or (held == k and d >= best[U(k - 1)]):
                continue
            at = held if held < k else k - 1
            held = min(held + 1, k)
            while at > 0 and best[U(at - 1)] > d:
                best[U(at)], nearest[t, U(at)] = best[U(at - 1)], nearest[t, U(at - 1)]
                at -= 1
            best[U(at)], nearest[t, U(at)] = d, int32(j)


@njit(int64[:, ::1](float32[:, ::1], uint64, int32[:, ::1]), **_exact)
def ranks_in_tile(tile, row0, others):
    """The rank of column others[t, c] among all columns but row0 + t, from 1, by (entry of tile[t], column)."""
    n, k = U(tile.shape[1]), U(others.shape[1])
    rank = np.empty((tile.shape[0], int64(k)), np.int64)
    for t in range(U(tile.shape[0])):
        itself = row0 + t
        for c in range(k):
            wanted = U(others[t, c])
            limit = tile[t, wanted]
            nearer = int32(1)
            for j in range(wanted):
                nearer += int32(tile[t, j] <= limit)
            for j in range(wanted + U(1), n):
                nearer += int32(tile[t, j] < limit)
            before = tile[t, itself] < limit or (tile[t, itself] == limit and itself < wanted)
            rank[t, c] = int64(nearer) - int64(before)
    return rank
