"""Compiled loops of affinities: rows calibrated to a perplexity or a fuzzy cardinality, and made symmetric.

Indices are unsigned, as in the kernels of neighbours. A kernel and all it calls live here.
"""

# mypy: ignore-errors
# Each kernel is typed by the signature that it is compiled for.
import numpy as np
from numba import float32, float64, int32, int64, njit, types, uint64, void

U = np.uint64
_exact = {"nogil": True, "cache": True, "error_model": "numpy"}
# Sums may be reordered and contracted, but NaN and infinity keep their meaning.
_sums = {**_exact, "fastmath": {"reassoc", "contract", "arcp", "nsz"}}

# What may be a memory map of a file is declared read-only.
_matrix = types.Array(float32, 2, "C", readonly=True)
_index = types.Array(int32, 2, "C", readonly=True)


@njit(void(_matrix, float64, uint64, uint64, float32[:, ::1]), **_sums)
def calibrate_rows(distance, perplexity, begin, end, probability):
    """Gaussian weights of each row's neighbours with the given perplexity 2^H (van der Maaten and Hinton 2008).

    Newton's method on the logarithm of the precision, kept inside a bracket. The distances of a row are measured
    from its nearest neighbour, which changes no weight and keeps exp() from underflowing.
    """
    k = U(distance.shape[1])
    wanted = np.log(perplexity)
    gap = np.empty(distance.shape[1], np.float64)
    for i in range(begin, end):
        nearest = float64(distance[i, U(0)]) ** 2
        mean = 0.0
        for c in range(k):
            gap[c] = float64(distance[i, c]) ** 2 - nearest
            mean += gap[c]
        mean /= k
        low, high = -np.inf, np.inf
        guess = -np.log(mean) if mean > 0.0 else 0.0
        furthest = 60.0  # where several are equally near, no precision reaches a perplexity below their number
        smallest_guess, largest_guess = guess - furthest, guess + furthest
        for _ in range(100):
            beta = np.exp(guess)
            total = first = second = 0.0
            for c in range(k):
                weight = np.exp(-beta * gap[c])
                total += weight
                first += weight * gap[c]
                second += weight * gap[c] * gap[c]
            first /= total
            entropy = np.log(total) + beta * first
            error = entropy - wanted
            if abs(error) < 1e-10 or mean == 0.0:
                break
            if error > 0.0:
                low = guess
            else:
                high = guess
            slope = beta * beta * (second / total - first * first)  # -dH / d(log beta)
            guess += error / slope if slope > 0.0 else error
            if guess <= low or guess >= high:
                if low == -np.inf:
                    guess = high - 2.0
                elif high == np.inf:
                    guess = low + 2.0
                else:
                    guess = 0.5 * (low + high)
            if guess < smallest_guess or guess > largest_guess:
                guess = min(max(guess, smallest_guess), largest_guess)
                break
        beta = np.exp(guess)
        total = 0.0
        for c in range(k):
            total += np.exp(-beta * gap[c])
        for c in range(k):
            probability[i, c] = float32(np.exp(-beta * gap[c]) / total)


@njit(void(_matrix, float64, float64, float64, uint64, uint64, float32[:, ::1]), **_exact)
def fuzzy_rows(distance, local, wanted, mean_of_all, begin, end, membership):
    """exp(-max(0, d - ρ) / σ) of each row's neighbours, σ such that they sum to `wanted` (McInnes et al. 2018).

    ρ is the `local`-th positive distance, interpolated. σ is at least a thousandth of the row's mean distance (of
    `mean_of_all` where ρ is 0), the point itself counted, so that ties never make it 0.
    """
    k = U(distance.shape[1])
    gap = np.empty(distance.shape[1], np.float64)
    for i in range(begin, end):
        first = U(0)
        mean = 0.0
        for c in range(k):
            mean += float64(distance[i, c])
            if distance[i, c] <= float32(0.0):
                first = c + U(1)
        mean /= float64(k) + 1.0
        rho = 0.0
        positive = k - first
        if positive > U(0):
            whole = U(np.floor(local))
            below = float64(distance[i, first + min(whole, positive) - U(1)]) if whole > U(0) else 0.0
            above = float64(distance[i, first + min(whole, positive - U(1))])
            rho = below + (local - np.floor(local)) * (above - below)
        furthest = 0.0
        for c in range(k):
            gap[c] = max(0.0, float64(distance[i, c]) - rho)
            furthest = max(furthest, gap[c])
        least = 1e-3 * (mean if rho > 0.0 else mean_of_all)
        low, high = least, max(least, 1e3 * furthest)
        sigma = min(max(furthest, low), high)
        for _ in range(64):
            if sigma <= 0.0 or high - low <= 1e-9 * high:
                break
            total = slope = 0.0
            for c in range(k):
                weight = np.exp(-gap[c] / sigma)
                total += weight
                slope += weight * gap[c]
            error = total - wanted
            if abs(error) < 1e-7:
                break
            if error > 0.0:
                high = sigma
            else:
                low = sigma
            slope /= sigma * sigma
            sigma = sigma - error / slope if slope > 0.0 else 0.5 * (low + high)
            if not (low < sigma < high):  # Newton's step left the bracket
                sigma = 0.5 * (low + high)
        for c in range(k):
            membership[i, c] = float32(np.exp(-gap[c] / sigma)) if gap[c] > 0.0 else float32(1.0)


@njit(void(_index, _matrix, int64[::1], int32[::1], float32[::1]), **_exact)
def transpose(index, weight, start, source, value):
    """The transpose of a row-wise sparse matrix: `start` holds each column's first place and is moved to its end."""
    for i in range(U(index.shape[0])):
        for c in range(U(index.shape[1])):
            at = U(start[U(index[i, c])])
            source[at], value[at] = int32(i), weight[i, c]
            start[U(index[i, c])] += 1


@njit(
    void(_index, _matrix, int64[::1], int32[::1], float32[::1], float64, float64, int64[::1], uint64, uint64,
         int32[::1], float32[::1]),
    **_exact,
)  # fmt: skip
def merge_rows(index, weight, start, source, value, scale, overlap, indptr, begin, end, indices, data):
    """Rows of (W + Wᵀ - overlap · W ∘ Wᵀ)·scale: a row's own neighbours, sorted here, merged with those it is one of.

    With an empty `indices` only the length of row i is counted, into indptr[i + 1].
    """
    k = U(index.shape[1])
    own = np.empty(index.shape[1], np.int32)
    its = np.empty(index.shape[1], np.float32)
    filling = indices.shape[0] > 0
    for i in range(begin, end):
        for c in range(k):
            j, w = index[i, c], weight[i, c]
            at = int64(c)
            while at > 0 and own[U(at - 1)] > j:
                own[U(at)], its[U(at)] = own[U(at - 1)], its[U(at - 1)]
                at -= 1
            own[U(at)], its[U(at)] = j, w
        out = U(indptr[i]) if filling else U(0)
        a, b, last = U(0), U(start[i]), U(start[i + U(1)])
        while a < k or b < last:
            left = own[a] if a < k else int32(2147483647)
            right = source[b] if b < last else int32(2147483647)
            mine = theirs = 0.0
            if left <= right:
                mine = float64(its[a])
                a += U(1)
            if right <= left:
                theirs = float64(value[b])
                b += U(1)
            if filling:
                total = mine + theirs - overlap * mine * theirs
                indices[out], data[out] = min(left, right), float32(total * scale)
            out += U(1)
        if not filling:
            indptr[i + U(1)] = int64(out)
