"""Compiled loops of `space`.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access and keeps the compiler
from using vectors. A kernel and all it calls live here: numba's cache does not notice an edit in another file.
"""

import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint64, void

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz"}}

# What may be a memory map of a file is declared read-only.
_matrix = types.Array(float32, 2, "C", readonly=True)
_index = types.Array(int32, 2, "C", readonly=True)
_candidates = (float32[:, ::1], int32[:, ::1], int32[::1], float32[::1])


@njit(float64(_matrix, uint64, uint64), **_sums)
def squared_distance(X, i, j):
    """|X[i] - X[j]|², summed in float64."""
    total = 0.0
    for c in range(U(X.shape[1])):
        step = float64(X[i, c]) - float64(X[j, c])
        total += step * step
    return total


@njit(float32(float32[::1], uint64, uint64), **_exact)
def smallest(values, count, k):
    """The k-th smallest (k from 1) of the first `count` values, which are reordered (Hoare's selection)."""
    low, high, wanted = int64(0), int64(count) - 1, int64(k) - 1
    while low < high:
        pivot = values[U((low + high) // 2)]
        i, j = low, high
        while i <= j:
            while values[U(i)] < pivot:
                i += 1
            while values[U(j)] > pivot:
                j -= 1
            if i <= j:
                values[U(i)], values[U(j)] = values[U(j)], values[U(i)]
                i += 1
                j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            break
    return values[U(wanted)]


@njit(uint64(float64[::1], int32[::1], uint64, uint64), **_exact)
def sort_nearest(distance, index, count, k):
    """Sort the first `count` pairs by (distance, index), which insertion does well for a few score; keep k."""
    for i in range(U(1), count):
        d, j = distance[i], index[i]
        at = int64(i)
        while at > 0 and (distance[U(at - 1)] > d or (distance[U(at - 1)] == d and index[U(at - 1)] > j)):
            distance[U(at)], index[U(at)] = distance[U(at - 1)], index[U(at - 1)]
            at -= 1
        distance[U(at)], index[U(at)] = d, j
    return min(count, k)


@njit(void(_matrix, uint64, uint64, uint64, float32, *_candidates), **_exact)
def prune(X, row, name, k, slack, distance, index, count, limit):
    """Make room in the list at place `row`, of the row `name` of X: keep what can still be among its k nearest.

    The distances in the list are rounded; one that is within `slack` of the k-th may belong before it. Where that
    leaves the list nearly full (many equal distances), the exact distances decide, ties by index.
    """
    held = U(count[row])
    if held < k:
        return
    scratch = distance[row, :held].copy()
    bound = smallest(scratch, held, k) + slack
    kept = U(0)
    for c in range(held):
        if distance[row, c] <= bound:
            distance[row, kept], index[row, kept] = distance[row, c], index[row, c]
            kept += U(1)
    if kept > k + (U(distance.shape[1]) - k) // U(2):
        true = np.empty(int64(kept), np.float64)
        for c in range(kept):
            true[c] = squared_distance(X, name, U(index[row, c]))
        kept = sort_nearest(true, index[row], kept, k)
        for c in range(kept):
            distance[row, c] = float32(true[c])
        bound = min(bound, float32(true[kept - U(1)]) + slack)
    limit[row] = min(limit[row], bound)
    count[row] = int32(kept)


@njit(void(_matrix, int32[::1], uint64, uint64, float32, uint64, float32, *_candidates), **_exact)
def offer(X, names, row, column, d, k, slack, distance, index, count, limit):
    """Add the row at place `column` to the list at place `row`, and make room where that fills it."""
    c = count[row]
    distance[row, U(c)], index[row, U(c)] = d, names[column]
    count[row] = c + int32(1)
    if c + int32(1) == int32(distance.shape[1]):
        prune(X, row, U(names[row]), k, slack, distance, index, count, limit)


@njit(
    void(float32[:, ::1], _matrix, int32[::1], uint64, uint64, uint64, float32[::1], *_candidates),
    **_exact,
)
def scan_tile(tile, X, names, row0, column0, k, slack, distance, index, count, limit):
    """Offer each entry of a tile of squared distances to its row's list and, off the diagonal, to its column's.

    Few entries are below a limit, so that whole stretches are passed over by vector comparisons.
    """
    width = U(tile.shape[1])
    both = row0 != column0
    for i in range(U(tile.shape[0])):
        row = row0 + i
        for first in range(U(0), width, U(64)):
            bound = limit[row]
            hit = False
            if both:
                for j in range(first, min(first + U(64), width)):
                    hit |= (tile[i, j] <= bound) | (tile[i, j] <= limit[column0 + j])
            else:
                for j in range(first, min(first + U(64), width)):
                    hit |= tile[i, j] <= bound
            if not hit:
                continue
            for begin in range(first, min(first + U(64), width), U(16)):
                end = min(begin + U(16), width)
                hit = False
                for j in range(begin, end):
                    hit |= (tile[i, j] <= bound) | (both & (tile[i, j] <= limit[column0 + j]))
                if not hit:
                    continue
                for j in range(begin, end):
                    d, column = tile[i, j], column0 + j
                    if d <= limit[row] and column != row:
                        offer(X, names, row, column, d, k, slack[row], distance, index, count, limit)
                    if both and d <= limit[column]:
                        offer(X, names, column, row, d, k, slack[column], distance, index, count, limit)


@njit(
    void(_matrix, int32[::1], uint64, uint64, uint64, float32[::1], *_candidates, int32[:, ::1], float32[:, ::1]),
    **_exact,
)
def finish_rows(X, names, begin, end, k, slack, distance, index, count, limit, nearest, how_far):
    """The exact k nearest of the rows at places begin … end - 1 out of their candidates, by (distance, index)."""
    true = np.empty(distance.shape[1], np.float64)
    for row in range(begin, end):
        name = U(names[row])
        prune(X, row, name, k, slack[row], distance, index, count, limit)
        held = U(count[row])
        for c in range(held):
            true[c] = squared_distance(X, name, U(index[row, c]))
        sort_nearest(true, index[row], held, k)
        for c in range(k):
            nearest[name, c] = index[row, c]
            how_far[name, c] = float32(np.sqrt(true[c]))
