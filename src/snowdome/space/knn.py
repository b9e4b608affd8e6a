"""Exact nearest neighbours by fused, symmetric blocks of matrix products."""

import dataclasses
import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks

VERSION = 1  # part of the name under which neighbours are kept

_BLOCK = 512  # a tile of distances and its two panels stay in the second-level cache


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """The k nearest other rows of each row, nearest first, ties by index.

    Attributes:
        index: (n, k) int32.
        distance: (n, k) float32, Euclidean.
    """

    index: NDArray[np.int32]
    distance: NDArray[np.float32]


def nearest_neighbours(
    X: NDArray[Any],
    k: int,
    threads: int = 1,
    control: Control | None = None,
    memo: Memo = forget,
    space: str = "",
) -> Neighbours:
    """The exact k nearest other rows of each row of X (n, p), 1 ≤ k < n, in the values of X as float32.

    Distances come from one matrix product per pair of blocks, |x|² - 2 x·y + |y|² in float32; every pair whose rounded
    distance could be among the k nearest is kept, and the kept ones are sorted by their exact distance. `space` names
    the space for `memo`. Cost: n² p multiplications, n (2 k + 64) · 8 bytes.
    """
    watcher = control or Control()

    def compute() -> Arrays:
        with one_blas_thread():
            return _compute(np.ascontiguousarray(X, np.float32), k, threads, watcher)

    kept = memo(f"neighbours-{space}-{k}-v{VERSION}", compute)
    return Neighbours(kept["index"], kept["distance"])


def _compute(X: NDArray[np.float32], k: int, threads: int, control: Control) -> Arrays:
    from snowdome.space import kernels

    n = len(X)
    names = _by_place(X)
    left, right, slack = _panels(X[names])
    room = 2 * k + 64
    lists = (
        np.empty((n, room), np.float32),
        np.empty((n, room), np.int32),
        np.zeros(n, np.int32),
        np.full(n, np.inf, np.float32),
    )
    blocks = -(-n // _BLOCK)
    own = threading.local()

    def offer(pair: tuple[int, int]) -> None:
        if not hasattr(own, "tile"):
            own.tile = np.empty(_BLOCK * _BLOCK, np.float32)
        a, b = (slice(number * _BLOCK, min(n, (number + 1) * _BLOCK)) for number in pair)
        tile = own.tile[: (a.stop - a.start) * (b.stop - b.start)].reshape(a.stop - a.start, -1)
        np.dot(left[a], right[b].T, out=tile)
        kernels.scan_tile(tile, X, names, a.start, b.start, k, slack, *lists)

    rounds = list(_rounds(blocks))
    for number, pairs in enumerate(rounds):
        control.check("finding neighbours", number, len(rounds))
        run_tasks(lambda task, pairs=pairs: offer(pairs[task]), len(pairs), threads)  # type: ignore[misc]
    index, distance = np.empty((n, k), np.int32), np.empty((n, k), np.float32)

    def finish(block: int) -> None:
        begin, end = block * 4096, min(n, (block + 1) * 4096)
        kernels.finish_rows(X, names, begin, end, k, slack, *lists, index, distance)

    run_tasks(finish, -(-n // 4096), threads)
    return {"index": index, "distance": distance}


def _by_place(X: NDArray[np.float32]) -> NDArray[np.int32]:
    """The rows in an order in which a block holds rows that lie close together: halved again and again by value.

    Near rows that meet early leave little to be kept of those that meet later.
    """
    spread = np.argsort(X.var(0))[::-1][:16]
    parts = [np.arange(len(X), dtype=np.int32)]
    while len(parts[0]) > _BLOCK:
        halves = []
        for rows in parts:
            values = X[rows][:, spread]
            column = values[:, int(values.var(0).argmax())]
            order = np.argsort(column, kind="stable")
            halves += [rows[order[: len(rows) // 2]], rows[order[len(rows) // 2 :]]]
        parts = halves
    return np.concatenate(parts)


def _panels(X: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """L, R with L @ R.T = squared distances, and by how much twice the rounding may move each row's.

    The rows are moved to their (whole) mean first, which makes the terms and so the rounding smaller.
    """
    n, p = X.shape
    centred = X - np.round(X.mean(0, dtype=np.float64)).astype(np.float32)
    norms = np.einsum("ij,ij->i", centred, centred, dtype=np.float64)
    left, right = np.empty((n, p + 2), np.float32), np.empty((n, p + 2), np.float32)
    left[:, :p], left[:, p], left[:, p + 1] = centred, norms, 1
    right[:, :p], right[:, p], right[:, p + 1] = -2 * centred, 1, norms
    unit = 2.0**-24
    slack = 4 * (p + 4) * unit * (norms + norms.max(initial=0.0))
    return left, right, np.nextafter(slack.astype(np.float32), np.float32(np.inf))


def _rounds(blocks: int) -> Iterator[list[tuple[int, int]]]:
    """All unordered pairs of blocks, near ones first, in rounds of disjoint pairs: no two threads touch one row's list.

    Pairs at a distance d in the ring of blocks form cycles; each cycle is taken in two rounds, an odd one in three.
    """
    yield [(block, block) for block in range(blocks)]
    for apart in range(1, blocks // 2 + 1):
        colours: list[list[tuple[int, int]]] = [[], [], []]
        cycles = math.gcd(apart, blocks)
        length = blocks // cycles
        for first in range(cycles):
            for step in range(length if 2 * apart != blocks else 1):
                a, b = (first + step * apart) % blocks, (first + (step + 1) * apart) % blocks
                colour = 2 if length % 2 and step == length - 1 else step % 2
                colours[colour].append((min(a, b), max(a, b)))
        yield from (pairs for pairs in colours if pairs)
