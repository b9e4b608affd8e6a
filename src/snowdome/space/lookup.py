"""One row after another looked up among rows that stay: its nearest, exactly, in a few milliseconds."""

import dataclasses
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError, wrong_features
from snowdome.space.distance import squared_distances
from snowdome.space.pca import Components, components

_AXES = 50  # components by which rows are bounded: the maps look at as many, so they are found and kept already
_FIRST = 64  # rows, beside the k, that are measured first
_BLOCK = 4096
_SLACK = 1e-5  # of the greatest squared length: more than float32 rounds any by


@dataclasses.dataclass(frozen=True, eq=False)
class Lookup:
    """Rows to look others up among.

    A row is no nearer than its scores are, and what lies beyond the components, |x - m|² less the scores' own square,
    is a length of which two differ at least by their difference. By these bounds all but some hundreds of 60,000 images
    are left out, and the rest are measured in their values.

    Attributes:
        X: (n, p), a reference.
        among: (n,) bool, the rows that may be found.
        found: the leading components of X, with their scores.
        beyond: (n,) float32, the length of each row beyond them.
        longest: the greatest length of a row from the mean.
    """

    X: NDArray[Any]
    among: NDArray[np.bool_]
    found: Components
    beyond: NDArray[np.float32]
    longest: float

    @classmethod
    def of(
        cls,
        X: NDArray[Any],
        among: NDArray[np.bool_],
        threads: int = 1,
        control: Control | None = None,
        memo: Memo = forget,
    ) -> Self:
        """The rows of X that `among` names. Cost: that of `components`, and one pass over X."""
        watcher = control or Control()
        found = components(X, min(_AXES, X.shape[1]), threads, watcher, memo)
        beyond, longest = np.empty(len(X), np.float32), 0.0
        centre = found.mean.astype(np.float32)
        for begin in range(0, len(X), _BLOCK):
            watcher.check("measuring the rows", begin, len(X))
            part = slice(begin, begin + _BLOCK)
            away = np.subtract(X[part], centre, dtype=np.float32)
            scores = found.scores[part]
            whole = np.einsum("ij,ij->i", away, away)
            beyond[part] = np.sqrt(np.maximum(whole - np.einsum("ij,ij->i", scores, scores), 0))
            longest = max(longest, float(whole.max(initial=0)))
        return cls(X, among, found, beyond, float(np.sqrt(longest)))

    def nearest(self, row: NDArray[Any], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The k rows nearest to `row` (p,), ties by index, and their Euclidean distances; all where there are fewer.

        DataError where it has not p finite values; OptionError where k is below 1. Cost: 50 n multiplications, then p
        for each row that the bounds leave.
        """
        if row.shape != (self.X.shape[1],):
            raise DataError(f"The row: {wrong_features(self.X.shape[1], row.size)}.")
        if k < 1:
            raise OptionError(f"k={k} is not allowed: at least 1.")
        k = min(k, int(self.among.sum()))
        if not k:
            return np.empty(0, np.int64), np.empty(0)
        bound = self._bounds(row)
        first = np.argpartition(bound, min(len(bound) - 1, k + _FIRST))[: k + _FIRST]
        first = first[np.isfinite(bound[first])]
        limit = np.partition(self._squared(row, first), k - 1)[k - 1]
        may = np.flatnonzero(bound <= limit)
        squared = self._squared(row, may)
        order = np.argsort(squared, kind="stable")[:k]
        return may[order], np.sqrt(squared[order])

    def _bounds(self, row: NDArray[Any]) -> NDArray[np.float32]:
        """What the squared distance of each row is not below, (n,); infinite for those that are not to be found."""
        away = row.astype(np.float64) - self.found.mean
        own = self.found.components @ away
        whole = float(away @ away)
        slack = _SLACK * max(self.longest**2, whole)
        rest = np.float32(np.sqrt(max(0.0, whole - float(own @ own))))
        step = self.found.scores - own.astype(np.float32)
        apart = np.maximum(np.abs(self.beyond - rest) - np.float32(np.sqrt(slack)), 0)
        bound = np.einsum("ij,ij->i", step, step) + apart * apart - np.float32(slack)
        bound[~self.among] = np.inf
        return np.asarray(bound, np.float32)

    def _squared(self, row: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore"):  # a value that X's type cannot hold stays as it is
            same = row.astype(self.X.dtype)
        return squared_distances(self.X[rows], (same if (same == row).all() else row)[None])[:, 0]
