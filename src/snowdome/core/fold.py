"""Folds: questions about rows that are answered in pieces, so that many are answered in one pass over the data.

A fold starts an empty state, adds blocks of rows to it, merges two states and finishes with an answer. Any split of the
rows gives the same answer. A fold may need the answers of others; all that can be answered at the same time is
answered in the same pass, block by block, while a block is in the cache.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import run_tasks

_PARTS = 16  # of the rows; what depends on the order of sums depends on this, and not on the threads
_STATES = 256 << 20  # bytes that the states of all parts may take
_BLOCK = 1 << 19  # bytes of a block, about: it stays in the second-level cache while every fold sees it


@dataclasses.dataclass(frozen=True)
class Rows:
    """Rows with a class each.

    Attributes:
        X: (n, p), any real type; may be a memory map.
        codes: (n,) int64, from 0; all zero where there are no labels.
        classes: how many classes there are, empty ones counted.
        train: (n,) bool, the rows that methods learn from; None for all.
    """

    X: NDArray[Any]
    codes: NDArray[np.int64]
    classes: int
    train: NDArray[np.bool_] | None = None


@dataclasses.dataclass(frozen=True)
class Block:
    """Consecutive rows: the first one's number, their values (b, p) and their codes (b,)."""

    first: int
    X: NDArray[Any]
    codes: NDArray[np.int64]


class Fold(ABC):
    """A question; equal ones (frozen dataclasses compare by their fields) are asked once."""

    def needs(self) -> tuple["Fold", ...]:
        """The folds whose answers this one starts from."""
        return ()

    @abstractmethod
    def start(self, rows: Rows, answers: "Answers") -> Any:
        """An empty state. Of `rows` only sizes, types and `train` may be looked at."""

    @abstractmethod
    def add(self, state: Any, block: Block) -> None:
        """Take a block in; the blocks of one state follow each other."""

    @abstractmethod
    def merge(self, state: Any, other: Any) -> None:
        """Take in `other`, whose rows come next after those of `state`."""

    @abstractmethod
    def finish(self, state: Any) -> Any:
        """The answer, once all rows are in."""

    def state_bytes(self, rows: Rows) -> int:  # noqa: ARG002
        """The size of one state, about, where it is large."""
        return 0


Answers = Mapping[Fold, Any]


def answer(rows: Rows, folds: Iterable[Fold], threads: int = 1, control: Control | None = None) -> Answers:
    """The answers of all folds, and of those that they need, in as few passes over the rows as that allows.

    Cost: one reading of X a pass; the states of up to 16 parts.
    """
    watcher = control or Control()
    answers: dict[Fold, Any] = {}
    passes = _passes(folds)
    for number, together in enumerate(passes):
        watcher.check("reading the rows", number, len(passes))
        for fold, state in zip(together, _one_pass(rows, together, answers, threads), strict=True):
            answers[fold] = fold.finish(state)
    return answers


def _passes(folds: Iterable[Fold]) -> list[list[Fold]]:
    """The folds and all that they need, each in the pass after the last that it needs."""
    depth: dict[Fold, int] = {}

    def place(fold: Fold) -> int:
        if fold not in depth:
            depth[fold] = max((place(needed) + 1 for needed in fold.needs()), default=0)
        return depth[fold]

    for fold in folds:
        place(fold)
    return [[fold for fold, at in depth.items() if at == level] for level in range(max(depth.values(), default=-1) + 1)]


def _one_pass(rows: Rows, folds: list[Fold], answers: Answers, threads: int) -> list[Any]:
    """The states of the folds after all rows."""
    n, p = rows.X.shape
    heavy = sum(fold.state_bytes(rows) for fold in folds)
    parts = max(1, min(_PARTS, n, _STATES // max(heavy, 1)))
    bounds = np.linspace(0, n, parts + 1).astype(int)
    step = max(1, _BLOCK // max(1, p * rows.X.dtype.itemsize))
    states = [[fold.start(rows, answers) for fold in folds] for _ in range(parts)]

    def read(part: int) -> None:
        for first in range(bounds[part], bounds[part + 1], step):
            some = slice(first, min(first + step, bounds[part + 1]))
            block = Block(first, rows.X[some], rows.codes[some])
            for fold, state in zip(folds, states[part], strict=True):
                fold.add(state, block)

    run_tasks(read, parts, threads)
    total = states[0]
    for others in states[1:]:
        for fold, state, other in zip(folds, total, others, strict=True):
            fold.merge(state, other)
    return total
