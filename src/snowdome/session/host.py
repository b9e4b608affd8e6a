"""The one session that is open, and the way to another: read beside it, then put in its place."""

import asyncio
import concurrent.futures
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.session.messages import Opening
from snowdome.session.session import Session

REPORT_SECONDS = 0.1
PATIENCE_SECONDS = 2.0  # for a reader to notice that it is not wanted any more; then it is waited for no longer
NOTHING = Opening()

Result = TypeVar("Result")


class BusyError(SnowdomeError):
    """Another data set is being opened."""


class Watch(Control):
    """Told by whoever opens a data set how far it has come, from any thread; `say` is called on the event loop."""

    def __init__(self, name: str, say: Callable[[Opening], None]) -> None:
        super().__init__()
        self.name = name
        self._say, self._loop = say, asyncio.get_running_loop()
        self.task = asyncio.current_task()
        self._last = ("", 0.0)

    def stop(self) -> None:
        """Give it up: whoever reads may end, and whoever waits for that need wait no longer."""
        self.stopping = True
        if self.task is not None:
            self.task.cancel()

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell it, at most ten times a second but always the first and the last of a stage."""
        last_stage, last_time = self._last
        now = time.monotonic()
        if stage == last_stage and done < total and now - last_time < REPORT_SECONDS:
            return
        self._last = (stage, now)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            self._loop.call_soon_threadsafe(self._say, Opening(name=self.name, stage=stage, done=done, total=total))


class Host:
    """Holds the session that people watch. Those who do look at `session` again whenever they are woken."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._watch: Watch | None = None
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether the end is near."""
        return self._closing

    def open(self) -> None:
        """Open the first session."""
        self.session.open()

    def stop(self) -> None:
        """Give up what is being opened: the end is near."""
        if not self._closing and self._watch is not None:
            self._watch.stop()
        self._closing = True

    def cancel(self) -> bool:
        """Give up what is being opened, and keep what is open; whether there was anything to give up."""
        watch = self._watch
        if watch is None:
            return False
        watch.stopping = True
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._wait_no_longer, watch)
        return True

    def _wait_no_longer(self, watch: Watch) -> None:
        if self._watch is watch:
            watch.stop()

    async def close(self) -> None:
        """End the worker; what is being opened is given up."""
        self.stop()
        await self.session.close()

    @contextlib.contextmanager
    def opening(self, name: str) -> Iterator[Watch]:
        """Take the one place there is for opening something.

        BusyError where it is taken, Stopped where it is given up.
        """
        if self._watch is not None:
            raise BusyError(f"{self._watch.name} is being opened. Wait until it is there, then try again.")

        def say(opening: Opening) -> None:
            if self._watch is watch:  # what is told too late would stand for ever
                self._tell(opening)

        watch = self._watch = Watch(name, say)
        self._tell(Opening(name=name))
        try:
            yield watch
        except asyncio.CancelledError:
            if watch.stopping:
                if watch.task is not None:
                    watch.task.uncancel()
                raise Stopped(f"opening {name}") from None
            raise
        finally:
            self._watch = None
            self._tell(NOTHING)

    async def show(self, read: Callable[[], Dataset]) -> Session:
        """Read a Dataset in a thread and show it in place of the one that is open.

        The session before goes on until there is another Dataset, and stays where `read` raises; then its runs are
        stopped and its worker is ended. Stopped where it was given up while it was read.
        """
        dataset = await in_thread(read)
        if self._watch is not None and self._watch.stopping:
            raise Stopped(f"opening {self._watch.name}")
        before = self.session
        self.session = before.successor(dataset)
        self.session.open()
        before.wake()
        await before.close()
        return self.session

    def _tell(self, opening: Opening) -> None:
        self.session.tell_opening(opening)


async def in_thread(work: Callable[[], Result]) -> Result:
    """What `work` gives, from a thread that the end of the program does not wait for."""
    future: concurrent.futures.Future[Result] = concurrent.futures.Future()

    def do() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=do, name="opening", daemon=True).start()
    return await asyncio.wrap_future(future)
