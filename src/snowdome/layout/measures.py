"""Measures of a map, one function each: neighbours kept, ranks kept, distances kept, labels found again.

Each gives the same bits for any number of threads.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.threads import one_blas_thread, run_watched

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Look = Callable[[int], Any]
"""Is called now and then on the thread that measures, and ends it by raising; its argument counts parts of the work."""

VOTERS = 10  # neighbours on the map whose labels are counted

_ROWS = 1024
_AT_ONCE = 8  # parts of the work between two looks: about a tenth of a second
_TILE = 256  # rows whose distances to all others are held at a time


def nobody(done: int) -> None:
    """Looks at nothing."""


def sample(n: int, m: int, seed: int, stream: int) -> Rows:
    """At most m of n rows, drawn without replacement, in ascending order."""
    if m >= n:
        return np.arange(n)
    keys = rng.uniform(seed, stream, n, 1)[:, 0]
    return np.sort(np.argpartition(keys, m)[:m])


def sample_pairs(n: int, m: int, seed: int, stream: int) -> tuple[Rows, Rows]:
    """All pairs i < j of n rows where there are at most m, else m pairs i ≠ j drawn with replacement."""
    if n * (n - 1) // 2 <= m:
        first, second = np.triu_indices(n, 1)
        return first, second
    drawn = rng.uniform(seed, stream, m, 2)
    first = (drawn[:, 0] * n).astype(np.int64)
    return first, (first + 1 + (drawn[:, 1] * (n - 1)).astype(np.int64)) % n


def distances(points: NDArray[Any], first: Rows, second: Rows, threads: int = 1, look: Look = nobody) -> Floats:
    """The Euclidean distance of each pair of rows, float64."""
    found = np.empty(len(first))
    step = max(64, (1 << 20) // points.shape[1])

    def task(block: int) -> None:
        part = slice(block * step, (block + 1) * step)
        difference = points[first[part]].astype(np.float32, copy=False) - points[second[part]]
        found[part] = np.einsum("ij,ij->i", difference, difference, dtype=np.float64)

    run_watched(task, -(-len(first) // step), threads, look, _AT_ONCE)
    return np.sqrt(found)


def stresses(drawn: Floats, data: Floats) -> dict[str, float]:
    """Kruskal's stress-1 and Sammon's stress of distances on the map against those in the data.

    Raw, and with the map's best scale for each. J. B. Kruskal, "Multidimensional scaling", Psychometrika 29 (1964):
    √(Σ (d - D)² / Σ D²). J. W. Sammon, "A nonlinear mapping for data structure analysis", IEEE Trans. Computers 18
    (1969): Σ ((d - D)² / D) / Σ D, over pairs with D > 0. Nothing where all D are 0.
    """
    apart = data > 0
    if not apart.any():
        return {}
    d, near = drawn[apart], data[apart]
    total = near.sum()
    dd, d_near, near_near = (drawn**2).sum(), (d * near).sum(), (near**2).sum()
    weighted = (d * d / near).sum()
    raw = dd - 2 * d_near + near_near
    rescaled = near_near - (d_near**2 / dd if dd > 0 else 0.0)
    sammon = weighted - 2 * d.sum() + total
    sammon_rescaled = total - (d.sum() ** 2 / weighted if weighted > 0 else 0.0)
    return {
        "stress-1, rescaled": float(np.sqrt(max(0.0, rescaled) / near_near)),
        "stress-1": float(np.sqrt(max(0.0, raw) / near_near)),
        "Sammon stress, rescaled": float(max(0.0, sammon_rescaled) / total),
        "Sammon stress": float(max(0.0, sammon) / total),
    }


def nearest_places(Y: NDArray[np.float32], k: int, threads: int = 1, look: Look = nobody) -> NDArray[np.int32]:
    """The k nearest other points of each point of a map (n, d), nearest first, exact, (n, k). Cost: n k log n."""
    from scipy.spatial import cKDTree

    n = len(Y)
    tree = cKDTree(Y.astype(np.float64))
    found = np.empty((n, k), np.int32)

    def task(block: int) -> None:
        rows = np.arange(block * _ROWS, min(n, (block + 1) * _ROWS))
        near = tree.query(Y[rows].astype(np.float64), k + 1)[1]
        # A point is its own nearest, but among equal places it may come later or, where there are many, not at all.
        other = near != rows[:, None]
        other[other.all(1), -1] = False
        found[rows] = near[other].reshape(len(rows), k)

    run_watched(task, -(-n // _ROWS), threads, look, _AT_ONCE)
    return found


def common(a: NDArray[np.int32], b: NDArray[np.int32], threads: int = 1) -> Rows:
    """How many entries of each row of a (n, k) are in the same row of b (n, k): (n,). No row holds one twice."""
    shared = np.empty(len(a), np.int64)

    def task(block: int) -> None:
        part = slice(block * _ROWS, (block + 1) * _ROWS)
        both = np.sort(np.concatenate([a[part], b[part]], axis=1), axis=1)
        shared[part] = (both[:, 1:] == both[:, :-1]).sum(1)

    run_watched(task, -(-len(a) // _ROWS), threads, nobody)
    return shared


def rank_agreement(
    points: NDArray[Any], Y: NDArray[np.float32], k: int, threads: int = 1, look: Look = nobody
) -> tuple[float, float]:
    """Trustworthiness and continuity of a map Y (n, d) of `points` (n, p) at k < n / 2 neighbours.

    J. Venna and S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN (2001). Ties by index.
    Cost: n² (p + k).
    """
    from snowdome.layout import kernels_quality as kernels

    n = len(points)
    values = np.ascontiguousarray(points, np.float32)
    values = values - np.round(values.mean(0, dtype=np.float64)).astype(np.float32)
    norms = np.einsum("ij,ij->i", values, values)
    places = np.ascontiguousarray(Y.T, np.float32)
    beyond = np.zeros((2, -(-n // _TILE)), np.int64)

    def task(block: int) -> None:
        rows = slice(block * _TILE, min(n, (block + 1) * _TILE))
        in_data = norms[rows, None] + norms
        in_data -= 2 * (values[rows] @ values.T)
        on_map = np.empty_like(in_data)
        kernels.fill_tile(places, rows.start, on_map)
        near = np.empty((2, len(in_data), k), np.int32)
        for tile, nearest in zip((in_data, on_map), near, strict=True):
            kernels.nearest_in_tile(tile, rows.start, nearest)
        for sums, tile, nearest in zip(beyond, (in_data, on_map), near[::-1], strict=True):
            ranks = kernels.ranks_in_tile(tile, rows.start, nearest)
            sums[block] = np.maximum(ranks - k, 0).sum()

    with one_blas_thread():
        run_watched(task, beyond.shape[1], threads, look, _AT_ONCE)
    trust, continuity = 1.0 - beyond.sum(1) * (2.0 / (n * k * (2 * n - 3 * k - 1)))
    return float(trust), float(continuity)


def spearman(points: NDArray[Any], Y: NDArray[np.float32], threads: int = 1, look: Look = nobody) -> float:
    """Spearman's correlation of all distances between the rows, in the data and on the map; 0 where one is constant.

    C. Spearman, "The proof and measurement of association between two things", Am. J. Psychology 15 (1904); ties have
    their mean rank. Cost: n² p, and the sorting of n² / 2 numbers.
    """
    from scipy.stats import rankdata

    pairs = np.triu_indices(len(points), 1)
    ranks = np.array([rankdata(distances(a, *pairs, threads, look)) for a in (points, Y)])
    ranks -= ranks.mean(1, keepdims=True)
    norms = np.sqrt((ranks * ranks).sum(1))
    return float((ranks[0] * ranks[1]).sum() / norms.prod()) if norms.all() else 0.0


def label_accuracy(
    Y: NDArray[np.float32], y: NDArray[Any], held_out: NDArray[np.bool_], threads: int = 1, look: Look = nobody
) -> float:
    """The share of held-out points whose label most of their 10 nearest other points on the map have.

    `y` (n,) are codes from 0; where labels have as many votes, the lowest code wins, as in scikit-learn.
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(Y[~held_out].astype(np.float64))
    asked, codes = Y[held_out].astype(np.float64), np.unique(y, return_inverse=True)[1]
    given, wanted = codes[~held_out], codes[held_out]
    right = np.zeros(-(-len(asked) // _ROWS), np.int64)

    def task(block: int) -> None:
        part = slice(block * _ROWS, (block + 1) * _ROWS)
        votes = np.sort(given[tree.query(asked[part], VOTERS)[1]], axis=1)
        many = (votes[:, :, None] == votes[:, None, :]).sum(2)
        won = votes[np.arange(len(votes)), many.argmax(1)]
        right[block] = (won == wanted[part]).sum()

    run_watched(task, len(right), threads, look, _AT_ONCE)
    return float(right.sum() / len(asked))
