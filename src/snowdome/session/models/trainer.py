"""The process that trains a session's models: `python -m snowdome.session.models.trainer`.

It reads what to train from stdin, writes how far it is and what came of it to stdout, and ends when stdin closes. Most
fits cannot be interrupted: one that is not wanted any more is ended with its process, which loses nothing else.
"""

import datetime as dt
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import snowdome
from snowdome.core.control import Control
from snowdome.core.errors import SnowdomeError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.model.compare import Trained, learning_curve, parts_of, train
from snowdome.model.kept import card_for, write_model
from snowdome.session import protocol
from snowdome.session.faults import fault_sentence
from snowdome.session.models.judged import MODEL, VERDICTS, keep_verdicts, with_numbers
from snowdome.session.models.kinds import made_of
from snowdome.session.models.messages import CurvePoint, FactsRecord
from snowdome.session.protocol import Fit, FitReport, Fitted, Fitting
from snowdome.session.worker import Outbox, own_pipes

REPORT_SECONDS = 0.2


class Telling(Control):
    """Tells how far a training is, a few times a second but always the first and the last of a stage."""

    def __init__(self, model: str, send: Callable[[FitReport], None]) -> None:
        super().__init__()
        self._model, self._send = model, send
        self._last = ("", 0.0)

    def report(self, stage: str, done: int, total: int) -> None:
        """See Control."""
        now = time.monotonic()
        if stage != self._last[0] or done >= total or now - self._last[1] >= REPORT_SECONDS:
            self._last = (stage, now)
            self._send(Fitting(self._model, stage, done, total))


def fit(job: Fit, dataset: Dataset, control: Control) -> Fitted:
    """Train, judge and write what was asked for. Raises what `train` does."""
    classifier, preparation, rows = made_of(job.asked)
    chosen = rows.of(with_numbers(dataset))
    if job.curve:
        table = learning_curve(chosen, classifier, preparation, control=control)
        return Fitted(job.model, curve=[CurvePoint(**row) for row in table.rows(named=True)])
    done = train(chosen, classifier, preparation, cv=job.asked.folds, seeds=job.asked.seeds, control=control)
    folder = Path(job.folder)
    keep_verdicts(folder / VERDICTS, done)
    data = {"name": dataset.name, "hash": dataset.payload_hash}
    made = {"snowdome": snowdome.__version__, "date": dt.datetime.now(dt.UTC).date().isoformat()}
    facts = done.facts()
    scores = {key: facts[key] for key in ("accuracy", "n_train", "n_test", "seconds")}
    write_model(folder / MODEL, done.model, card_for(done.model, "model", data, scores, made), parts_of(chosen)[1].X)
    return Fitted(
        job.model, facts=facts_record(done), notes=list(done.model.notes), weights=done.model.weights() is not None
    )


def facts_record(done: Trained) -> FactsRecord:
    """What was measured, as it is sent."""
    facts = done.facts()
    return FactsRecord(
        accuracy=facts["accuracy"], n_train=facts["n_train"], n_test=facts["n_test"], seconds=facts["seconds"],
        low=facts["accuracy_low"], high=facts["accuracy_high"], train_accuracy=facts["train_accuracy"],
        predict_seconds=facts["predict_seconds"], bytes=facts["bytes"], folds=facts["cv"],
        seeds=facts["seeds"],
    )  # fmt: skip


class Trainer:
    """Trains one model after the other."""

    def __init__(self, outbox: Outbox, load: Callable[[str], Dataset]) -> None:
        self._outbox, self._load = outbox, load
        self._data: dict[str, Dataset] = {}
        self._jobs: queue.SimpleQueue[Fit] = queue.SimpleQueue()

    def listen(self, pipe: Any) -> None:
        """Read what to train until the other side closes, then end the process."""
        while (body := protocol.read(pipe)) is not None:
            self._jobs.put(protocol.decode_fit(body))
        os._exit(0)

    def work(self) -> None:
        """Train until the process is ended."""
        while True:
            job = self._jobs.get()
            self._outbox.send(self._fitted(job))

    def _fitted(self, job: Fit) -> Fitted:
        try:
            if job.data not in self._data:
                self._data = {job.data: self._load(job.data)}
            return fit(job, self._data[job.data], Telling(job.model, self._outbox.send))
        except SnowdomeError as error:
            return Fitted(job.model, problem=str(error))
        except Exception as error:
            return Fitted(job.model, problem=fault_sentence("The training failed", error))


def main(load: Callable[[str], Dataset] = store.load) -> None:
    """Serve one session until it closes our stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the session's to answer
    commands, reports = own_pipes()
    trainer = Trainer(Outbox(reports), load)
    threading.Thread(target=trainer.listen, args=(commands,), name="commands", daemon=True).start()
    trainer.work()


if __name__ == "__main__":
    main()
