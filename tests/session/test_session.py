"""The session with a real worker process: the queue, control, faults, and deaths."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import numpy as np
import psutil
import pytest

from snowdome.core.errors import OptionError, SnowdomeError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.session import protocol
from snowdome.session.messages import Costs, Notice, RunRecord
from snowdome.session.process import WORKER
from snowdome.session.session import KEPT_RUNS, STOP_SECONDS, Session, UnknownRunError


@asynccontextmanager
async def opened(fakes: ModuleType, *, watched: bool = True) -> AsyncIterator[Session]:
    session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
    session.open()
    try:
        if watched:
            session.join()
        yield session
    finally:
        await session.close()
        assert session.worker_pid is None or not psutil.pid_exists(session.worker_pid)


def values(session: Session, run: int) -> np.ndarray[Any, Any]:
    newest = session.run(run).newest
    assert newest is not None
    return np.frombuffer(newest.values, "<f4").reshape(newest.n, newest.dim)


def test_opens_with_a_picture_and_a_run_that_waits_for_a_viewer(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes, watched=False) as session:
            await fakes.until(lambda: session.run(1).over)
            assert session.run(1).record.status == "done"
            assert session.run(1).record.seed is None
            assert np.array_equal(values(session, 1), fakes.dataset().X[:, :2])
            await fakes.until(lambda: session.run(2).record.status == "paused")
            assert session.run(2).record.step == 0
            assert "when somebody looks" in session.run(2).record.message
            feed = session.join()
            await fakes.until(lambda: session.run(2).over)
            assert session.run(2).record.status == "done"
            assert session.run(2).record.step == 50
            assert feed.hello().costs[0].steps == [10, 20, 30, 40, 50]

    fakes.go(main())


def test_same_seed_same_bytes_whoever_watches(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            await fakes.until(lambda: session.run(2).over)
            feed = session.join()
            run = session.start("tsne", 0, {}).record.id
            while not session.run(run).over:
                feed.wake.clear()
                positions = feed.frame()
                if positions is not None:
                    feed.ack(positions.run, positions.step)
                await feed.wake.wait()
            assert values(session, run).tobytes() == values(session, 2).tobytes()
            other = session.start("tsne", 1, {}).record.id
            await fakes.until(lambda: session.run(other).over)
            assert values(session, other).tobytes() != values(session, 2).tobytes()

    fakes.go(main())


def test_pause_step_resume_show_the_exact_frame(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
            number = run.record.id
            await fakes.until(lambda: run.record.step > 5)
            session.pause(number)
            await fakes.until(lambda: run.record.status == "paused")
            at = run.record.step
            assert run.newest is not None
            assert (run.newest.step, run.newest.paused) == (at, True)
            session.step(number)
            await fakes.until(lambda: run.newest.step == at + 1)
            await fakes.until(lambda: run.record.step == at + 1 and run.record.status == "paused")
            assert run.newest.paused
            session.resume(number)
            await fakes.until(lambda: run.record.step > at + 3)
            assert run.record.status == "running"
            assert run.record.iterations_per_second > 0
            assert run.record.seconds_left > 0

    fakes.go(main())


def test_a_watcher_gets_frames_and_an_unwatched_run_sends_none(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
            await fakes.until(lambda: run.record.step > 100)
            assert run.newest.step == 0
            feed = session.join()
            assert feed.frame().run == 1  # what there is to see at once
            assert feed.frame() is None  # nothing newer: one is asked for
            await fakes.until(lambda: run.newest.step > 100)
            assert feed.frame() is run.newest
            shown = run.newest.step
            assert feed.frame() is None  # two are on their way
            await fakes.until(lambda: run.record.step > shown + 100)
            assert run.newest.step == shown
            feed.ack(1, 0)
            assert feed.frame() is None
            await fakes.until(lambda: run.newest.step > shown)
            feed.view(1)
            assert feed.frame() is session.run(1).newest
            feed.ack(1, 0)
            feed.view(run.record.id)
            assert feed.frame() is run.newest
            assert (await session.frame(run.record.id)).step > shown

    fakes.go(main())


def test_j03_stop_is_acknowledged_at_once_and_keeps_the_map(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
            await fakes.until(lambda: run.record.step > 5)
            asked = time.monotonic()
            session.stop(run.record.id)
            assert run.record.message == "Stopping."
            await fakes.until(lambda: run.over)
            assert time.monotonic() - asked < 1.5  # said at once, above; done before force is used
            assert run.record.status == "stopped"
            assert run.record.message == f"Stopped at step {run.record.step} of 1000000."
            assert run.newest.last
            assert not run.newest.done
            assert run.newest.step == run.record.step
            session.stop(run.record.id)
            assert run.record.status == "stopped"

    fakes.go(main())


def test_j03_stop_while_preparing_paused_held_and_queued(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes, watched=False) as session:
            await fakes.until(lambda: session.run(2).record.status == "paused")
            session.stop(2)
            await fakes.until(lambda: session.run(2).record.status == "stopped")
            run = session.start("tsne", 0, {"prepare": 5.0})
            await fakes.until(lambda: run.record.stage == "finding neighbours")
            assert run.record.stage_total == 10
            session.stop(run.record.id)
            await fakes.until(lambda: run.over)
            assert run.record.message == "Stopped while finding neighbours, before there was a map."
            first = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
            second = session.start("tsne", 1, {})
            third = session.start("tsne", 2, {})
            assert second.record.status == "stopped"
            await fakes.until(lambda: third.over)
            assert (first.record.status, third.record.status) == ("stopped", "done")

    fakes.go(main())


def test_j03_a_run_that_does_not_listen_loses_its_worker(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"fault": "stuck", "at": 1})
            await fakes.until(lambda: run.record.status == "running")
            asked, before = time.monotonic(), session.worker_pid
            session.stop(run.record.id)
            again = session.start("tsne", 0, {})
            await fakes.until(lambda: run.over)
            assert time.monotonic() - asked < STOP_SECONDS + 2.0
            assert run.record.status == "stopped"
            assert "by force" in run.record.message
            await fakes.until(lambda: again.over)
            assert again.record.status == "done"
            assert session.worker_pid != before

    fakes.go(main())


FAULTS = {
    "nan": "Moving failed: a position at step 20 is not a finite number. Nothing after that was shown.",
    "cost": "Moving failed: the cost at step 12 is inf. Nothing after that was shown.",
    "diverged": "Moving failed: The map diverged in step 12: a position is not finite.",
    "data": "Moving failed: the data are not to my liking.",
    "memory": "not enough memory",
    "disk": "no space left on device (fault ",
    "bug": "by a fault of the program (fault ",
}


def test_j12_and_s14_a_run_that_fails_says_why(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            feed = session.join()
            pid = session.worker_pid
            for fault, said in FAULTS.items():
                run = session.start("tsne", 0, {"fault": fault})
                await fakes.until(lambda run=run: run.over)
                assert run.record.status == "failed"
                assert said in run.record.message
                assert "/" not in run.record.message
                assert Notice(level="error", text=run.record.message) in feed.events()
                assert np.isfinite(values(session, run.record.id)).all()
            after = session.start("tsne", 0, {})
            await fakes.until(lambda: after.over)
            assert after.record.status == "done"
            assert session.worker_pid == pid

    fakes.go(main())


@pytest.mark.parametrize("end", ["abort", "kill"])
def test_j02_a_dead_worker_fails_the_run_and_a_new_one_takes_over(fakes: ModuleType, end: str) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            fault = {"fault": "abort"} if end == "abort" else {}
            run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001, **fault})
            feed = session.join()
            if end == "kill":
                await fakes.until(lambda: run.record.step > 5)
                os.kill(session.worker_pid, signal.SIGKILL)
            await fakes.until(lambda: run.over)
            assert run.record.status == "failed"
            assert ("SIGKILL" if end == "kill" else "SIGABRT") in run.record.message
            assert any(isinstance(event, Notice) for event in feed.events())
            again = session.start("tsne", 0, {})
            await fakes.until(lambda: again.over)
            assert again.record.status == "done"
            assert session.run(1).newest is not None

    fakes.go(main())


def test_a_worker_that_cannot_start_is_not_started_for_ever(fakes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_WORKER", "exit")

    async def main() -> None:
        async with opened(fakes) as session:
            feed = session.join()
            await fakes.until(lambda: all(run.over for run in session.runs.values()))
            assert all(run.record.status == "failed" for run in session.runs.values())
            await fakes.until(lambda: feed.notices and "cannot be started" in feed.notices[-1].text)
            assert "it ended with code 3" in feed.notices[-1].text
            monkeypatch.delenv("FAKE_WORKER")
            again = session.start("tsne", 0, {})
            await fakes.until(lambda: again.over)
            assert again.record.status == "done"

    fakes.go(main())


def test_what_a_layout_prints_does_not_reach_the_pipe(fakes: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"fault": "print"})
            await fakes.until(lambda: run.over)
            assert run.record.status == "done"

    fakes.go(main())
    assert capfd.readouterr().err.count("stray") == 2


def test_j06_one_run_at_a_time_and_the_queue_is_visible(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes, watched=False) as session:
            await fakes.until(lambda: session.run(2).record.status == "paused")
            run = session.start("tsne", 3, {"steps": 5})
            assert run.record.status == "queued"
            assert run.record.seed == 3
            assert run.record.options["steps"] == 5
            await fakes.until(lambda: run.over)
            assert session.run(2).record.status == "stopped"

    fakes.go(main())


def test_the_exaggeration_is_changed_while_it_runs(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            queued = session.start("tsne", 0, {"steps": 400, "pace": 0.001})
            session.exaggerate(queued.record.id, 3.0)  # before it has begun
            await fakes.until(lambda: queued.over)
            assert queued.record.exaggeration == 3.0
            plain = session.start("tsne", 0, {"steps": 400, "pace": 0.001})
            await fakes.until(lambda: plain.over)
            assert not np.array_equal(values(session, queued.record.id), values(session, plain.record.id))
            back = session.start("tsne", 0, {"steps": 400, "pace": 0.001})
            session.exaggerate(back.record.id, 3.0)
            session.exaggerate(back.record.id, None)
            await fakes.until(lambda: back.over)
            assert back.record.exaggeration is None
            assert np.array_equal(values(session, back.record.id), values(session, plain.record.id))
            for run, factor, said in ((1, 2.0, "no exaggeration"), (2, 0.5, "1 to 100"), (2, float("nan"), "1 to 100")):
                with pytest.raises(OptionError, match=said):
                    session.exaggerate(run, factor)

    fakes.go(main())


def test_a_run_goes_at_the_speed_that_is_chosen_and_its_map_has_the_same_bits(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            plain = session.start("tsne", 0, {"steps": 60})
            assert plain.record.speed is None
            await fakes.until(lambda: plain.over)
            slow = session.start("tsne", 0, {"steps": 60})
            number = slow.record.id
            session.speed(number, 0.1)  # before it has begun
            feed = session.join()
            await fakes.until(lambda: slow.record.status == "running")
            assert slow.record.speed == 0.1
            session.pause(number)
            await fakes.until(lambda: slow.record.status == "paused")
            held = slow.record.step
            assert held <= 1  # the first may have been done before it was to pause
            session.step(number)
            await fakes.until(lambda: slow.record.status == "paused" and slow.record.step == held + 1)
            session.resume(number)
            session.speed(number, 50.0)
            seen = []
            while not slow.over or seen[-1] < 60:
                frame = feed.frame()
                if frame is not None:
                    feed.ack(frame.run, frame.step)
                    if frame.run == number and frame.step not in seen:
                        seen.append(frame.step)
                await asyncio.sleep(0.001)
                if len(seen) == 20:
                    session.speed(number, None)
            assert seen[:20] == list(range(seen[0], seen[0] + 20))  # none is left out
            assert np.array_equal(values(session, number), values(session, plain.record.id))
            assert slow.repeatable
            for speed in (0.0, 1000.0, float("nan")):
                with pytest.raises(OptionError, match=r"0\.1 to 100"):
                    session.speed(number, speed)
            with pytest.raises(SnowdomeError, match="is over"):
                session.speed(number, 3.0)
            assert session.start("tsne", 1, {"steps": 60}).record.speed is None

    fakes.go(main())


def test_notes_of_a_run_are_in_its_record(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 0, {"note": "perplexity lowered"}).record.id
            await fakes.until(lambda: session.run(run).over)
            assert session.run(run).record.notes == ["perplexity lowered"]
            assert session.run(2).record.notes == []

    fakes.go(main())


NOT_ALLOWED: list[tuple[int, dict[str, Any], str]] = [
    (-1, {}, "random_state"),
    (10**30, {}, "too large"),
    (0, {"step": 1}, "Did you mean"),
    (0, {"n_components": 1}, "2 or 3 dimensions"),
    (0, {"n_jobs": 1}, "set by the app"),
    (0, {"method": "x"}, "set by the app"),
    (0, {"steps": "many"}, "allowed"),
]


def test_what_is_not_allowed_changes_nothing(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes, watched=False) as session:
            for seed, options, said in NOT_ALLOWED:
                with pytest.raises(OptionError, match=said):
                    session.start("tsne", seed, options)
            assert list(session.runs) == [1, 2]
            with pytest.raises(UnknownRunError):
                session.stop(9)
            await fakes.until(lambda: session.run(1).over)
            with pytest.raises(SnowdomeError, match="is over"):
                session.pause(1)

    fakes.go(main())


def test_a_run_that_waits_stops_nothing_and_comes_last(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            first = session.start("tsne", 0, {"steps": 30, "pace": 0.001})
            waiting = [session.start("tsne", seed, {"steps": 3}, waits=True) for seed in (1, 2)]
            assert session.unfinished is None
            assert not first.stopping
            await fakes.until(lambda: waiting[1].over)
            assert [run.record.status for run in (first, *waiting)] == ["done"] * 3
            long = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
            for _ in range(KEPT_RUNS):
                session.start("tsne", 0, {"steps": 1}, waits=True)
            with pytest.raises(SnowdomeError, match="wait for their turn"):
                session.start("tsne", 0, {"steps": 1}, waits=True)
            session.start("tsne", 5, {"steps": 1})
            assert all(
                run.stopping for run in session.runs.values() if long.record.id <= run.record.id < session.newest_number
            )

    fakes.go(main())


def test_old_runs_are_forgotten_but_the_first_picture_is_kept(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            for seed in range(KEPT_RUNS + 5):
                run = session.start("tsne", seed, {"steps": 1})
                await fakes.until(lambda run=run: run.over)
            assert len(session.runs) == KEPT_RUNS
            assert 1 in session.runs

    fakes.go(main())


def test_a_feed_tells_every_cost_and_the_last_record(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            feed = session.join()
            hello = feed.hello()
            run = session.start("tsne", 0, {"steps": 995, "pace": 0.0002})
            told = {costs.run: list(costs.steps) for costs in hello.costs}
            records = {record.id: record for record in hello.runs}
            while not (run.over and records[run.record.id].status == "done"):
                await feed.wake.wait()
                feed.wake.clear()
                await asyncio.sleep(0.01)
                for event in feed.events():
                    if isinstance(event, Costs):
                        told.setdefault(event.run, []).extend(event.steps)
                    if isinstance(event, RunRecord):
                        records[event.id] = event
            assert told[run.record.id] == [*range(10, 991, 10), 995]
            assert feed.events() == []

    fakes.go(main())


def test_the_worker_ends_when_its_session_dies(fakes: ModuleType) -> None:
    async def main() -> int:
        session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
        session.open()
        session.join()
        run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
        await fakes.until(lambda: run.record.step > 5)
        pid = session.worker_pid
        assert pid is not None
        began = time.monotonic()
        await session.close()
        assert time.monotonic() - began < 3.0
        return pid

    assert not psutil.pid_exists(fakes.go(main()))


def test_the_real_worker_gets_warm_and_ends_with_its_stdin() -> None:
    dataset = store.keep(Dataset(np.eye(4, dtype=np.uint8)))
    child = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    with child, child.stdin, child.stdout:
        for data, problem in ((dataset.payload_hash, ""), ("0" * 64, "The cache holds no data set")):
            protocol.write(child.stdin, protocol.Open(data))
            body = protocol.read(child.stdout)
            assert body is not None
            ready = protocol.decode_report(body)
            assert isinstance(ready, protocol.Ready)
            assert ready.problem.startswith(problem)
            assert bool(ready.problem) == bool(problem)
        child.stdin.close()
        assert protocol.read(child.stdout) is None
        assert child.wait(5) == 0
