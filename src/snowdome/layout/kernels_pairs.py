"""Compiled loops over all pairs with Gaussian kernels, which SNE is made of.

The rules of `kernels` hold here: unsigned indices, nothing called from another file. Positions are (d, n) float32.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, njit, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"}}


@njit(**{**_sums, "inline": "always"})
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


@njit(void(float32[:, ::1], uint64, uint64, float32[::1]), **_sums)
def gaussian_log_sums(Y, begin, end, log_sum):
    """log_sum[i] = log Σ_{j ≠ i} exp(-|y_i - y_j|²) for rows begin … end - 1, of at least two."""
    dims, n = U(Y.shape[0]), U(Y.shape[1])
    squared = np.empty(n, np.float32)
    for i in range(begin, end):
        squared[:] = F(0)
        for c in range(dims):
            along = Y[c]
            for j in range(n):
                squared[j] += (along[i] - along[j]) * (along[i] - along[j])
        squared[i] = F(np.inf)
        least = F(np.inf)
        for j in range(n):
            least = min(least, squared[j])
        squared[i] = F(3e38)
        total = F(0)
        for j in range(n):
            total += _exp(least - squared[j])
        log_sum[i] = np.log(total) - least


@njit(float64(float32[:, ::1], float32[:, ::1], float32[::1], uint64, uint64, float32[:, ::1]), **_sums)
def gaussian_forces(affinity, Y, log_sum, begin, end, gradient):
    """gradient[:, i] = 2 Σ_j (m_ij - q_ij - q_ji)(y_i - y_j) with q_ij = exp(-|y_i - y_j|² - log_sum[i]).

    For rows begin … end - 1; `affinity` m (n, n) is symmetric with zeros on its diagonal. Returns Σ m |y_i - y_j|².
    """
    dims, n = U(Y.shape[0]), U(Y.shape[1])
    squared, by = np.empty(n, np.float32), np.empty(n, np.float32)
    total = 0.0
    for i in range(begin, end):
        squared[:] = F(0)
        for c in range(dims):
            along = Y[c]
            for j in range(n):
                squared[j] += (along[i] - along[j]) * (along[i] - along[j])
        wanted, own, row = affinity[i], log_sum[i], F(0)
        for j in range(n):
            row += wanted[j] * squared[j]
            here = _exp(min(F(0), -squared[j] - own)) + _exp(min(F(0), -squared[j] - log_sum[j]))
            by[j] = F(2) * (wanted[j] - here)
        total += float64(row)
        for c in range(dims):
            along = Y[c]
            slope = F(0)
            for j in range(n):
                slope += by[j] * (along[i] - along[j])
            gradient[c, i] = slope
    return total
