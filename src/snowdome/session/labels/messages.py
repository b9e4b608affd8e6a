"""What a session tells of its annotations: decisions, what a bulk would do, progress, and what was saved."""

from typing import Literal

import msgspec

DecisionName = Literal["keep", "relabel", "ambiguous", "exclude", "later"]


class DecisionRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a person decided about one image. `row` is null where the data has no such image any more.

    `label` is the class that it should have: null where it is left to be told, or the image is none. `given` is the
    label that it had when that was decided. `blind`: it is a second opinion, given without seeing that label, and the
    only one; `second` is the label by a second opinion, or what that was where it leaves the image without one.
    """

    row: int | None
    decision: DecisionName
    label: str | None
    given: str | None
    note: str
    at: str
    blind: bool = False
    second: str | None = None


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

    `revision` is the last step of the log. `undo` and `redo` say in words what they would do, empty where there is
    nothing, and `undo_step` and `redo_step` are the steps that this is about, 0 for none. `notices` are what was found
    when the annotations were opened.
    """

    revision: int
    count: int
    undo: str
    undo_step: int
    redo: str
    redo_step: int
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
    """What an import did: decisions taken over, those that were there already, and those of images not in the data.

    `steps` are those of the log that it made: none, or two where there are second opinions.
    """

    taken: int
    unchanged: int
    orphans: int
    saved: Saved | None
    steps: list[int]


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


class Changes(msgspec.Struct, kw_only=True, frozen=True):
    """What became of the decisions after a step of the log: `rows` may have others, `decisions` are what they have now.

    A row without a record has none. Of `twice`, all images with a decision and a second opinion, `agree` have the same
    label in both.
    """

    state: AnnotationState
    rows: list[int]
    decisions: list[DecisionRecord]
    twice: int
    agree: int


class Done(msgspec.Struct, kw_only=True, frozen=True):
    """What was done is on the disk: the steps of the log that it took, and what changed since the client last knew."""

    steps: list[int]
    changes: Changes


class TakenIn(msgspec.Struct, kw_only=True, frozen=True):
    """A patch was imported: see Imported."""

    taken: int
    unchanged: int
    orphans: int
    done: Done


class DecideRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Decide about these rows. `token` is the client's own name for it, `seen` the last step that it knew of.

    `decision` is one of those of a DecisionRecord, or none, which takes a decision back; `label` goes with relabel.
    """

    rows: list[int]
    decision: str
    label: str | None = None
    note: str = ""
    token: str = ""
    seen: int | None = None
    blind: bool = False


class StepRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Take that step of the log back, or bring it back. `seen` is the last step that the client knew of."""

    step: int
    token: str = ""
    seen: int = 0


class RankRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Rank the labels of a split, or of all (null), by a kind of evidence; `taken`: with the decisions taken in.

    `kept`: only where that takes no time, since what it needs was kept; otherwise nothing is done.
    """

    split: str | None = None
    by: str = "combined"
    taken: bool = False
    kept: bool = False


class RankingRecord(msgspec.Struct, kw_only=True, frozen=True):
    """The ranking that is there, and the one that is on its way.

    `status` tells of the latter: "none" where none was asked for yet, "looking" while it is looked whether one was
    kept, then "running", "done", "stopped" or "failed", and `message` why. `number` is another one with each ranking
    that is there, 0 where there is none: of `n` images, judged `by` that evidence, `issues` are probably mislabelled;
    `taken` decisions were taken in.
    """

    status: Literal["none", "looking", "running", "done", "stopped", "failed"] = "none"
    stage: str = ""
    share: float = 0.0
    seconds_left: float | None = None
    message: str = ""
    number: int = 0
    split: str | None = None
    by: str = "combined"
    taken: int = 0
    n: int = 0
    issues: int = 0
    about: str = ""


class Finding(msgspec.Struct, kw_only=True, frozen=True):
    """One image that is odd, or two that are the same, and what is to be said of it."""

    rows: list[int]
    says: str
    marked: bool = False


class Findings(msgspec.Struct, kw_only=True, frozen=True):
    """The worst of `total` images of a kind."""

    total: int
    worst: list[Finding]


class OverlapRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Two classes that are taken for each other: how many of each are counted as the other, and the share of both."""

    label: str
    other: str
    as_other: int
    as_label: int
    share: float


class RateRecord(msgspec.Struct, kw_only=True, frozen=True):
    """How many labels of a class are probably wrong: the share with its 95 % interval. null: it has no image."""

    label: str
    n: int
    issues: int
    rate: float | None
    low: float
    high: float


class DetailsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What else was found beside the ranking. Of `duplicates`, those that are marked have two labels or two splits."""

    duplicates: Findings
    outliers: Findings
    ambiguous: Findings
    blank: Findings
    overlaps: list[OverlapRecord]
    rates: list[RateRecord]
