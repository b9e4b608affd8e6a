"""The process that answers short questions: `python -m snowdome.session.query_worker`.

It is warm before it is asked, as the worker is: the data are mapped, and what the questions need is loaded. It reads
commands from stdin, writes reports to stdout, and ends when stdin closes. Quick questions have a thread of their own,
so that they do not wait for those that take long.
"""

import functools
import math
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec

from snowdome.core.cache import disk_memo
from snowdome.core.control import Control, Stopped
from snowdome.core.errors import SnowdomeError
from snowdome.core.threads import one_blas_thread
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.session import protocol
from snowdome.session.faults import fault_sentence
from snowdome.session.protocol import Answered, Ask, Drop, Open, QueryReport, Reached, Ready, Unanswered
from snowdome.session.query import STOPPED, name_of
from snowdome.session.question import Desk, Question, questions
from snowdome.session.worker import Outbox, load_kernels, own_pipes

KERNEL_PACKAGES = ("snowdome.space", "snowdome.summary")
TOLD_SECONDS = 0.1

Kind = type[Question[Any]]
Jobs = queue.SimpleQueue[Ask]


def kind_named(name: str) -> Kind:
    """The kind of that id."""
    kind: Kind = questions.member(name, Question)
    return kind


def warm_up() -> None:
    """Load what the questions need."""
    load_kernels(KERNEL_PACKAGES)
    for name in questions.names():
        kind_named(name).warm()


class QueryWorker:
    """Answers one question after the other, and beside it the quick ones."""

    def __init__(
        self, outbox: Outbox, load: Callable[[str], Dataset], kind: Callable[[str], Kind], warm: Callable[[], None]
    ) -> None:
        self._outbox, self._load, self._kind, self._warm = outbox, load, kind, warm
        self._data = ""
        self._opened = threading.Event()
        self._jobs, self._quick = Jobs(), Jobs()
        self._controls: dict[int, Control] = {}
        self._lock = threading.Lock()

    def listen(self, pipe: BinaryIO) -> None:
        """Read commands until the other side closes, then end the process: nobody waits for an answer any more."""
        while (body := protocol.read(pipe)) is not None:
            match protocol.decode_query_command(body):
                case Open(data):
                    self._data = data
                    self._opened.set()
                case Ask() as ask:
                    kind = self._kind(ask.kind)
                    self._controls[ask.id] = _Telling(ask.id, self._outbox.send) if kind.tells else Control()
                    (self._quick if kind.quick else self._jobs).put(ask)
                case Drop(number):
                    if (control := self._controls.get(number)) is not None:
                        control.stopping = True
        os._exit(0)

    def work(self) -> None:
        """Get warm, then answer until the process is ended."""
        self._opened.wait()
        # For good: two threads that limit and release it in turn would leave each other with other bits.
        limit = one_blas_thread()
        threading.Thread(target=self._answer_all, args=(self._quick,), name="quick", daemon=True).start()
        self._outbox.send(Ready(self._get_warm()))
        self._answer_all(self._jobs)
        del limit

    def _get_warm(self) -> str:
        """The sentence of what went wrong, or nothing."""
        try:
            self._desk  # noqa: B018
        except SnowdomeError as error:
            return str(error)
        if self._jobs.empty():  # a question that waits loads what it needs by itself
            self._warm()
        return ""

    @property
    def _desk(self) -> Desk:
        with self._lock:
            return self._made_desk

    @functools.cached_property
    def _made_desk(self) -> Desk:
        dataset = self._load(self._data)
        return Desk(dataset, disk_memo(dataset.row_order_hash))

    def _answer_all(self, jobs: Jobs) -> None:
        while True:
            ask = jobs.get()
            report = self._answer(ask, self._controls[ask.id])
            del self._controls[ask.id]
            self._outbox.send(report)

    def _answer(self, ask: Ask, control: Control) -> QueryReport:
        kind = self._kind(ask.kind)
        try:
            if control.stopping:
                raise Stopped("waiting")
            answer = msgspec.msgpack.decode(ask.fields, type=kind).answer(self._desk, control)
            return Answered(ask.id, protocol.encode(answer))
        except Stopped as stopped:
            return Unanswered(ask.id, STOPPED, str(stopped))
        except SnowdomeError as error:
            return Unanswered(ask.id, name_of(error), str(error))
        except Exception as error:
            return Unanswered(ask.id, "", fault_sentence(f"{kind.title} failed", error))


class _Telling(Control):
    """Tells how far an answer is, at most ten times a second."""

    def __init__(self, number: int, send: Callable[[QueryReport], None]) -> None:
        super().__init__()
        self._number, self._send = number, send
        self._last = ("", -math.inf)

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell a stage's beginning, and others now and then."""
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] >= TOLD_SECONDS:
            self._last = (stage, now)
            self._send(Reached(self._number, stage, done, total))


def main(
    load: Callable[[str], Dataset] = store.load,
    kind: Callable[[str], Kind] = kind_named,
    warm: Callable[[], None] = warm_up,
) -> None:
    """Serve one session until it closes our stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the session's to answer
    commands, reports = own_pipes()
    worker = QueryWorker(Outbox(reports), load, kind, warm)
    threading.Thread(target=worker.listen, args=(commands,), name="commands", daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
