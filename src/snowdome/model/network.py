"""A small convolutional network, trained by torch so that a seed gives the same bits for any number of threads.

Each batch is cut into a fixed number of parts. A part's gradient is computed on one thread, and the parts' gradients
are added in their order; shifts, order and what is dropped come from hashes of (seed, step, part).
"""

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.errors import MissingPackageError
from snowdome.core.rng import uniform
from snowdome.core.threads import run_tasks

_PARTS = 4  # of a batch
_ORDER, _SHIFT, _FIRST = 710, 711, 712  # streams of random numbers: see core.rng
_SCORED = 256  # images that are scored together


def torch() -> Any:
    """The library; MissingPackageError says how to install it."""
    try:
        import torch as library
    except ImportError:
        raise MissingPackageError(
            "Convolutional networks are trained by torch, which is not installed: pip install 'snowdome[deep]'."
        ) from None
    return library


@dataclasses.dataclass
class Network:
    """Three times convolution 3 × 3, rectifier and pooling 2 × 2, then one hidden layer.

    Attributes:
        widths: channels of the three convolutions, and units of the hidden layer.
        epochs, batch, rate, decay, drop, shift: how it is trained; `rate` is the greatest of a cycle, `drop` the share
            of hidden units that are left out of a step, `shift` the most pixels by which an image is moved.
        seed: of everything that is drawn.
    """

    widths: tuple[int, int, int, int] = (24, 48, 96, 128)
    epochs: int = 12
    batch: int = 128
    rate: float = 3e-3
    decay: float = 1e-2
    drop: float = 0.3
    shift: int = 2
    seed: int = 0

    def first_weights(self, shape: tuple[int, int, int], classes: int) -> Arrays:
        """He's initialisation (2015) for images (height, width, channels): conv0 (w, c, 3, 3), bias0 … bias4 (c,)."""
        height, width, channels = shape
        sides = [channels, *self.widths[:3]]
        arrays: Arrays = {}
        for layer in range(3):
            arrays |= self._drawn(layer, "conv", (sides[layer + 1], sides[layer], 3, 3))
            height, width = -(-height // 2), -(-width // 2)
        arrays |= self._drawn(3, "dense", (self.widths[3], height * width * self.widths[2]))
        return arrays | self._drawn(4, "dense", (classes, self.widths[3]))

    def _drawn(self, layer: int, noun: str, shape: tuple[int, ...]) -> Arrays:
        fan = math.prod(shape[1:])
        spread = math.sqrt(6 / fan)
        drawn = uniform(self.seed, _FIRST + layer, shape[0], fan) * 2 - 1
        return {
            f"{noun}{layer}": (spread * drawn).astype(np.float32).reshape(shape),
            f"bias{layer}": np.zeros(shape[0], np.float32),
        }

    def train(self, X: NDArray[Any], y: NDArray[np.int64], threads: int, control: Control) -> Arrays:
        """The weights after all epochs on images X (n, height, width, channels) of classes y (n,)."""
        library = torch()
        before = library.get_num_threads()
        library.set_num_threads(1)  # the parts are the threads' work
        try:
            return self._trained(library, X, y, threads, control)
        finally:
            library.set_num_threads(before)

    def _trained(self, library: Any, X: NDArray[Any], y: NDArray[np.int64], threads: int, control: Control) -> Arrays:
        n, classes = len(y), int(y.max()) + 1
        first = self.first_weights(X.shape[1:], classes)
        names = list(first)
        weights = [library.tensor(values, requires_grad=True) for values in first.values()]
        batch = min(self.batch, n)
        steps = n // batch * self.epochs
        optimiser = library.optim.AdamW(weights, self.rate, betas=(0.9, 0.99), weight_decay=self.decay)
        schedule = library.optim.lr_scheduler.OneCycleLR(
            optimiser, self.rate, total_steps=steps + 1, pct_start=0.25, cycle_momentum=False
        )
        labels = library.tensor(y)
        for epoch in range(self.epochs):
            order = np.argsort(uniform(self.seed, _ORDER + 7 * epoch, n, 1)[:, 0], kind="stable")
            for number in range(n // batch):
                step = epoch * (n // batch) + number
                if number % 8 == 0:
                    control.check("fitting", step, steps)
                chosen = order[number * batch : (number + 1) * batch]
                self._step(library, dict(zip(names, weights, strict=True)), X, labels, (step, chosen), threads)
                optimiser.step()
                schedule.step()
        control.report("fitting", steps, steps)
        return {name: values.detach().numpy() for name, values in zip(names, weights, strict=True)}

    def _step(
        self, library: Any, weights: dict[str, Any], X: NDArray[Any], labels: Any,
        where: tuple[int, NDArray[np.int64]], threads: int,
    ) -> None:  # fmt: skip
        """Set the gradients of one batch: the sum of those of its parts, in their order."""
        step, chosen = where
        found: list[Any] = [None] * _PARTS
        parts = np.array_split(chosen, _PARTS)
        moves = np.floor(uniform(self.seed, _SHIFT + 7 * step, len(chosen), 2) * (2 * self.shift + 1)).astype(int)
        moved = np.array_split(moves, _PARTS)

        def differentiate(part: int) -> None:
            rows = parts[part]
            if not len(rows):
                return
            images = library.from_numpy(shifted(X[rows], moved[part] - self.shift, self.shift))
            drawn = library.Generator().manual_seed((self.seed * 1_000_003 + step) * _PARTS + part)
            scores = scores_of(library, weights, images, self.drop, drawn)
            loss = library.nn.functional.cross_entropy(scores, labels[rows], reduction="sum") / len(chosen)
            found[part] = library.autograd.grad(loss, list(weights.values()))

        run_tasks(differentiate, _PARTS, threads)
        there = [gradients for gradients in found if gradients is not None]
        for number, tensor in enumerate(weights.values()):
            total = there[0][number]
            for gradients in there[1:]:
                total = total + gradients[number]
            tensor.grad = total


def scores_of(library: Any, weights: dict[str, Any], images: Any, drop: float = 0.0, drawn: Any = None) -> Any:
    """The scores (m, c) of images (m, channels, height, width)."""
    F = library.nn.functional
    units = images.to(memory_format=library.channels_last)
    for layer in range(3):
        units = F.relu(F.conv2d(units, weights[f"conv{layer}"], weights[f"bias{layer}"], padding=1))
        units = F.max_pool2d(units, 2, ceil_mode=True)
    units = F.relu(F.linear(units.flatten(1), weights["dense3"], weights["bias3"]))
    if drop:
        kept = library.empty_like(units).bernoulli_(1 - drop, generator=drawn)
        units = units * kept / (1 - drop)
    return F.linear(units, weights["dense4"], weights["bias4"])


def shifted(X: NDArray[Any], moves: NDArray[np.int64], most: int) -> NDArray[np.float32]:
    """Images (m, h, w, c) moved down and right by `moves` (m, 2), at most so many pixels: (m, c, h, w)."""
    m, height, width, channels = X.shape
    wide = np.zeros((m, channels, height + 2 * most, width + 2 * most), np.float32)
    wide[:, :, most : most + height, most : most + width] = X.transpose(0, 3, 1, 2)
    out = np.empty((m, channels, height, width), np.float32)
    for row, (down, right) in enumerate(moves):
        top, left = most - down, most - right
        out[row] = wide[row, :, top : top + height, left : left + width]
    return out


def score(state: Arrays, X: NDArray[Any], threads: int) -> NDArray[np.float32]:
    """The scores (m, c) of images X (m, height, width, channels), each block on one thread."""
    library = torch()
    weights = {name: library.from_numpy(np.array(values)) for name, values in state.items()}
    scores = np.empty((len(X), len(state["bias4"])), np.float32)
    before = library.get_num_threads()
    library.set_num_threads(1)

    def look(block: int) -> None:
        rows = slice(block * _SCORED, (block + 1) * _SCORED)
        with library.inference_mode():
            images = library.from_numpy(np.ascontiguousarray(X[rows].transpose(0, 3, 1, 2), np.float32))
            scores[rows] = scores_of(library, weights, images).numpy()

    try:
        run_tasks(look, -(-len(X) // _SCORED), threads)
    finally:
        library.set_num_threads(before)
    return scores
