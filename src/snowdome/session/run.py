"""One run as its session keeps it: the record, every cost, and the newest frame."""

import asyncio
import time
from typing import Any

import msgspec

from snowdome.core.errors import OptionError
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Layout
from snowdome.session.messages import ENDED, Costs, OptionValue, RunRecord, Status
from snowdome.session.protocol import Begin, Measured, Measuring, Positions, Progress, Stage, Tell

SET_BY_THE_SESSION = ("random_state", "n_jobs")
EXAGGERATIONS = (1.0, 100.0)  # what the factor on the attraction may be
SPEEDS = (0.1, 100.0)  # steps a second that a person may choose
NOT_ASKED = ("method", *SET_BY_THE_SESSION)
STEPS_BEFORE_AN_ESTIMATE = 20  # of the time left: the first steps tell nothing yet
_AT_WORK: frozenset[Status] = frozenset({"preparing", "running"})


class Run:
    """A run, and what has been said about it so far. `version` grows with each change of the record."""

    def __init__(self, record: RunRecord, begin: Begin) -> None:
        self.record = record
        self.begin = begin
        self.version = 0
        self.cost_steps: list[int] = []
        self.costs: list[float] = []
        self.newest: Positions | None = None
        self.held = begin.held
        self.stopping = False
        self.wanted = False  # the worker has been asked for a frame that has not come yet
        self.led = False  # a person has changed what no option says
        self.seconds = 0.0  # at work so far; pauses are not counted, a speed that a person chose is
        self._since = time.monotonic()
        self.early: list[Tell] = []  # what was asked while it was queued
        self.points: dict[str, bytes] = {}  # by name: a float32 for each row
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.record.status in ENDED

    @property
    def closed_form(self) -> bool:
        """Whether it has no cost to watch: such a run is over sooner than it is stopped."""
        return not self.record.cost_name

    @property
    def worth_showing(self) -> bool:
        """Whether its newest frame is a picture, and not only the start of one."""
        return self.newest is not None and (self.newest.step > 0 or self.newest.last)

    @property
    def repeatable(self) -> bool:
        """Whether it has come to its end, and what was asked for says all about its map. Closed forms are quick."""
        return self.record.status == "done" and not (self.led or self.closed_form or self.record.reused)

    def change(self, **fields: Any) -> None:
        """Replace fields of the record."""
        now = time.monotonic()
        if self.record.status in _AT_WORK:
            self.seconds += now - self._since
        self._since = now
        self.record = msgspec.structs.replace(self.record, **fields)
        self.version += 1

    def exaggerate(self, factor: float | None) -> None:
        """Note the factor that a person chose for the attraction; None is the method's own again."""
        self.led = True
        self.change(exaggeration=factor)

    def prepare(self, report: Stage) -> None:
        """Note how far the preparation is."""
        self.change(stage=report.stage, stage_done=report.done, stage_total=report.total)

    def progress(self, report: Progress) -> None:
        """Note where it is, and all costs since the last time."""
        self.cost_steps += report.cost_steps
        self.costs += report.costs
        knows = report.rate and report.step >= min(STEPS_BEFORE_AN_ESTIMATE, report.steps // 2)
        left = (report.steps - report.step) / report.rate if report.rate and knows else None
        message = self.record.message
        if not self.stopping:
            waits = self.held and report.status == "paused"
            message = "Ready; it starts when somebody looks." if waits else ""
        fields: dict[str, Any] = {"stage": "", "stage_done": 0, "stage_total": 0}
        self.change(
            status=report.status,
            step=report.step,
            steps=report.steps,
            phase=report.phase,
            iterations_per_second=report.rate,
            seconds_left=left,
            message=message,
            **({} if report.status == "preparing" else fields),
        )

    def take(self, positions: Positions) -> None:
        """Keep a frame as the newest, and wake those who wait for it."""
        self.newest, self.wanted = positions, False
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def judge(self, report: Measuring | Measured) -> None:
        """Note how far the measuring of the map's quality is, or what came of it."""
        if isinstance(report, Measuring):
            self.change(measuring=stage_words(report))
        elif report.problem:
            self.unjudged(report.problem)
        else:
            self.points = report.points
            self.change(measuring="", scores=report.scores, points=list(report.points))

    def unjudged(self, why: str) -> None:
        """Note that the map's quality is not known, and why."""
        self.change(measuring="", notes=[*self.record.notes, f"Its quality could not be measured: {why}"])

    async def next_frame(self, seconds: float) -> None:
        """Wait until a frame comes, or for so long."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait([future], timeout=seconds)

    def costs_from(self, first: int) -> Costs:
        """The costs from number `first` on."""
        return Costs(run=self.record.id, steps=self.cost_steps[first:], costs=self.costs[first:])


def new_run(number: int, method: str, layout: Layout, dataset: Dataset, *, held: bool) -> Run:
    """A queued run of that layout with all its options; OptionError where the app cannot show it."""
    options = layout.get_params()
    dimensions = options.get("n_components", 2)
    if dimensions not in (2, 3):
        raise OptionError(f"{layout.title}: n_components got {dimensions!r}; a map has 2 or 3 dimensions.")
    record = RunRecord(
        id=number,
        method=method,
        title=layout.title,
        says=layout.says,
        cost_name=layout.cost_name,
        seed=options.get("random_state") if layout.cost_name else None,
        options=chosen_options(layout),
        exaggerates=layout.exaggerates,
        factors=factors(layout, len(dataset)),
    )
    return Run(record, Begin(number, dataset.payload_hash, method, options, held))


def chosen_options(layout: Layout) -> dict[str, OptionValue]:
    """The options of a layout that a person may choose, with their values."""
    return {name: value for name, value in layout.get_params().items() if name not in SET_BY_THE_SESSION}


def factors(layout: Layout, n: int) -> list[float]:
    """What each phase multiplies the attraction by, where the layout plans such phases for n rows."""
    return [phase.exaggeration for phase in layout.phases(n)] if layout.exaggerates else []


def stage_words(report: Measuring) -> str:
    """The words "measuring trustworthiness, 40 %", without the share where none is known."""
    return f"{report.stage}, {100 * report.done // report.total} %" if report.total else report.stage


def check_asked(method: str, options: dict[str, OptionValue]) -> None:
    """Refuse by OptionError what no layout may be given from outside."""
    for name, value in options.items():
        if name in NOT_ASKED:
            raise OptionError(f"{method}: {name!r} cannot be chosen here; it is set by the app.")
        if isinstance(value, int) and abs(value) >= 2**63:
            raise OptionError(f"{method}: {name!r} is too large a number; allowed: less than 2^63.")


def check_exaggeration(run: Run, factor: float | None) -> None:
    """Refuse by OptionError a factor on the attraction of that run that it cannot take."""
    low, high = EXAGGERATIONS
    if not run.record.exaggerates:
        raise OptionError(f"{run.record.title} has no exaggeration that could be changed while it runs.")
    if factor is not None and not low <= factor <= high:
        raise OptionError(f"The exaggeration got {factor:g}; allowed: {low:g} to {high:g}.")


def check_speed(steps_per_second: float | None) -> None:
    """Refuse by OptionError a speed that no run is held to."""
    low, high = SPEEDS
    if steps_per_second is not None and not low <= steps_per_second <= high:
        raise OptionError(f"The speed got {steps_per_second:g} steps a second; allowed: {low:g} to {high:g}.")
