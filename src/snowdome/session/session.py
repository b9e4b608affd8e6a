"""A session: one open data set and the runs over it, shared by all who watch. It knows no HTTP.

Everything here happens on one event loop, but for the layouts, which run in the worker process.
"""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from snowdome.core.errors import SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Layout, make_layout
from snowdome.session import protocol
from snowdome.session.columns import SessionColumns
from snowdome.session.feed import Bulletin, Feed
from snowdome.session.labels.labelling import Labelling
from snowdome.session.maps.shelf import Shelf
from snowdome.session.maps.store import DamagedMapError, UnknownMapError
from snowdome.session.maps.unfinished import Slate
from snowdome.session.messages import AskedRecord, Notice, Opening, OptionValue, Snapshot
from snowdome.session.models.models import Models
from snowdome.session.process import WORKER, WorkerProcess, cause
from snowdome.session.protocol import Ended, Measured, Measuring, Noted, Positions, Progress, Ready, Stage, Tell
from snowdome.session.query import Queries
from snowdome.session.question import Answer, Question
from snowdome.session.run import Run, check_asked, check_exaggeration, check_speed, chosen_options, new_run

PICTURE, LIVE = "pca", "tsne"  # what is there when the app opens: a picture at once, then a map that forms
FIRST_SEED = 0
KEPT_RUNS = 20
STOP_SECONDS = 1.5  # a run that has not stopped by then loses its worker
STARTS = 3  # of a worker that never gets warm
FRESH_SECONDS = 1.0
QUERY_SECONDS = 2.0  # after the first look: the first pictures come before the answers to questions


class UnknownRunError(SnowdomeError, LookupError):
    """There is no run of that number."""


class Session:
    """Runs over one Dataset, one at a time, in a worker process that is restarted where it dies."""

    def __init__(
        self, dataset: Dataset, *, command: Sequence[str] = WORKER, make: Callable[..., Layout] = make_layout
    ) -> None:
        self.dataset = dataset
        self.id = secrets.token_hex(8)
        self.runs: dict[int, Run] = {}
        self.opening = Opening()
        self._slate = Slate(dataset.payload_hash)
        self.unfinished: AskedRecord | None = None
        self._command, self._make = command, make
        self._feeds: set[Feed] = set()
        self._numbers = 0
        self._queue: deque[Run] = deque()
        self._active: Run | None = None
        self._worker: WorkerProcess[protocol.Report] | None = None
        self.queries = Queries(dataset.payload_hash)
        self.labour = Queries(dataset.payload_hash)  # for what takes long and is no map: one after the other
        self.bulletins: dict[str, Bulletin] = {}
        self.columns = SessionColumns(lambda version: self.post("columns", version))
        self.shelf = Shelf(dataset, self.notify, lambda listed: self.post("maps", listed))
        self.labelling = Labelling(dataset, self.labour, self.columns, self.post)
        self.models = Models(dataset, self.query, self.post, self.notify)
        self._cold_exits = 0
        self._closing = False
        self._seen = False

    # The life of a session.

    def open(self) -> None:
        """Start the worker, the first picture, and the live map, which waits for the first viewer."""
        self._start_worker()
        self.unfinished = self._slate.left()
        self.shelf.open()
        self._add(PICTURE, None, {}, held=False)
        self._add(LIVE, FIRST_SEED, {}, held=True)
        self._pump()

    async def close(self) -> None:
        """End the processes; returns when none is left."""
        self._closing = True
        ends = (self.queries, self.labour, self.labelling, self.models, self.shelf, self._worker)
        await asyncio.gather(*(each.close() for each in ends if each is not None))

    def successor(self, dataset: Dataset) -> "Session":
        """A session of the same kind over another Dataset; it is not open yet."""
        return Session(dataset, command=self._command, make=self._make)

    @property
    def worker_pid(self) -> int | None:
        """The worker's process, while there is one."""
        return None if self._worker is None else self._worker.pid

    # What people ask.

    def start(self, method: str, seed: int, options: dict[str, OptionValue], *, waits: bool = False) -> Run:
        """Stop what runs or waits, unless this one `waits` for it, and queue this; OptionError where not allowed."""
        check_asked(method, {"seed": seed, **options})
        before = [run for run in self.runs.values() if not (run.over or run.closed_form or waits)]
        if waits and len(self._queue) >= KEPT_RUNS:
            raise SnowdomeError(f"{len(self._queue)} maps wait for their turn already; end some of them first.")
        run = self._add(method, seed, options, held=False)
        if not waits:
            self._slate.write(run)
            self.unfinished = None
        for other in before:
            self.stop(other.record.id)
        self._forget_old_runs()
        if self._worker is None and not self._closing:
            self._cold_exits = 0
            self._start_worker()
        self._pump()
        return run

    async def reuse(self, method: str, seed: int, options: dict[str, OptionValue], *, waits: bool = False) -> Run:
        """The map of exactly that where it is kept, as a run that is over; else as `start`."""
        check_asked(method, {"seed": seed, **options})
        kept = await self.shelf.find(method, seed, chosen_options(self._make(method, random_state=seed, **options)))
        with contextlib.suppress(UnknownMapError, DamagedMapError):
            if kept is not None:
                return await self.show(kept.id)
        return self.start(method, seed, options, waits=waits)

    async def show(self, kept: str) -> Run:
        """A kept map as a run that is over; see `Shelf.take`."""
        run = next((each for each in self.runs.values() if each.record.kept == kept), None)
        if run is None:
            run = self._enter((await self.shelf.take(kept))(self._numbers + 1))
            self._forget_old_runs()
        return run

    def stop(self, number: int) -> None:
        """End a run; its map stays as it is. Said at once, done within 1.5 s, by force if need be."""
        run = self.run(number)
        if run.over or run.stopping:
            return
        run.stopping = True
        if run is self._active:
            run.change(message="Stopping.")
            self._tell(run, "stop")
            asyncio.get_running_loop().call_later(STOP_SECONDS, self._overdue, run)
        else:
            self._queue.remove(run)
            self._slate.wipe(run)
            run.change(status="stopped", message="Stopped before it began.")
        self.wake()

    def pause(self, number: int) -> None:
        """Hold a run after its present step."""
        self._control(number, "pause")

    def resume(self, number: int) -> None:
        """Let a held run go on."""
        self._control(number, "resume")

    def step(self, number: int) -> None:
        """Let a run do one step, then hold it."""
        self._control(number, "step")

    def exaggerate(self, number: int, factor: float | None) -> None:
        """Multiply the attraction by `factor` from the next step on; None gives it back to the method."""
        run = self.run(number)
        check_exaggeration(run, factor)
        self._control(number, "exaggerate", factor)
        run.exaggerate(factor)
        self.wake()

    def speed(self, number: int, steps_per_second: float | None) -> None:
        """Let a run do no more steps a second than that, so that each is seen; None is as fast as it goes."""
        check_speed(steps_per_second)
        self._control(number, "speed", steps_per_second)
        self.run(number).change(speed=steps_per_second)
        self.wake()

    def run(self, number: int) -> Run:
        """The run of that number."""
        try:
            return self.runs[number]
        except KeyError:
            raise UnknownRunError(f"There is no run {number}, or it is no longer kept.") from None

    async def query(self, question: Question[Answer]) -> Answer:
        """The answer to a short question about the data; see `Queries.ask`."""
        return await self.queries.ask(question)

    def snapshot(self) -> Snapshot:
        """All records and all costs."""
        runs = list(self.runs.values())
        return Snapshot(
            session=self.id,
            runs=[run.record for run in runs],
            costs=[run.costs_from(0) for run in runs if run.costs],
            unfinished=self.unfinished,
        )

    async def frame(self, number: int) -> Positions | None:
        """The positions of a run as they are now; None where there are none yet."""
        run = self.run(number)
        if run is self._active and run.record.status == "running":
            self.want(run)
            await run.next_frame(FRESH_SECONDS)
        return run.newest

    # Those who watch.

    def join(self) -> Feed:
        """A feed for one who watches. The first one sets the live map going."""
        feed = Feed(self)
        self._feeds.add(feed)
        if not self._seen:
            self._seen = True
            asyncio.get_running_loop().call_later(QUERY_SECONDS, self.queries.start)
            for run in self.runs.values():
                if run.held:
                    run.held = False
                    self._tell(run, "release")
        return feed

    def leave(self, feed: Feed) -> None:
        """That one has gone; the runs go on."""
        self._feeds.discard(feed)

    def want(self, run: Run | None = None) -> None:
        """Somebody can take a frame of that run (default: of the one that is on): ask for the next."""
        run = run or self._active
        if run is not None and run is self._active and not run.wanted:
            run.wanted = True
            self._tell(run, "frame")

    def picture(self) -> Run | None:
        """The newest run that has something to show."""
        for run in reversed(self.runs.values()):
            if run.worth_showing:
                return run
        return None

    @property
    def newest_number(self) -> int:
        """The number of the newest run."""
        return self._numbers

    def notify(self, level: Literal["info", "warning", "error"], text: str) -> None:
        """Tell everybody."""
        notice = Notice(level=level, text=text)
        for feed in self._feeds:
            feed.notices.append(notice)
        self.wake()

    def post(self, name: str, bulletin: Bulletin) -> None:
        """Tell everybody what holds now, also who comes later; it replaces what was posted under that name before."""
        self.bulletins[name] = bulletin
        self.wake()

    def tell_opening(self, opening: Opening) -> None:
        """Tell everybody how far another data set is."""
        self.opening = opening
        self.wake()

    def wake(self) -> None:
        """Have everybody look for what is new."""
        for feed in self._feeds:
            feed.wake.set()

    # The queue.

    def _add(self, method: str, seed: int | None, options: dict[str, Any], *, held: bool) -> Run:
        layout = self._make(method, random_state=seed, **options)
        held = held and not self._seen
        run = self._enter(new_run(self._numbers + 1, method, layout, self.dataset, held=held))
        self._queue.append(run)
        return run

    def _enter(self, run: Run) -> Run:
        self._numbers = run.record.id
        self.runs[run.record.id] = run
        self.wake()
        return run

    def _forget_old_runs(self) -> None:
        first = min(self.runs)
        for number in list(self.runs):
            if len(self.runs) > KEPT_RUNS and number != first and self.runs[number].over:
                del self.runs[number]

    def _pump(self) -> None:
        if self._active is not None or self._worker is None or not self._queue:
            return
        run = self._active = self._queue.popleft()
        run.change(status="preparing")
        self._worker.send(msgspec.structs.replace(run.begin, held=run.held))
        for told in run.early:
            self._worker.send(told)
        self.wake()

    def _control(self, number: int, verb: protocol.Verb, value: float | None = None) -> None:
        run = self.run(number)
        if run.over:
            raise SnowdomeError(f"Run {number} is over; start it again.")
        if run is self._active:
            self._tell(run, verb, value)
        else:
            run.early.append(Tell(number, verb, value))

    def _tell(self, run: Run, verb: protocol.Verb, value: float | None = None) -> None:
        if run is self._active and self._worker is not None:
            self._worker.send(Tell(run.record.id, verb, value))

    # The worker.

    def _start_worker(self) -> None:
        try:
            self._worker = WorkerProcess(self._command, protocol.decode_report, self._on_report, self._on_exit)
        except OSError as error:
            self._give_up(error.strerror or type(error).__name__)
            return
        self._worker.send(protocol.Open(self.dataset.payload_hash))

    def _on_report(self, report: protocol.Report) -> None:
        if isinstance(report, Ready):
            self._cold_exits = 0
            if report.problem:
                self.notify("error", report.problem)
            return
        run = self.runs.get(report.run)
        if run is None:
            return
        if isinstance(report, Measuring | Measured):
            run.judge(report)
            self.shelf.judged(run)
        elif run is self._active:
            self._on_run(run, report)
        self.wake()

    def _on_run(self, run: Run, report: protocol.Report) -> None:
        match report:
            case Stage():
                run.prepare(report)
            case Positions():
                run.take(report)
            case Progress():
                run.progress(report)
            case Noted():
                run.change(notes=report.notes)
            case Ended():
                self._finish(run, report.status, report.message)
                self._pump()

    def _finish(self, run: Run, status: str, message: str) -> None:
        self._active = None
        self._slate.wipe(run)
        run.held = False
        run.change(status=status, message=message, stage="", stage_done=0, stage_total=0, seconds_left=None)
        if status == "failed":
            self.notify("error", message)
        self.shelf.keep(run)

    def _overdue(self, run: Run) -> None:
        if run is self._active and self._worker is not None:
            self._worker.kill()

    def _on_exit(self, returncode: int) -> None:
        self._worker = None
        if self._closing:
            return
        why = cause(returncode)
        self._cold_exits += 1
        for other in self.runs.values():
            if other.record.measuring:
                other.unjudged(why)
        run = self._active
        if run is not None and run.stopping:
            self._finish(run, "stopped", f"Stopped at step {run.record.step}, by force.")
        elif run is not None:
            message = f"The worker process is gone: {why}. A new one takes over; start the run again."
            self._finish(run, "failed", f"{run.record.title} failed at step {run.record.step}. {message}")
        if self._cold_exits < STARTS:
            self._start_worker()
            self._pump()
        else:
            self._give_up(why)
        self.wake()

    def _give_up(self, why: str) -> None:
        text = f"The worker process cannot be started: {why}. The terminal may say more."
        while self._queue:
            self._queue.popleft().change(status="failed", message=text)
        self.notify("error", text)
