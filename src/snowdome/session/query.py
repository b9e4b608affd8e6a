"""Short questions about the open data, answered by a second warm process, so that no long run holds them up."""

import asyncio
import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from snowdome.core import errors
from snowdome.core.control import Stopped
from snowdome.core.errors import SnowdomeError
from snowdome.session import protocol
from snowdome.session.process import WorkerProcess, cause
from snowdome.session.protocol import Answered, Ask, Drop, Open, QueryCommand, QueryReport, Reached, Ready, Unanswered
from snowdome.session.question import Answer, Question, answer_type, kind_of

QUERY_WORKER: tuple[str, ...] = (sys.executable, "-P", "-m", "snowdome.session.query_worker")
MOST_ASKED = 64  # questions that wait for their answers
DROP_SECONDS = 5.0  # a dropped question that is still being answered by then is ended by force
Watch = Callable[[str, int, int], None]  # told the stage, and how much of it is done, of how much
STOPPED = "Stopped"  # stands for the error of a question that was dropped


class QueryError(SnowdomeError):
    """A question was not answered, and it was not the question's fault."""


@dataclass(frozen=True)
class _Waiting:
    ask: Ask
    answer: asyncio.Future[bytes]
    watch: Watch | None


class Queries:
    """Questions about one Dataset, on one event loop.

    The process is started by `start` or by the first question, and again where it dies. A question whose asker is
    cancelled is dropped: it makes room for the next at once.
    """

    def __init__(self, data: str, command: Sequence[str] = ()) -> None:
        self._data, self._command = data, command or QUERY_WORKER
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._dropped: set[int] = set()
        self._process: WorkerProcess[QueryReport] | None = None
        self._warm = self._killed = self._closing = False
        self._problem = ""

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    @property
    def warm(self) -> bool:
        """Whether the process has mapped the data and loaded its kernels."""
        return self._warm

    def start(self) -> None:
        """Start the process where there is none, so that it is warm when a question comes."""
        if self._process is None and not self._closing:
            try:
                self._process = WorkerProcess(
                    self._command, protocol.decode_query_report, self._on_report, self._on_exit
                )
            except OSError as error:
                self._problem = error.strerror or type(error).__name__
                return
            self._send(Open(self._data))

    async def ask(self, question: Question[Answer], watch: Watch | None = None) -> Answer:
        """The answer; `watch` is told how far a question is that `tells`.

        Raises what the question's `answer` raised where that is an error of `core.errors`; QueryError for a fault of
        the program, where the process died, or where too many questions wait.
        """
        if self._closing:
            raise QueryError("The data are being closed; nothing is answered any more.")
        if len(self._waiting) >= MOST_ASKED:
            raise QueryError(f"{MOST_ASKED} questions wait for their answers already. Ask again when some are there.")
        self.start()
        if self._process is None:
            raise QueryError(f"The process that answers questions cannot be started: {self._problem}.")
        number = next(self._numbers)
        ask = Ask(number, kind_of(question), protocol.encode(question))
        waiting = self._waiting[number] = _Waiting(ask, asyncio.get_running_loop().create_future(), watch)
        self._send(ask)
        try:
            body = await waiting.answer
        except asyncio.CancelledError:
            if self._waiting.pop(number, None) is not None:
                self._drop(number)
            raise
        return msgspec.msgpack.decode(body, type=answer_type(type(question)))

    async def close(self) -> None:
        """End the process; who waits is told. Returns when it is gone."""
        self._closing = True
        self._fail("The data were closed before the answer was there.")
        if self._process is not None:
            await self._process.close()

    def _send(self, command: QueryCommand) -> None:
        if self._process is not None:
            self._process.send(command)

    def _drop(self, number: int) -> None:
        self._dropped.add(number)
        self._send(Drop(number))
        asyncio.get_running_loop().call_later(DROP_SECONDS, self._overdue, number)

    def _overdue(self, number: int) -> None:
        if number in self._dropped and self._process is not None and not self._killed:
            self._killed = True
            self._process.kill()

    def _fail(self, text: str) -> None:
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(QueryError(text))
        self._waiting.clear()

    def _on_report(self, report: QueryReport) -> None:
        if isinstance(report, Ready):
            self._warm = True
            return
        if isinstance(report, Reached):
            asked = self._waiting.get(report.id)
            if asked is not None and asked.watch is not None:
                asked.watch(report.stage, report.done, report.total)
            return
        self._dropped.discard(report.id)
        waiting = self._waiting.pop(report.id, None)
        if waiting is None or waiting.answer.done():
            return
        match report:
            case Answered():
                waiting.answer.set_result(report.answer)
            case Unanswered():
                waiting.answer.set_exception(error_of(report))

    def _on_exit(self, returncode: int) -> None:
        """What it was busy with when it was ended by us is not what the others asked; when it died, it may be."""
        again, self._killed = self._killed, False
        was_warm, self._warm = self._warm, False
        self._process = None
        self._dropped.clear()
        if self._closing:
            return
        if not again:
            self._fail(f"The process that answers questions is gone: {cause(returncode)}. Ask again.")
        if again or was_warm:  # one that never gets warm is started again only when somebody asks
            self.start()
            for waiting in self._waiting.values():
                self._send(waiting.ask)


def error_of(report: Unanswered) -> Exception:
    """The error that is raised where the question was asked."""
    if report.error == STOPPED:
        return Stopped(report.text)
    found = getattr(errors, report.error, QueryError) if report.error else QueryError
    error: Exception = found(report.text)
    return error


def name_of(error: SnowdomeError) -> str:
    """The name by which `error_of` finds the class of this error, or the nearest above it."""
    names: list[str] = [cls.__name__ for cls in type(error).__mro__]
    return next(name for name in names if hasattr(errors, name))
