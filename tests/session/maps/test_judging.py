"""The quality of maps: measured when their runs are over, and never in the way of another run."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import numpy as np

from snowdome.data import store
from snowdome.session.session import Session


@asynccontextmanager
async def opened(fakes: ModuleType) -> AsyncIterator[Session]:
    session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
    session.open()
    session.join()
    try:
        yield session
    finally:
        await session.close()


def test_a_map_is_judged_when_its_run_is_over_and_nothing_waits(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            slow = session.run(session.start("tsne", 0, {"judging": 2.0}).record.id)
            await fakes.until(lambda: slow.record.measuring.startswith("looking at it"))
            assert slow.over
            assert slow.record.scores == []
            quick = session.run(session.start("tsne", 1, {}).record.id)
            await fakes.until(lambda: quick.over)
            assert slow.record.scores == [], "no run waits until a map is judged"
            await fakes.until(lambda: quick.record.scores)
            await fakes.until(lambda: slow.record.scores)
            assert [(score.name, score.value) for score in slow.record.scores] == [("rows", 40.0), ("nothing", None)]
            assert (slow.record.measuring, slow.record.points) == ("", ["recall", "distortion"])
            assert slow.newest is not None
            places = np.frombuffer(slow.newest.values, "<f4").reshape(-1, 2)
            assert np.array_equal(np.frombuffer(slow.points["distortion"], "<f4"), places[:, 0])

    fakes.go(main())


def test_a_map_that_was_stopped_is_judged_as_it_stands(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.run(session.start("tsne", 0, {"steps": 10**6, "pace": 0.001}).record.id)
            await fakes.until(lambda: run.record.step > 5)
            session.stop(run.record.id)
            await fakes.until(lambda: run.record.scores)
            assert run.record.status == "stopped"

    fakes.go(main())


def test_a_judge_that_fails_or_dies_leaves_the_map_and_says_so(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.run(session.start("tsne", 0, {"fault": "judge", "at": 10**6}).record.id)
            await fakes.until(lambda: run.record.notes)
            assert "could not be measured" in run.record.notes[0]
            assert "secret" not in run.record.notes[0]
            assert run.record.status == "done"
            run = session.run(session.start("tsne", 0, {"judging": 30.0}).record.id)
            await fakes.until(lambda: run.record.measuring.startswith("looking"))
            assert session.worker_pid is not None
            os.kill(session.worker_pid, signal.SIGKILL)
            await fakes.until(lambda: run.record.notes)
            assert (run.record.status, run.record.measuring) == ("done", "")
            assert "SIGKILL" in run.record.notes[0]
            again = session.run(session.start("tsne", 0, {}).record.id)
            await fakes.until(lambda: again.record.scores)

    fakes.go(main())
