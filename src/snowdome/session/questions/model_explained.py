"""Why this class and not that one, of one row of the data."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.model.compare import parts_of
from snowdome.model.explain import code_of, speaks_for
from snowdome.session.models.judged import ModelFile, chosen_rows, model_at
from snowdome.session.models.messages import ExplainedRecord, NearestRecord
from snowdome.session.question import Desk, Question
from snowdome.space.distance import nearest_to

_NEAREST = 9


class ModelExplained(Question[ExplainedRecord], frozen=True):
    """Probabilities, the values that speak for one class over another, and the training images most like it.

    Where they are "", `label` is the predicted class, and `other` the given one, or the next most probable one where
    that is the same.
    """

    title: ClassVar[str] = "The explanation"

    file: ModelFile
    row: int
    label: str = ""
    other: str = ""

    def answer(self, desk: Desk, control: Control) -> ExplainedRecord:  # noqa: ARG002
        """See Question."""
        model, data = model_at(desk, self.file), desk.dataset
        image = np.asarray(data.X[self.row])
        codes, proba = model.predict_both(image)
        given = "" if data.y is None else data.classes[int(data.y[self.row])]
        order = np.argsort(-proba[0], kind="stable")
        first = code_of(model, self.label) if self.label else int(codes[0])
        second = code_of(model, self.other) if self.other else _instead(first, order, given, model.classes)
        names = (model.classes[first], model.classes[second])
        evidence = None
        if model.weights() is not None:
            evidence = speaks_for(model, image, *names)["evidence"].to_list()
        train = desk.keep(("training rows", self.file.model), lambda: _training_rows(desk, self.file))
        return ExplainedRecord(
            row=self.row, given=given, predicted=model.classes[int(codes[0])], label=names[0], other=names[1],
            probability=[float(one) for one in proba[0]], margin=float(proba[0, first] - proba[0, second]),
            evidence=evidence, nearest=_nearest(desk, train, self.row), trained_on=bool((train == self.row).any()),
        )  # fmt: skip


def _instead(first: int, order: NDArray[np.int64], given: str, classes: tuple[str, ...]) -> int:
    """The class that one would ask about: the given one, else the most probable one but the first."""
    if given and given != classes[first]:
        return classes.index(given)
    return int(next(code for code in order if code != first))


def _training_rows(desk: Desk, file: ModelFile) -> NDArray[np.int64]:
    """The numbers of the rows that the model was trained on."""
    found: NDArray[np.int64] = np.sort(np.asarray(parts_of(chosen_rows(desk.dataset, file.rows))[0].ids, np.int64))
    return found


def _nearest(desk: Desk, train: NDArray[np.int64], row: int) -> list[NearestRecord]:
    """The training images most like that one by their pixels, without itself."""
    data = desk.dataset
    near, distances = nearest_to(data.X, row, len(data) - 1)
    mine = np.isin(near, train)
    scale = np.sqrt(data.X.shape[1])
    return [
        NearestRecord(
            row=int(other), label="" if data.y is None else data.classes[int(data.y[other])],
            distance=float(distance / scale),
        )
        for other, distance in zip(near[mine][:_NEAREST], distances[mine][:_NEAREST], strict=True)
    ]  # fmt: skip
