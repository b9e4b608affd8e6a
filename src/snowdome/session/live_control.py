"""The control of a run that people watch: pause, step, stop, speed, and frames for those who can take one."""

import math
import threading
import time
from collections.abc import Callable
from typing import Literal

import numpy as np

from snowdome.core.control import Control
from snowdome.core.errors import SnowdomeError
from snowdome.layout.base import Frame
from snowdome.session.protocol import Positions, Progress, Report, Stage, Verb

PROGRESS_SECONDS = 0.2
STAGE_SECONDS = 0.1
FRAME_SECONDS = 1 / 60  # no screen shows more


class NotFiniteError(SnowdomeError):
    """The run has left the numbers: a position or a cost is NaN or infinite."""


class LiveControl(Control):
    """Between the thread that runs a layout and the one that reads commands.

    The run's thread calls `wants_frame` and `report`, and `deliver` with every Frame; the other one calls `tell`.
    A run is held where it hands over a frame, so that what people see is exactly where it stands. Nothing here
    changes a number of the run, and its thread waits only while it is held or paused, or at a chosen speed until the
    next step is due: reports go to `send`, frames to `show`, and neither may block.
    """

    def __init__(
        self,
        run: int,
        *,
        held: bool,
        send: Callable[[Report], None],
        show: Callable[[Positions], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.run = run
        self._send, self._show, self._clock = send, show, clock
        self._changed = threading.Condition()
        self._held = held
        self._pausing = False
        self._tickets = 0  # steps allowed while paused
        self._left = -1  # the step at which the run was held last and then let go
        self._wanted = False
        self._started = False
        self._speed: float | None = None  # steps a second; None is as fast as it goes
        self._turn = 0.0  # when the last step was due, at such a speed
        self._stood = self._shown = -1  # the steps at which it was waited for last, and that was shown last
        self.step = self.steps = self.phase = 0
        self._rate = _Rate(clock())
        self._cost_steps: list[int] = []
        self._costs: list[float] = []
        self._last_cost_step = -1
        self._last_progress = self._last_frame = -math.inf
        self._last_stage = ("", -math.inf)

    def tell(self, verb: Verb, value: float | None = None) -> None:
        """Take one command, from any thread; `value` belongs to `exaggerate` and `speed`."""
        with self._changed:
            match verb:
                case "pause":
                    self._pausing = True
                case "resume":
                    self._pausing = self._held = False
                    self._tickets = 0
                case "step":
                    if self._pausing or self._held:
                        self._tickets += 1
                    self._pausing, self._held = True, False
                case "release":
                    self._held = False
                case "frame":
                    self._wanted = True
                case "exaggerate":
                    self.exaggeration = value
                case "speed":
                    self._speed, self._turn = value, self._clock()
                case "stop":
                    self.stopping = True
            self._changed.notify_all()

    def wants_frame(self, step: int) -> bool:
        """Whether a frame would be shown: somebody can take one, or the run is about to stand still."""
        self.step = step
        now = self._clock()
        if now - self._last_progress >= PROGRESS_SECONDS:
            self._progress("running")
        return self._pausing or self._speed is not None or (self._wanted and now - self._last_frame >= FRAME_SECONDS)

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell the stage of the preparation, at most ten times a second but always its first and its last."""
        now = self._clock()
        last_stage, last_time = self._last_stage
        if stage == last_stage and done < total and now - last_time < STAGE_SECONDS:
            return
        self._last_stage = (stage, now)
        self._send(Stage(self.run, stage, done, total))

    def deliver(self, frame: Frame) -> None:
        """Note the frame's cost, show its positions where they are wanted, and hold the run where it is to stand still.

        NotFiniteError where a position or the cost is NaN or infinite.
        """
        self.step, self.steps, self.phase = frame.step, frame.steps, frame.phase
        if not np.isfinite(frame.Y).all():
            raise NotFiniteError(f"a position at step {frame.step} is not a finite number")
        self._note_cost(frame)
        self._stand(frame)
        if self._dwell(frame):
            self._stand(frame)

    def _stand(self, frame: Frame) -> None:
        """Show the frame where it is wanted, and hold the run where it is held or paused."""
        with self._changed:
            holds = not frame.done and frame.step != self._left
            paused = self._pausing and holds
            shown = paused or self._wanted or frame.done or not self._started
            if shown:
                self._wanted = False
        if shown:
            self._hand_over(frame, paused=paused)
        if holds:
            self._hold(frame.step, paused=paused)

    def _hand_over(self, frame: Frame, *, paused: bool) -> None:
        self._last_frame, self._shown = self._clock(), frame.step
        self._show(positions(self.run, frame, paused=paused))

    def _dwell(self, frame: Frame) -> bool:
        """At a chosen speed, wait until the next step is due; whether a pause has cut it short.

        A step at which the run was held has been seen long enough. Who can take a frame only meanwhile is shown this
        step.
        """
        with self._changed:
            if frame.done or frame.step in (self._stood, self._left):
                return False
            self._stood = frame.step
            while self._speed is not None and not (self.stopping or self._pausing):
                now, due = self._clock(), self._turn + 1 / self._speed
                if now >= due:
                    self._turn = max(due, now - 1 / self._speed)  # what is late is made up for by one step at most
                    return False
                if self._wanted and self._shown != frame.step:
                    self._wanted = False
                    self._hand_over(frame, paused=False)
                self._changed.wait(due - now)
            return self._pausing and not self.stopping

    def _hold(self, step: int, *, paused: bool) -> None:
        """Wait while the run is held, or paused and this frame was shown as the exact one."""

        def waiting() -> bool:
            return not self.stopping and not self._tickets and (self._held or (paused and self._pausing))

        with self._changed:
            let_go = paused or self._tickets > 0
            if waiting():
                let_go = True
                self._rate.leave(self._clock())
                self._progress("paused")
                while waiting():
                    self._changed.wait()
                self._rate.come_back(self._clock())
                self._progress("running")
            elif not self._started:
                self._rate = _Rate(self._clock())
                self._progress("running")
            self._started = True
            if self._tickets:
                self._tickets -= 1
            if let_go:
                self._left = step

    def _note_cost(self, frame: Frame) -> None:
        if frame.cost_step != frame.step or (frame.step == 0 and math.isnan(frame.cost)):
            return
        if not math.isfinite(frame.cost):
            raise NotFiniteError(f"the cost at step {frame.step} is {frame.cost}")
        if frame.step > self._last_cost_step:
            self._last_cost_step = frame.step
            self._cost_steps.append(frame.step)
            self._costs.append(frame.cost)

    def flush(self) -> None:
        """Tell what has not been told yet."""
        self._progress("running" if self._started else "preparing")

    def _progress(self, status: Literal["preparing", "running", "paused"]) -> None:
        now = self._clock()
        self._last_progress = now
        rate = self._rate.after(self.step, now)
        told = self._cost_steps, self._costs
        self._cost_steps, self._costs = [], []
        self._send(Progress(self.run, status, self.step, self.steps, self.phase, rate, *told))


class _Rate:
    """Steps a second, smoothed over about a second, leaving out the time in which the run was held."""

    def __init__(self, now: float) -> None:
        self._since, self._step, self._away = now, 0, 0.0
        self._left_at = now
        self._value: float | None = None

    def leave(self, now: float) -> None:
        self._left_at = now

    def come_back(self, now: float) -> None:
        self._away += now - self._left_at

    def after(self, step: int, now: float) -> float | None:
        spent = now - self._since - self._away
        if step > self._step and spent > 0.05:
            fresh = (step - self._step) / spent
            self._value = fresh if self._value is None else 0.7 * self._value + 0.3 * fresh
            self._since, self._step, self._away = now, step, 0.0
        return self._value


def positions(run: int, frame: Frame, *, paused: bool) -> Positions:
    """A Frame as it leaves the worker; its Y (n, d), d = 2 or 3, is copied."""
    Y = np.ascontiguousarray(frame.Y, "<f4")
    n, dim = Y.shape
    low = Y.min(axis=0) if n else np.zeros(dim)
    high = Y.max(axis=0) if n else np.zeros(dim)
    lo = (float(low[0]), float(low[1]), float(low[2]) if dim > 2 else 0.0)
    hi = (float(high[0]), float(high[1]), float(high[2]) if dim > 2 else 0.0)
    complete = frame.done and frame.step >= frame.steps
    return Positions(
        run,
        frame.step,
        frame.steps,
        frame.phase,
        frame.cost,
        n,
        dim,
        lo,
        hi,
        paused,
        complete,
        frame.done,
        Y.tobytes(),
    )
