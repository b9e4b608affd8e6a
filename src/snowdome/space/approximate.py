"""Approximate neighbours: the neighbours of a row's neighbours in passes, until the recall will do."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.rng import uniform
from snowdome.core.threads import run_tasks
from snowdome.space.places import Places, grouped

_PASSES = 8  # at most
_RECALL = 0.99  # at which they end
_GAIN = 0.003  # they also end where one gains less than this
_KNOWN, _KNOWN_BY = 24, 24  # so many that a row knows meet each other, and of those that know it
_LEAST = 16  # that are looked for: with fewer, rows know too few to meet all others by and by
_OFFERS = 64  # room for the offers that a row causes, on average
_TASK, _PARTS = 4096, 16  # rows of a task, and tasks between which lists change; fixed, whatever the threads
_QUERIES = 1000

Lists = tuple[NDArray[Any], ...]


def wider(k: int) -> int:
    """How many neighbours are looked for where k are wanted: the more meet, the fewer are missed."""
    return max(_LEAST, k + k // 4 + 1)


def memory_needed(n: int, k: int) -> int:
    """The bytes that `improve` takes, at most, for n rows of k neighbours."""
    known = min(wider(k), _KNOWN)
    return 4 * n * (3 * known + _KNOWN_BY + 2) + 12 * _TASK * _PARTS * _OFFERS


class Recall:
    """The exact neighbours of 1,000 rows, drawn by a fixed seed, and the share of them that was found.

    Attributes:
        queries: (q,) int32, the rows, ascending.
    """

    def __init__(self, X: NDArray[Any], places: Places, lists: Lists, k: int, threads: int) -> None:
        n = len(X)
        self.queries = np.unique((uniform(0, 1, min(n, _QUERIES), 1)[:, 0] * n).astype(np.int32))
        self._names, self._at = places.names, np.argsort(places.names)[self.queries]
        self._truth = _nearest_of(X, places, self._at, lists[3], k, threads)

    def of(self, found: NDArray[Any]) -> float:
        """The share of the exact neighbours that are in the rows of `found`, one for each query."""
        return float(np.mean((self._truth[:, :, None] == found[:, None, :]).any(2)))

    def of_lists(self, lists: Lists, k: int) -> float:
        """The same of the lists, which hold places."""
        return self.of(self._names[lists[1][self._at, :k]])


def improve(
    places: Places, k: int, lists: Lists, recall: Recall, threads: int, tell: Callable[[int, int], None]
) -> None:
    """Let the neighbours of each row meet, in passes, and put into the lists who is near whom.

    In a pass the rows that a row knows, and those that know it, are offered to each other; pairs of which one is new
    to the row since the last pass. `tell(pass, passes)` is called before each.

    W. Dong, M. Charikar and K. Li, "Efficient k-nearest neighbor graph construction", WWW (2011).
    """
    known = np.full((len(places.norm), min(k, _KNOWN)), -1, np.int32)
    found = recall.of_lists(lists, k)
    for number in range(_PASSES):
        tell(number, _PASSES)
        if found >= _RECALL:
            return
        known = _meet(places, k, lists, known, threads)
        before, found = found, recall.of_lists(lists, k)
        if found < before + _GAIN:
            return


def _meet(places: Places, k: int, lists: Lists, before: NDArray[np.int32], threads: int) -> NDArray[np.int32]:
    """One pass, after one in which the rows knew those of `before`; whom they knew at its beginning."""
    from snowdome.space import kernels, kernels_approximate

    n, names = len(places.names), places.names
    known, marked = np.full_like(before, -1), np.empty(before.shape, np.uint32)
    bounds = np.linspace(0, n, _PARTS + 1).astype(int)

    def mark(part: int) -> None:
        kernels_approximate.mark_known(bounds[part], bounds[part + 1], before, known, marked, *lists[:3])

    run_tasks(mark, _PARTS, threads)
    back, held = np.empty((n, _KNOWN_BY), np.uint32), np.zeros(n, np.int32)
    kernels_approximate.turn_around(marked[:n], back, held)
    room = _TASK * _OFFERS
    offers = [(np.empty((room, 2), np.int32), np.empty(room, np.float32)) for _ in range(_PARTS)]
    made = [0] * _PARTS

    for first in range(0, n, _TASK * _PARTS):
        starts = [min(n, first + part * _TASK) for part in range(_PARTS + 1)]

        def meet(part: int, starts: list[int] = starts) -> None:
            made[part] = kernels_approximate.join_around(
                places.points, known, marked, back, held, starts[part], starts[part + 1], lists[3], *offers[part]
            )

        def take(part: int) -> None:
            rows = (bounds[part], bounds[part + 1])
            for count, offered in zip(made, offers, strict=True):
                kernels.take_offers(places.points, names, *offered, count, *rows, k, places.grow, *lists)

        run_tasks(meet, _PARTS, threads)
        run_tasks(take, _PARTS, threads)
    return known


def _nearest_of(
    X: NDArray[Any], places: Places, at: NDArray[Any], limit: NDArray[np.float32], k: int, threads: int
) -> NDArray[np.int64]:
    """The exact k nearest other rows of the rows in the places `at`, which are within their limits; rows of (q, k)."""
    from snowdome.space import kernels

    left, right, norm, ends = places.panels
    groups, width = -(-len(at) // kernels.ROWS), int(ends[-1]) + 1
    mine = np.zeros((groups * kernels.ROWS, width), np.float32)
    mine[: len(at)] = left.reshape(-1, width, kernels.ROWS)[at // kernels.ROWS, :, at % kernels.ROWS]
    norms, limits = np.full(len(mine), np.inf, np.float32), np.full(len(mine), -1, np.float32)
    norms[: len(at)], limits[: len(at)] = norm[at], limit[at]
    panel, tasks = grouped(mine, kernels.ROWS), np.linspace(0, len(norm) // kernels.BLOCK, _PARTS + 1).astype(int)
    found: list[Any] = [None] * _PARTS

    def look(part: int) -> None:
        columns = (tasks[part] * kernels.BLOCK, tasks[part + 1] * kernels.BLOCK)
        room = 2**14
        while True:
            pairs = np.empty((room, 2), np.int32)
            count = kernels.find_within(panel, norms, limits, right, norm, ends, *columns, pairs)
            if count <= room:
                break
            room = count
        found[part] = pairs[:count]

    run_tasks(look, _PARTS, threads)
    which, place = np.concatenate(found).T
    nearest = np.empty((len(at), k), np.int64)
    for number, row in enumerate(places.names[at]):
        near = places.names[place[which == number]]
        near = near[near != row]
        unit = np.float64(places.unit)
        exact = np.square(X[near] / unit - X[row] / unit).sum(1)
        nearest[number] = near[np.lexsort((near, exact))[:k]]
    return nearest
