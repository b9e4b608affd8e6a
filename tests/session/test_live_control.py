"""The control of a watched run, with a clock that the test moves."""

import threading
import time
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


def test_why_a_process_ended() -> None:
    assert cause(3) == "it ended with code 3"
    assert "for want of memory" in cause(-9)
    assert cause(-11) == "it crashed (SIGSEGV)"
    assert cause(-15) == "it was ended (SIGTERM)"
    assert cause(-99) == "it was ended by signal 99"
