"""The one loop that every method that descends runs in."""

import dataclasses
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import SnowdomeError
from snowdome.core.threads import run_tasks
from snowdome.layout.base import Frame
from snowdome.layout.energy import Energy, Forces, Positions

Box = tuple[NDArray[np.float32], NDArray[np.float32]]  # its low and its high corner, (d,) each

_COST_EVERY = 10
_REORDER_EVERY = 50
_SETTLED = 400  # steps after which neighbours on the map change slowly
_PARTS = 8  # of the points; fixed, so that sums do not depend on the threads


class DivergedError(SnowdomeError):
    """The positions of a run are no longer finite."""


@dataclasses.dataclass(frozen=True)
class Phase:
    """A stretch of a run: how many steps, how the attraction is exaggerated, and how large the steps are.

    `rate` is for an exaggeration of 1; it is divided by the exaggeration, which makes the gradient so much steeper.
    """

    steps: int
    exaggeration: float
    momentum: float
    rate: float


class StepRule(Protocol):
    """How the positions move, given the forces."""

    def move(self, Y: Positions, forces: Forces, phase: Phase) -> Box:
        """Move Y (d, n) in place; returns the corners of the box around it, NaN where a position is not finite."""

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Row i from now on is what row order[i] was."""


class GainsAndMomentum:
    """The step rule of t-SNE: momentum, and a gain for each coordinate that grows while its sign changes not.

    R. A. Jacobs, "Increased rates of convergence through learning rate adaptation", Neural Networks 1 (1988).
    """

    def __init__(self, dims: int, n: int, threads: int) -> None:
        self.threads = threads
        self._velocity = np.zeros((dims, n), np.float32)
        self._gain = np.ones((dims, n), np.float32)
        self._bounds = np.linspace(0, n, _PARTS + 1).astype(np.int64)
        self._facts = np.empty((_PARTS, dims, 3))
        self._shift = np.zeros(dims, np.float32)

    def move(self, Y: Positions, forces: Forces, phase: Phase) -> Box:
        """Move Y down the gradient, in place; returns the corners of the box around it.

        What its mean was off the origin after the step before is taken off in the same pass.
        """
        from snowdome.layout import kernels

        factor, rate = phase.exaggeration, phase.rate / phase.exaggeration
        scales = [np.float32(x) for x in (factor, forces.push_by, phase.momentum, rate)]
        bounds = self._bounds

        def step(part: int) -> None:
            kernels.gains_and_momentum(
                Y, self._velocity, self._gain, forces.pull, forces.push, *scales,
                self._shift, bounds[part], bounds[part + 1], self._facts[part],
            )  # fmt: skip

        run_tasks(step, _PARTS, self.threads)
        self._shift = (self._facts[:, :, 0].sum(0) / Y.shape[1]).astype(np.float32)
        # NaN adds up, but is neither least nor greatest for every compiler: the sum is asked as well
        bad = np.where(np.isfinite(self._shift), np.float32(0), np.float32(np.nan))
        return (
            self._facts[:, :, 1].min(0).astype(np.float32) + bad,
            self._facts[:, :, 2].max(0).astype(np.float32) + bad,
        )

    def reorder(self, order: NDArray[np.int64]) -> None:
        """Row i from now on is what row order[i] was."""
        self._velocity, self._gain = self._velocity.take(order, 1), self._gain.take(order, 1)


def descend(energy: Energy, start: Positions, rule: StepRule, phases: list[Phase], control: Control) -> Iterator[Frame]:
    """Run the phases from `start` (d, n) and yield Frames: see Layout.frames.

    Every 50 steps, later 100, the rows are put in the order of a space-filling curve through the map, so that a row
    finds its neighbours in the cache; Frames are in the order of the data all the same. Raises DivergedError, naming
    the step, when a position is no longer finite.
    """
    Y = start.copy()
    steps = sum(phase.steps for phase in phases)
    rows = np.arange(Y.shape[1])
    low, high = Y.min(1), Y.max(1)
    cost, cost_step, step, number = float("nan"), 0, 0, 0

    def frame(*, done: bool = False) -> Frame:
        places = np.empty((Y.shape[1], Y.shape[0]), np.float32)
        places[rows] = Y.T
        return Frame(step, steps, number, cost, cost_step, places, done)

    yield frame()
    for number, phase in enumerate(phases):  # noqa: B007 - `frame` reads it
        for within in range(phase.steps):
            if step % (_REORDER_EVERY if step < _SETTLED else 2 * _REORDER_EVERY) == 0:
                order = along_curve(Y, low, high)
                energy.reorder(order)
                rule.reorder(order)
                Y, rows = Y.take(order, 1), rows[order]
            forces = energy.forces(Y, low, high)
            if step % _COST_EVERY == 0 or within == phase.steps - 1:
                cost, cost_step = energy.cost(Y), step
                yield frame()
            now = phase
            if control.exaggeration is not None:
                now = dataclasses.replace(phase, exaggeration=control.exaggeration)
            low, high = rule.move(Y, forces, now)
            step += 1
            if not (np.isfinite(low).all() and np.isfinite(high).all()):
                raise DivergedError(
                    f"The map diverged in step {step}: a position is not finite. Lower the learning rate or the "
                    f"exaggeration."
                )
            control.between_steps()
            if control.stopping:
                break
            if control.wants_frame(step):
                yield frame()
        if control.stopping:
            break
    energy.forces(Y, low, high)
    cost, cost_step = energy.cost(Y), step
    yield frame(done=True)


def along_curve(Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.int64]:
    """The rows of Y (d, n) in the order of a Z-shaped curve through the box; ties in the order they are in."""
    from snowdome.layout import kernels

    code = np.empty(Y.shape[1], np.uint32)
    side = float((high - low).max())
    kernels.morton_codes(Y, low, np.float32(1023.99 / max(side, 1e-30)), code)
    return np.argsort(code, kind="stable")
