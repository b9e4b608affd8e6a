"""Compiled loops of `layout.settling`: a new row goes down its own energy, among points that stay where they are.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access. A kernel and all it calls
live here: numba's cache does not notice an edit in another file. Every result is a function of its own row alone.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import boolean, float32, float64, int32, int64, njit, types, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"}}

_matrix = types.Array(float32, 2, "C", readonly=True)
_table = types.Array(int32, 2, "C", readonly=True)
_edges = types.Tuple((_table, _matrix, _matrix))  # of each row: whom it is drawn to, how strongly, at which rest length

# Kernels of the repulsion, of s = r² + softening.
_STUDENT, _GAUSSIAN, _LOGARITHM, _INVERSE = U(0), U(1), U(2), U(3)  # 1/s, exp(-s), -½ log s, 1/√s
# Laws of the attraction. A spring's is ∫ (t - rest)(factor + slope t) dt from its rest length to r.
_LOG_STUDENT, _SQUARE, _SPRING = U(0), U(1), U(2)  # factor · log(1 + r²), factor · r²

_STEPS = 60  # of one row, at most
_HALVINGS = 8  # of one step that would not lower the energy
_STRIP = U(512)
_LOGS = U(8)  # factors whose product is taken before its logarithm
_LEAST = 1e-38


@njit(**_sums, forceinline=True)
def _exp(x):
    """e to the x for x ≤ 0: the exponent's bits for the whole part, a polynomial for the rest; error < 1e-6 of it."""
    t = max(x * F(1.4426950408889634), F(-126))
    whole = np.floor(t)
    f = t - whole
    p = F(1.8775767e-3)
    p = F(8.9893397e-3) + f * p
    p = F(5.5826318e-2) + f * p
    p = F(2.4015361e-1) + f * p
    p = F(6.9315308e-1) + f * p
    p = F(9.9999994e-1) + f * p
    return p * np.int32(np.int32(np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)


@njit(float64(uint64, uint64, float32[::1], float32[::1]), **_sums)
def _repel(kernel, width, squared, slope):
    """Σ φ(s) over a strip whose s are in `squared`; slope[j] becomes -2 dφ/ds there."""
    total, strip = 0.0, F(0)
    if kernel == _STUDENT:
        for j in range(width):
            q = F(1) / squared[j]
            strip += q
            slope[j] = F(2) * q * q
    elif kernel == _GAUSSIAN:
        for j in range(width):
            q = _exp(-squared[j])
            strip += q
            slope[j] = F(2) * q
    elif kernel == _INVERSE:
        for j in range(width):
            q = F(1) / np.sqrt(squared[j])
            strip += q
            slope[j] = q / squared[j]
    else:
        for j in range(U(0), width, _LOGS):
            product = 1.0
            for i in range(j, min(width, j + _LOGS)):
                product *= float64(squared[i])
            total -= 0.5 * np.log(product)
        for j in range(width):
            slope[j] = F(1) / squared[j]
    return total + float64(strip)


@njit(float64(uint64, float32, _matrix, _matrix, uint64, uint64), **_sums)
def crowding(kernel, softening, chosen, Y, begin, end):
    """Σ φ(|y_i - y_j|² + softening) over chosen i in begin … end - 1 (d, l) and all j of Y (d, n)."""
    dims, n = U(Y.shape[0]), U(Y.shape[1])
    squared, slope = np.empty(int64(_STRIP), np.float32), np.empty(int64(_STRIP), np.float32)
    total = 0.0
    for i in range(begin, end):
        for first in range(U(0), n, _STRIP):
            width = min(_STRIP, n - first)
            for j in range(width):
                squared[j] = softening
            for c in range(dims):
                for j in range(width):
                    step = chosen[c, i] - Y[c, first + j]
                    squared[j] += step * step
            total += _repel(kernel, width, squared, slope)
    return total


@njit(types.UniTuple(float64, 3)(uint64, float64, float64, float64, float64), **_exact)
def _edge(law, factor, slope, rest, squared):
    """Of an edge of that squared length: the energy, its gradient over the vector along it, a curvature above its."""
    if law == _LOG_STUDENT:
        pull = 2.0 * factor / (1.0 + squared)
        return factor * np.log(1.0 + squared), pull, pull
    if law == _SQUARE:
        return factor * squared, 2.0 * factor, 2.0 * factor
    length = np.sqrt(squared)
    stretch = length - rest
    value = stretch * stretch * (0.5 * (factor + slope * rest) + slope * stretch / 3.0)
    return value, stretch * (factor / max(length, 1e-15) + slope), factor + 2.0 * slope * length


_law = types.Tuple((uint64, float64, float64, float64, uint64, float64, float64, boolean))


@njit(types.UniTuple(float64, 2)(float32[::1], _matrix, _edges, uint64, _matrix, _law, float32[:, ::1], float64[::1]),
      **_sums)  # fmt: skip
def energy_of_row(y, Y, edges, row, crowd, law, scratch, gradient):
    """The energy of a row at y among the points of Y (n, d), as `settling.RowLaw` has it, and a curvature above its.

    `crowd` (d, l) are the points that repel it; `gradient` becomes that of the energy.
    """
    index, weight, rest = edges
    attraction, factor, slope, middle, kernel, softening, repulsion, relative = law
    dims = U(Y.shape[1])
    value = curve = 0.0
    for c in range(dims):
        gradient[c] = 0.0
    for e in range(U(index.shape[1])):
        p = float64(weight[row, e])
        if p > 0.0:
            j, squared = U(index[row, e]), 0.0
            for c in range(dims):
                step = float64(y[c] - Y[j, c])
                squared += step * step
            cost, pull, bend = _edge(attraction, p * factor, p * slope, float64(rest[row, e]), squared)
            value += cost
            curve += bend
            for c in range(dims):
                gradient[c] += pull * float64(y[c] - Y[j, c])
    repelled, squared, steep = 0.0, scratch[0], scratch[1]
    push = scratch[2]
    for c in range(dims):
        push[c] = F(0)
    for first in range(U(0), U(crowd.shape[1]), _STRIP):
        width = min(_STRIP, U(crowd.shape[1]) - first)
        for j in range(width):
            squared[j] = float32(softening)
        for c in range(dims):
            for j in range(width):
                step = y[c] - crowd[c, first + j]
                squared[j] += step * step
        repelled += _repel(kernel, width, squared, steep)
        for c in range(dims):
            along = F(0)
            for j in range(width):
                along += steep[j] * (y[c] - crowd[c, first + j])
            push[c] += along
    value += repulsion * repelled
    if relative:
        value += np.log(max(repelled, _LEAST))
        repulsion += 1.0 / max(repelled, _LEAST)
    for c in range(dims):
        value += 0.5 * middle * float64(y[c]) * float64(y[c])
        gradient[c] += middle * float64(y[c]) - repulsion * float64(push[c])
    return value, curve + middle


@njit(void(_matrix, _edges, _matrix, _law, float64, uint64, uint64, float32[:, ::1]), **_exact)
def settle_rows(Y, edges, crowd, law, at_rest, begin, end, places):
    """Rows begin … end - 1 go from `places` (m, d) down their own energy (see energy_of_row) to rest.

    A row starts where that energy is least: at its place, or at that of one of its three nearest. Each step is one of
    majorisation, halved until the energy falls; a row whose step is no longer than `at_rest` rests.
    """
    dims = U(Y.shape[1])
    index = edges[0]
    y, trial = np.empty(int64(dims), np.float32), np.empty(int64(dims), np.float32)
    scratch = np.empty((3, int64(_STRIP)), np.float32)
    gradient, other = np.empty(int64(dims), np.float64), np.empty(int64(dims), np.float64)
    for row in range(begin, end):
        for c in range(dims):
            y[c] = places[row, c]
        value, curve = energy_of_row(y, Y, edges, row, crowd, law, scratch, gradient)
        for e in range(min(U(3), U(index.shape[1]))):
            for c in range(dims):
                trial[c] = Y[U(index[row, e]), c]
            now, bend = energy_of_row(trial, Y, edges, row, crowd, law, scratch, other)
            if now < value:
                value, curve = now, bend
                for c in range(dims):
                    y[c], gradient[c] = trial[c], other[c]
        for _ in range(_STEPS):
            scale = 1.0 / max(curve, 1e-30)
            fell = False
            for _ in range(_HALVINGS):
                for c in range(dims):
                    trial[c] = y[c] - float32(scale * gradient[c])
                now, bend = energy_of_row(trial, Y, edges, row, crowd, law, scratch, other)
                if now < value:
                    fell = True
                    break
                scale *= 0.5
            if not fell:
                break
            longest = 0.0
            for c in range(dims):
                longest = max(longest, abs(float64(trial[c] - y[c])))
                y[c], gradient[c] = trial[c], other[c]
            value, curve = now, bend
            if longest <= at_rest:
                break
        for c in range(dims):
            places[row, c] = y[c]
