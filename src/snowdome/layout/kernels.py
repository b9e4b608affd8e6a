"""Compiled loops of `layout`: one iteration of gradient descent, in two dimensions for the grid.

Indices are unsigned: a signed one costs a test for Python's negative indices in every access and keeps the compiler
from using vectors. A kernel and all it calls live here: numba's cache does not notice an edit in another file.
Positions are (d, n) float32, one row per coordinate, so that vectors load without shuffling.
"""

import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint8, uint32, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"}}
_inline = {**_sums, "inline": "always"}

# What may be a memory map of a file is declared read-only.
_csr = tuple(types.Array(kind, 1, "C", readonly=True) for kind in (int64, int32, float32))


@njit(**_inline)
def _spline(t):
    """The four weights of the cubic B-spline at offset t in [0, 1)."""
    s, t2 = F(1) - t, t * t
    t3, sixth = t2 * t, F(1 / 6)
    return (
        s * s * s * sixth,
        (F(3) * t3 - F(6) * t2 + F(4)) * sixth,
        (F(-3) * t3 + F(3) * t2 + F(3) * t + F(1)) * sixth,
        t3 * sixth,
    )


@njit(**_inline)
def _spline_slope(t):
    """Their derivatives."""
    s, half = F(1) - t, F(0.5)
    return -half * s * s, (F(1.5) * t - F(2)) * t, (F(-1.5) * t + F(1)) * t + half, half * t * t


@njit(void(float32[:, ::1], float32, float32, uint64, int32[::1], int64[::1]), **_exact)
def sort_into_bands(Y, x0, per_cell, rows_per_band, order, start):
    """`order` lists the points band by band of the grid's rows, each band in index order; start[b] is its place."""
    x = Y[0]
    bands = U(start.shape[0]) - U(1)
    start[:] = 0
    for i in range(U(x.shape[0])):
        start[uint64(uint32((x[i] - x0) * per_cell)) // rows_per_band + U(1)] += 1
    for b in range(bands):
        start[b + U(1)] += start[b]
    place = start.copy()
    for i in range(U(x.shape[0])):
        b = uint64(uint32((x[i] - x0) * per_cell)) // rows_per_band
        order[U(place[b])] = int32(i)
        place[b] += 1


def _spread(Y, order, begin, end, x0, y0, per_cell, charge):
    """Add the unit charges of points order[begin:end] to the grid by cubic B-splines."""
    x, y = Y[0], Y[1]
    for at in range(begin, end):
        i = uint32(order[at])
        u, v = (x[i] - x0) * per_cell, (y[i] - y0) * per_cell
        a, b = uint32(u), uint32(v)
        wx, wy = _spline(u - F(a)), _spline(v - F(b))
        for k in range(4):
            for m in range(4):
                charge[uint64(a) + U(k), uint64(b) + U(m)] += wx[k] * wy[m]


def _gather(Y, begin, end, x0, y0, per_cell, potential, push):
    """push[:, i] = ½ ∇φ at point i, from the interpolant itself; returns Σ φ over the points."""
    x, y = Y[0], Y[1]
    total = 0.0
    half = F(0.5) * per_cell
    for i in range(begin, end):
        u, v = (x[i] - x0) * per_cell, (y[i] - y0) * per_cell
        a, b = uint32(u), uint32(v)
        tx, ty = u - F(a), v - F(b)
        wx, wy, sx, sy = _spline(tx), _spline(ty), _spline_slope(tx), _spline_slope(ty)
        value = slope_x = slope_y = F(0)  # in the type of the potential
        for m in range(4):
            along = across = F(0)
            for k in range(4):
                here = potential[uint64(a) + U(k), uint64(b) + U(m)]
                along += here * wx[k]
                across += here * sx[k]
            value += along * wy[m]
            slope_x += across * wy[m]
            slope_y += along * sy[m]
        push[0, i], push[1, i] = F(slope_x) * half, F(slope_y) * half
        total += float64(value)
    return total


_spread_args = (float32[:, ::1], int32[::1], uint64, uint64, float32, float32, float32)
_gather_args = (float32[:, ::1], uint64, uint64, float32, float32, float32)
spread = njit([void(*_spread_args, float32[:, ::1]), void(*_spread_args, float64[:, ::1])], **_sums)(_spread)
gather = njit(
    [
        float64(*_gather_args, float32[:, :], float32[:, ::1]),
        float64(*_gather_args, float64[:, :], float32[:, ::1]),
    ],
    **_sums,
)(_gather)


@njit(
    void(*[float32[:, ::1]] * 5, float32, float32, float32, float32, float32[::1], uint64, uint64, float64[:, ::1]),
    **_sums,
)
def gains_and_momentum(Y, velocity, gain, pull, push, pull_by, push_by, momentum, rate, shift, begin, end, facts):
    """One step of descent with momentum and a gain for each coordinate (Jacobs 1988), moves at most 5 long.

    The gradient is pull_by · pull + push_by · push. `shift` is subtracted as well. facts[c] becomes the sum, the least
    and the greatest of the new Y[c] over these columns.
    """
    dims = U(Y.shape[0])
    for c in range(dims):
        for i in range(begin, end):
            gradient = pull_by * pull[c, i] + push_by * push[c, i]
            old = velocity[c, i]
            g = gain[c, i]
            g = g + F(0.2) if (gradient > F(0)) != (old > F(0)) else max(g * F(0.8), F(0.01))
            gain[c, i] = g
            velocity[c, i] = momentum * old - rate * g * gradient
    for c in range(dims):
        total = 0.0
        low, high = F(np.inf), F(-np.inf)
        for i in range(begin, end):
            length = F(0)
            for other in range(dims):
                length += velocity[other, i] * velocity[other, i]
            step = velocity[c, i]
            if length > F(25):
                step *= F(5) / np.sqrt(length)
            moved = Y[c, i] + step - shift[c]
            Y[c, i] = moved
            total += float64(moved)
            low, high = min(low, moved), max(high, moved)
        facts[c, 0], facts[c, 1], facts[c, 2] = total, low, high


@njit(void(float32[:, ::1], float32[::1], float32, uint32[::1]), **_exact)
def morton_codes(Y, low, per_cell, code):
    """The place of each point on a Z-shaped curve through a grid of 1024 cells a side (G. M. Morton 1966)."""
    for i in range(U(Y.shape[1])):
        z = uint32(0)
        for c in range(U(Y.shape[0])):
            v = uint32(min(F(1023), max(F(0), (Y[c, i] - low[c]) * per_cell)))
            if Y.shape[0] == 2:
                v = (v | (v << uint32(8))) & uint32(0x00FF00FF)
                v = (v | (v << uint32(4))) & uint32(0x0F0F0F0F)
                v = (v | (v << uint32(2))) & uint32(0x33333333)
                v = (v | (v << uint32(1))) & uint32(0x55555555)
            else:
                v = (v | (v << uint32(16))) & uint32(0x030000FF)
                v = (v | (v << uint32(8))) & uint32(0x0300F00F)
                v = (v | (v << uint32(4))) & uint32(0x030C30C3)
                v = (v | (v << uint32(2))) & uint32(0x09249249)
            z |= v << uint32(c)
        code[i] = z


@njit(void(*_csr, int64[::1], int32[::1], uint64, uint64, int64[::1], int32[::1], float32[::1]), **_exact)
def reorder_rows(indptr, indices, weight, order, place, begin, end, new_indptr, new_indices, new_weight):
    """Rows begin … end - 1 of the graph whose row r is row order[r] of the old one; place is order's inverse."""
    for row in range(begin, end):
        source = U(indptr[U(order[row])])
        out = U(new_indptr[row])
        for e in range(U(new_indptr[row + U(1)]) - out):
            new_indices[out + e] = place[U(indices[source + e])]
            new_weight[out + e] = weight[source + e]


@njit(void(*_csr, uint8[::1], uint64, uint64, float32[:, ::1], uint8[::1]), **_exact)
def place_by_neighbours(indptr, indices, weight, placed, begin, end, places, found):
    """Put each row that has no place at the weighted mean of its neighbours that have one, and mark it in `found`."""
    for i in range(begin, end):
        if placed[i]:
            continue
        total = 0.0
        for e in range(U(indptr[i]), U(indptr[i + U(1)])):
            if placed[U(indices[e])]:
                total += weight[e]
        if total == 0.0:
            continue
        found[i] = 1
        for c in range(U(places.shape[1])):
            mean = 0.0
            for e in range(U(indptr[i]), U(indptr[i + U(1)])):
                j = U(indices[e])
                if placed[j]:
                    mean += weight[e] * places[j, c]
            places[i, c] = F(mean / total)


@njit(float64(float32[:, ::1], uint64, uint64, float32[:, ::1]), **_sums)
def student_repulsion_exact(Y, begin, end, push):
    """push[:, i] = ½ ∇ Σ_j 1/(1 + |y_i - y_j|²) and the sum of those kernels over these rows, over all pairs.

    What the grid approximates, and what an approximate map is graded by. Cost: n per row.
    """
    x, y = Y[0], Y[1]
    grand = 0.0
    for i in range(begin, end):
        here_x, here_y = x[i], y[i]
        total = sum_x = sum_y = F(0)
        for j in range(U(x.shape[0])):
            dx, dy = here_x - x[j], here_y - y[j]
            q = F(1) / (F(1) + dx * dx + dy * dy)
            total += q
            sum_x -= q * q * dx
            sum_y -= q * q * dy
        push[0, i], push[1, i] = sum_x, sum_y
        grand += float64(total) - 1.0
    return grand
