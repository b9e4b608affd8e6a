"""What models say of each row, as columns of the data: predicted, correct and confidence, of each model."""

from collections.abc import Iterable

import numpy as np

from snowdome.session.columns import ColumnRecord, ColumnValues, names, numbers
from snowdome.session.models.judged import Judged
from snowdome.session.models.messages import ModelRecord

SAYS = {
    "predicted": "The class that model {} takes it for",
    "correct": "Whether model {} takes it for its own class",
    "confidence": "The probability that model {} gives to the class that it decides for",
}
NOT_JUDGED = "; nothing for rows that it was trained on"


def columns_of(models: Iterable[ModelRecord]) -> list[ColumnRecord]:
    """Three columns for each model that can judge the open data; nothing is computed."""
    return [
        ColumnRecord(
            id=f"{what}-{model.id}", title=f"{what} by {model.id}" if what == "predicted" else f"{what}, {model.id}",
            says=f"{says.format(model.id)}: {model.title}{NOT_JUDGED}.",
            kind="number" if what == "confidence" else "name",
        )
        for model in models if model.status == "done" and not model.misfit
        for what, says in SAYS.items()
    ]  # fmt: skip


def split_id(column: str) -> tuple[str, str] | None:
    """What the column says, and of which model; None for a column of the data."""
    what, dash, model = column.partition("-")
    return (what, model) if dash and what in SAYS else None


def values_of(judged: Judged, what: str, n: int) -> ColumnValues:
    """The column for n rows: codes beyond the names, and NaN, for rows that were not judged."""
    verdict, rows = judged.verdict, judged.rows
    if what == "confidence":
        found = np.full(n, np.nan, np.float32)
        found[rows] = verdict.confidence
        return numbers(found)
    texts = ["right", "wrong"] if what == "correct" else list(verdict.classes)
    codes = np.full(n, len(texts), np.int64)
    codes[rows] = ~verdict.correct if what == "correct" else verdict.predicted
    return names(codes, texts)
