"""Compiled loops of `layout.placing`: each new row by itself, among rows that stay where they are.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access. A kernel and all it calls
live here: numba's cache does not notice an edit in another file. Every result is a function of its own row alone.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint8, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz"}}

_matrix = types.Array(float32, 2, "C", readonly=True)
_table = types.Array(int32, 2, "C", readonly=True)


@njit(void(types.Array(uint8, 2, "C", readonly=True), uint64, uint64, uint64[::1]), **_exact)
def hash_rows(rows, begin, end, found):
    """The 64-bit FNV-1a hash (Fowler, Noll and Vo) of the bytes of rows begin … end - 1."""
    for i in range(begin, end):
        h = U(14695981039346656037)
        for c in range(U(rows.shape[1])):
            h = (h ^ U(rows[i, c])) * U(1099511628211)
        found[i] = h


@njit(void(_matrix, types.Array(float32, 1, "C", readonly=True), _matrix, uint64, uint64, float32[:, ::1]), **_sums)
def project_rows(rows, centre, basis, begin, end, scores):
    """scores[i] = (rows[i] - centre) @ basis (p, k), row by row: in a product of blocks the rounding is the block's."""
    for i in range(begin, end):
        scores[i] = F(0)
        for j in range(U(rows.shape[1])):
            value = rows[i, j] - centre[j]
            if value != F(0):
                for c in range(U(basis.shape[1])):
                    scores[i, c] += value * basis[j, c]


@njit(float64(_matrix, _matrix, uint64, uint64), **_sums)
def _squared_distance(A, B, i, j):
    """|A[i] - B[j]|², summed in float64."""
    total = 0.0
    for c in range(U(A.shape[1])):
        step = float64(A[i, c]) - float64(B[j, c])
        total += step * step
    return total


@njit(void(float32[:, ::1], uint64, _matrix, _matrix, float32[::1], int32[:, ::1], float32[:, ::1]), **_exact)
def nearest_in_tile(tile, row0, new, points, slack, index, distance):
    """The k nearest points of new rows row0 …, by (exact distance, index), given their rounded squared distances.

    A rounded one is off by at most slack[row]: the exact distances of all that can be among the k nearest decide.
    """
    n, k = U(tile.shape[1]), int64(index.shape[1])
    best, true = np.empty(k, np.float32), np.empty(k, np.float64)
    for t in range(U(tile.shape[0])):
        row = row0 + t
        held = int64(0)
        for j in range(n):
            d = tile[t, j]
            if held == k and d >= best[U(k - 1)]:
                continue
            at = held if held < k else k - 1
            held = min(held + 1, k)
            while at > 0 and best[U(at - 1)] > d:
                best[U(at)] = best[U(at - 1)]
                at -= 1
            best[U(at)] = d
        bound = best[U(k - 1)] + F(2) * slack[row]
        held = int64(0)
        for j in range(n):
            if tile[t, j] > bound:
                continue
            exact = _squared_distance(new, points, row, j)
            if held == k and exact >= true[U(k - 1)]:
                continue
            at = held if held < k else k - 1
            held = min(held + 1, k)
            while at > 0 and true[U(at - 1)] > exact:
                true[U(at)], index[row, U(at)] = true[U(at - 1)], index[row, U(at - 1)]
                at -= 1
            true[U(at)], index[row, U(at)] = exact, int32(j)
        for c in range(U(k)):
            distance[row, c] = float32(np.sqrt(true[c]))
