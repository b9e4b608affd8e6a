"""The control of a watched run, with a clock that the test moves."""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from snowdome.layout.base import Frame
from snowdome.session.live_control import FRAME_SECONDS, LiveControl, NotFiniteError
from snowdome.session.process import cause
from snowdome.session.protocol import Positions, Progress, Stage


class Watched:
    """A control whose reports and frames are kept."""

    def __init__(self, *, held: bool = False) -> None:
        self.now = 0.0
        self.sent: list[Any] = []
        self.shown: list[Positions] = []
        self.control = LiveControl(1, held=held, send=self.sent.append, show=self.shown.append, clock=lambda: self.now)

    def deliver(self, step: int, *, cost: float = 1.0, cost_step: int = -1, done: bool = False) -> None:
        self.control.deliver(Frame(step, 100, 0, cost, cost_step, np.zeros((2, 2), np.float32), done))

    def costs(self) -> list[int]:
        return [step for report in self.sent if isinstance(report, Progress) for step in report.cost_steps]


def test_stages_are_told_ten_times_a_second_but_never_without_their_end() -> None:
    watched = Watched()
    for done in range(101):
        watched.control.report("finding neighbours", done, 100)
        watched.now += 0.01
    watched.control.report("affinities", 0, 1)
    told = [(report.stage, report.done) for report in watched.sent if isinstance(report, Stage)]
    assert told[0] == ("finding neighbours", 0)
    assert told[-2:] == [("finding neighbours", 100), ("affinities", 0)]
    assert 10 <= len(told) <= 13


def test_frames_are_made_only_for_those_who_can_take_one() -> None:
    watched = Watched()
    watched.deliver(0)
    assert [frame.step for frame in watched.shown] == [0]
    assert not watched.control.wants_frame(1)
    watched.deliver(10, cost_step=10)
    assert len(watched.shown) == 1
    watched.control.tell("frame")
    assert not watched.control.wants_frame(11)  # the last one has only just gone
    watched.now += 2 * FRAME_SECONDS
    assert watched.control.wants_frame(12)
    watched.deliver(12)
    assert watched.shown[-1].step == 12
    watched.now += 1
    assert not watched.control.wants_frame(13)
    watched.deliver(100, done=True)
    assert (watched.shown[-1].done, watched.shown[-1].last) == (True, True)


def test_every_cost_is_told_once() -> None:
    watched = Watched()
    watched.deliver(0, cost=float("nan"), cost_step=0)
    for step in (0, 10, 10, 20, 25, 30):
        watched.deliver(step, cost_step=step // 10 * 10)
        watched.now += 0.3
        watched.control.wants_frame(step + 1)
    watched.control.flush()
    assert watched.costs() == [0, 10, 20, 30]


def test_a_run_that_leaves_the_numbers_is_stopped_there() -> None:
    watched = Watched()
    with pytest.raises(NotFiniteError, match="cost at step 10 is nan"):
        watched.deliver(10, cost=float("nan"), cost_step=10)
    bad = np.array([[0.0, np.inf]], np.float32)
    with pytest.raises(NotFiniteError, match="position at step 3"):
        watched.control.deliver(Frame(3, 9, 0, 1.0, 0, bad))
    assert not watched.shown


def test_a_step_is_one_step_also_where_a_loop_hands_over_two_frames_of_it() -> None:
    watched = Watched(held=True)
    at: list[int] = []

    def loop() -> None:
        for step in range(4):
            if step == 0 or watched.control.wants_frame(step):
                watched.deliver(step)
            watched.deliver(step, cost_step=step)  # the cost, computed when the step begins
            at.append(step)

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()

    def stands_at(step: int) -> bool:
        return watched.shown[-1].step == step and at == list(range(step)) and thread.is_alive()

    limit = time.monotonic() + 10
    for step in range(4):
        while not stands_at(step):
            assert time.monotonic() < limit
            time.sleep(0.002)
        if step < 3:
            watched.control.tell("step")
    assert [frame.paused for frame in watched.shown] == [False, True, True, True]
    watched.control.tell("resume")
    thread.join(5)
    assert at == [0, 1, 2, 3]


class Paced:
    """A loop of `steps` steps on a thread of its own, at the speed that it is told, with a clock that stands still."""

    def __init__(self, speed: float | None, steps: int = 5) -> None:
        self.watched = Watched()
        self.steps = steps
        self.Y = np.arange(4, dtype=np.float32).reshape(2, 2)
        self.watched.control.tell("speed", speed)
        self.thread = threading.Thread(target=self._loop, daemon=True)
        self.thread.start()

    def _loop(self) -> None:
        control = self.watched.control
        for step in range(self.steps + 1):
            if control.stopping:
                return
            self.Y = self.Y * np.float32(0.7) + np.float32(step)
            done = step == self.steps
            if step == 0 or done or control.wants_frame(step):
                control.deliver(Frame(step, self.steps, 0, 1.0, -1, self.Y, done))
            control.deliver(Frame(step, self.steps, 0, 1.0, step, self.Y, done))  # the cost of the same step

    def stands_at(self, step: int) -> bool:
        """Whether the loop has come to that step, and no further though nothing keeps it for a while."""
        until(lambda: self.watched.control.step == step)
        self.thread.join(0.03)
        return self.watched.control.step == step and self.thread.is_alive()

    def tick(self, seconds: float) -> None:
        """Move the clock, and have it looked at."""
        self.watched.now += seconds
        self.watched.control.tell("frame")


def until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.002)


def test_at_a_chosen_speed_every_step_is_shown_and_has_its_share_of_a_second() -> None:
    paced = Paced(0.5)
    for step in range(5):
        assert paced.stands_at(step)
        paced.tick(1.9)
        assert paced.stands_at(step)
        paced.tick(0.1)
    paced.thread.join(5)
    assert not paced.thread.is_alive()
    assert {frame.step for frame in paced.watched.shown} == set(range(6))
    assert paced.watched.shown[-1].done


def test_what_is_told_while_the_next_step_is_waited_for_is_answered_at_once() -> None:
    paced = Paced(0.1)
    control = paced.watched.control
    assert paced.stands_at(0)
    control.tell("pause")
    until(lambda: paced.watched.shown[-1].paused)
    assert paced.stands_at(0)
    control.tell("step")
    until(lambda: paced.watched.shown[-1].step == 1 and paced.watched.shown[-1].paused)
    control.tell("resume")  # a step that was paused at has been seen long enough
    assert paced.stands_at(2)
    control.tell("speed", 100.0)
    assert paced.stands_at(2)
    paced.tick(0.01)
    assert paced.stands_at(3)
    control.tell("speed", None)
    paced.thread.join(5)
    assert not paced.thread.is_alive()
    stopped = Paced(0.1)
    assert stopped.stands_at(0)
    stopped.watched.control.tell("stop")
    stopped.thread.join(5)
    assert not stopped.thread.is_alive()
    assert stopped.watched.control.step == 0


def test_what_is_late_is_made_up_for_by_no_more_than_one_step() -> None:
    paced = Paced(1.0, steps=9)
    assert paced.stands_at(0)
    paced.tick(60)
    assert paced.stands_at(2)
    paced.tick(1)
    assert paced.stands_at(3)
    paced.watched.control.tell("stop")
    paced.thread.join(5)


def test_a_map_has_the_same_bits_at_any_speed() -> None:
    full = Paced(None)
    full.thread.join(5)
    slow = Paced(10.0)
    for step in range(5):
        assert slow.stands_at(step)
        slow.tick(0.1)
    slow.thread.join(5)
    for paced in (full, slow):
        paced.watched.control.flush()
    assert slow.watched.shown[-1].values == full.watched.shown[-1].values
    assert slow.watched.costs() == full.watched.costs() == list(range(6))


def test_why_a_process_ended() -> None:
    assert cause(3) == "it ended with code 3"
    assert "for want of memory" in cause(-9)
    assert cause(-11) == "it crashed (SIGSEGV)"
    assert cause(-15) == "it was ended (SIGTERM)"
    assert cause(-99) == "it was ended by signal 99"
