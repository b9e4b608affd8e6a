"""The three witnesses of a label: a model of all other rows, the labels of the nearest rows, the classes' centroids."""

import dataclasses
import hashlib

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo
from snowdome.core.control import Control
from snowdome.core.threads import run_tasks
from snowdome.data.dataset import Dataset
from snowdome.model.appearance import COMPONENTS, appearance
from snowdome.model.appearance import memory_needed as appearance_memory
from snowdome.model.leave_one_out import leave_one_out
from snowdome.model.leave_one_out import memory_needed as leave_one_out_memory
from snowdome.space.checks import afford
from snowdome.space.equal import equal_rows
from snowdome.space.knn import Neighbours, nearest_neighbours
from snowdome.space.knn import memory_needed as neighbours_memory

VERSION = 3  # part of the name under which what they say is kept

NEIGHBOURS = 20  # whose labels are asked
SPACE = 50  # components in which they are found
_DOUBT = 0.5  # votes that are shared out among all classes, so that no class is impossible
_ROWS = 4096


@dataclasses.dataclass(frozen=True)
class Witnesses:
    """What they say of each of n rows.

    Attributes:
        model: (n, k) float32, probabilities by `leave_one_out`.
        votes: (n, k) float32, the share of each class among the 20 nearest rows by appearance.
        centroid: (n, k) float32, the distance to the centroid of each class, of which the row is no part.
        neighbours: those rows, in 50 components of appearance.
    """

    model: NDArray[np.float32]
    votes: NDArray[np.float32]
    centroid: NDArray[np.float32]
    neighbours: Neighbours


def ask(dataset: Dataset, believed: NDArray[np.bool_], threads: int, control: Control, memo: Memo) -> Witnesses:
    """Ask them. `believed` (n,): the rows whose labels are learnt from. What they say is kept by `memo`."""
    y, classes = np.asarray(dataset.y), len(dataset.classes)

    def compute() -> Arrays:
        afford(memory_needed(dataset), f"Ranking the labels of {len(y):,} rows", "Take fewer rows.")
        owner = equal_rows(dataset.X)
        looks = appearance(dataset, threads, control)
        near = np.ascontiguousarray(looks[:, :SPACE])
        neighbours = nearest_neighbours(near, min(NEIGHBOURS, len(dataset) - 1), threads, control)
        judged = leave_one_out(looks, y, classes, trains=believed, owner=owner, threads=threads, control=control)
        control.check("weighing the evidence", 0, 1)
        belief = judged.proba[np.arange(len(y)), y] * believed
        votes = _votes(neighbours, y, classes, belief, owner, threads)
        return {
            "model": judged.proba, "votes": votes, "index": neighbours.index,
            "distance": neighbours.distance, "centroid": _centroid_distances(looks, y, classes, believed),
        }  # fmt: skip

    who = "" if believed.all() else f"-{hashlib.sha256(believed.tobytes()).hexdigest()[:16]}"
    kept = memo(f"witnesses{who}-v{VERSION}", compute)
    return Witnesses(kept["model"], kept["votes"], kept["centroid"],
                     Neighbours(kept["index"], kept["distance"]))  # fmt: skip


def memory_needed(dataset: Dataset) -> int:
    """The bytes that asking them takes, at most: of one after the other, what each needs beside what they share."""
    n, classes = len(dataset), len(dataset.classes)
    shared = n * (4 * (COMPONENTS + SPACE) + 8 * NEIGHBOURS + 16)
    each = (
        appearance_memory(dataset),
        neighbours_memory(n, SPACE, min(NEIGHBOURS, max(1, n - 1))),
        leave_one_out_memory(n, classes),
    )
    return shared + max(each)


def _votes(
    neighbours: Neighbours,
    y: NDArray[np.int64],
    classes: int,
    belief: NDArray[np.float32],
    owner: NDArray[np.int64],
    threads: int,
) -> NDArray[np.float32]:
    """The share of each class among the neighbours that are no copies, each as far as its label is believed, (n, k)."""
    n = len(y)
    votes = np.full((n, classes), _DOUBT / classes, np.float32)

    def count(block: int) -> None:
        rows = np.arange(block * _ROWS, min(n, (block + 1) * _ROWS))
        for column in range(neighbours.index.shape[1]):
            other = neighbours.index[rows, column]
            votes[rows, y[other]] += belief[other] * (owner[other] != owner[rows])

    run_tasks(count, -(-n // _ROWS), threads)
    return np.asarray(votes / votes.sum(1, keepdims=True))


def _centroid_distances(
    looks: NDArray[np.float32], y: NDArray[np.int64], classes: int, believed: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The distance of each row to the centroid of each class, of which it is no part itself, (n, k).

    A class without other rows is as far as the farthest.
    """
    sums, count = np.zeros((classes, looks.shape[1])), np.bincount(y[believed], minlength=classes)
    for code in range(classes):
        sums[code] = looks[(y == code) & believed].sum(0, dtype=np.float64)
    centres = sums / np.maximum(count, 1)[:, None]
    square = np.square(looks, dtype=np.float64).sum(1)
    apart = np.maximum(0, square[:, None] + np.square(centres).sum(1) - 2 * looks @ centres.T)
    mine = np.flatnonzero(believed & (count[y] > 1))
    # Without the row itself the centroid lies m / (m - 1) times as far from it.
    times = (count[y[mine]] / (count[y[mine]] - 1.0)) ** 2
    apart[mine, y[mine]] *= times
    alone = np.flatnonzero(believed & (count[y] == 1))
    apart[:, count == 0] = apart[alone, y[alone]] = apart.max(initial=0.0)
    return np.asarray(np.sqrt(apart), np.float32)
