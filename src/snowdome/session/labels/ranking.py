"""The ranking of labels as a session shows it: pages of suspects with what was decided about them, and the evidence."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from snowdome.core.cache import Arrays, disk_memo
from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.data.annotated import Patch, taken_in
from snowdome.data.dataset import Dataset
from snowdome.model.suspects import Suspects, find_suspects
from snowdome.session.labels.annotations import Annotations
from snowdome.session.labels.messages import EvidenceRecord, NeighbourRecord, SuspectRecord

if TYPE_CHECKING:
    import polars as pl

_NEIGHBOURS = 10  # that are shown

STAGES = (
    ("looking at the images", 0.14), ("finding components", 0.02), ("projecting", 0.02), ("finding neighbours", 0.07),
    ("learning from all rows", 0.31), ("judging each row by the others", 0.37), ("leaving doubtful rows out", 0.02),
    ("judging each row by the others", 0.03), ("weighing the evidence", 0.02),
)  # fmt: skip
"""The stages of a ranking that is not kept, and the share of the time that each takes."""


class NotKeptError(Exception):
    """What a ranking needs was not kept: it would take long."""


def rank(
    dataset: Dataset,
    split: str | None = None,
    by: str = "combined",
    decisions: Patch | None = None,
    control: Control | None = None,
    *,
    only_kept: bool = False,
) -> Suspects:
    """The ranking, kept in the cache; with `decisions` taken in, it is that of the corrected labels.

    It takes up to a minute the first time: for the worker or another thread, which `control` can stop. With `only_kept`
    it is NotKeptError then. The errors of `find_suspects`.
    """
    trains = None
    if decisions is not None and decisions.decisions:
        dataset, trains = taken_in(dataset, decisions)
    kept = disk_memo(dataset.row_order_hash)

    def look(name: str, compute: Callable[[], Arrays]) -> Arrays:
        return kept(name, _not_kept if only_kept else compute)

    return find_suspects(dataset, split, by=by, trains=trains, control=control, memo=look)


def _not_kept() -> Arrays:
    raise NotKeptError


def tables(found: Suspects) -> "dict[str, pl.DataFrame]":
    """What else is found about the ranked images: duplicates, oddities, error_rates and overlaps."""
    from snowdome.model.duplicates import duplicates
    from snowdome.model.label_errors import error_rates, overlaps
    from snowdome.model.oddities import oddities

    classes = found.dataset.classes
    mine = np.zeros(len(found.dataset), bool)
    mine[found.rows] = True
    proba = np.ones((len(mine), len(classes)), np.float32) * (np.arange(len(classes)) == 0)
    proba[found.rows] = found.verdict.proba
    odd = oddities(found.dataset, found.neighbours, proba)
    return {
        "duplicates": duplicates(found.dataset, found.neighbours),
        "oddities": odd.filter(mine[odd["index"].to_numpy()]),
        "error_rates": error_rates(found.is_issue, found.verdict.labels, classes),
        "overlaps": overlaps(found.joint, classes),
    }


def page(found: Suspects, annotations: Annotations | None, start: int, count: int) -> list[SuspectRecord]:
    """`count` images of the ranking from place `start` (0 is the worst), fewer at its end."""
    if start < 0 or count < 1:
        raise OptionError(f"A page starts at 0 or later and has at least one image; got {start} and {count}.")
    classes, given = found.dataset.classes, found.verdict.labels
    records = []
    for rank_of, index in enumerate(found.order[start : start + count].tolist(), start + 1):
        row = int(found.rows[index])
        records.append(SuspectRecord(
            rank=rank_of, row=row, index=index, given_label=classes[given[index]],
            predicted_label=classes[found.predicted[index]], label_quality=float(found.quality[index]),
            is_label_issue=bool(found.is_issue[index]),
            decision=None if annotations is None else annotations.decision(row),
        ))  # fmt: skip
    return records


def evidence(found: Suspects, index: int) -> EvidenceRecord:
    """What speaks for and against the label of one image, by its index within the split."""
    if not 0 <= index < len(found):
        raise OptionError(f"index got {index}; allowed: 0 to {len(found) - 1}.")
    row, y = int(found.rows[index]), found.dataset.y
    near = found.neighbours
    assert y is not None  # noqa: S101 - labels were judged
    neighbours = [
        NeighbourRecord(row=int(other), distance=float(distance), label=found.dataset.classes[int(y[other])])
        for other, distance in zip(near.index[row, :_NEIGHBOURS], near.distance[row, :_NEIGHBOURS], strict=True)
    ]
    return EvidenceRecord(
        row=row, proba=found.verdict.proba[index].tolist(), centroid=found.centroid[index].tolist(),
        neighbours=neighbours, about=found.verdict.about,
    )  # fmt: skip


def reasons(found: Suspects, rows: Iterable[int]) -> dict[int, str]:
    """What speaks about the labels of some rows of the whole data, in words: for a report. `found` ranks all rows."""
    classes, y = found.dataset.classes, found.verdict.labels
    said = {}
    for row in rows:
        proba, given = found.verdict.proba[row], int(y[row])
        best = int(proba.argmax())
        near = np.bincount(y[found.neighbours.index[row]], minlength=len(classes))
        usual = int(near.argmax())
        words = f"a model of the other images: {100 * proba[given]:.1f} % {classes[given]}"
        if best != given:
            words += f", {100 * proba[best]:.1f} % {classes[best]}"
        said[row] = f"{words}; {near[usual]} of its {near.sum()} nearest are {classes[usual]}"
    return said
