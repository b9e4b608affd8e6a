"""The one loop that every method that descends runs in."""

import collections
import dataclasses
from collections.abc import Generator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import SnowdomeError
from snowdome.core.threads import run_tasks
from snowdome.layout.base import Frame, Phase
from snowdome.layout.energy import Energy, Forces, Positions
from snowdome.layout.line import hold, lifted

Box = tuple[NDArray[np.float32], NDArray[np.float32]]  # its low and its high corner, (d,) each

_COST_EVERY = 10
_REORDER_EVERY = 50
_SETTLED = 400  # steps after which neighbours on the map change slowly
_STILL_FOR = 50  # steps over which a cost that hardly changes ends a phase
_PARTS = 8  # of the points; fixed, so that sums do not depend on the threads


class DivergedError(SnowdomeError):
    """The positions of a run are no longer finite."""


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
        dims, self.threads = max(dims, 2), threads
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


class _Descent:
    """Where a run stands: rows in the order of a curve through the map, and who they are."""

    def __init__(self, energy: Energy, start: Positions, rule: StepRule, steps: int) -> None:
        self._dims = len(start)
        start = lifted(start)
        self.Y = start.copy()
        self.step, self.steps, self.phase = 0, steps, 0
        self._energy, self._rule = energy, rule
        self._rows = np.arange(start.shape[1])
        self._low, self._high = start.min(1), start.max(1)
        self._cost, self._cost_step = float("nan"), 0
        self._forces: Forces | None = None

    def reorder(self) -> None:
        """Put the rows in the order of a space-filling curve, so that a row finds its neighbours in the cache."""
        order = along_curve(self.Y, self._low, self._high)
        self._energy.reorder(order)
        self._rule.reorder(order)
        self.Y, self._rows = self.Y.take(order, 1), self._rows[order]

    def feel(self) -> None:
        """Compute the forces."""
        self._forces = self._energy.forces(self.Y, self._low, self._high)
        if self._dims == 1:
            hold(self._forces)

    def weigh(self) -> float:
        """Compute the cost where the forces were computed last."""
        self._cost, self._cost_step = self._energy.cost(self.Y), self.step
        return self._cost

    def move(self, phase: Phase) -> None:
        """Take a step; DivergedError when a position is no longer finite."""
        assert self._forces is not None  # noqa: S101 - `feel` comes first
        self._low, self._high = self._rule.move(self.Y, self._forces, phase)
        self.step += 1
        if not (np.isfinite(self._low).all() and np.isfinite(self._high).all()):
            raise DivergedError(
                f"The map diverged in step {self.step}: a position is not finite. Lower the learning rate or the "
                f"exaggeration."
            )

    def frame(self, *, done: bool = False) -> Frame:
        """The instant, with rows in the order of the data."""
        places = np.empty((self.Y.shape[1], self._dims), np.float32)
        places[self._rows] = self.Y[: self._dims].T
        return Frame(self.step, self.steps, self.phase, self._cost, self._cost_step, places, done)


class _Stillness:
    """Whether the cost has come to rest: for 50 steps it stayed within `tolerance` of itself.

    It must have changed by more than that at some time before, because the small start of a map is a plateau as well.
    """

    def __init__(self, tolerance: float) -> None:
        self._tolerance = tolerance
        self._moved = False
        self._costs: collections.deque[float] = collections.deque(maxlen=_STILL_FOR // _COST_EVERY + 1)

    def begin_phase(self) -> None:
        """The costs of the phase before do not count."""
        self._costs.clear()

    def after(self, cost: float) -> bool:
        """Whether the phase may end with this cost."""
        costs = self._costs
        costs.append(cost)
        if len(costs) < (costs.maxlen or 0):
            return False
        still = max(costs) - min(costs) < self._tolerance * abs(cost)
        self._moved = self._moved or not still
        return still and self._moved


def descend(
    energy: Energy, start: Positions, rule: StepRule, phases: list[Phase], control: Control, tolerance: float = 0.0
) -> Generator[Frame, None, tuple[str, ...]]:
    """Run the phases from `start` (d, n), d from 1 to 3, and yield Frames: see Layout.frames.

    Returns what `notes_` should say.

    Every 50 steps, later 100, the rows are put in the order of a space-filling curve through the map; Frames are in
    the order of the data all the same. A phase in which the cost changes by less than `tolerance` of itself in 50
    steps ends. Raises DivergedError, naming the step, when a position is no longer finite.
    """
    run = _Descent(energy, start, rule, sum(phase.steps for phase in phases))
    stillness = _Stillness(tolerance)
    notes: tuple[str, ...] = ()
    yield run.frame()
    for run.phase, phase in enumerate(phases):
        stillness.begin_phase()
        for within in range(phase.steps):
            if run.step % (_REORDER_EVERY if run.step < _SETTLED else 2 * _REORDER_EVERY) == 0:
                run.reorder()
            run.feel()
            if run.step % _COST_EVERY == 0 or within == phase.steps - 1:
                still = stillness.after(run.weigh())
                yield run.frame()
                if still:
                    run.steps -= phase.steps - within
                    notes += (_ended_early(run, tolerance),)
                    break
            exaggeration = phase.exaggeration if control.exaggeration is None else control.exaggeration
            run.move(dataclasses.replace(phase, exaggeration=exaggeration))
            control.between_steps()
            if control.stopping:
                break
            if control.wants_frame(run.step):
                yield run.frame()
        if control.stopping:
            break
    run.feel()
    run.weigh()
    yield run.frame(done=True)
    return notes


def _ended_early(run: _Descent, tolerance: float) -> str:
    return (
        f"Phase {run.phase + 1} ended at step {run.step}: the cost changed by less than {tolerance:g} of itself in "
        f"{_STILL_FOR} steps."
    )


def along_curve(Y: Positions, low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.int64]:
    """The rows of Y (d, n) in the order of a Z-shaped curve through the box; ties in the order they are in."""
    from snowdome.layout import kernels

    code = np.empty(Y.shape[1], np.uint32)
    side = float((high - low).max())
    kernels.morton_codes(Y, low, np.float32(1023.99 / max(side, 1e-30)), code)
    return np.argsort(code, kind="stable")
