"""How far a model can be believed: tables made from its Verdict on rows it was not trained on."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.core.rng import uniform
from snowdome.model.verdict import Verdict

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 740  # stream of random numbers: see core.rng


def confusion_matrix(verdict: Verdict) -> NDArray[np.int64]:
    """How many rows of each given class (rows) were taken for each class (columns): (k, k)."""
    k = len(verdict.classes)
    return np.bincount(verdict.labels * k + verdict.predicted, minlength=k * k).reshape(k, k).astype(np.int64)


def confusion(verdict: Verdict) -> "pl.DataFrame":
    """given_label, predicted_label, count, rate (of the given label's rows): k² rows."""
    import polars as pl

    matrix = confusion_matrix(verdict)
    given, predicted = (side.ravel() for side in np.indices(matrix.shape))
    names = np.array(verdict.classes, dtype=object)
    rate = matrix / np.maximum(1, matrix.sum(1, keepdims=True))
    return pl.DataFrame({
        "given_label": list(names[given]), "predicted_label": list(names[predicted]),
        "count": matrix.ravel(), "rate": rate.ravel(),
    })  # fmt: skip


def confused_pairs(verdict: Verdict, top: int = 10) -> "pl.DataFrame":
    """The pairs of classes that are most often taken for each other: label, other, count, most first."""
    import polars as pl

    matrix = confusion_matrix(verdict)
    first, second = np.triu_indices(len(matrix), 1)
    counts = (matrix + matrix.T)[first, second]
    order = np.argsort(-counts, kind="stable")[:top]
    names = np.array(verdict.classes, dtype=object)
    return pl.DataFrame({
        "label": list(names[first[order]]), "other": list(names[second[order]]), "count": counts[order],
    })  # fmt: skip


def scores_of_matrix(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Precision, recall and F1 of each class from a confusion matrix (k, k), by hand: (k, 3).

    Of n rows taken for the class TP are right: precision TP / n; of m rows of the class TP are found: recall TP / m;
    F1 is their harmonic mean. Where there are none, 0.
    """
    matrix = np.asarray(matrix, np.float64)
    right = np.diag(matrix)
    precision, recall = (right / np.maximum(1, matrix.sum(axis)) for axis in (0, 1))
    both = precision + recall
    return np.stack([precision, recall, 2 * precision * recall / np.where(both > 0, both, 1)], 1)


def metrics(verdict: Verdict) -> "pl.DataFrame":
    """label, precision, recall, f1, support by hand, and the same from scikit-learn: a row for each class."""
    import polars as pl
    from sklearn.metrics import precision_recall_fscore_support

    matrix = confusion_matrix(verdict)
    by_hand = scores_of_matrix(matrix)
    library = precision_recall_fscore_support(
        verdict.labels, verdict.predicted, labels=np.arange(len(verdict.classes)), zero_division=0
    )
    names = ("precision", "recall", "f1")
    return pl.DataFrame({
        "label": list(verdict.classes),
        **dict(zip(names, by_hand.T, strict=True)),
        "support": matrix.sum(1),
        **{f"{name}_library": library[column] for column, name in enumerate(names)},
    })  # fmt: skip


def interval(right: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Between what the accuracy lies, of n rows judged of which some were right: Wilson's interval of that level.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    if not n:
        return 0.0, 1.0
    from statistics import NormalDist

    z, share = NormalDist().inv_cdf(0.5 + level / 2), right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def calibration(verdict: Verdict, bins: int = 10) -> "pl.DataFrame":
    """Whether of what is said with 80 % confidence 80 % is right.

    low, high (of the confidence), count, confidence (its mean), accuracy, and its interval: a row for each bin that
    has rows. `calibration_error` sums up.
    """
    import polars as pl

    confidence, right = verdict.confidence.astype(np.float64), verdict.correct
    at = np.clip((confidence * bins).astype(int), 0, bins - 1)
    rows = []
    for one in np.unique(at):
        mine = at == one
        low, high = interval(int(right[mine].sum()), int(mine.sum()))
        rows.append(
            (one / bins, (one + 1) / bins, int(mine.sum()), confidence[mine].mean(), right[mine].mean(), low, high)
        )
    names = ("low", "high", "count", "confidence", "accuracy", "accuracy_low", "accuracy_high")
    return pl.DataFrame(rows, schema=list(names), orient="row")


def calibration_error(verdict: Verdict, bins: int = 10) -> float:
    """The mean distance of confidence and accuracy over the rows, in so many bins (expected calibration error)."""
    table = calibration(verdict, bins)
    distance = (table["confidence"] - table["accuracy"]).abs()
    return float((distance * table["count"]).sum() / max(1, len(verdict)))


def thresholds(verdict: Verdict, label: str, steps: int = 101) -> "pl.DataFrame":
    """One class against the rest, decided by a threshold of its probability (0.5 is where one starts).

    threshold, tp, fp, fn, tn, precision, recall, f1, accuracy: a row for each threshold from 0 to 1. A row is taken for
    the class where the probability is at least the threshold.
    """
    import polars as pl

    code = class_code(verdict, label)
    proba, mine = np.sort(verdict.proba[:, code]), verdict.labels == code
    of_class = np.sort(verdict.proba[mine, code])
    at = np.round(np.linspace(0, 1, steps), 10).astype(np.float32)
    tp = len(of_class) - np.searchsorted(of_class, at)
    fp = len(proba) - np.searchsorted(proba, at) - tp
    fn = len(of_class) - tp
    tn = len(proba) - tp - fp - fn
    precision, recall = tp / np.maximum(1, tp + fp), tp / np.maximum(1, tp + fn)
    both = precision + recall
    return pl.DataFrame({
        "threshold": at.astype(np.float64).round(6), "tp": tp, "fp": fp, "fn": fn, "tn": tn,
        "precision": precision, "recall": recall,
        "f1": 2 * precision * recall / np.where(both > 0, both, 1),
        "accuracy": (tp + tn) / max(1, len(proba)),
    })  # fmt: skip


def misclassified(verdict: Verdict, *, given: str | None = None, predicted: str | None = None) -> "pl.DataFrame":
    """The rows that were taken for another class, those first of which the model was surest.

    row (its number in the Verdict, from 0), id, given_label, predicted_label, confidence, given_confidence (the
    probability of the given label); of one cell of the confusion matrix where the classes are named.
    """
    import polars as pl

    wrong = ~verdict.correct
    if given is not None:
        wrong &= verdict.labels == class_code(verdict, given)
    if predicted is not None:
        wrong &= verdict.predicted == class_code(verdict, predicted)
    rows = np.flatnonzero(wrong)
    rows = rows[np.argsort(-verdict.confidence[rows], kind="stable")]
    return _rows_table(verdict, rows, pl.DataFrame({"row": rows}))


def random_rows(verdict: Verdict, count: int = 10, seed: int = 0) -> "pl.DataFrame":
    """Some rows drawn by the seed, each once, with what they are and what they were taken for; columns as above."""
    import polars as pl

    drawn = np.argsort(uniform(seed, _SAMPLE, len(verdict), 1)[:, 0], kind="stable")[:count]
    return _rows_table(verdict, drawn, pl.DataFrame({"row": drawn}))


def _rows_table(verdict: Verdict, rows: NDArray[np.int64], numbered: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    names = np.array(verdict.classes, dtype=object)
    return numbered.with_columns(
        id=pl.Series(verdict.ids[rows]),
        given_label=pl.Series(list(names[verdict.labels[rows]]), dtype=pl.String),
        predicted_label=pl.Series(list(names[verdict.predicted[rows]]), dtype=pl.String),
        confidence=pl.Series(verdict.confidence[rows]),
        given_confidence=pl.Series(verdict.self_confidence[rows]),
    )


def class_code(verdict: Verdict, label: str) -> int:
    """The code of the class of that name; DataError where there is none."""
    names = list(verdict.classes)
    if label not in names:
        raise DataError(f"There is no class {label!r}. {did_you_mean(label, names)}There is: {', '.join(names[:20])}.")
    return names.index(label)


def probability_bars(verdict: Verdict, row: int) -> "pl.DataFrame":
    """label, probability of one row, the most probable first: what the bars beside an image show."""
    import polars as pl

    if not 0 <= row < len(verdict):
        raise OptionError(f"row got {row}; allowed: 0 to {len(verdict) - 1}.")
    order = np.argsort(-verdict.proba[row], kind="stable")
    return pl.DataFrame({
        "label": [verdict.classes[code] for code in order], "probability": verdict.proba[row][order],
    })  # fmt: skip
