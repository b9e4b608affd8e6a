"""The leading principal components for the summaries, without the scores of all rows."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

from snowdome.core.fold import Answers, Fold
from snowdome.core.threads import one_blas_thread
from snowdome.data.tidy import Labelled
from snowdome.space.pca import components, leading
from snowdome.summary.base import needs_rows
from snowdome.summary.folds import ByteProducts

_MOST_COLUMNS = 2048  # a covariance matrix up to this size is summed along with the other folds


@dataclasses.dataclass(frozen=True)
class Principal:
    """Mean (p,), unit components (k, p), their variances (k,) and the variance of all, float64."""

    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    variance: NDArray[np.float64]
    total: float


def principal_folds(data: Labelled) -> tuple[Fold, ...]:
    """What `principal` is to have among its answers."""
    return (ByteProducts(),) if data.X.dtype == np.uint8 and data.X.shape[1] <= _MOST_COLUMNS else ()


def principal(data: Labelled, answers: Answers, k: int, threads: int) -> Principal:
    """The k leading components, at most p. Bytes are summed exactly in the common pass over the rows.

    Raises DataError where there is no row. Cost: n p² / 2 multiplications and an eigenproblem of p × p.
    """
    needs_rows(data, "A principal component")
    k = min(k, data.X.shape[1])
    if principal_folds(data):
        mean, covariance = answers[ByteProducts()]
        with one_blas_thread():
            variance, vectors = leading(covariance, k)
        return Principal(mean, np.ascontiguousarray(vectors.T), variance, float(np.trace(covariance)))
    found = components(np.asarray(data.X), k, threads)
    return Principal(found.mean, found.components, found.explained_variance, found.total_variance)
