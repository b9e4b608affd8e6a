"""What a session tells of its annotations: decisions, what a bulk would do, progress, and what was saved."""

from typing import Literal

import msgspec

DecisionName = Literal["keep", "relabel", "ambiguous", "exclude", "later"]


class DecisionRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a person decided about one image. `row` is null where the data has no such image any more.

    `label` is the class that it should have: null where it is left to be told, or the image is none. `given` is the
    label that it had when that was decided. `blind` is a second opinion, given without seeing that label.
    """

    row: int | None
    decision: DecisionName
    label: str | None
    given: str | None
    note: str
    at: str
    blind: bool = False


class BulkPreview(msgspec.Struct, kw_only=True, frozen=True):
    """What a decision about many images would do: `count` images, of which `relabelled` get another label.

    `overwritten` have another decision now, `unchanged` the very same. `given` counts the labels that they have.
    `revision` is what to hand in as `seen` when it is done.
    """

    count: int
    relabelled: int
    overwritten: int
    unchanged: int
    given: dict[str, int]
    revision: int


class Progress(msgspec.Struct, kw_only=True, frozen=True):
    """How many of some images were decided about, those put off for later not counted, and how, by decision.

    Of `twice`, which have a decision and a second opinion, `agree` have the same label in both.
    """

    done: int
    of: int
    by_decision: dict[str, int]
    twice: int
    agree: int


class AnnotationState(msgspec.Struct, kw_only=True, frozen=True):
    """Where the annotations stand. `read_only` says why nothing can be saved; empty where it can.

    `revision` is the last step of the log. `undo` and `redo` say in words what they would do; empty where there is
    nothing. `notices` are what was found when the annotations were opened.
    """

    revision: int
    count: int
    undo: str
    redo: str
    read_only: str
    notices: list[str]
    orphans: int


class Saved(msgspec.Struct, kw_only=True, frozen=True):
    """A step that is on the disk: the rows whose decision may be another now, and where the annotations stand."""

    step: int
    rows: list[int]
    state: AnnotationState


class Conflict(msgspec.Struct, kw_only=True, frozen=True):
    """Nothing was saved: others decided about these rows in the meantime. `theirs` is what they decided."""

    text: str
    rows: list[int]
    theirs: list[DecisionRecord]
    revision: int


class Imported(msgspec.Struct, kw_only=True, frozen=True):
    """What an import did: decisions taken over, those that were there already, and those of images not in the data."""

    taken: int
    unchanged: int
    orphans: int
    saved: Saved | None


class SuspectRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One image of the ranking: `rank` from 1, `row` of the whole data, `index` within the split, labels by name."""

    rank: int
    row: int
    index: int
    given_label: str
    predicted_label: str
    label_quality: float
    is_label_issue: bool
    decision: DecisionRecord | None


class NeighbourRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One of the nearest images by appearance: how far, and its label."""

    row: int
    distance: float
    label: str


class EvidenceRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What speaks for and against the label of one image.

    `proba`: the probability of each class by a model of all other images, `centroid`: the distance to the centroid of
    each class, both in the order of the classes; `about` says what they were computed on.
    """

    row: int
    proba: list[float]
    centroid: list[float]
    neighbours: list[NeighbourRecord]
    about: str
