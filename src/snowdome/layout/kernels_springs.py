"""Compiled loops over the springs of a graph, in any number of dimensions up to three.

`weight` of an edge is the spring's rest length; an edge that stands twice counts twice. Indices are unsigned.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint32, uint64, void

U = np.uint64
F = np.float32
_sums = {
    "nogil": True, "cache": True, "error_model": "numpy", "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"},
}  # fmt: skip

# What may be a memory map of a file is declared read-only.
_csr = tuple(types.Array(kind, 1, "C", readonly=True) for kind in (int64, int32, float32))
_TINY = F(1e-30)  # so that a spring of no length has no direction


@njit(void(*_csr, float32[:, ::1], float32, float32, float32, uint64, uint64, float32[:, ::1]), **_sums)
def springs(indptr, indices, length, Y, constant, slope, middle, begin, end, pull):
    """pull[:, i] = middle · y_i + Σ_j (d - length)(constant/d + slope)(y_i - y_j), d = |y_i - y_j|, for these rows."""
    dims = U(Y.shape[0])
    for i in range(begin, end):
        sx = sy = sz = dz = F(0)
        for e in range(U(indptr[i]), U(indptr[i + U(1)])):
            j = uint32(indices[e])
            dx, dy = Y[0, i] - Y[0, j], Y[1, i] - Y[1, j]
            if dims == U(3):
                dz = Y[2, i] - Y[2, j]
            d = np.sqrt(dx * dx + dy * dy + dz * dz + _TINY)
            w = (d - length[e]) * (constant / d + slope)
            sx += w * dx
            sy += w * dy
            sz += w * dz
        pull[0, i], pull[1, i] = sx + middle * Y[0, i], sy + middle * Y[1, i]
        if dims == U(3):
            pull[2, i] = sz + middle * Y[2, i]


@njit(float64(*_csr, float32[:, ::1], float64, float64, float64, uint64, uint64), **_sums)
def spring_energy(indptr, indices, length, Y, constant, slope, middle, begin, end):
    """Twice what these rows have of the energy: Σ middle · |y|², and Σ over their edges of ∫ (t - length)(constant +
    slope t) dt from length to d; an edge between two rows stands in both."""
    total = 0.0
    for i in range(begin, end):
        row = 0.0
        for e in range(U(indptr[i]), U(indptr[i + U(1)])):
            j = uint32(indices[e])
            squared = 0.0
            for c in range(U(Y.shape[0])):
                step = float64(Y[c, i]) - float64(Y[c, j])
                squared += step * step
            rest = float64(length[e])
            stretch = np.sqrt(squared) - rest
            row += stretch * stretch * (0.5 * (constant + slope * rest) + slope * stretch / 3.0)
        for c in range(U(Y.shape[0])):
            row += middle * float64(Y[c, i]) * float64(Y[c, i])
        total += row
    return total
