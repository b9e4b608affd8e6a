"""Principal components, exact, straight from uint8 in blocks."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks

VERSION = 1  # part of the name under which components are kept

_EXACT_ROWS = 256  # 255² · 256 < 2²⁴: a block's sums of products of uint8 are exact in float32
_ROWS = 2048
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
    """The k leading components of X (n, p); zeros beyond the p-th.

    The covariance matrix of uint8 data is summed exactly, so its bits do not depend on the order of work; its
    eigenvectors are LAPACK's on one thread. Cost: n p² / 2 multiplications in float32 (float64 for other data),
    an eigenproblem of p × p, and n p k multiplications.
    """
    watcher = control or Control()

    def compute() -> Arrays:
        with one_blas_thread():
            return _compute(X, k, threads, watcher, memo)

    kept = memo(f"pca-{k}-v{VERSION}", compute)
    return Components(
        mean=np.asarray(kept["mean"]),
        components=np.asarray(kept["components"]),
        explained_variance=np.asarray(kept["variance"]),
        total_variance=float(kept["total"][0]),
        scores=kept["scores"],
    )


def _compute(X: NDArray[Any], k: int, threads: int, control: Control, memo: Memo) -> Arrays:
    n, p = X.shape

    def sum_up() -> Arrays:
        return dict(zip(("mean", "covariance"), moments(X, threads, control), strict=True))

    kept = memo(f"moments-v{VERSION}", sum_up) if p <= _KEPT_COLUMNS else sum_up()
    mean, covariance = kept["mean"], kept["covariance"]
    values, vectors = _leading(covariance, min(k, p))
    scores = np.zeros((n, k), np.float32)
    basis = np.ascontiguousarray(vectors.astype(np.float32))
    centre = mean.astype(np.float32)
    blocks = -(-n // _ROWS)

    def project(block: int) -> None:
        rows = slice(block * _ROWS, min(n, (block + 1) * _ROWS))
        scores[rows, : basis.shape[1]] = (X[rows].astype(np.float32, order="C") - centre) @ basis

    control.check("projecting", 0, 1)
    run_tasks(project, blocks, threads)
    padded = np.zeros((k, p))
    padded[: vectors.shape[1]] = vectors.T
    variance = np.zeros(k)
    variance[: len(values)] = values
    return {
        "mean": np.asarray(mean),
        "components": padded,
        "variance": variance,
        "total": np.array([np.trace(covariance)]),
        "scores": scores,
    }


def moments(
    X: NDArray[Any], threads: int = 1, control: Control | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean (p,) and the covariance (p, p) of X, both float64; zeros for the covariance of one row."""
    n, p = X.shape
    watcher = control or Control()
    exact = X.dtype == np.uint8
    mean = X.sum(0, dtype=np.int64 if exact else np.float64) / n
    step = _EXACT_ROWS if exact else _ROWS
    parts = 16 if n > step else 1  # fixed: sums of other data must not depend on the number of threads
    grams = np.zeros((parts, p, p))
    bounds = np.linspace(0, -(-n // step), parts + 1).astype(int)

    def accumulate(part: int) -> None:
        from scipy.linalg.blas import dsyrk, ssyrk

        for block in range(bounds[part], bounds[part + 1]):
            rows = X[block * step : min(n, (block + 1) * step)]
            if exact:
                grams[part] += ssyrk(1.0, rows.astype(np.float32, order="C").T)
            else:
                grams[part] += dsyrk(1.0, (rows.astype(np.float64, order="C") - mean).T)

    for first in range(0, parts, 4):
        watcher.check("finding components", first, parts)
        run_tasks(lambda task, first=first: accumulate(first + task), min(4, parts - first), threads)  # type: ignore[misc]
    gram = grams[0]
    for other in grams[1:]:
        gram += other
    gram = np.triu(gram) + np.triu(gram, 1).T
    if exact:
        gram -= n * np.outer(mean, mean)
    return mean, gram / max(1, n - 1)


def _leading(covariance: NDArray[np.float64], k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The k largest eigenvalues (not below 0) and their vectors as columns, signs fixed."""
    from scipy.linalg import eigh

    p = len(covariance)
    values, vectors = eigh(covariance, subset_by_index=(p - k, p - 1))
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    largest = np.abs(vectors).argmax(0)
    signs = np.where(vectors[largest, np.arange(k)] < 0, -1.0, 1.0)
    return values, vectors * signs
