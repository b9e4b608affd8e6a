"""The process that does the heavy work of one session: `python -m snowdome.session.worker`.

It is warm before it is asked: the data are mapped and the kernels loaded. It reads commands from stdin and
writes reports to stdout, as `protocol` says, and it ends when stdin closes, which is what happens when its
session ends in any way at all.
"""

import importlib
import os
import pkgutil
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import BinaryIO

from snowdome.core.cache import Memo, disk_memo
from snowdome.core.control import Control, Stopped
from snowdome.core.errors import SnowdomeError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Frame, Layout, make_layout
from snowdome.session import protocol
from snowdome.session.faults import fault_sentence
from snowdome.session.live_control import LiveControl, NotFiniteError
from snowdome.session.maps.judging import Bench, Judge, Map, judge_map, measured
from snowdome.session.protocol import (
    Begin,
    Ended,
    FitReport,
    Measured,
    Noted,
    Open,
    Positions,
    QueryReport,
    Ready,
    Report,
    Tell,
)

KERNEL_PACKAGES = ("snowdome.space", "snowdome.layout")
SECONDS_TO_END = 0.5


class Outbox:
    """What waits for the pipe: every report, and of the positions only the newest.

    A thread of its own writes, so that a run never waits for whoever reads.
    """

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._reports: deque[Report | QueryReport | FitReport] = deque()
        self._newest: Positions | None = None
        self._filled = threading.Condition()
        self._writing = False
        threading.Thread(target=self._write, name="outbox", daemon=True).start()

    def send(self, report: Report | QueryReport | FitReport) -> None:
        """Have a report written in its turn."""
        with self._filled:
            self._reports.append(report)
            self._filled.notify_all()

    def show(self, positions: Positions) -> None:
        """Have these positions written next, in place of older ones that still wait."""
        with self._filled:
            self._newest = positions
            self._filled.notify_all()

    def _next(self) -> Report | QueryReport | FitReport:
        with self._filled:
            self._filled.wait_for(lambda: self._newest is not None or self._reports)
            if self._newest is not None:
                newest, self._newest = self._newest, None
                return newest
            return self._reports.popleft()

    def _write(self) -> None:
        try:
            while True:
                protocol.write(self._pipe, self._next())
        except (BrokenPipeError, OSError):
            return  # the session is gone: reading stdin finds that out as well, and ends the process


class Worker:
    """Does one run after the other, on the thread that calls `work`."""

    def __init__(
        self, outbox: Outbox, load: Callable[[str], Dataset], make: Callable[..., Layout], judge: Judge
    ) -> None:
        self._outbox, self._load, self._make, self._judge = outbox, load, make, judge
        self._bench = Bench(outbox.send)
        self._jobs: queue.SimpleQueue[Open | Begin | None] = queue.SimpleQueue()
        self._control: LiveControl | None = None
        self._early: dict[int, list[Tell]] = {}
        self._lock = threading.Lock()
        self._data: dict[str, Dataset] = {}
        self._memo: dict[str, Memo] = {}
        self._closing = False
        self.idle = threading.Event()

    def listen(self, pipe: BinaryIO) -> None:
        """Read commands until the other side closes; then stop what runs and end the process."""
        while (body := protocol.read(pipe)) is not None:
            command = protocol.decode_command(body)
            if isinstance(command, Tell):
                self._tell(command)
            else:
                self._jobs.put(command)
                self._bench.interrupt()
        self._jobs.put(None)
        self._bench.interrupt()
        with self._lock:
            self._closing = True
            control = self._control
        if control is not None:
            control.tell("stop")
        self.idle.wait(SECONDS_TO_END)
        os._exit(0)  # a run inside a long computation is not waited for

    def _tell(self, command: Tell) -> None:
        with self._lock:
            control = self._control
            if control is None or control.run != command.run:
                self._early.setdefault(command.run, []).append(command)
                return
        control.tell(command.verb, command.value)

    def work(self) -> None:
        """Do what is asked until there is nothing more to come."""
        while (job := self._next()) is not None:
            if isinstance(job, Begin):
                self._outbox.send(self._run(job))
            else:
                self._outbox.send(Ready(self._warm(job.data)))
        self.idle.set()

    def _next(self) -> Open | Begin | None:
        """The next job; until there is one, the maps that were made are judged."""
        while self._bench.judge_next(self._measure, self._jobs.empty):
            pass
        return self._jobs.get()

    def _warm(self, data: str) -> str:
        """Map the data and load the kernels; the sentence of what went wrong, or nothing."""
        try:
            self._open(data)
        except SnowdomeError as error:
            return str(error)
        if self._jobs.empty():  # a run that waits loads what it needs by itself
            load_kernels()
        return ""

    def _open(self, data: str) -> Dataset:
        if data not in self._data:
            self._data = {data: self._load(data)}
            self._memo = {data: disk_memo(self._data[data].row_order_hash)}
        return self._data[data]

    def _run(self, job: Begin) -> Ended:
        control = LiveControl(job.run, held=job.held, send=self._outbox.send, show=self._outbox.show)
        with self._lock:
            self._control = control
            early = self._early.pop(job.run, [])
            self._early.clear()
            control.stopping = self._closing
        for command in early:
            control.tell(command.verb, command.value)
        title = job.method
        try:
            dataset = self._open(job.data)
            layout = self._make(job.method, **job.options)
            title = layout.title
            return self._iterate(layout, dataset, control, job)
        except Stopped as stopped:
            return Ended(job.run, "stopped", f"Stopped while {stopped}, before there was a map.")
        except NotFiniteError as error:
            return Ended(job.run, "failed", f"{title} failed: {error}. Nothing after that was shown.")
        except Exception as error:
            return Ended(job.run, "failed", sentence(title, control.step, error))
        finally:
            control.flush()
            with self._lock:
                self._control = None

    def _iterate(self, layout: Layout, dataset: Dataset, control: LiveControl, job: Begin) -> Ended:
        last: Frame | None = None
        told: tuple[str, ...] = ()
        for frame in layout.frames(dataset.X, control, self._memo[job.data]):
            if layout.notes_ != told:
                told = layout.notes_
                self._outbox.send(Noted(job.run, list(told)))
            control.deliver(frame)
            last = frame
        if last is None or not last.done:
            raise RuntimeError(f"{layout.title} ended without a last frame")
        if layout.notes_ != told:
            self._outbox.send(Noted(job.run, list(layout.notes_)))
        self._bench.add(Map(job.run, job.data, layout, last.Y))
        if last.step < last.steps:
            return Ended(job.run, "stopped", f"Stopped at step {last.step} of {last.steps}.")
        return Ended(job.run, "done", "")

    def _measure(self, made: Map, control: Control) -> Measured:
        """How good a map is, or in the same message why that is not known."""
        try:
            dataset = self._open(made.data)
            return measured(made.run, self._judge(made.layout, dataset, made.Y, control, self._memo[made.data]))
        except Stopped:
            raise
        except Exception as error:
            return Measured(made.run, [], {}, sentence("The measuring", 0, error))


def sentence(title: str, step: int, error: Exception) -> str:
    """What a person is told of an error in a run."""
    if isinstance(error, SnowdomeError):
        return f"{title} failed: {error}"
    return fault_sentence(f"{title} failed at step {step}", error)


def load_kernels(packages: Sequence[str] = KERNEL_PACKAGES) -> None:
    """Import every kernel module of these packages, which loads or compiles its machine code."""
    for package in packages:
        path = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(path, f"{package}."):
            if module.name.rpartition(".")[2].startswith("kernels"):
                importlib.import_module(module.name)


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our stdin and stdout, out of reach of anything that prints or reads: those get stderr and nothing."""
    commands, reports = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(commands, "rb"), os.fdopen(reports, "wb")


def main(
    load: Callable[[str], Dataset] = store.load, make: Callable[..., Layout] = make_layout, judge: Judge = judge_map
) -> None:
    """Serve one session until it closes our stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the session's to answer
    commands, reports = own_pipes()
    worker = Worker(Outbox(reports), load, make, judge)
    threading.Thread(target=worker.listen, args=(commands,), name="commands", daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
