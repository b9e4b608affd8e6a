"""Energies of all pairs, kept and summed one by one: exact, for up to some thousand points."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks
from snowdome.layout.energy import Forces, Positions
from snowdome.layout.stress import Matrix, Stress, floor_of

_PARTS = 16  # of the rows; fixed, so that sums do not depend on the threads


class StressEnergy:
    """Σ_{i≠j} w (δ - d)², each pair in both orders: raw stress with w = 1, Sammon's before its division with w = 1/δ.

    The gradient descends it as it is; `majorisation` comes further in fewer steps.
    """

    def __init__(self, distances: Matrix, *, inverse: bool, threads: int) -> None:
        self._stress = Stress(distances, inverse=inverse, floor=floor_of(distances), threads=threads)
        self._value = 0.0

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:  # noqa: ARG002
        """See Energy."""
        pull = np.empty_like(Y)
        self._value = 2 * self._stress.pull(Y, pull)
        return Forces(np.float32(-4) * pull, np.zeros_like(pull), 0.0)

    def cost(self, Y: Positions) -> float:  # noqa: ARG002
        """See Energy."""
        return self._value

    def reorder(self, order: NDArray[np.int64]) -> None:
        """See Energy."""
        old = self._stress
        distances = np.ascontiguousarray(old.distances[np.ix_(order, order)])
        self._stress = Stress(distances, inverse=old.inverse, floor=old.floor, threads=old.threads)


class GaussianEnergy:
    """SNE: Σ KL(P ‖ Q) with q ∝ exp(-d²), by rows or for the matrix as a whole.

    G. Hinton and S. Roweis, "Stochastic neighbor embedding", NIPS 15 (2003): with q(j|i), each row of which sums to 1,
    the mean of the rows' divergences. J. Cook et al., "Visualizing similarity data with a mixture of maps", AISTATS
    (2007): `symmetric`, where all q sum to 1.

    `affinity` (n, n) float32: p(j|i), each row of which sums to 1 and has a zero on the diagonal.
    """

    def __init__(self, affinity: Matrix, *, symmetric: bool, threads: int) -> None:
        n = len(affinity)
        self._symmetric, self._threads = symmetric, threads
        joint = affinity.astype(np.float64) / n
        if symmetric:
            joint = (joint + joint.T) / 2
        known = joint[joint > 0]
        self._information = float((known * np.log(known if symmetric else known * n)).sum())
        self._wanted = np.ascontiguousarray((joint + joint.T) * n, np.float32)  # of order 1 in a row
        self._log_sum = np.empty(n, np.float32)
        self._offset = self._log_sum
        self._attracted = 0.0

    def forces(self, Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> Forces:  # noqa: ARG002
        """See Energy. The gradient times n, as a row's own divergence has it."""
        from snowdome.layout import kernels_pairs as kernels

        n, gradient = Y.shape[1], np.empty_like(Y)
        bounds, sums, log_sum = np.linspace(0, n, _PARTS + 1).astype(np.int64), np.zeros(_PARTS), self._log_sum

        def add(part: int) -> None:
            kernels.gaussian_log_sums(Y, bounds[part], bounds[part + 1], log_sum)

        run_tasks(add, _PARTS, self._threads)
        if self._symmetric:  # as if each row had a share of 1/n of the whole sum
            highest = float(log_sum.max())
            mean = highest + np.log(np.exp(log_sum.astype(np.float64) - highest).mean())
            self._offset = np.full(n, mean, np.float32)
        offset = self._offset

        def pull(part: int) -> None:
            sums[part] = kernels.gaussian_forces(self._wanted, Y, offset, bounds[part], bounds[part + 1], gradient)

        run_tasks(pull, _PARTS, self._threads)
        self._attracted = float(sums.sum()) / (2 * n)
        return Forces(gradient, np.zeros_like(gradient), 0.0)

    def cost(self, Y: Positions) -> float:
        """See Energy: Σ p log p + Σ p d² + log Σ exp(-d²), the last as the mean of the rows or of all pairs."""
        logs = float(self._offset.mean(dtype=np.float64)) + (float(np.log(Y.shape[1])) if self._symmetric else 0.0)
        return self._information + self._attracted + logs

    def reorder(self, order: NDArray[np.int64]) -> None:
        """See Energy."""
        self._wanted = np.ascontiguousarray(self._wanted[np.ix_(order, order)])
