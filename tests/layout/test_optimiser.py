"""The loop: frames, order, stopping, divergence."""

import numpy as np
import pytest

from snowdome.core.control import Control
from snowdome.layout.base import Phase
from snowdome.layout.energy import Forces
from snowdome.layout.optimiser import DivergedError, GainsAndMomentum, descend


class Springs:
    """Each point is drawn to its own target: a cost with a known minimum."""

    def __init__(self, targets):
        self.targets = targets

    def forces(self, Y, low, high):
        self.box = (low, high)
        return Forces(Y - self.targets, np.zeros_like(Y), 0.0)

    def cost(self, Y):
        return float(((Y - self.targets) ** 2).sum() / 2)

    def reorder(self, order):
        self.targets = self.targets.take(order, 1)


@pytest.fixture
def targets():
    places = np.random.default_rng(0).normal(size=(2, 300)).astype(np.float32)
    return places - places.mean(1, keepdims=True)


def run(targets, phases, control=None, dims=2, threads=1):
    start = np.zeros_like(targets)
    rule = GainsAndMomentum(dims, targets.shape[1], threads)
    return list(descend(Springs(targets), start, rule, phases, control or Control()))


def test_reaches_the_minimum_with_rows_in_the_order_of_the_data(targets):
    frames = run(targets, [Phase(60, 1, 0.5, 0.1), Phase(140, 1, 0.8, 0.05)])
    np.testing.assert_allclose(frames[-1].Y, targets.T, atol=1e-3)
    assert frames[-1].cost < 1e-3


def test_frames_carry_the_cost_of_every_tenth_step_and_of_the_ends_of_phases(targets):
    frames = run(targets, [Phase(25, 1, 0.5, 0.1), Phase(8, 1, 0.8, 0.1)])
    assert [f.cost_step for f in frames[1:]] == [0, 10, 20, 24, 30, 32, 33]
    assert [f.step for f in frames] == [0, 0, 10, 20, 24, 30, 32, 33]
    assert [f.done for f in frames] == [False] * 7 + [True]
    assert {f.steps for f in frames} == {33}
    assert frames[0].Y.dtype == np.float32


def test_a_frame_does_not_change_after_it_was_given(targets):
    frames = run(targets, [Phase(30, 1, 0.5, 0.1)])
    assert not np.array_equal(frames[1].Y, frames[-1].Y)
    assert not frames[0].Y.any()


def test_stopping_ends_with_what_there_is(targets):
    class StopAt(Control):
        def between_steps(self):
            self.count = getattr(self, "count", 0) + 1
            self.stopping = self.count == 17

    last = run(targets, [Phase(1000, 1, 0.5, 0.01)], StopAt())[-1]
    assert (last.step, last.steps, last.done, last.cost_step) == (17, 1000, True, 17)


def test_wanted_frames_are_given(targets):
    class Eager(Control):
        def wants_frame(self, step):
            return step == 7

    assert [f.step for f in run(targets, [Phase(10, 1, 0.5, 0.1)], Eager())] == [0, 0, 7, 9, 10]


def test_divergence_stops_the_run_and_names_the_step(targets):
    """J-12."""

    class Infinite(Springs):
        def forces(self, Y, low, high):
            return Forces(np.full_like(Y, np.nan), np.zeros_like(Y), 0.0)

    with pytest.raises(DivergedError, match="step 1"):
        list(descend(Infinite(targets), np.zeros_like(targets), GainsAndMomentum(2, 300, 1), [Phase(5, 1, 0.5, 1.0)],
                     Control()))  # fmt: skip


def test_no_move_is_longer_than_five(targets):
    frames = run(1e6 * targets, [Phase(10, 1, 0.5, 1e3)], type("All", (Control,), {"wants_frame": lambda *_: True})())
    by_step = {f.step: f.Y for f in frames}
    for step in range(1, 10):
        moved = by_step[step] - by_step[step - 1]
        assert np.linalg.norm(moved, axis=1).max() < 10.1  # 5, and the mean moved back


def test_three_dimensions_and_two_threads_give_the_bits_of_one():
    targets = np.random.default_rng(2).normal(size=(3, 500)).astype(np.float32)
    phases = [Phase(120, 1, 0.5, 0.1)]
    one, two = (run(targets, phases, dims=3, threads=t)[-1].Y for t in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_exaggeration_can_be_changed_while_it_runs_and_the_steps_shrink_with_it(targets):
    class Turned(Control):
        def between_steps(self):
            self.exaggeration = 4.0

    class Watch(GainsAndMomentum):
        def __init__(self, *given):
            super().__init__(*given)
            self.seen = []

        def move(self, Y, forces, phase):
            self.seen.append(phase.exaggeration)
            return super().move(Y, forces, phase)

    rule = Watch(2, targets.shape[1], 1)
    frames = list(descend(Springs(targets), np.zeros_like(targets), rule, [Phase(200, 1, 0.5, 0.1)], Turned()))
    assert rule.seen[:2] == [1, 4.0]
    np.testing.assert_allclose(frames[-1].Y, targets.T, atol=1e-3)


class Offset(Springs):
    """Springs whose cost does not fall to nothing: what changes little of it is small."""

    def cost(self, Y):
        return 100.0 + super().cost(Y)


def drained(run):
    """The frames of a run, and what it returns."""
    frames = []
    while True:
        try:
            frames.append(next(run))
        except StopIteration as end:
            return frames, end.value


def settle(targets, tolerance):
    rule = GainsAndMomentum(2, targets.shape[1], 1)
    phases = [Phase(300, 1, 0.5, 0.1), Phase(1000, 1, 0.5, 0.1)]
    return drained(descend(Offset(targets), np.zeros_like(targets), rule, phases, Control(), tolerance))


def test_a_phase_whose_cost_is_at_rest_ends_early_and_says_at_which_step(targets):
    frames, notes = settle(targets, 1e-4)
    last = frames[-1]
    assert last.step == last.steps < 1300
    assert last.done
    assert [note.split(":")[0] for note in notes] == [
        f"Phase 1 ended at step {next(f.step for f in frames if f.phase == 1)}",
        f"Phase 2 ended at step {last.step}",
    ]
    assert last.cost == pytest.approx(settle(targets, 0.0)[0][-1].cost, rel=1e-3)
    at_rest = [f.cost for f in frames if f.phase == 0][-6:]
    assert max(at_rest) - min(at_rest) < 1e-4 * at_rest[-1]


def test_without_a_tolerance_all_steps_are_done(targets):
    frames, notes = settle(targets, 0.0)
    assert frames[-1].step == 1300
    assert notes == ()


def test_a_flat_start_is_no_rest(targets):
    """The cost of a small start hardly changes until the map begins to grow."""

    class Slow(Offset):
        calls = 0

        def forces(self, Y, low, high):
            self.calls += 1
            drawn = super().forces(Y, low, high)
            return drawn if self.calls > 90 else Forces(np.zeros_like(Y), np.zeros_like(Y), 0.0)

    rule = GainsAndMomentum(2, targets.shape[1], 1)
    frames = list(descend(Slow(targets), np.zeros_like(targets), rule, [Phase(400, 1, 0.5, 0.1)], Control(), 1e-4))
    assert 140 < frames[-1].step < 400
    np.testing.assert_allclose(frames[-1].Y, targets.T, atol=1e-2)
