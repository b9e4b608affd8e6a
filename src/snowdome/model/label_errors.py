"""Confident learning: which labels a model that never saw them doubts, how many that makes, and between which classes.

C. G. Northcutt, L. Jiang and I. L. Chuang, "Confident learning: estimating uncertainty in dataset labels", Journal of
Artificial Intelligence Research 70 (2021).
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

_Z = 1.959964  # of 95 %
_SUREST = 0.25  # of the rows that are predicted as a class: among them hard ones, which differ by nature, are rare
_FEW = 20  # surest rows of a class that tell nothing: two of them may be wrong by chance
_CHANCE = 0.001  # the share of labels that are another class's for no reason


def confident_class(proba: NDArray[Any], given: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class that a row is counted as, (n,), by its probabilities (n, k) out of fold; -1 where there is none.

    It is the most probable of those classes that are at least as probable as they are on average for the rows with
    that label. Cost: n k.
    """
    classes = proba.shape[1]
    own = proba[np.arange(len(proba)), given]
    count = np.bincount(given, minlength=classes)
    usual = np.where(count > 0, np.bincount(given, own, classes) / np.maximum(count, 1), np.inf)
    sure = np.where(proba >= usual.astype(proba.dtype), proba, -1)
    best = np.asarray(sure.argmax(1), np.int64)
    return np.where(sure[np.arange(len(proba)), best] >= 0, best, -1)


def confident_joint(confident: NDArray[np.int64], given: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """How many rows with given label i are counted as class j, (k, k)."""
    joint = np.zeros((classes, classes), np.int64)
    known = confident >= 0
    np.add.at(joint, (given[known], confident[known]), 1)
    return joint


def habits(proba: NDArray[Any], given: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many times as often as by chance a row of class i is labelled j, (k, k): 1 where that is no habit.

    Somebody who takes sneakers for boots labels easy images wrong as well as hard ones; classes that look alike are
    mixed up in hard images, hardly in easy ones. So a habit is what is left of the share of a label among the surest
    quarter of the rows of a class, by probabilities (n, k) out of fold, when what it grows by in the second quarter and
    what is usual for a pair of classes are taken off. It is the lower bound (95 %) that counts: few rows tell none.
    Cost: n k + k².
    """
    classes = proba.shape[1]
    predicted, sure = proba.argmax(1), proba.max(1)
    low, growth, usual = (np.zeros((classes, classes)) for _ in range(3))
    for code in range(classes):
        rows = np.flatnonzero(predicted == code)
        rows = rows[np.argsort(-sure[rows], kind="stable")]
        count = int(_SUREST * len(rows))
        if count < _FEW:
            continue
        easy, harder = (np.bincount(given[some], minlength=classes) for some in (rows[:count], rows[count : 2 * count]))
        usual[code], growth[code] = easy / count, np.maximum(0, harder - easy) / count
        low[code, easy > 0] = [wilson(int(number), count)[0] for number in easy[easy > 0]]
    apart = ~np.eye(classes, dtype=bool)
    excess = np.maximum(0, low - growth - np.median(usual[apart])) if classes > 1 else low
    return np.where(apart, 1 + excess / _CHANCE, 1.0)


def label_quality(
    proba: NDArray[np.floating[Any]], given: NDArray[np.int64], times: NDArray[np.float64]
) -> NDArray[np.float32]:
    """How probable the given labels are, (n,), from probabilities (n, k) and the habits (k, k) of whoever gave them."""
    own, against = np.empty(len(given)), np.empty(len(given))
    for code in range(proba.shape[1]):
        rows = np.flatnonzero(given == code)
        own[rows] = proba[rows, code]
        against[rows] = np.delete(proba[rows], code, axis=1) @ np.delete(times[:, code], code)
    return np.asarray(own / np.maximum(own + against, 1e-30), np.float32)


def error_rates(is_issue: NDArray[np.bool_], given: NDArray[np.int64], classes: tuple[str, ...]) -> "pl.DataFrame":
    """For each class, and all: rows, those that are probably mislabelled, their share, and its 95 % interval.

    The interval is Wilson's (1927): what chance does to a share of so many rows. That some suspects are right, and some
    wrong labels no suspects, is not in it.
    """
    import polars as pl

    rows = []
    for name, mine in [*((name, given == code) for code, name in enumerate(classes)), ("all", given >= 0)]:
        n, count = int(mine.sum()), int(is_issue[mine].sum())
        low, high = wilson(count, n)
        rows.append((name, n, count, count / n if n else math.nan, low, high))
    return pl.DataFrame(rows, schema=["label", "n", "issues", "rate", "low", "high"], orient="row")


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` of n."""
    if not n:
        return 0.0, 1.0
    share, z2 = count / n, _Z**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def overlaps(joint: NDArray[np.int64], classes: tuple[str, ...]) -> "pl.DataFrame":
    """Pairs of classes that are taken for each other, most first: label, other, the count of each way, share of both.

    `as_other` rows labelled `label` are counted as `other`; `as_label` the other way round.
    """
    import polars as pl

    first, second = np.triu_indices(len(classes), 1)
    there, back = joint[first, second], joint[second, first]
    sizes = joint.sum(1)
    both = sizes[first] + sizes[second]
    share = (there + back) / np.maximum(both, 1)
    order = np.lexsort((second, first, -share))
    order = order[(there + back)[order] > 0]
    names = np.array(classes, dtype=object)
    return pl.DataFrame({
        "label": list(names[first[order]]), "other": list(names[second[order]]), "as_other": there[order],
        "as_label": back[order], "share": share[order],
    })  # fmt: skip
