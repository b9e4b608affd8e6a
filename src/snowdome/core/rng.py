"""Random numbers by counter: each is a hash of (seed, stream, row, column), so that no order of work changes them."""

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection of 64-bit words."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(seed: int, stream: int, rows: int, columns: int) -> NDArray[np.float64]:
    """Numbers in (0, 1), shape (rows, columns). The same for the same arguments, on every machine."""
    with np.errstate(over="ignore"):
        key = _mix(np.array([seed], np.int64).astype(np.uint64) * _GOLDEN + np.uint64(stream))
        row = _mix(key + np.arange(1, rows + 1, dtype=np.uint64)[:, None] * _GOLDEN)
        words = _mix(row + np.arange(1, columns + 1, dtype=np.uint64) * _GOLDEN)
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normal(seed: int, stream: int, rows: int, columns: int) -> NDArray[np.float64]:
    """Standard normal numbers by Box and Muller (1958), shape (rows, columns)."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, 2 * stream, rows, columns)))
    return radius * np.cos(2.0 * np.pi * uniform(seed, 2 * stream + 1, rows, columns))
