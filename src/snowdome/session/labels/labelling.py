"""The labels of the open data as people judge them: their decisions, the ranking, and what is taken home."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
import numpy as np

from snowdome.core.control import Stopped
from snowdome.core.errors import OptionError, SnowdomeError
from snowdome.data.annotated import read_patch, write_patch
from snowdome.data.dataset import Dataset
from snowdome.session.columns import ColumnRecord, ColumnValues, SessionColumns, names, numbers
from snowdome.session.labels.annotations import DECISIONS, Annotations, workspace
from snowdome.session.labels.annotations_file import FILE
from snowdome.session.labels.messages import (
    AnnotationState,
    BulkPreview,
    Changes,
    DecideRequest,
    DetailsRecord,
    Done,
    EvidenceRecord,
    RankingRecord,
    RankRequest,
    StepRequest,
    TakenIn,
)
from snowdome.session.labels.ranking import STAGES
from snowdome.session.pace import Pace
from snowdome.session.query import Queries
from snowdome.session.questions.evidence import Evidence
from snowdome.session.questions.ranking import Asked, Ranked, RankingQuestion
from snowdome.session.questions.ranking_details import RankingDetails
from snowdome.session.questions.take_home import FileKind, TakeHome

LOOK_SECONDS = 0.5  # how often it is looked for what another process decided
DECISION = ColumnRecord(id="decision", title="decision", says="What was decided about its label.", kind="name")
SUSPICION = ColumnRecord(
    id="suspicion", title="suspicion", kind="number",
    says="How improbable its label is by all evidence: 0 is trusted, 1 is suspect.",
)  # fmt: skip
SUGGESTED = ColumnRecord(
    id="suggested", title="suggested label", says="The class that the evidence suggests for it.", kind="name"
)
UNDECIDED = "undecided"

Result = TypeVar("Result")


class Labelling:
    """Decisions and ranking of one Dataset. Everything is called on the event loop and waits in threads.

    The annotations are opened when they are first asked for; every verb is on the disk when it returns. `labour`
    answers what takes long, `post` tells everybody where the annotations and the ranking stand.
    """

    def __init__(
        self, dataset: Dataset, labour: Queries, columns: SessionColumns, post: Callable[[str, msgspec.Struct], None]
    ) -> None:
        self._dataset, self._labour, self._columns, self._post = dataset, labour, columns, post
        self.address = ""
        self.ranking = RankingRecord()
        self.ranked: Ranked | None = None
        self._annotations: Annotations | None = None
        self._state: AnnotationState | None = None
        self._lock = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._ranking: asyncio.Task[None] | None = None

    # What people decide. The errors are those of Annotations.

    @property
    def there(self) -> bool:
        """Whether anything may have been decided; where not, nothing need be opened to be looked at."""
        return self._annotations is not None or (workspace() / FILE).exists()

    async def changes(self, since: int) -> Changes:
        """What became of the decisions after a step of the log; after 0, all there is."""
        return await self._do(lambda annotations: annotations.changes(since))

    async def decide(self, asked: DecideRequest) -> Done:
        """Decide about images."""

        def act(annotations: Annotations) -> Done:
            saved = annotations.decide(asked.rows, asked.decision, asked.label, asked.note, token=asked.token,
                                       seen=asked.seen, blind=asked.blind)  # fmt: skip
            return Done(steps=[saved.step], changes=annotations.changes(asked.seen or 0))

        return await self._do(act)

    async def undo(self, asked: StepRequest) -> Done:
        """Take a step of the log back."""
        return await self._do(lambda annotations: self._step(annotations, annotations.undo, asked))

    async def redo(self, asked: StepRequest) -> Done:
        """Bring a step of the log back."""
        return await self._do(lambda annotations: self._step(annotations, annotations.redo, asked))

    @staticmethod
    def _step(annotations: Annotations, verb: Callable[..., object], asked: StepRequest) -> Done:
        verb(step=asked.step, token=asked.token, seen=asked.seen)
        return Done(steps=[asked.step], changes=annotations.changes(asked.seen))

    async def preview(self, asked: DecideRequest) -> BulkPreview:
        """What `decide` would do."""
        return await self._do(lambda annotations: annotations.preview(asked.rows, asked.decision, asked.label))

    async def take_in(self, patch: bytes, token: str, seen: int) -> TakenIn:
        """Import the decisions of a patch; DataError where it is none."""

        def act(annotations: Annotations) -> TakenIn:
            found = annotations.take_in(read_patch(patch), token=token)
            done = Done(steps=found.steps, changes=annotations.changes(seen))
            return TakenIn(taken=found.taken, unchanged=found.unchanged, orphans=found.orphans, done=done)

        return await self._do(act)

    async def patch(self) -> bytes:
        """All decisions as a patch."""
        return await self._do(lambda annotations: write_patch(annotations.exported()))

    async def file(self, kind: FileKind, split: str | None) -> bytes:
        """The data with their corrected labels, or the report, as a file."""
        return await self._labour.ask(TakeHome(kind, await self.patch(), split))

    async def _do(self, verb: Callable[[Annotations], Result]) -> Result:
        """Do that with the annotations, one verb at a time, and tell everybody where they stand then."""
        news: list[tuple[AnnotationState, ColumnValues]] = []

        def act() -> Result:
            if self._annotations is None:
                self._annotations = Annotations(self._dataset, address=self.address)
            annotations = self._annotations
            try:
                annotations.refresh()
                return verb(annotations)
            finally:
                state = annotations.state
                if state != self._state:
                    news.append((state, decision_column(self._dataset, annotations)))

        async with self._lock:
            try:
                return await asyncio.to_thread(act)
            finally:
                for state, column in news:
                    self._say(state, column)

    def _say(self, state: AnnotationState, column: ColumnValues) -> None:
        decided = self._state is None or self._state.revision != state.revision
        self._state = state
        self._post("annotations", state)
        if decided:
            self._columns.put((DECISION, column))
        if state.read_only and self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Take in what the process that can write writes, for as long as this one cannot."""
        while self._state is not None and self._state.read_only:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(SnowdomeError):
                await self._do(lambda _: None)
        self._watching = None

    # The ranking.

    def rank(self, asked: RankRequest) -> RankingRecord:
        """Begin a ranking, in place of one that is on its way; `ranking` is posted as it comes along."""
        busy = self._ranking is not None and not self._ranking.done()
        if asked.kept and (busy or self.ranking.number):
            return self.ranking
        self.cancel()
        self._ranking = asyncio.create_task(self._rank(asked))
        status = "looking" if asked.kept else "running"
        self._tell(status=status, stage="beginning", share=0.0, seconds_left=None, message="")
        return self.ranking

    def cancel(self) -> bool:
        """Give up the ranking that is on its way; whether there was one."""
        return self._ranking is not None and self._ranking.cancel()

    async def _rank(self, asked: RankRequest) -> None:
        pace = Pace(STAGES)

        def watch(stage: str, done: int, total: int) -> None:
            share, left = pace.reached(stage, done, total)
            self._tell(stage=stage, share=share, seconds_left=left)

        try:
            patch = await self.patch() if asked.taken else b""
            meant = None if asked.kept else Asked(asked.split, asked.by, patch)
            found = await self._labour.ask(RankingQuestion(meant), watch)
        except (asyncio.CancelledError, Stopped):
            if self._ranking is asyncio.current_task():
                self._tell(status="stopped", message="Stopped.")
            raise
        except SnowdomeError as error:
            self._tell(status="failed", message=str(error))
            return
        if found is None:
            self._tell(status="none", message="")
            return
        self.ranked = found
        self._columns.put(*ranking_columns(self._dataset, found))
        self._tell(
            status="done", stage="", share=1.0, seconds_left=None, message="", number=self.ranking.number + 1,
            split=found.asked.split, by=found.asked.by, taken=found.taken, n=found.n, issues=found.issues,
            about=found.about,
        )  # fmt: skip

    def _tell(self, **fields: object) -> None:
        self.ranking = msgspec.structs.replace(self.ranking, **fields)
        self._post("ranking", self.ranking)

    async def evidence(self, row: int) -> EvidenceRecord:
        """What speaks about the label of a row; OptionError where nothing is ranked."""
        return await self._labour.ask(Evidence(row, self._asked))

    async def details(self) -> DetailsRecord:
        """What else is found beside the ranking; OptionError where nothing is ranked."""
        return await self._labour.ask(RankingDetails(self._asked))

    @property
    def _asked(self) -> Asked:
        if self.ranked is None:
            raise OptionError("The labels are not ranked yet.")
        return self.ranked.asked

    async def close(self) -> None:
        """Let go of the workspace; a ranking that is on its way is given up."""
        tasks = [task for task in (self._ranking, self._watching) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with self._lock:
            if self._annotations is not None:
                await asyncio.to_thread(self._annotations.close)


def decision_column(dataset: Dataset, annotations: Annotations) -> ColumnValues:
    """What was decided about each row, in words."""
    codes = np.zeros(len(dataset), np.uint32)
    for one in annotations.decisions():
        if one.row is not None:
            codes[one.row] = 1 + DECISIONS.index(one.decision)
    return names(codes, [UNDECIDED, *DECISIONS])


def ranking_columns(dataset: Dataset, found: Ranked) -> Sequence[tuple[ColumnRecord, ColumnValues]]:
    """How suspect each row is, and which class is suggested for it."""
    rows = np.frombuffer(found.rows, "<u4", found.n)
    quality = np.frombuffer(found.rows, "<f4", found.n, 4 * found.n)
    predicted = np.frombuffer(found.rows, "<u2", found.n, 10 * found.n)
    suspicion = np.full(len(dataset), np.nan, np.float32)
    suspicion[rows] = 1 - quality
    suggested = np.full(len(dataset), len(dataset.classes), np.uint32)
    suggested[rows] = predicted
    return (SUSPICION, numbers(suspicion)), (SUGGESTED, names(suggested, list(dataset.classes)))
