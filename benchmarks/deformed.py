"""As many digits as one likes: MNIST's, each shifted, turned and scaled a little by a hash of its number."""

from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

BLOCK = 65536


def deformed_block(images: NDArray[np.uint8], first: int, count: int) -> NDArray[np.uint8]:
    """Digits number first … first + count - 1 (count, 784): image i mod n, deformed; the first n are as they are.

    Shifts up to 2 pixels, turns up to 12 degrees, sizes from 0.9 to 1.1, all uniform.
    """
    from snowdome.core import rng

    numbers = np.arange(first, first + count)
    how = 2 * rng.uniform(7, first, count, 4) - 1  # a stream for each block
    how[numbers < len(images)] = 0
    out = np.empty((count, 784), np.uint8)
    _deform(images, numbers % len(images), how, out)
    return out


@njit(nogil=True, cache=True)
def _deform(images: Any, source: Any, how: Any, out: Any) -> None:
    for i in range(len(source)):
        image = images[source[i]]
        angle, size = how[i, 2] * 0.2094, 1 + 0.1 * how[i, 3]
        c, s = np.cos(angle) / size, np.sin(angle) / size
        for row in range(28):
            for column in range(28):
                y, x = row - 13.5 - 2 * how[i, 0], column - 13.5 - 2 * how[i, 1]
                u, v = c * y - s * x + 13.5, s * y + c * x + 13.5
                a, b = int(np.floor(u)), int(np.floor(v))
                total = 0.0
                for k in range(2):
                    for m in range(2):
                        if 0 <= a + k < 28 and 0 <= b + m < 28:
                            weight = (1 - abs(u - a - k)) * (1 - abs(v - b - m))
                            total += weight * image[(a + k) * 28 + b + m]
                out[i, row * 28 + column] = np.uint8(total + 0.5)


def write_deformed(path: str | Path, n: int) -> None:
    """n digits as a .npy file (n, 784) uint8, block by block."""
    import snowdome
    from snowdome.core.threads import available, run_tasks

    images = np.ascontiguousarray(snowdome.open("mnist").X)
    out = np.lib.format.open_memmap(path, "w+", np.uint8, (n, 784))

    def write(block: int) -> None:
        first = block * BLOCK
        out[first : first + BLOCK] = deformed_block(images, first, min(BLOCK, n - first))

    run_tasks(write, -(-n // BLOCK), available())
    out.flush()
