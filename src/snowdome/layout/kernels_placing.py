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
_inline = {**_sums, "inline": "always"}

_matrix = types.Array(float32, 2, "C", readonly=True)
_table = types.Array(int32, 2, "C", readonly=True)

_STEPS = 60  # of one row, at most
_HALVINGS = 8  # of one step that would not lower the energy
_REST = F(1e-4)  # a row whose step is shorter rests; the kernel 1/(1 + r²) is 1 wide
_STRIP = U(512)


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


@njit(float64(_matrix, _matrix, uint64, uint64), **_sums)
def crowding(chosen, Y, begin, end):
    """Σ 1/(1 + |y_i - y_j|²) over chosen i in begin … end - 1 (d, l) and all j of Y (d, n)."""
    dims, n = U(Y.shape[0]), U(Y.shape[1])
    squared = np.empty(int64(_STRIP), np.float32)
    total = 0.0
    for i in range(begin, end):
        for first in range(U(0), n, _STRIP):
            width = min(_STRIP, n - first)
            for j in range(width):
                squared[j] = F(1)
            for c in range(dims):
                for j in range(width):
                    step = chosen[c, i] - Y[c, first + j]
                    squared[j] += step * step
            strip = F(0)
            for j in range(width):
                strip += F(1) / squared[j]
            total += float64(strip)
    return total


_row = types.Array(float32, 1, "C", readonly=True)


@njit(
    types.UniTuple(float64, 2)(
        float32[::1], _matrix, _table, _matrix, uint64, _matrix, float32, float32, float32[::1], float64[::1]
    ),
    **_sums,
)
def energy_of_row(y, Y, index, weight, row, crowd, attraction, repulsion, scratch, gradient):
    """E(y) = attraction · Σ_j p_j log(1 + |y - y_j|²) + repulsion · Σ_l 1/(1 + |y - y_l|²), and its curvature.

    j are the row's neighbours in Y (n, d), with weights p; l the crowd (d, l). `gradient` becomes that of E. The
    curvature is that of the parabola above the attraction that touches it at y.
    """
    dims = U(Y.shape[1])
    value = pulled = 0.0
    gradient[:] = 0.0
    for e in range(U(index.shape[1])):
        j, squared = U(index[row, e]), F(1)
        for c in range(dims):
            step = y[c] - Y[j, c]
            squared += step * step
        p = attraction * weight[row, e]
        value += float64(p) * np.log(float64(squared))
        pull = F(2) * p / squared
        pulled += float64(pull)
        for c in range(dims):
            gradient[c] += float64(pull * (y[c] - Y[j, c]))
    for first in range(U(0), U(crowd.shape[1]), _STRIP):
        width = min(_STRIP, U(crowd.shape[1]) - first)
        for j in range(width):
            scratch[j] = F(1)
        for c in range(dims):
            for j in range(width):
                step = y[c] - crowd[c, first + j]
                scratch[j] += step * step
        strip = F(0)
        for j in range(width):
            scratch[j] = F(1) / scratch[j]
            strip += scratch[j]
        value += float64(repulsion * strip)
        for c in range(dims):
            along = F(0)
            for j in range(width):
                along += scratch[j] * scratch[j] * (y[c] - crowd[c, first + j])
            gradient[c] -= float64(F(2) * repulsion * along)
    return value, pulled


@njit(
    void(_matrix, _table, _matrix, _matrix, float32, float32, uint64, uint64, float32[:, ::1]),
    **_exact,
)
def settle_rows(Y, index, weight, crowd, attraction, repulsion, begin, end, places):
    """Rows begin … end - 1 go from `places` (m, d) down their own energy (see energy_of_row) to rest.

    A row starts where that energy is least: at its place, or at that of one of its three nearest. Each step is one of
    majorisation, halved until the energy falls.
    """
    dims = U(Y.shape[1])
    y, trial = np.empty(int64(dims), np.float32), np.empty(int64(dims), np.float32)
    scratch = np.empty(int64(_STRIP), np.float32)
    gradient, other = np.empty(int64(dims), np.float64), np.empty(int64(dims), np.float64)
    for row in range(begin, end):
        y[:] = places[row]
        value, curve = energy_of_row(y, Y, index, weight, row, crowd, attraction, repulsion, scratch, gradient)
        for e in range(min(U(3), U(index.shape[1]))):
            trial[:] = Y[U(index[row, e])]
            now, bend = energy_of_row(trial, Y, index, weight, row, crowd, attraction, repulsion, scratch, other)
            if now < value:
                value, curve = now, bend
                y[:], gradient[:] = trial, other
        for _ in range(_STEPS):
            scale = 1.0 / max(curve, 1e-30)
            fell = False
            for _ in range(_HALVINGS):
                for c in range(dims):
                    trial[c] = y[c] - float32(scale * gradient[c])
                now, bend = energy_of_row(trial, Y, index, weight, row, crowd, attraction, repulsion, scratch, other)
                if now < value:
                    fell = True
                    break
                scale *= 0.5
            if not fell:
                break
            longest = F(0)
            for c in range(dims):
                longest = max(longest, abs(trial[c] - y[c]))
            value, curve = now, bend
            y[:], gradient[:] = trial, other
            if longest < _REST:
                break
        places[row] = y
