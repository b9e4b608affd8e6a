"""A grid of charges convolved with an even kernel, by Fourier transforms of twice its sides."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import run_tasks

_PIECES = 8  # of each stage of a convolution


class Convolution:
    """Convolves grids of one shape and type (float32 or float64) with one kernel.

    Cost: 15 rows columns log₂(4 rows columns) operations, about; rows that are only padding are never transformed.
    """

    def __init__(self, kernel_spectrum: NDArray[np.float64], dtype: Any) -> None:
        """`kernel_spectrum` (2 rows, columns + 1): the real transform of the kernel on the doubled grid.

        Both sides are quick (`is_quick`).
        """
        from snowdome.layout.kernels_fourier import LANES

        height, columns = kernel_spectrum.shape[0], kernel_spectrum.shape[1] - 1
        tiles = -(-(columns + 1) // LANES)
        padded = np.zeros((height, tiles * LANES), dtype)
        padded[:, : columns + 1] = kernel_spectrum / (2.0 * columns * height)
        self._spectrum = np.ascontiguousarray(padded.reshape(height, tiles, LANES).transpose(1, 0, 2))
        self._half = np.zeros((tiles, height // 2, 2, LANES), dtype)
        self._across, self._down = _plan(2 * columns, dtype), _plan(height, dtype)
        self._potential = np.empty((height // 2, columns), dtype)

    def __call__(self, charge: NDArray[Any], threads: int) -> NDArray[Any]:
        """The convolution of charge (rows, columns), in an array that the next call overwrites."""
        from snowdome.layout import kernels_fourier as kernels

        groups = -(-len(charge) // (2 * kernels.LANES))
        across, down, half = self._across, self._down, self._half

        def run(task: Any, count: int) -> None:
            bounds = np.linspace(0, count, min(count, _PIECES) + 1).astype(np.uint64)
            run_tasks(lambda piece: task(bounds[piece], bounds[piece + 1]), len(bounds) - 1, threads)

        run(lambda begin, end: kernels.forward(charge, half, *across, begin, end), groups)
        run(lambda begin, end: kernels.multiply(half, self._spectrum, *down, begin, end), len(half))
        run(lambda begin, end: kernels.backward(half, self._potential, *across, begin, end), groups)
        return self._potential


def is_quick(length: int) -> bool:
    """Whether transforms of that length are quick: a product of 2, 3 and 5."""
    for factor in (2, 3, 5):
        while length % factor == 0:
            length //= factor
    return length == 1


def _plan(length: int, dtype: Any) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The factors of a transform, and for each stage and place in it the twiddles of all but its first value."""
    from snowdome.layout.kernels_fourier import FACTORS

    factors, left = [], length
    for factor in FACTORS:
        while left % factor == 0:
            factors.append(factor)
            left //= factor
    twiddles, left = [], length
    for factor in factors:
        angle = -2 * np.pi / left * np.outer(np.arange(left // factor), np.arange(1, factor))
        twiddles.append(np.stack([np.cos(angle), np.sin(angle)], axis=-1).ravel())
        left //= factor
    return np.array(factors, np.int64), np.concatenate(twiddles).astype(dtype)
