"""What rows look like, in a hundred numbers in which alike is near: no label is looked at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.threads import run_tasks
from snowdome.data.dataset import Dataset
from snowdome.space.checks import afford
from snowdome.space.pca import components

COMPONENTS = 100
_BINS = 8  # directions of a gradient
_PIXELS_A_CELL = 4
_FEWEST, _MOST = 4, 8  # cells along a side
_BLOCK = 2**21  # pixels that are worked on together


def appearance(dataset: Dataset, threads: int = 1, control: Control | None = None) -> NDArray[np.float32]:
    """The leading components of what each row looks like, (n, at most 100) float32.

    Of images it is their oriented gradients and the mean value of each cell, of plain vectors their values, each
    divided by its standard deviation. Cost: about 10 µs an image of 28 × 28, then components of some 450 values.
    """
    watcher = control or Control()
    watcher.check("looking at the images" if dataset.image_shape else "scaling the values", 0, 1)
    looks = _standardised(dataset.X) if dataset.image_shape is None else oriented_gradients(dataset, threads)
    count = min(COMPONENTS, looks.shape[1], max(1, len(looks) - 1))
    return np.asarray(components(looks, count, threads, watcher).scores)


def oriented_gradients(dataset: Dataset, threads: int = 1) -> NDArray[np.float32]:
    """How much of each of eight directions of gradient, and of value, is in each cell of a grid: (n, q) float32.

    A pixel's gradient is shared out among the nearest two directions and the nearest four cells; the directions of a
    cell are divided by the strength of all gradients in it and the cells around it. Of several channels the one with
    the strongest gradient counts. DataError where memory will not do.

    N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR (2005).
    """
    assert dataset.image_shape is not None  # noqa: S101 - the caller has looked
    height, width = dataset.image_shape
    tall, wide = _share(height), _share(width)
    cells = np.einsum("ia,jb->ijab", tall, wide).reshape(height * width, -1)
    low, high = dataset.value_range
    scale = np.float32(1 / ((high - low) or 1))
    width_of_row = cells.shape[1] * (_BINS + dataset.channels)
    afford(memory_needed(dataset), f"Looking at {len(dataset):,} images", "Take fewer images.")
    found = np.empty((len(dataset), width_of_row), np.float32)
    step = max(1, _BLOCK // (height * width * dataset.channels))

    def look(block: int) -> None:
        rows = slice(block * step, (block + 1) * step)
        images = dataset.X[rows].astype(np.float32).reshape(-1, height, width, dataset.channels)
        images -= np.float32(low)
        images *= scale
        directions = _directions(images, cells, (tall.shape[1], wide.shape[1]))
        means = np.einsum("npc,pa->nac", images.reshape(len(images), height * width, -1), cells / cells.sum(0))
        found[rows] = np.concatenate([directions, means.reshape(len(images), -1)], 1)

    run_tasks(look, -(-len(dataset) // step), threads)
    return found


def memory_needed(dataset: Dataset) -> int:
    """The bytes that `appearance` takes, at most."""
    values = int(dataset.X.shape[1])
    if dataset.image_shape is None:
        return 16 * len(dataset) * values
    height, width = dataset.image_shape
    width_of_row = int(_share(height).shape[1] * _share(width).shape[1]) * (_BINS + dataset.channels)
    return 8 * len(dataset) * width_of_row + 12 * width_of_row**2 + 2**26


def _directions(images: NDArray[np.float32], cells: NDArray[np.float32], grid: tuple[int, int]) -> NDArray[np.float32]:
    """The directions of each cell, (n, cells · 8)."""
    n, pixels = len(images), images.shape[1] * images.shape[2]
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    right = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    down = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    strength = np.sqrt(right * right + down * down)
    if images.shape[3] > 1:
        strongest = strength.argmax(3)[..., None]
        right, down, strength = (np.take_along_axis(part, strongest, 3) for part in (right, down, strength))
    turn = np.arctan2(down, right).ravel() * np.float32(_BINS / (2 * np.pi))
    first = np.floor(turn)
    beyond = (turn - first) * strength.ravel()
    shares = np.zeros((n * pixels, _BINS), np.float32)
    bins, at = first.astype(np.intp) % _BINS, np.arange(n * pixels)
    shares[at, bins] = strength.ravel() - beyond
    shares[at, (bins + 1) % _BINS] = beyond
    found: NDArray[np.float32] = np.matmul(cells.T, shares.reshape(n, pixels, _BINS))
    energy = np.pad((found * found).sum(2).reshape(n, *grid), ((0, 0), (1, 1), (1, 1)))
    around = sum(energy[:, i : i + grid[0], j : j + grid[1]] for i in range(3) for j in range(3))
    noise = np.float32(0.02 * cells.sum() / cells.shape[1])  # so that an empty cell is not blown up
    found /= np.sqrt(np.asarray(around).reshape(n, -1, 1) + noise)
    return found.reshape(n, -1)


def _share(side: int) -> NDArray[np.float32]:
    """How much of a pixel belongs to each cell along a side, (side, cells): linear between the cells' centres."""
    count = min(side, int(np.clip(side // _PIXELS_A_CELL, _FEWEST, _MOST)))
    size = side / count
    centres = (np.arange(count) + 0.5) * size
    away = np.abs((np.arange(side) + 0.5)[:, None] - centres) / size
    return np.maximum(0, 1 - away).astype(np.float32)


def _standardised(X: NDArray[Any]) -> NDArray[np.float32]:
    """The values divided by the standard deviation of each, where it has one."""
    deviation = X.std(0, dtype=np.float64)
    return (X / np.where(deviation > 0, deviation, 1)).astype(np.float32)
