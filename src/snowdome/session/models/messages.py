"""What a session tells of its models: which kinds there are, what was trained, and how far it can be believed."""

from typing import Literal

import msgspec

from snowdome.session.messages import OptionRecord, OptionValue

ModelStatus = Literal["queued", "training", "done", "stopped", "failed"]
OVER: frozenset[ModelStatus] = frozenset({"done", "stopped", "failed"})


class KindRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One kind of classifier. `scale` is what is done to the values where nobody says; `of_images`: plain vectors will
    not do, nor components; `missing` says what is to be installed first, or nothing.
    """

    id: str
    title: str
    says: str
    scale: str
    of_images: bool
    missing: str
    options: list[OptionRecord]


class KindsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a model is made from: its kind, what is done to the values first, and which rows are trained on."""

    kinds: list[KindRecord]
    preparation: list[OptionRecord]
    rows: list[OptionRecord]


class TrainRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Train a model of that kind; options that are not named are as declared. `folds` of the training rows are judged
    as well, and fits of so many other `seeds`; 0 for none.
    """

    kind: str
    options: dict[str, OptionValue] = {}
    preparation: dict[str, OptionValue] = {}
    rows: dict[str, OptionValue] = {}
    folds: int = 0
    seeds: int = 0


class CurvePoint(msgspec.Struct, kw_only=True, frozen=True):
    """How often a model of the first `n_train` training rows is right: on the test rows, and on its own."""

    n_train: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    train_accuracy: float


class FactsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What was measured of a model: `low` and `high` are the ends of the 95 % interval of its test accuracy.

    `folds` are the accuracies of the models of its folds, `seeds` those of other seeds on the test rows; `seconds` took
    the fit, `predict_seconds` all test rows, and `bytes` its numbers take. What was not measured is null.
    """

    accuracy: float
    n_train: int
    n_test: int
    seconds: float
    low: float | None = None
    high: float | None = None
    train_accuracy: float | None = None
    predict_seconds: float | None = None
    bytes: int | None = None
    folds: list[float] = []
    seeds: list[float] = []


class ModelRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One model as people see it. `name` and `version` are those under which it is kept, or "" and 0.

    `says` is its kind and how values are prepared, in words, and `of` which rows were chosen. While it is trained,
    `stage` is at `done` of `total`, `began` is when it started, in seconds since 1970, and `seconds_left` what is
    expected. `message` says why it failed or was stopped, `notes` what is to be known of the fit. `weights`: its scores
    are weighted sums of values. `other`: it was trained on other data, of that name; `misfit` says why it cannot judge
    these. `curve` is its learning curve, once asked for, and `curving` how far that is.
    """

    id: str
    kind: str
    title: str
    says: str
    of: str = ""
    name: str = ""
    version: int = 0
    status: ModelStatus = "queued"
    stage: str = ""
    done: int = 0
    total: int = 0
    began: float | None = None
    seconds_left: float | None = None
    message: str = ""
    notes: list[str] = []
    options: dict[str, OptionValue] = {}
    preparation: dict[str, OptionValue] = {}
    rows: dict[str, OptionValue] = {}
    weights: bool = False
    other: str = ""
    misfit: str = ""
    facts: FactsRecord | None = None
    curve: list[CurvePoint] = []
    curving: str = ""


class ModelsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Every model there is, the newest last: those of this session, after those that are kept from before."""

    models: list[ModelRecord]


class ClassScores(msgspec.Struct, kw_only=True, frozen=True):
    """How a class fares: of the rows taken for it `precision` are right, of its own `recall` are found."""

    precision: float
    recall: float
    f1: float
    support: int


class CalibrationBin(msgspec.Struct, kw_only=True, frozen=True):
    """Rows whose confidence lies between `low` and `high`: how sure the model is on average, how often it is right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


class JudgedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """How far a model can be believed, from its test rows: `matrix[a][b]` of given class a were taken for b.

    `error` is the expected calibration error. `about` says what it was computed on, and `warning` what speaks against
    it, or nothing.
    """

    n: int
    accuracy: float
    low: float
    high: float
    classes: list[str]
    matrix: list[list[int]]
    scores: list[ClassScores]
    calibration: list[CalibrationBin]
    error: float
    about: str
    warning: str


class Verdicts(msgspec.Struct, kw_only=True, frozen=True, eq=False):
    """What a model thinks of m rows that it was not trained on, as bytes, little endian: row numbers u32, predicted and
    given codes u16, confidence and the probability of the given class f32, and fold i32, -1 for the test rows.
    """

    m: int
    rows: bytes
    predicted: bytes
    given: bytes
    confidence: bytes
    given_confidence: bytes
    fold: bytes


class ThresholdsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One class against the rest, for each threshold from 0 to 1: what is counted, and the scores of it."""

    label: str
    threshold: list[float]
    tp: list[int]
    fp: list[int]
    fn: list[int]
    tn: list[int]
    precision: list[float]
    recall: list[float]
    f1: list[float]
    accuracy: list[float]


class NearestRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A training image: its row, its class, and the RMS distance of its values."""

    row: int
    label: str
    distance: float


class ExplainedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Why this class and not that one, of one row. `probability` has a place for each class.

    `evidence` is what each value says for `label` over `other`, null for kinds that are no weighted sums. `trained_on`:
    the model has seen this very row, so that its answer shows what it has learnt by heart.
    """

    row: int
    given: str
    predicted: str
    label: str
    other: str
    probability: list[float]
    margin: float
    evidence: list[float] | None
    nearest: list[NearestRecord]
    trained_on: bool


class PredictionsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a model takes rows for: the codes that it decides for, and of each row the probabilities of all classes."""

    model: str
    classes: list[str]
    predicted: list[int]
    probability: list[list[float]]
