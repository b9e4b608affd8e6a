"""Principal components, exact, straight from uint8 in blocks."""

import dataclasses
import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.core.memory import release
from snowdome.core.threads import one_blas_thread, run_watched
from snowdome.space.checks import afford, require_finite, require_matrix
from snowdome.space.gram import EXACT_ROWS, moments_of_products, products_of_bytes
from snowdome.space.projection import project

VERSION = 4  # part of the name under which components are kept

_ROWS = 2048
_EXACT_BLOCKS = 64  # of a part of exact sums: adding a part to the whole costs as much as some 300 rows
_MOST_SUMS = 2**25  # numbers in the partial sums of covariance matrices
_KEPT_COLUMNS = 2048  # a covariance matrix up to this size is kept, so that another k costs little


@dataclasses.dataclass(frozen=True)
class Components:
    """The leading principal components of an X (n, p).

    Attributes:
        mean: (p,) float64.
        components: (k, p) float64, unit rows, leading first; the largest entry of each is positive.
        explained_variance: (k,) float64, with n - 1 in the denominator.
        total_variance: the sum over all p.
        scores: (n, k) float32, (X - mean) @ components.T.
    """

    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    explained_variance: NDArray[np.float64]
    total_variance: float
    scores: NDArray[np.float32]

    @property
    def explained_variance_ratio(self) -> NDArray[np.float64]:
        """The share of the total variance, (k,); zeros where X is constant."""
        return self.explained_variance / (self.total_variance or 1.0)


def components(
    X: NDArray[Any], k: int, threads: int = 1, control: Control | None = None, memo: Memo = forget
) -> Components:
    """The k leading components of X (n, p); zeros beyond the p-th, or beyond the rank of a wide X (n < p).

    The covariance matrix of uint8 data is summed exactly, so its bits do not depend on the order of work; its
    eigenvectors are LAPACK's on one thread. Cost: n p² / 2 multiplications in float32 (float64 for other data),
    an eigenproblem of p × p, and n p k multiplications; a wide X of more than 2,048 columns has one of n × n instead.
    X may be a memory map: it is read in blocks.

    Raises:
        DataError: X is no matrix of numbers, has NaN, infinite or too large values, or memory will not do.
        OptionError: k is below 1.
    """
    watcher = control or Control()
    if k < 1:
        raise OptionError(f"k={k} is not allowed: at least 1 component.")
    require_matrix(X)
    require_finite(X)
    n, p = X.shape
    afford(
        memory_needed(n, p, k), f"Finding {k} components of {n:,} rows of {p:,} values",
        "Take rows of fewer values (smaller images), or fewer components.",
    )  # fmt: skip

    def compute() -> Arrays:
        with one_blas_thread():
            found = _compute(X, k, threads, watcher, memo)
        release(X)  # what follows looks at the scores
        return found

    kept = memo(f"pca-{k}-v{VERSION}", compute)
    return Components(
        mean=np.asarray(kept["mean"]),
        components=np.asarray(kept["components"]),
        explained_variance=np.asarray(kept["variance"]),
        total_variance=float(kept["total"][0]),
        scores=kept["scores"],
    )


def space_name(k: int) -> str:
    """What the space of the k leading components is called where something found in it is kept."""
    return f"pca{k}-v{VERSION}"


def memory_needed(n: int, p: int, k: int) -> int:
    """The bytes that `components` takes, at most, for n rows of p values."""
    if n < p and p > _KEPT_COLUMNS:
        return n * (3 * p + 4 * n) * 8 + 16 * k * (n + p)
    parts = min(16, max(2, _MOST_SUMS // p**2))
    return n * k * 4 + (parts + 5) * p**2 * 8 + 16 * k * p + 2**16 * p + 2**25


def _compute(X: NDArray[Any], k: int, threads: int, control: Control, memo: Memo) -> Arrays:
    n, p = X.shape

    def sum_up() -> Arrays:
        return dict(zip(("mean", "covariance"), moments(X, threads, control), strict=True))

    if n < p and p > _KEPT_COLUMNS:
        mean, total, values, vectors = _from_rows(X, min(k, p))
    else:
        kept = memo(f"moments-v{VERSION}", sum_up) if p <= _KEPT_COLUMNS else sum_up()
        mean, covariance = np.asarray(kept["mean"]), kept["covariance"]
        total = float(np.trace(covariance))
        if not math.isfinite(total):
            raise DataError("X: squares of the values are too large for float64. Scale the values down.")
        values, vectors = leading(covariance, min(k, p))
    scores = np.zeros((n, k), np.float32)
    control.check("projecting", 0, 1)
    if not project(X, mean, vectors, scores, threads):
        raise DataError("X: scores are too large for float32. Scale the values down.")
    padded = np.zeros((k, p))
    padded[: vectors.shape[1]] = vectors.T
    variance = np.zeros(k)
    variance[: len(values)] = values
    return {
        "mean": mean,
        "components": padded,
        "variance": variance,
        "total": np.array([total]),
        "scores": scores,
    }


def moments(
    X: NDArray[Any], threads: int = 1, control: Control | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean (p,) and the covariance (p, p) of X, both float64; zeros for the covariance of one row."""
    n, p = X.shape
    watcher = control or Control()
    exact = X.dtype == np.uint8
    step = EXACT_ROWS if exact else _ROWS
    blocks = -(-n // step)
    # Fixed: sums must not depend on the number of threads. Whole numbers do not, and go into one sum.
    parts = max(2 * threads, -(-blocks // _EXACT_BLOCKS)) if exact else min(16, max(2, _MOST_SUMS // p**2))
    parts = min(parts, blocks)
    bounds = np.linspace(0, blocks, parts + 1).astype(int)
    centre = np.full(p, 128.0) if exact else _mean(X)
    sums, grams = np.zeros((parts, p)), [np.zeros((p, p)) for _ in range(1 if exact else parts)]
    lock = threading.Lock()

    def accumulate(part: int) -> None:
        from scipy.linalg.blas import dsyrk

        rows = slice(bounds[part] * step, min(n, bounds[part + 1] * step))
        if exact:
            products_of_bytes(X[rows], sums[part], grams[0], lock)
            return
        for first in range(rows.start, rows.stop, step):
            block = X[first : min(first + step, rows.stop)]
            grams[part] += dsyrk(1.0, (block.astype(np.float64, order="C") - centre).T, lower=1).T

    def look(done: int) -> None:
        watcher.check("finding components", done, parts)

    run_watched(accumulate, parts, threads, look, max(4, 2 * threads))
    gram = grams[0]
    for other in grams[1:]:
        gram += other
    return moments_of_products(n, sums.sum(0), gram, centre)


def _from_rows(X: NDArray[Any], k: int) -> tuple[NDArray[np.float64], float, NDArray[np.float64], NDArray[np.float64]]:
    """Mean, total variance, and the k largest eigenvalues and vectors by the products of the rows, n of them only."""
    n = len(X)
    mean = _mean(X)
    centred = X - mean
    gram = centred @ centred.T / max(1, n - 1)
    values, weights = leading(gram, min(k, n))
    vectors = np.zeros((X.shape[1], k))
    sound = values > 1e-12 * values[0]
    vectors[:, : len(values)][:, sound] = centred.T @ weights[:, sound] / np.sqrt(max(1, n - 1) * values[sound])
    vectors *= _signs(vectors)
    return mean, float(np.trace(gram)), np.where(sound, values, 0.0), vectors


def _mean(X: NDArray[Any]) -> NDArray[np.float64]:
    """The mean of the rows, block by block: a mapped file is never copied whole."""
    sums = [X[first : first + _ROWS].sum(0, dtype=np.float64) for first in range(0, len(X), _ROWS)]
    return np.asarray(np.sum(sums, axis=0) / len(X))


def leading(covariance: NDArray[np.float64], k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The k largest eigenvalues (not below 0) and their vectors as columns, signs fixed.

    Columns that do not vary, such as the margin of images, are left out where k others do.
    """
    from scipy.linalg import eigh

    varies = covariance.diagonal() > 0
    kept = np.flatnonzero(varies) if varies.sum() >= k else np.arange(len(covariance))
    p = len(kept)
    values, found = eigh(covariance[np.ix_(kept, kept)].T, subset_by_index=(p - k, p - 1), overwrite_a=True)
    vectors = np.zeros((len(covariance), k))
    vectors[kept] = found[:, ::-1]
    return np.maximum(values[::-1], 0.0), vectors * _signs(vectors)


def _signs(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """By what to multiply each column to make its largest entry positive."""
    largest = np.abs(vectors).argmax(0)
    return np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1.0, 1.0)
