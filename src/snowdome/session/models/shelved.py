"""The models that the user keeps, as a session sees them: whether they can judge its data, and how honestly."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.session.models.messages import FactsRecord, ModelRecord

ROWS = "rows"  # on the card: which rows were chosen


@dataclass(frozen=True)
class Shelved:
    """A kept model: its file, its record, which rows it was trained on, and what speaks against its verdicts here."""

    path: Path
    record: ModelRecord
    rows: dict[str, Any]
    warning: str


def shelved(dataset: Dataset) -> list[Shelved]:
    """All that are kept, by name and version; files that are damaged are left out. Cost: their headers are read."""
    from snowdome.model.kept import Shelf

    shelf, found = Shelf(), []
    for name in shelf.names():
        for version in shelf.versions(name):
            try:
                found.append(_seen(shelf.path(name, version), dataset))
            except DataError:
                continue
    return found


def _seen(path: Path, dataset: Dataset) -> Shelved:
    from snowdome.model.base import Classifier, classifiers
    from snowdome.model.kept import read_header
    from snowdome.model.preparation import Preparation

    text = read_header(path)
    card = text.card
    cls = classifiers.member(card.kind, Classifier)
    prepared = Preparation(**card.preparation)
    own = card.data.get("hash") == dataset.payload_hash
    rows = json.loads(card.data.get(ROWS, "{}")) if own else {}
    scores = card.scores
    record = ModelRecord(
        id=f"{card.name}@{card.version}", kind=card.kind, title=cls.title, says=prepared.says(),
        name=card.name, version=card.version, status="done", notes=list(text.notes), options=card.options,
        preparation=card.preparation, rows=rows, weights=cls.weights is not Classifier.weights and prepared.plain,
        other="" if own else str(card.data.get("name", "other data")), misfit=_misfit(text.asked.values, card, dataset),
        facts=FactsRecord(
            accuracy=float(scores["accuracy"]), n_train=int(scores["n_train"]), n_test=int(scores["n_test"]),
            seconds=float(scores["seconds"]), bytes=path.stat().st_size,
        ),
    )  # fmt: skip
    warning = "" if own else (
        f"It was trained on other data ({record.other}); rows that it has seen may be among those it judges here."
    )  # fmt: skip
    return Shelved(path, record, rows, warning)


def _misfit(values: int, card: Any, dataset: Dataset) -> str:
    """Why a model cannot judge these data; nothing where it can."""
    if values != dataset.X.shape[1]:
        return f"It takes rows of {values} values; these have {dataset.X.shape[1]}."
    if tuple(card.classes) != tuple(dataset.classes):
        return "It knows other classes than these data have."
    return ""
