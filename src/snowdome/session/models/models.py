"""The models of a session: trained one after the other in a process of their own, named, deleted and brought back.

They are shared by all who watch, as its runs are. A model lies in a folder of the session until it is named: then the
user's shelf has it as well, and other sessions find it there.
"""

import asyncio
import contextlib
import itertools
import os
import secrets
import shutil
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core import cache
from snowdome.core.errors import OptionError, SnowdomeError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.model.kept import check_name
from snowdome.model.preparation import Preparation
from snowdome.session import protocol
from snowdome.session.maps.unfinished import lives
from snowdome.session.models.judged import MODEL, VERDICTS, ModelFile
from snowdome.session.models.kinds import made_of
from snowdome.session.models.messages import OVER, ModelRecord, ModelsRecord, PredictionsRecord, TrainRequest
from snowdome.session.models.shelved import Shelved, shelved
from snowdome.session.process import WorkerProcess, cause
from snowdome.session.protocol import Fit, FitReport, Fitted, Fitting
from snowdome.session.question import Question
from snowdome.session.questions.model_kept import ModelKept
from snowdome.session.questions.model_predictions import ModelPredictions

TRAINER: tuple[str, ...] = (sys.executable, "-P", "-m", "snowdome.session.models.trainer")
MOST_WAITING = 20
MOST_FOLDS = 20
ESTIMATE_SECONDS = 1.0  # of a stage, before what is left of it is told

Notify = Callable[[Any, str], None]
Post = Callable[[str, msgspec.Struct], None]
Query = Callable[[Question[Any]], Awaitable[Any]]


class UnknownModelError(SnowdomeError, LookupError):
    """There is no model of that id."""


class Models:
    """All models that a session knows, by id, the newest last."""

    def __init__(self, dataset: Dataset, query: Query, post: Post, notify: Notify) -> None:
        self._dataset, self._query, self._post, self._notify = dataset, query, post, notify
        self._command: Sequence[str] = TRAINER
        self._folder = cache.folder() / "trained" / f"{os.getpid()}-{secrets.token_hex(8)}"
        self._records: dict[str, ModelRecord] = {}
        self._deleted: dict[str, ModelRecord] = {}
        self._shelved: dict[str, Shelved] = {}
        self._numbers = itertools.count(1)
        self._queue: deque[Fit] = deque()
        self._active: Fit | None = None
        self._stage_began = ("", 0, 0.0)
        self._process: WorkerProcess[FitReport] | None = None
        self._closing = False

    # What there is.

    def records(self) -> list[ModelRecord]:
        """Those that were kept before, then those of this session."""
        return list(self._records.values())

    def record(self, model: str) -> ModelRecord:
        """The model of that id."""
        if model not in self._records:
            raise UnknownModelError(f"There is no model {model!r} here, or it was deleted.")
        return self._records[model]

    def newest(self) -> str | None:
        """The id of the newest model that can judge these data; None where there is none."""
        ready = [one.id for one in self._records.values() if one.status == "done" and not one.misfit]
        return ready[-1] if ready else None

    def file(self, model: str | None = None) -> ModelFile:
        """Where a model lies for the process that answers questions; the newest, where none is named."""
        model = model or self.newest()
        if model is None:
            raise UnknownModelError("There is no model yet. Train one in the view Classify.")
        record = self.record(model)
        if record.status != "done":
            raise SnowdomeError(f"Model {model} is not there yet: it is {record.status}.")
        if record.misfit:
            raise OptionError(record.misfit)
        if model in self._shelved:
            kept = self._shelved[model]
            return ModelFile(str(kept.path), "", kept.rows, kept.warning)
        folder = self._place(model)
        return ModelFile(str(folder / MODEL), str(folder / VERDICTS), record.rows)

    async def refresh(self) -> None:
        """Look which models are kept on disk."""
        found = await asyncio.to_thread(shelved, self._dataset)
        here = {(one.name, one.version) for one in self._records.values() if one.id not in self._shelved}
        fresh = {one.record.id: one for one in found if (one.record.name, one.record.version) not in here}
        if {key: one.record for key, one in fresh.items()} == {key: self._records.get(key) for key in self._shelved}:
            return
        own = {key: one for key, one in self._records.items() if key not in self._shelved}
        self._shelved = fresh
        self._records = {key: one.record for key, one in fresh.items()} | own
        self._changed()

    # What people ask.

    def train(self, asked: TrainRequest) -> ModelRecord:
        """Queue a model; OptionError where what is asked for is not allowed."""
        classifier, preparation, rows = made_of(asked)
        if not (asked.folds == 0 or 2 <= asked.folds <= MOST_FOLDS):
            raise OptionError(f"option 'folds' got {asked.folds}; allowed: 0 for none, or 2 to {MOST_FOLDS}.")
        if not 0 <= asked.seeds <= MOST_FOLDS:
            raise OptionError(f"option 'seeds' got {asked.seeds}; allowed: 0 for none, up to {MOST_FOLDS}.")
        if len(self._queue) >= MOST_WAITING:
            raise SnowdomeError(f"{MOST_WAITING} models wait for their turn already; stop some of them first.")
        model = str(next(self._numbers))
        prepared = preparation.with_scale(classifier.scale)
        kind: Any = classifier
        self._records[model] = ModelRecord(
            id=model, kind=asked.kind, title=classifier.title, says=prepared.says(), of=rows.says(),
            options={name: getattr(kind, name) for name in options_of(type(kind))},
            preparation={name: getattr(prepared, name) for name in options_of(Preparation)}, rows=asked.rows,
        )  # fmt: skip
        self._queue.append(Fit(model, self._dataset.payload_hash, asked, str(self._place(model))))
        self._pump()
        return self._records[model]

    def curve(self, model: str) -> None:
        """Queue the learning curve of a model: some more fits, of ever more training rows."""
        record = self.record(model)
        if record.status != "done" or model in self._shelved:
            raise OptionError("A learning curve is made of a model that was trained here; train this one again.")
        if record.curving or record.curve:
            return
        asked = TrainRequest(kind=record.kind, options=record.options, preparation=record.preparation, rows=record.rows)
        self._change(model, curving="waiting for its turn")
        self._queue.append(Fit(model, self._dataset.payload_hash, asked, "", curve=True))
        self._pump()

    def stop(self, model: str) -> None:
        """End the training of a model, or of its learning curve; what is trained already stays."""
        record = self.record(model)
        waiting = [job for job in self._queue if job.model == model]
        for job in waiting:
            self._queue.remove(job)
        if self._active is not None and self._active.model == model:
            self._active = None
            self._end_process()
        elif not waiting:
            return
        if record.status in OVER:
            self._change(model, curving="")
        else:
            self._change(model, status="stopped", message="Stopped before it was trained.", stage="", seconds_left=None)
        self._pump()

    async def keep(self, model: str, name: str) -> None:
        """Put a model on the user's shelf under a name, as its next version, where other sessions find it."""
        if self.record(model).name:
            raise OptionError(f"Model {model} is kept already, as {self.record(model).name}.")
        check_name(name)
        version = await self._query(ModelKept(self.file(model), name))
        self._change(model, name=name, version=version)

    async def predict(self, model: str | None, rows: NDArray[Any]) -> PredictionsRecord:
        """What a model, the newest where none is named, takes rows (m, p) for, in the values of the open data.

        UnknownModelError where there is none, DataError where the rows are not of its form.
        """
        file, named = self.file(model), model or self.newest() or ""
        values = np.ascontiguousarray(rows, "<f4")
        answer: PredictionsRecord = await self._query(ModelPredictions(file, named, values.tobytes(), len(values)))
        return answer

    async def delete(self, model: str) -> None:
        """Take a model away; `restore` brings it back while the session is open."""
        record = self.record(model)
        self.stop(model)
        if record.name:
            await asyncio.to_thread(_delete, record.name, record.version)
        self._deleted[model] = self._records.pop(model)
        self._changed()

    async def restore(self, model: str) -> None:
        """Bring back a model that was deleted."""
        if model not in self._deleted:
            raise UnknownModelError(f"No model {model!r} was deleted here.")
        record = self._deleted[model]
        if record.name:
            await asyncio.to_thread(_restore, record.name, record.version)
        del self._deleted[model]
        later = {key: one for key, one in self._records.items() if _order(key) > _order(model)}
        earlier = {key: one for key, one in self._records.items() if key not in later}
        self._records = earlier | {model: record} | later
        self._changed()

    async def close(self) -> None:
        """End the process and forget what was not kept."""
        self._closing = True
        if self._process is not None:
            self._process.kill()
            await self._process.close()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    # The queue and its process.

    def _pump(self) -> None:
        if self._active is None and self._queue and not self._closing and self._start_process():
            job = self._active = self._queue.popleft()
            self._stage_began = ("", 0, 0.0)
            if job.curve:
                self._change(job.model, curving="beginning")
            else:
                Path(job.folder).mkdir(parents=True, exist_ok=True)
                self._change(job.model, status="training", began=time.time())
            if self._process is not None:
                self._process.send(job)
        self._changed()

    def _start_process(self) -> bool:
        if self._process is None:
            asyncio.get_running_loop().run_in_executor(None, _sweep, self._folder.parent)
            try:
                process = WorkerProcess(
                    self._command,
                    protocol.decode_fit_report,
                    self._on_report,
                    lambda code: self._on_exit(process, code),
                )
            except OSError as error:
                self._fail(self._queue.popleft(), f"The training cannot begin: {error.strerror or error}.")
                return False
            self._process = process
        return True

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _on_report(self, report: FitReport) -> None:
        job = self._active
        if job is None or report.model != job.model:
            return  # of one that was stopped
        match report:
            case Fitting():
                self._progress(job, report)
            case Fitted():
                self._active = None
                if report.problem:
                    self._fail(job, report.problem)
                elif job.curve:
                    self._change(job.model, curve=report.curve, curving="")
                else:
                    self._change(
                        job.model, status="done", facts=report.facts, notes=report.notes, weights=report.weights,
                        stage="", done=0, total=0, seconds_left=None,
                    )  # fmt: skip
                self._pump()

    def _progress(self, job: Fit, report: Fitting) -> None:
        now = time.monotonic()
        stage, first, began = self._stage_began
        if report.stage != stage or report.done < first:
            self._stage_began = (report.stage, report.done, now)
            first, began = report.done, now
        gone, spent = report.done - first, now - began
        knows = gone > 0 and spent >= ESTIMATE_SECONDS
        left = (report.total - report.done) * spent / gone if knows else None
        if job.curve:
            self._change(job.model, curving=f"{report.done} of {report.total} models", seconds_left=left)
        else:
            self._change(
                job.model, stage=report.stage, done=report.done, total=report.total, seconds_left=left
            )  # fmt: skip

    def _on_exit(self, process: WorkerProcess[FitReport], returncode: int) -> None:
        if process is not self._process or self._closing:
            return  # it was ended by us
        self._process = None
        job, self._active = self._active, None
        if job is not None:
            self._fail(job, f"The training process is gone: {cause(returncode)}. Train it again.")
        self._pump()

    def _fail(self, job: Fit, text: str) -> None:
        if job.curve:
            self._change(job.model, curving="")
        else:
            self._change(job.model, status="failed", message=text, stage="", seconds_left=None)
        title = self._records[job.model].title
        self._notify("error", f"{title}: {text}")

    def _change(self, model: str, **fields: Any) -> None:
        self._records[model] = msgspec.structs.replace(self._records[model], **fields)
        self._changed()

    def _changed(self) -> None:
        self._post("models", ModelsRecord(models=self.records()))

    def _place(self, model: str) -> Path:
        return self._folder / model


def _sweep(home: Path) -> None:
    """Take away what sessions left behind that were killed."""
    for folder in home.glob("*"):
        owner = folder.name.partition("-")[0]
        if not (owner.isdecimal() and (int(owner) == os.getpid() or lives(int(owner)))):
            shutil.rmtree(folder, ignore_errors=True)


def _delete(name: str, version: int) -> None:
    from snowdome.model.kept import Shelf

    with contextlib.suppress(SnowdomeError):  # somebody else was faster
        Shelf().delete(name, version)


def _restore(name: str, version: int) -> None:
    from snowdome.model.kept import Shelf

    Shelf().restore(name, version)


def _order(model: str) -> tuple[int, int, str]:
    """Kept ones before those of the session, which are numbered."""
    return (1, int(model), "") if model.isdecimal() else (0, 0, model)
