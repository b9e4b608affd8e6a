"""Nearest neighbours by matrix products of blocks: all of them, or of those that lie near each other."""

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.space import approximate
from snowdome.space.checks import afford, require_finite, require_matrix
from snowdome.space.places import Places, arrange, columns_of

VERSION = 5  # part of the name under which neighbours are kept
EXACT_UP_TO = 300_000
"""Rows up to which neighbours are exact where nothing else is asked for."""

_NEAR = 8  # blocks that a row meets first: what it finds there limits what is looked at in the others
_NEAR_ALONE = 32  # where it meets no others: of these it meets the nearest groups
_MET_ALONE = 1024  # rows in those
_TOGETHER = 2  # blocks that are joined in one call
_ROWS = 4096


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """The k nearest other rows of each row, nearest first, ties by index.

    Attributes:
        index: (n, k) int32.
        distance: (n, k) float32, Euclidean.
        exact: whether no nearer row can have been missed.
        recall: of approximate neighbours, the share of the exact ones that was found, for 1,000 of the rows.
    """

    index: NDArray[np.int32]
    distance: NDArray[np.float32]
    exact: bool = True
    recall: float | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be told of them: how many of the exact ones were found; nothing where they are exact."""
        if self.recall is None:
            return ()
        some = f"{min(len(self.index), 1000):,}"
        return (f"The neighbours are approximate: {self.recall:.1%} of the exact ones of {some} rows were found.",)


def nearest_neighbours(
    X: NDArray[Any],
    k: int,
    threads: int = 1,
    control: Control | None = None,
    memo: Memo = forget,
    space: str = "",
    *,
    exact: bool | None = None,
) -> Neighbours:
    """The k nearest other rows of each row of X (n, p), 1 ≤ k < n, in the values of X as float32 (uint8 as they are).

    Rows are put into blocks of rows that lie close together. A row first meets the nearest blocks, and then, where
    the neighbours are to be exact, each pair of blocks is joined by a matrix product of the leading components that
    bounds the distances from below; the few pairs within the bound are measured directly in X. Rounding is accounted
    for, and the kept ones are sorted by their exact distance. `exact` None means: up to 300,000 rows. `space` names
    the space for `memo`.

    Approximate neighbours are those found in the nearest groups of rows and, in passes, among the neighbours of
    neighbours, until 99 % of the neighbours of 1,000 rows are the exact ones, a pass gains little, or eight passes.

    Cost: exact, n² m / 2 multiplications with m components, about 20–60 on images, in pixels as in components;
    approximate, 4,096 n m. Memory: see `memory_needed`.

    Raises:
        DataError: X is no matrix of numbers, has NaN, infinite or too large values, or memory will not do.
        OptionError: k is not in 1 … n - 1.
    """
    watcher = control or Control()
    every = _all_met(len(X), exact=exact)

    def compute() -> Arrays:
        with one_blas_thread():
            return _compute(_checked(X, k, every=every), k, threads, watcher, every=every)

    kept = memo(f"neighbours-{space}-{k}{'' if every else '-approximate'}-v{VERSION}", compute)
    return Neighbours(kept["index"], kept["distance"], every, None if every else float(kept["recall"][0]))


def memory_needed(n: int, p: int, k: int, itemsize: int = 4, *, exact: bool | None = None) -> int:
    """The bytes that `nearest_neighbours` takes, at most, for n rows of p values (uint8: `itemsize` 1)."""
    every, blocks = _all_met(n, exact=exact), n // 384 + 1
    wide = k if every else approximate.wider(k)
    columns, lists = 4 * columns_of(p), 8 * _room(wide) + 16
    # At its height: rows are put into places, or blocks are weighed against every other one, or pairs are joined, or
    # neighbours meet, or lists are finished.
    placing, weighing = 3 * columns, 2 * columns + 12 * (blocks if every else min(blocks, _ROWS)) * blocks // n
    joining, improving = 2 * columns + lists, 0 if every else lists + approximate.memory_needed(n, k) // n
    rows = 32 * -(-p // 32) * itemsize + max(placing, weighing, joining, improving, lists + 8 * k) + 120
    return n * rows + 2**16 * p + 2**25


def _room(k: int) -> int:
    """Places in the list of a row's candidates."""
    return k + k // 2 + 8


def _all_met(n: int, *, exact: bool | None) -> bool:
    """Whether the neighbours of n rows are to be the exact ones."""
    return n <= EXACT_UP_TO if exact is None else exact


def _checked(X: NDArray[Any], k: int, *, every: bool) -> NDArray[Any]:
    """X as contiguous rows of float32 or uint8."""
    require_matrix(X)
    n, p = X.shape
    if not 1 <= k < n:
        raise OptionError(f"k={k} is not allowed for {n} rows: 1 to {n - 1}, since a row is not its own neighbour.")
    small = X.dtype == np.uint8 and p < 2**15  # so that sums of squares fit into 32 bits
    afford(
        memory_needed(n, p, k, 1 if small else 4, exact=every), f"Finding {k} neighbours of {n:,} rows",
        "Take fewer rows or neighbours, or look in 50 principal components.",
    )  # fmt: skip
    if small:
        return np.ascontiguousarray(X)
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(X, np.float32)
    require_finite(values)
    return values


def _compute(X: NDArray[Any], k: int, threads: int, control: Control, *, every: bool) -> Arrays:
    from snowdome.space import kernels

    n = len(X)
    control.check("finding neighbours", 0, 1)
    points, grow, unit, lists, recall = _found(X, k, threads, control, every=every)  # the panels are gone by now
    index, distance = np.empty((n, k), np.int32), np.empty((n, k), np.float32)

    def finish(block: int) -> None:
        end = min(n, (block + 1) * _ROWS)
        kernels.finish_rows(*points, block * _ROWS, end, k, grow, unit, *lists, index, distance)

    run_tasks(finish, -(-n // _ROWS), threads)
    if not np.isfinite(distance).all():
        raise DataError("X: distances between rows are too large for float32. Scale the values down.")
    if recall is None:
        return {"index": index, "distance": distance}
    return {"index": index, "distance": distance, "recall": np.array([recall.of(index[recall.queries])])}


def _found(
    X: NDArray[Any], k: int, threads: int, control: Control, *, every: bool
) -> tuple[tuple[NDArray[Any], NDArray[np.int32]], np.float32, float, approximate.Lists, approximate.Recall | None]:
    """The rows in their places and those places' names, `grow` and `unit` of `Places`, and the lists of candidates."""
    from snowdome.space import kernels

    n = len(X)
    places = arrange(X, threads)
    rows, blocks = (places.points, places.names), len(places.centres)
    wide = k if every else min(n - 1, approximate.wider(k))
    total, room = blocks * kernels.BLOCK, _room(wide)
    limit = np.where(np.arange(total) < n, kernels.FAR, np.float32(-1))
    lists = (
        np.empty((total, room), np.float32), np.empty((total, room), np.int32), np.zeros(total, np.int32), limit,
        np.full(total, n, np.int32), np.zeros(total, np.float32),
    )  # fmt: skip
    least = 4 * wide // kernels.BLOCK + 2
    near = _near_blocks(places.centres, max(_NEAR if every else _NEAR_ALONE, least))
    met = None if every else max(_MET_ALONE, least * kernels.BLOCK) // kernels.COLUMNS

    def join_near(block: int) -> None:
        groups = _near_groups(places, block, near[block], met)
        kernels.join_near(*rows, *places.panels, groups, block * kernels.BLOCK, wide, places.grow, places.trust, *lists)

    for first in range(0, blocks, 64):
        control.check("finding neighbours", first, blocks * (3 if every else 2))
        run_tasks(lambda task, first=first: join_near(first + task), min(64, blocks - first), threads)  # type: ignore[misc]
    if every:
        _join_far(places, near, k, lists, threads, control)
        return rows, places.grow, places.unit, lists, None
    recall = approximate.Recall(X, places, lists, k, threads)
    places = places.without_panels()  # what the passes need takes their place

    def tell(number: int, passes: int) -> None:
        control.check("finding neighbours", blocks + number * blocks // passes, 2 * blocks)

    approximate.improve(places, wide, lists, recall, threads, tell)
    return rows, places.grow, places.unit, lists, recall


def _near_blocks(centres: NDArray[np.float32], count: int) -> NDArray[np.int32]:
    """The blocks whose centres are nearest to each block's, itself first: (blocks, count) int32."""
    blocks = len(centres)
    count = min(count, blocks)
    near = np.empty((blocks, count), np.int32)
    squared = np.einsum("ij,ij->i", centres, centres)
    for first in range(0, blocks, _ROWS):
        rows = slice(first, first + _ROWS)
        apart = squared - 2 * centres[rows] @ centres.T
        apart[np.arange(len(apart)), np.arange(blocks)[rows]] = -np.inf
        near[rows] = np.argsort(apart, axis=1, kind="stable")[:, :count]
    return near


def _near_groups(places: Places, block: int, near: NDArray[np.int32], count: int | None) -> NDArray[np.int32]:
    """The groups of columns that a block's groups of rows meet: all of the near blocks, or the nearest of them."""
    from snowdome.space import kernels

    each, groups = kernels.BLOCK // kernels.COLUMNS, kernels.BLOCK // kernels.ROWS
    there = (near[:, None] * each + np.arange(each, dtype=np.int32)).ravel()
    if count is None or count >= len(there):
        return np.tile(there, (groups, 1))
    others = places.column_centres[there]
    mine = places.row_centres[block * groups : (block + 1) * groups]
    apart = np.einsum("ij,ij->i", others, others) - 2 * mine @ others.T
    return np.asarray(there[np.argpartition(apart, count, axis=1)[:, :count]], np.int32)


def _join_far(
    places: Places, near: NDArray[np.int32], k: int, lists: tuple[Any, ...], threads: int, control: Control
) -> None:
    """Offer every row to the lists of all rows that it has not met in their near blocks."""
    from snowdome.space import kernels

    blocks = len(near)
    met = np.zeros((blocks, blocks), bool)
    met[np.arange(blocks)[:, None], near] = True
    nobody = np.full(len(places.norm), -1, np.float32)

    def join(pair: tuple[int, int]) -> None:
        spans = [min(blocks, (number + side) * _TOGETHER) for number in pair for side in (0, 1)]
        kernels.join_far(
            places.points, places.names, *places.panels, met, *spans, k, places.grow, nobody, *lists
        )  # fmt: skip

    rounds = list(_rounds(-(-blocks // _TOGETHER)))
    for number, pairs in enumerate(rounds):
        control.check("finding neighbours", len(rounds) + 2 * number, 3 * len(rounds))
        run_tasks(lambda task, pairs=pairs: join(pairs[task]), len(pairs), threads)  # type: ignore[misc]


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
