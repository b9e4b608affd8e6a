"""A nonlinear model that judges each row by all others: regression on random features, left out one by one exactly.

The answer without row i follows from the answer with it: e_i / (1 - h_i), where e is the residual and h_i how much
row i pulls its own prediction (the diagonal of the hat matrix). So one fit takes the place of n.
"""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.rng import normal
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.space.checks import afford

FEATURES = 3000
_STREAM = 740  # of random numbers: see core.rng
_WIDTH = 0.7  # of the kernel, in median distances between rows
_RIDGE = 1e-3  # of the mean square of a feature
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

    Ridge regression of the classes on cosines of random projections, which stand for a Gaussian kernel. `trains` are
    the rows that it learns from, by default all; `owner` gives copies the same number: they are left out together.
    Scores become probabilities by the one temperature at which the given labels are most probable.

    A. Rahimi and B. Recht, "Random features for large-scale kernel machines", NIPS (2007). Leaving out: D. M. Allen,
    "The relationship between variable selection and data augmentation and a method for prediction", Technometrics 16
    (1974).

    Cost: 3 n d² multiplications with d = 3,000 features; memory: 20 d² bytes and 2,048 rows. The same bits for any
    number of threads. DataError where memory will not do.
    """
    watcher = control or Control()
    n = len(Z)
    half = min(FEATURES, 8 * n) // 2
    afford(4 * half**2 * 20 + n * (classes * 12 + 16), f"Judging {n:,} rows out of fold", "Take fewer rows.")
    frequencies = normal(0, _STREAM, Z.shape[1], half).astype(np.float32) / (_WIDTH * _median_distance(Z))
    learns = np.ones(n, np.float32) if trains is None else trains.astype(np.float32)
    model = _Sums(Z, y, classes, learns, frequencies)
    with one_blas_thread():
        for first in range(0, n, _BLOCK):
            watcher.check("learning from all rows", first, n)
            model.add(first, threads)
        residual, leverage = model.left_out(threads, watcher, _copies(owner, learns))
    return Judged(_probabilities(residual, y, learns > 0), leverage)


class _Sums:
    """Sums over the rows that train, and what follows from them."""

    def __init__(
        self,
        Z: NDArray[np.float32],
        y: NDArray[np.int64],
        classes: int,
        learns: NDArray[np.float32],
        frequencies: NDArray[np.float32],
    ) -> None:
        self.Z, self.y, self.learns, self.frequencies = Z, y, learns, frequencies
        size = 2 * frequencies.shape[1]
        self.gram = np.zeros((size, size))
        self.sums, self.targets = np.zeros(size), np.zeros((size, classes))
        self.rows = np.empty((_BLOCK, size), np.float32)
        self.count = float(learns.sum())

    def add(self, first: int, threads: int) -> None:
        """Take a block of rows in. Each task has columns of the sums of its own."""
        last = min(len(self.Z), first + _BLOCK)
        rows = self.rows[: last - first]
        size = rows.shape[1]

        def prepare(task: int) -> None:
            some = slice(task * _ROWS, min(len(rows), (task + 1) * _ROWS))
            at = slice(first + some.start, first + some.stop)
            rows[some] = self.features(at) * self.learns[at, None]

        def multiply(task: int) -> None:
            columns = slice(task * _PANEL, min(size, (task + 1) * _PANEL))
            self.gram[columns.start :, columns] += rows[:, columns.start :].T @ rows[:, columns]

        run_tasks(prepare, -(-len(rows) // _ROWS), threads)
        run_tasks(multiply, -(-size // _PANEL), threads)
        self.sums += rows.sum(0, dtype=np.float64)
        self.targets += rows.T @ self.wanted(slice(first, last))

    def features(self, rows: slice) -> NDArray[np.float32]:
        """Cosines and sines of the projections, (m, d)."""
        projected = self.Z[rows] @ self.frequencies
        return np.concatenate([np.cos(projected), np.sin(projected)], 1)

    def wanted(self, rows: slice) -> NDArray[np.float32]:
        """1 for the given class and 0 for the others, (m, k)."""
        return np.eye(self.targets.shape[1], dtype=np.float32)[self.y[rows]]

    def left_out(
        self, threads: int, control: Control, copies: "_Copies"
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The scores of each row by all others (n, k), and the leverage of each row."""
        from scipy.linalg import cholesky, solve_triangular

        n, k = len(self.Z), self.targets.shape[1]
        centre = self.sums / self.count
        counts = np.bincount(self.y[self.learns > 0], minlength=k)
        share = counts / self.count
        gram = self.gram - self.count * np.tril(np.outer(centre, centre))
        gram[np.diag_indices(len(gram))] += _RIDGE * np.trace(self.gram) / len(gram)
        lower = cholesky(gram, lower=True, overwrite_a=True)
        inverse = solve_triangular(lower, np.eye(len(lower)), lower=True, overwrite_b=True)
        weights = (inverse @ (self.targets - np.outer(centre, counts))).astype(np.float32)
        whiten, centre = np.ascontiguousarray(inverse.T.astype(np.float32)), centre.astype(np.float32)
        scores, leverage = np.empty((n, k), np.float32), np.empty(n, np.float32)

        def judge(task: int) -> None:
            rows = slice(task * _ROWS, min(n, (task + 1) * _ROWS))
            white = (self.features(rows) - centre) @ whiten
            scores[rows] = white @ weights + share.astype(np.float32)
            leverage[rows] = np.einsum("ij,ij->i", white, white) + np.float32(1 / self.count)

        tasks, together = -(-n // _ROWS), 32
        for first in range(0, tasks, together):
            control.check("judging each row by the others", first, tasks)
            run_tasks(lambda task, first=first: judge(first + task), min(together, tasks - first), threads)  # type: ignore[misc]
        wanted = self.wanted(slice(0, n))
        errors = (wanted - scores) * self.learns[:, None]
        together_errors = copies.summed(errors)
        pull = leverage[:, None] * together_errors / np.maximum(_LEAST, 1 - copies.count * leverage)[:, None]
        return scores - pull, leverage


class _Copies:
    """Rows that equal each other: how many of them train, and sums over them."""

    def __init__(self, owner: NDArray[np.int64], learns: NDArray[np.float32]) -> None:
        self.owner = owner
        self.count = np.bincount(owner, learns, len(owner)).astype(np.float32)[owner]

    def summed(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum over a row and its copies, (n, k)."""
        totals = np.zeros_like(values)
        np.add.at(totals, self.owner, values)
        return totals[self.owner]


def _copies(owner: NDArray[np.int64] | None, learns: NDArray[np.float32]) -> _Copies:
    return _Copies(np.arange(len(learns)) if owner is None else owner, learns)


def _median_distance(Z: NDArray[np.float32]) -> float:
    """Of up to 500 rows to each other, taken evenly; 1 where all are equal."""
    some = Z[np.linspace(0, len(Z) - 1, min(len(Z), 500)).astype(int)].astype(np.float64)
    squared = np.square(some).sum(1)
    apart = np.sqrt(np.maximum(0, squared[:, None] + squared - 2 * some @ some.T))
    return float(np.median(apart[np.triu_indices(len(some), 1)])) if len(some) > 1 and apart.any() else 1.0


def _probabilities(
    scores: NDArray[np.float32], y: NDArray[np.int64], known: NDArray[np.bool_]
) -> NDArray[np.float32]:
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


def _softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:  # type: ignore[type-arg]
    raised = np.exp(scores - scores.max(1, keepdims=True))
    raised /= raised.sum(1, keepdims=True)
    return raised
