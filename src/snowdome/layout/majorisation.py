"""Least stress by majorisation: of all pairs at once while they fit, of random blocks of rows above that."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.control import Control
from snowdome.core.threads import one_blas_thread, run_tasks
from snowdome.layout.base import Frame
from snowdome.layout.energy import Positions
from snowdome.layout.line import lifted
from snowdome.layout.stress import Rows, Stress, all_distances, floor_of

SAMPLE = 2048  # rows whose pairs stand for all where these are too many
BLOCK = 1024  # rows whose distances stay in the second-level cache

_FRAME_EVERY = 5
_AT_ONCE = 8  # blocks in one step; fixed, so that the frames do not depend on the threads
_WITHIN = 6  # steps with the distances of a block, whose computing costs as much as fifty
_MOMENTUM = 0.7
_FIRST, _LAST = 0.9, 0.3  # share of the Guttman step in the first and in the last sweep


class Scale:
    """What a stress and a place are told as: raw stress in the units of X, or Sammon's, which has none.

    `dims` are those of the map; `pairs` is the number of pairs that each of those summed over stands for.
    """

    def __init__(self, stress: Stress, unit: float, dims: int, pairs: float = 1.0) -> None:
        self._unit, self._dims = unit, dims
        self._factor = 1 / (stress.worst or 1.0) if stress.inverse else unit * unit * pairs

    def frame(self, step: int, steps: int, Y: Positions, value: float, *, done: bool = False) -> Frame:
        """The Frame of Y (d, n), moved to the origin, at that stress."""
        Y = Y[: self._dims]
        places = ((Y - Y.mean(1, keepdims=True)) * np.float32(self._unit)).T
        return Frame(step, steps, 0, value * self._factor, step, np.ascontiguousarray(places, np.float32), done)


def majorise(stress: Stress, start: Positions, steps: int, unit: float, control: Control) -> Iterator[Frame]:
    """Guttman steps for all pairs at once, with momentum, from `start` (d, n) at its best scale: SMACOF, accelerated.

    A step starts ahead of where the last one led, by a share of how far that led (Y. Nesterov, 1983); the share is
    nothing again when the step would turn back (B. O'Donoghue and E. Candès, Found. Comput. Math. 15, 2015). Fifty
    such steps come further than 300 without. Cost: n² pairs a step.
    """
    scale, start = Scale(stress, unit, len(start)), lifted(start)
    Y = reached = start * np.float32(stress.best_scale(start))
    pull, ahead, step = np.empty_like(Y), 1.0, 0
    while step < steps:
        value = stress.pull(Y, pull)
        if step % _FRAME_EVERY == 0 or control.wants_frame(step):
            yield scale.frame(step, steps, Y, value)
        control.between_steps()
        if control.stopping:
            break
        move = pull / stress.mass
        before, reached = reached, Y + move
        if np.vdot(move, reached - before) < 0:
            ahead = 1.0
        following = (1 + np.sqrt(1 + 4 * ahead * ahead)) / 2
        Y = reached + np.float32((ahead - 1) / following) * (reached - before)
        ahead = following
        step += 1
    yield scale.frame(step, steps, reached, stress.pull(reached, pull), done=True)


def majorise_blocks(
    rows: Rows, start: Positions, sweeps: int, *, inverse: bool, seed: int, threads: int, control: Control
) -> Iterator[Frame]:
    """The same where n² pairs are too many: each sweep cuts the rows into random blocks and majorises each by itself.

    In a block a few shares of the Guttman step follow one another, from where the rows' momentum has brought them; the
    share falls by equal factors. The cost is told for the pairs of 2,048 random rows. A step of the Frames is 8 blocks.
    The blocks of a sweep share no row, so that the bits do not depend on the order they are done in.
    Cost: sweeps · n · 1024 · p multiplications; no n² memory.
    """
    n = start.shape[1]
    chosen = _shuffled(seed, 0, n)[:SAMPLE]
    distances = all_distances(rows[chosen], threads, control)
    floor = floor_of(distances)
    sample = Stress(distances, inverse=inverse, floor=floor, threads=threads)
    scale = Scale(sample, rows.unit, len(start), n * (n - 1) / (len(chosen) * (len(chosen) - 1)))
    start = lifted(start)
    Y = start * np.float32(sample.best_scale(np.ascontiguousarray(start[:, chosen])))
    velocity = np.zeros_like(Y)
    bounds = np.linspace(0, n, -(-n // BLOCK) + 1).astype(np.int64)
    blocks = len(bounds) - 1
    steps, step = sweeps * -(-blocks // _AT_ONCE), 0

    def frame(*, done: bool = False) -> Frame:
        part: Positions = np.ascontiguousarray(Y[:, chosen])
        return scale.frame(step, steps, Y, sample.pull(part, np.empty_like(part)), done=done)

    def move(members: NDArray[np.int64], share: float) -> None:
        stress = Stress(all_distances(rows[members]), inverse=inverse, floor=floor)
        here = Y[:, members]
        moved: Positions = np.ascontiguousarray(here + np.float32(_MOMENTUM) * velocity[:, members], np.float32)
        pull, by = np.empty_like(moved), np.float32(share) / stress.mass
        for _ in range(_WITHIN):
            stress.pull(moved, pull)
            moved += by * pull
        velocity[:, members] = moved - here
        Y[:, members] = moved

    for sweep, share in enumerate(np.geomspace(_FIRST, _LAST, sweeps)):
        members = np.split(_shuffled(seed, sweep + 1, n), bounds[1:-1])
        for first in range(0, blocks, _AT_ONCE):
            yield frame()
            control.between_steps()
            if control.stopping:
                yield frame(done=True)
                return
            now = members[first : first + _AT_ONCE]
            with one_blas_thread():
                run_tasks(lambda task, now=now, share=share: move(now[task], share), len(now), threads)  # type: ignore[misc]
            step += 1
    yield frame(done=True)


def _shuffled(seed: int, stream: int, n: int) -> NDArray[np.int64]:
    """The numbers 0 … n - 1 in a random order."""
    return np.argsort(rng.uniform(seed, stream, n, 1)[:, 0], kind="stable")
