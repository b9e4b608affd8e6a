"""Classical scaling: the start of the maps that stand for distances."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.threads import one_blas_thread, run_tasks

_PARTS = 16  # of the rows; fixed, so that nothing depends on the threads
_ROUNDS = 6  # over the matrix; a start need not be exact
_SPARE = 6  # vectors beside those wanted, which makes the rounds converge sooner


def classical_scaling(distances: NDArray[np.float32], dims: int, seed: int, threads: int = 1) -> NDArray[np.float32]:
    """Nearly the classical scaling of distances (n, n) into (dims, n) float32; zeros beyond the n-th dimension.

    W. S. Torgerson, "Multidimensional scaling: I", Psychometrika 17 (1952): the leading eigenvectors of the doubly
    centred squares, here by subspace iteration from seeded vectors (H. Rutishauser, 1969). For Euclidean distances
    these are the principal components. Cost: 7 n² (dims + 6) multiplications.
    """
    n = len(distances)
    bounds = np.linspace(0, n, _PARTS + 1).astype(np.int64)

    def inner_products_times(Q: NDArray[np.float32]) -> NDArray[np.float32]:
        """-½ J D² J Q with J = I - 1/n."""
        product, centred = np.empty_like(Q), Q - Q.mean(0)

        def task(part: int) -> None:
            rows = slice(bounds[part], bounds[part + 1])
            product[rows] = np.square(distances[rows]) @ centred

        run_tasks(task, _PARTS, threads)
        product -= product.mean(0)
        product *= np.float32(-0.5)
        return product

    with one_blas_thread():
        basis = np.linalg.qr(rng.normal(seed, 1, n, min(n, dims + _SPARE)).astype(np.float32))[0]
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(inner_products_times(basis))[0]
        small = (basis.T @ inner_products_times(basis)).astype(np.float64)
        values, vectors = np.linalg.eigh((small + small.T) / 2)
    values, vectors = values[::-1][:dims], vectors[:, ::-1][:, :dims]
    scores = np.zeros((dims, n), np.float32)
    scores[: len(values)] = (basis @ (vectors * np.sqrt(np.maximum(values, 0)))).T
    return scores
