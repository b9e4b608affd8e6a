"""Compiled loops of stress majorisation: distances from products, the Guttman step, placing one row by itself.

The rules of `kernels` hold here: unsigned indices, nothing called from another file. Positions are (d, n) float32.
A pair weighs 1, or 1/max(δ, floor) where `inverse` is set.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import boolean, float32, float64, int32, int64, njit, types, uint32, uint64, void

U = np.uint64
F = np.float32
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz", "afn"}}
_matrix = types.Array(float32, 2, "C", readonly=True)
_NEVER = F(1e-30)  # beside a squared distance: that of a pair at one place, whose direction counts nothing
_MOMENTUM = F(0.8)
_CANCELLED = F(1e-3)  # of the squared norms: a squared distance below it has lost digits as a difference of products


@njit(void(float32[:, ::1], _matrix, _matrix), **_sums)
def distances_from_products(product, A, B):
    """product[i, j] = a_i · b_j becomes |a_i - b_j|, from the difference itself where the products cancel."""
    p = U(A.shape[1])
    norms = np.empty(B.shape[0], np.float32)
    for j in range(U(B.shape[0])):
        total = F(0)
        for c in range(p):
            total += B[j, c] * B[j, c]
        norms[j] = total
    for i in range(U(A.shape[0])):
        norm = F(0)
        for c in range(p):
            norm += A[i, c] * A[i, c]
        row = product[i]
        cancelled = U(0)
        for j in range(U(B.shape[0])):
            both = norm + norms[j]
            squared = both - F(2) * row[j]
            small = squared < _CANCELLED * both
            cancelled += U(small)
            row[j] = F(-1) if small else np.sqrt(max(squared, F(0)))
        if cancelled:
            for j in range(U(B.shape[0])):
                if row[j] < F(0):
                    total = F(0)
                    for c in range(p):
                        apart = A[i, c] - B[j, c]
                        total += apart * apart
                    row[j] = np.sqrt(total)


@njit(float64(_matrix, float32[:, ::1], uint64, uint64, boolean, float32, float32[:, ::1]), **_sums)
def pull_rows_2(distances, Y, begin, end, inverse, floor, pull):
    """pull[:, i] = Σ_j w (δ - d)/d (y_i - y_j) and Σ_ij w (δ - d)² over rows begin … end - 1, in two dimensions."""
    x, y = Y[0], Y[1]
    total = 0.0
    for i in range(begin, end):
        wanted = distances[i]
        here_x, here_y = x[i], y[i]
        sum_x = sum_y = row = F(0)
        for j in range(U(x.shape[0])):
            dx, dy = here_x - x[j], here_y - y[j]
            squared = dx * dx + dy * dy
            per_d = F(1) / np.sqrt(squared + _NEVER)
            off = wanted[j] - squared * per_d
            w = F(1) / max(wanted[j], floor) if inverse else F(1)
            row += w * off * off
            by = w * off * per_d
            sum_x += by * dx
            sum_y += by * dy
        pull[0, i], pull[1, i] = sum_x, sum_y
        total += float64(row)
    return total


@njit(float64(_matrix, float32[:, ::1], uint64, uint64, boolean, float32, float32[:, ::1]), **_sums)
def pull_rows_3(distances, Y, begin, end, inverse, floor, pull):
    """The same in three dimensions."""
    x, y, z = Y[0], Y[1], Y[2]
    total = 0.0
    for i in range(begin, end):
        wanted = distances[i]
        here_x, here_y, here_z = x[i], y[i], z[i]
        sum_x = sum_y = sum_z = row = F(0)
        for j in range(U(x.shape[0])):
            dx, dy, dz = here_x - x[j], here_y - y[j], here_z - z[j]
            squared = dx * dx + dy * dy + dz * dz
            per_d = F(1) / np.sqrt(squared + _NEVER)
            off = wanted[j] - squared * per_d
            w = F(1) / max(wanted[j], floor) if inverse else F(1)
            row += w * off * off
            by = w * off * per_d
            sum_x += by * dx
            sum_y += by * dy
            sum_z += by * dz
        pull[0, i], pull[1, i], pull[2, i] = sum_x, sum_y, sum_z
        total += float64(row)
    return total


@njit(void(_matrix, uint64, uint64, float32, float32[::1]), **_sums)
def inverse_masses(distances, begin, end, floor, mass):
    """mass[i] = Σ_j w_ij + max_j w_ij, j ≠ i, w = 1/max(δ, floor), for rows begin … end - 1 of a square matrix."""
    for i in range(begin, end):
        row = distances[i]
        total, nearest = F(0), F(np.inf)
        for j in range(U(row.shape[0])):
            here = max(row[j], floor)
            total += F(1) / here
            nearest = min(nearest, F(np.inf) if j == i else here)
        own = F(1) / max(row[i], floor)
        mass[i] = total - own + F(1) / nearest


@njit(void(_matrix, _matrix, float32[:, ::1]), **_sums)
def distances_one_by_one(A, B, distances):
    """distances[i, j] = |a_i - b_j|, summed directly: the bits of a product depend on what else is multiplied."""
    for i in range(U(A.shape[0])):
        row = A[i]
        for j in range(U(B.shape[0])):
            other = B[j]
            total = F(0)
            for c in range(U(A.shape[1])):
                apart = row[c] - other[c]
                total += apart * apart
            distances[i, j] = np.sqrt(total)


@njit(void(_matrix, _matrix, uint64, boolean, float32, float32[:, ::1]), **_sums)
def place_rows(distances, Y, steps, inverse, floor, places):
    """places[i] = the least-stress place of a row at distances[i] from points that stay at Y (d, m), each by itself.

    From the nearest point's, a little aside towards the middle of all, by Guttman steps with momentum.
    """
    dims, m = U(Y.shape[0]), U(Y.shape[1])
    weight, by = np.empty(m, np.float32), np.empty(m, np.float32)
    here, velocity = np.empty(dims, np.float32), np.empty(dims, np.float32)
    for i in range(U(distances.shape[0])):
        wanted = distances[i]
        nearest, mass = U(0), F(0)
        for j in range(m):
            weight[j] = F(1) / max(wanted[j], floor) if inverse else F(1)
            mass += weight[j]
            if wanted[j] < wanted[nearest]:
                nearest = j
        for c in range(dims):
            centre = F(0)
            for j in range(m):
                centre += Y[c, j]
            here[c], velocity[c] = F(0.99) * Y[c, nearest] + F(0.01) * centre / F(m), F(0)
        for _ in range(steps):
            by[:] = _NEVER
            for c in range(dims):
                along = Y[c]
                for j in range(m):
                    by[j] += (here[c] - along[j]) * (here[c] - along[j])
            for j in range(m):
                by[j] = weight[j] * (wanted[j] / np.sqrt(by[j]) - F(1))
            for c in range(dims):
                along = Y[c]
                pull = F(0)
                for j in range(m):
                    pull += by[j] * (here[c] - along[j])
                velocity[c] = _MOMENTUM * velocity[c] + pull / mass
                here[c] += velocity[c]
        for c in range(dims):
            places[i, c] = here[c]


@njit(
    void(types.Array(int64, 1, "C", readonly=True), types.Array(int32, 1, "C", readonly=True),
         types.Array(float32, 1, "C", readonly=True), uint64, float32[::1]),
    **_exact,
)  # fmt: skip
def shortest_paths(indptr, indices, weight, source, length):
    """length[j] = the length of the shortest path from `source` to row j; infinite where there is none.

    E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959), on a binary heap
    in which a row has one place.
    """
    n = U(length.shape[0])
    length[:] = F(np.inf)
    heap = np.empty(n, np.uint32)
    place = np.full(n, 0xFFFFFFFF, np.uint32)  # of a row in the heap
    length[source] = F(0)
    heap[0] = uint32(source)
    place[source] = uint32(0)
    size = U(1)
    while size:
        nearest = U(heap[0])
        size -= U(1)
        row = heap[size]
        at, child = U(0), U(1)
        while child < size:
            if child + U(1) < size and length[heap[child + U(1)]] < length[heap[child]]:
                child += U(1)
            if length[heap[child]] >= length[row]:
                break
            heap[at] = heap[child]
            place[heap[at]] = uint32(at)
            at = child
            child = U(2) * at + U(1)
        heap[at] = row
        place[row] = uint32(at)
        for e in range(U(indptr[nearest]), U(indptr[nearest + U(1)])):
            other = U(indices[e])
            reached = length[nearest] + weight[e]
            if reached < length[other]:
                length[other] = reached
                at = U(place[other])
                if at == U(0xFFFFFFFF):
                    at = size
                    size += U(1)
                while at > U(0):
                    parent = (at - U(1)) >> U(1)
                    if length[heap[parent]] <= reached:
                        break
                    heap[at] = heap[parent]
                    place[heap[at]] = uint32(at)
                    at = parent
                heap[at] = uint32(other)
                place[other] = uint32(at)
