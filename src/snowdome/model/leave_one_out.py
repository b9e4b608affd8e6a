"""A nonlinear model that judges each row by all others: regression on random features, left out one by one exactly.

The answer without row i follows from the answer with it: e_i / (1 - h_i), where e is the residual and h_i how much
row i pulls its own prediction (the diagonal of the hat matrix). So one fit takes the place of n.
"""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.rng import normal
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.space.checks import afford

FEATURES = 3000
_STREAM = 740  # of random numbers: see core.rng
_WIDTH = 0.7  # of the kernel, in median distances between rows
_RIDGE = 2.5  # of the mean square of a feature, by the square root of the number of rows
_BLOCK, _ROWS, _PANEL = 2048, 256, 500
_LEAST = 1e-3  # of 1 - h, where rounding would have the last word


@dataclasses.dataclass(frozen=True)
class Judged:
    """What the model thinks of n rows.

    Attributes:
        proba: (n, k) float32, each row by a model of all other rows; each row sums to 1.
        leverage: (n,) float32, how much each row pulls its own prediction, 0 to 1: large for rows that are alone.
    """

    proba: NDArray[np.float32]
    leverage: NDArray[np.float32]


def leave_one_out(
    Z: NDArray[np.float32],
    y: NDArray[np.int64],
    classes: int,
    *,
    trains: NDArray[np.bool_] | None = None,
    owner: NDArray[np.int64] | None = None,
    threads: int = 1,
    control: Control | None = None,
) -> Judged:
    """What a model of all rows but row i (and its copies) thinks of row i, for each row of Z (n, q) with codes y (n,).

    Ridge regression of the classes on cosines of random projections, which stand for a Gaussian kernel. All
    labels are learnt from, doubtful ones too: a second round without those ranks no better where one label in ten is
    wrong, and worse where classes are alike. `trains` are the rows that it learns from, by default all; `owner` gives
    copies the same number: they are left out together. Scores become probabilities by the one temperature at which the
    labels are most probable.

    A. Rahimi and B. Recht, "Random features for large-scale kernel machines", NIPS (2007). Leaving out: D. M. Allen,
    "The relationship between variable selection and data augmentation and a method for prediction", Technometrics 16
    (1974).

    Cost: 3 n d² multiplications with d = 3,000 features; memory: 40 d² bytes and 2,048 rows. The same
    bits for any number of threads. DataError where memory will not do.
    """
    watcher = control or Control()
    n = len(Z)
    half = min(FEATURES, 8 * n) // 2
    afford(memory_needed(n, classes), f"Judging {n:,} rows out of fold", "Take fewer rows.")
    frequencies = normal(0, _STREAM, Z.shape[1], half).astype(np.float32) / (_WIDTH * _median_distance(Z))
    learns = np.ones(n, bool) if trains is None else trains
    same = np.arange(n) if owner is None else owner
    model = _Sums(Z, y, classes, frequencies)
    with one_blas_thread():
        model.add(np.flatnonzero(learns), threads, watcher)
        scores, leverage = model.left_out(learns, same, threads, watcher)
    return Judged(_probabilities(scores, y, learns), leverage)


def memory_needed(n: int, classes: int) -> int:
    """The bytes that `leave_one_out` takes, at most, for n rows."""
    size = 2 * (min(FEATURES, 8 * n) // 2)
    return 40 * size**2 + 16 * _BLOCK * size + n * (classes * 28 + 32)


class _Sums:
    """Sums over the rows that train, and what follows from them."""

    def __init__(
        self, Z: NDArray[np.float32], y: NDArray[np.int64], classes: int, frequencies: NDArray[np.float32]
    ) -> None:
        self.Z, self.y, self.frequencies = Z, y, frequencies
        size = 2 * frequencies.shape[1]
        self.gram = np.zeros((size, size))
        self.sums, self.targets = np.zeros(size), np.zeros((size, classes))

    def add(self, which: NDArray[np.int64], threads: int, control: Control) -> None:
        """Take rows in. Each task has columns of the sums of its own."""
        size = len(self.sums)
        block = np.empty((_BLOCK, size), np.float32)
        for first in range(0, len(which), _BLOCK):
            control.check("learning from all rows", first, len(which))
            some = which[first : first + _BLOCK]
            rows = block[: len(some)]

            def prepare(task: int, some: NDArray[np.int64] = some, rows: NDArray[np.float32] = rows) -> None:
                part = slice(task * _ROWS, (task + 1) * _ROWS)
                rows[part] = self.features(some[part])

            def multiply(task: int, rows: NDArray[np.float32] = rows) -> None:
                columns = slice(task * _PANEL, min(size, (task + 1) * _PANEL))
                self.gram[columns.start :, columns] += rows[:, columns.start :].T @ rows[:, columns]

            run_tasks(prepare, -(-len(some) // _ROWS), threads)
            run_tasks(multiply, -(-size // _PANEL), threads)
            self.sums += rows.sum(0, dtype=np.float64)
            self.targets += rows.T @ self.wanted(some)

    def features(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosines and sines of the projections, (m, d)."""
        projected = self.Z[rows] @ self.frequencies
        return np.concatenate([np.cos(projected), np.sin(projected)], 1)

    def wanted(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """1 for the given class and 0 for the others, (m, k)."""
        return np.eye(self.targets.shape[1], dtype=np.float32)[self.y[rows]]

    def left_out(
        self, learns: NDArray[np.bool_], owner: NDArray[np.int64], threads: int, control: Control
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The scores of each row by all others (n, k), and the leverage of each row. `learns`: the rows taken in."""
        from scipy.linalg import cholesky, solve_triangular

        n, k, count = len(self.Z), self.targets.shape[1], float(learns.sum())
        mean, counts = self.sums / count, np.bincount(self.y[learns], minlength=k)
        share = (counts / count).astype(np.float32)
        gram = self.gram - count * np.tril(np.outer(mean, mean))
        gram[np.diag_indices(len(gram))] += _RIDGE / np.sqrt(count) * np.trace(self.gram) / len(gram)
        lower = cholesky(gram, lower=True, overwrite_a=True)
        inverse = solve_triangular(lower, np.eye(len(lower)), lower=True, overwrite_b=True)
        weights = (inverse @ (self.targets - np.outer(mean, counts))).astype(np.float32)
        whiten, centre = np.ascontiguousarray(inverse.T.astype(np.float32)), mean.astype(np.float32)
        scores, leverage = np.empty((n, k), np.float32), np.empty(n, np.float32)

        def judge(task: int) -> None:
            rows = np.arange(task * _ROWS, min(n, (task + 1) * _ROWS))
            white = (self.features(rows) - centre) @ whiten
            scores[rows] = white @ weights + share
            leverage[rows] = np.einsum("ij,ij->i", white, white) + np.float32(1 / count)

        tasks, together = -(-n // _ROWS), 32
        for first in range(0, tasks, together):
            control.check("judging each row by the others", first, tasks)
            run_tasks(lambda task, first=first: judge(first + task), min(together, tasks - first), threads)  # type: ignore[misc]
        errors = (self.wanted(np.arange(n)) - scores) * learns[:, None]
        copies = np.bincount(owner, learns, n).astype(np.float32)[owner]
        pull = leverage / np.maximum(_LEAST, 1 - copies * leverage)
        return scores - pull[:, None] * _summed(errors, owner), leverage


def _summed(values: NDArray[np.float32], owner: NDArray[np.int64]) -> NDArray[np.float32]:
    """The sum over a row and its copies, (n, k)."""
    totals = np.zeros_like(values)
    np.add.at(totals, owner, values)
    return totals[owner]


def _median_distance(Z: NDArray[np.float32]) -> float:
    """Of up to 500 rows to each other, taken evenly; 1 where all are equal."""
    some = Z[np.linspace(0, len(Z) - 1, min(len(Z), 500)).astype(int)].astype(np.float64)
    squared = np.square(some).sum(1)
    apart = np.sqrt(np.maximum(0, squared[:, None] + squared - 2 * some @ some.T))
    return float(np.median(apart[np.triu_indices(len(some), 1)])) if len(some) > 1 and apart.any() else 1.0


def _probabilities(scores: NDArray[np.float32], y: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """softmax(scores / T), with the T at which the labels of the known rows are most probable."""
    rows = np.flatnonzero(known)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), 20_000)).astype(int)]
    some, labels = scores[rows].astype(np.float64), y[rows]

    def loss(temperature: float) -> float:
        chances = _softmax(some / temperature)
        return float(-np.log(np.maximum(chances[np.arange(len(rows)), labels], 1e-12)).mean())

    tried = np.geomspace(0.02, 2, 60)
    best = min(tried, key=loss) if len(rows) else 1.0
    return _softmax(scores / np.float32(best))


def _softmax(scores: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))
