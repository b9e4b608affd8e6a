"""The host: another Dataset takes the place of the open one, or leaves it as it was."""

import asyncio
import os
import threading
from pathlib import Path
from types import ModuleType

import pytest

from snowdome.core.control import Stopped
from snowdome.core.errors import DataError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.session.host import BusyError, Host, Watch, in_thread
from snowdome.session.messages import Opening
from snowdome.session.session import Session


@pytest.fixture
def host(fakes: ModuleType, cache: Path) -> Host:
    """Over the small data; it is not open yet."""
    assert cache
    return Host(Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make))


def test_the_new_session_is_open_before_the_old_one_is_closed(host: Host, fakes: ModuleType) -> None:
    async def work() -> None:
        host.open()
        before = host.session
        feed = before.join()
        await fakes.until(lambda: before.run(1).over)
        before.start("tsne", 1, {"steps": 10**6, "pace": 0.001})
        worker = before.worker_pid
        feed.wake.clear()
        after = await host.show(lambda: store.keep(fakes.dataset(7)))
        assert host.session is after is not before
        assert after.id != before.id
        assert feed.wake.is_set(), "those who watch look again"
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
        await fakes.until(lambda: after.run(1).over)
        assert after.run(1).newest.n == 7
        await host.close()
        assert after.worker_pid is None

    fakes.go(work())


def test_what_cannot_be_read_leaves_everything_as_it_was(host: Host, fakes: ModuleType) -> None:
    def broken() -> Dataset:
        raise DataError("row 3 is broken.")

    async def work() -> None:
        host.open()
        before = host.session
        with host.opening("pets"), pytest.raises(DataError, match="row 3"):
            await host.show(broken)
        assert host.session is before
        await fakes.until(lambda: before.run(1).over)
        await host.close()

    fakes.go(work())


def test_one_is_opened_at_a_time_and_all_hear_of_it(host: Host, fakes: ModuleType) -> None:
    async def work() -> None:
        feed = host.session.join()
        with host.opening("pets.zip") as watch:
            assert feed.events()[-1] == Opening(name="pets.zip")
            with pytest.raises(BusyError, match=r"pets\.zip is being opened"), host.opening("other"):
                pass
            assert feed.events() == []
            for done in range(1000):
                await in_thread(lambda done=done: watch.report("reading images", done + 1, 1000))  # type: ignore[misc]
                found = feed.events()
                assert not found or found[-1].total == 1000  # type: ignore[union-attr]
            last = Opening(name="pets.zip", stage="reading images", done=1000, total=1000)
            assert host.session.opening == last
        assert feed.events()[-1] == Opening()
        with host.opening("other"):
            pass

    fakes.go(work())


def test_what_was_told_just_before_the_end_does_not_stand_for_ever(host: Host, fakes: ModuleType) -> None:
    async def work() -> None:
        host.open()
        with host.opening("it") as watch:
            watch.stopping = True
            with pytest.raises(Stopped):
                watch.check("receiving", 1, 2)
        await asyncio.sleep(0)
        assert host.session.opening == Opening()
        await host.close()

    fakes.go(work())


def test_closing_gives_up_what_is_being_opened(host: Host, fakes: ModuleType) -> None:
    started, go_on = threading.Event(), threading.Event()
    watches: list[Watch] = []

    def slow() -> Dataset:
        started.set()
        assert go_on.wait(10)
        data: Dataset = fakes.dataset(7)
        return data

    async def opening() -> None:
        with host.opening("pets") as watch:
            watches.append(watch)
            await host.show(slow)

    async def work() -> None:
        host.open()
        before = host.session
        task = asyncio.create_task(opening())
        await fakes.until(started.is_set)
        await host.close()
        with pytest.raises(Stopped):
            await task
        assert watches[0].stopping, "the reader may end as well"
        go_on.set()
        assert host.session is before, "no session is opened after the end"

    fakes.go(work())
