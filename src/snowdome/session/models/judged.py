"""Models and what they think of the open data, in the process that answers questions: read once, then kept."""

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core import cache
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.model.compare import Trained, labelled, parts_of
from snowdome.model.fitted import Model
from snowdome.model.kept import read_model
from snowdome.model.rows import Rows
from snowdome.model.verdict import Verdict
from snowdome.session.models.messages import Verdicts
from snowdome.session.question import Desk

MODEL, VERDICTS = "model.safetensors", "verdicts.npz"
"""The two files of a trained model, in a folder of its own."""

TEST = -1
"""The fold of test rows: the model itself judged them."""


class ModelFile(msgspec.Struct, frozen=True):
    """Where a model lies, as the session knows: its file, that of its verdicts or "", and which rows it was trained on.

    `warning` says what speaks against its verdicts on these data, or nothing.
    """

    model: str
    verdicts: str = ""
    rows: dict[str, Any] = {}
    warning: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Judged:
    """What a model thinks of some rows of the open data: their numbers (m,), and the Verdict, whose fold is -1 for the
    test rows and else that of the model which had not seen the row.
    """

    rows: NDArray[np.int64]
    verdict: Verdict

    def on_test(self) -> "Judged":
        """The test rows alone."""
        fold, one = self.verdict.fold, self.verdict
        if fold is None or bool((fold == TEST).all()):
            return self
        mine = fold == TEST
        given = None if one.given is None else one.given[mine]
        part = Verdict(one.proba[mine], one.predicted[mine], given, one.classes, one.ids[mine], fold[mine], one.about)
        return Judged(self.rows[mine], part)


def keep_verdicts(path: Path, done: Trained) -> None:
    """Write the verdicts on the test rows and, of the folds, on training rows; ids are the rows' numbers."""
    verdicts = [done.verdict, *done.out_of_fold]
    fold = np.repeat(np.arange(TEST, len(verdicts) - 1), [len(one) for one in verdicts])
    with cache.atomic_write(path) as file:
        np.savez(
            file,
            rows=np.concatenate([np.asarray(one.ids, np.int64) for one in verdicts]),
            proba=np.concatenate([one.proba for one in verdicts]),
            predicted=np.concatenate([one.predicted for one in verdicts]),
            given=np.concatenate([one.labels for one in verdicts]),
            fold=fold.astype(np.int64),
            about=np.array(done.verdict.about),
        )


def model_at(desk: Desk, file: ModelFile) -> Model:
    """The model, read and checked once. Raises what `read_model` does."""
    return desk.keep(("model", file.model), lambda: read_model(Path(file.model))[0])


def judged_at(desk: Desk, file: ModelFile) -> Judged:
    """What it thinks of rows that it was not trained on: as it was written, else judged now on the test rows."""
    return desk.keep(("verdicts", file.model), lambda: _read(desk, file) if file.verdicts else _judge(desk, file))


def _read(desk: Desk, file: ModelFile) -> Judged:
    with np.load(file.verdicts) as kept:
        rows = kept["rows"]
        verdict = Verdict(
            kept["proba"], kept["predicted"], kept["given"], desk.dataset.classes, rows, kept["fold"],
            str(kept["about"]),
        )  # fmt: skip
    return Judged(rows, verdict)


def _judge(desk: Desk, file: ModelFile) -> Judged:
    model = model_at(desk, file)
    test = labelled(parts_of(chosen_rows(desk.dataset, file.rows))[1])
    verdict = model.verdict(test)
    if model.classes != desk.dataset.classes:
        raise DataError("The model knows the classes in another order than these data have them; train it anew.")
    rows = np.asarray(test.ids, np.int64)
    return Judged(rows, Verdict(
        verdict.proba, verdict.predicted, verdict.given, verdict.classes, rows, np.full(len(rows), TEST), verdict.about
    ))  # fmt: skip


def with_numbers(dataset: Dataset) -> Dataset:
    """The same rows, whose ids are their numbers: so a part of them knows which they are."""
    return dataclasses.replace(dataset, ids=np.arange(len(dataset)))


def chosen_rows(dataset: Dataset, rows: dict[str, Any]) -> Dataset:
    """The rows of the data that were chosen for a model, with their parts."""
    return Rows(**rows).of(with_numbers(dataset))


def verdicts_of(judged: Judged) -> Verdicts:
    """The same as bytes."""
    one = judged.verdict
    return Verdicts(
        m=len(one),
        rows=judged.rows.astype("<u4").tobytes(),
        predicted=one.predicted.astype("<u2").tobytes(),
        given=one.labels.astype("<u2").tobytes(),
        confidence=one.confidence.astype("<f4").tobytes(),
        given_confidence=one.self_confidence.astype("<f4").tobytes(),
        fold=np.full(len(one), TEST, "<i4").tobytes() if one.fold is None else one.fold.astype("<i4").tobytes(),
    )
