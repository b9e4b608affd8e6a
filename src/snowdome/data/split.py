"""Training and test rows, and folds: the same rows as scikit-learn's, of today and of before 0.22, without it.

The random parts follow its draws step by step (F. Pedregosa et al., "Scikit-learn: Machine Learning in Python", JMLR
12, 2011; its module model_selection/_split.py), so that a seed means the same rows here as there.
"""

import dataclasses
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.data.dataset import Dataset

Rows = NDArray[np.intp]
Size = float | int | None

SPLITS = ("random", "stratified", "first")
FOLDS = ("plain", "stratified", "sklearn<0.22")


class Parts(NamedTuple):
    """The rows of a split, and what had to be done otherwise than asked, in words."""

    train: Rows
    test: Rows
    notes: tuple[str, ...] = ()


def split(dataset: Dataset, kind: str = "random", *, test: Size = None, train: Size = None, seed: int = 0) -> Dataset:
    """A Dataset whose `train` and `test` are drawn anew; rows keep their ids.

    Of kind "random", or "stratified" (each class in its share), or "first" (as the rows stand: the training rows are
    the first ones). Sizes are whole numbers of rows or fractions; by default a fifth is for the test and the rest for
    training; where both are given, what is in neither is left out. The rows come in the order in which
    scikit-learn's `train_test_split(test_size=test, train_size=train, random_state=seed)` gives them.

    Raises OptionError for sizes that cannot be had, DataError where there are no labels to stratify by.
    """
    parts = split_rows(len(dataset), dataset.y, kind, test=test, train=train, seed=seed)
    chosen = dataset.take(np.concatenate([parts.train, parts.test]))
    codes = np.repeat(np.array([0, 1], np.uint8), [len(parts.train), len(parts.test)])
    notes = (*dataset.notes, *parts.notes)
    return dataclasses.replace(chosen, split=codes, split_names=("train", "test"), notes=notes)


def split_rows(
    n: int,
    y: NDArray[Any] | None = None,
    kind: str = "random",
    *,
    test: Size = None,
    train: Size = None,
    seed: int = 0,
) -> Parts:
    """The numbers of the training and of the test rows, of n rows with the labels y; as `split`."""
    _known(kind, SPLITS, "split")
    n_train, n_test = _sizes(n, train, test)
    if kind == "first":
        rows = np.arange(n)
        return Parts(rows[:n_train], rows[n_train : n_train + n_test])
    draws = _draws(seed)
    if kind == "random":
        rows = draws.permutation(n)
        return Parts(rows[n_test : n_test + n_train], rows[:n_test])
    return _stratified(_labels(y, n), n_train, n_test, draws)


def folds(
    n: int, y: NDArray[Any] | None = None, kind: str = "plain", *, k: int = 5, seed: int | None = None
) -> list[Parts]:
    """k ways to train on all rows but some; each row is tested once. `seed` shuffles, None does not.

    "plain" and "stratified" are the rows of scikit-learn's KFold and StratifiedKFold as they are now; "sklearn<0.22" is
    StratifiedKFold as it was before, without shuffling: each class is cut into k runs, the longer ones first.
    """
    _known(kind, FOLDS, "kind of folds")
    if not 2 <= k <= n:
        raise OptionError(f"folds: k got {k}; allowed: a whole number from 2 to the {n} rows.")
    draws = None if seed is None else _draws(seed)
    notes: tuple[str, ...] = ()
    if kind == "plain":
        rows = np.arange(n)
        if draws is not None:
            draws.shuffle(rows)
        place = np.empty(n, np.intp)
        place[rows] = np.repeat(np.arange(k), _run_lengths(n, k))
    else:
        codes = _labels(y, n)
        least = int(np.bincount(codes).min())
        if np.bincount(codes).max() < k:
            raise OptionError(f"folds: k got {k}; no class has as many rows, so that they cannot be stratified.")
        if least < k:
            notes = (f"the smallest class has {least} rows, fewer than the {k} folds: some folds are without it",)
        place = _cut_into_runs(codes, k, draws) if kind == FOLDS[2] else _dealt(codes, k, draws)
    return [Parts(np.flatnonzero(place != fold), np.flatnonzero(place == fold), notes) for fold in range(k)]


def _dealt(codes: NDArray[np.int64], k: int, draws: np.random.RandomState | None) -> NDArray[np.intp]:
    """The fold of each row: the rows in order of class are dealt to the folds in turn to fix each one's share."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    classes = np.argsort(np.argsort(first))[inverse]  # numbered as they first appear
    share = [np.bincount(np.sort(classes)[fold::k], minlength=len(first)) for fold in range(k)]
    place = np.empty(len(codes), np.intp)
    for one in range(len(first)):
        of_class = np.repeat(np.arange(k), [counts[one] for counts in share])
        if draws is not None:
            draws.shuffle(of_class)
        place[classes == one] = of_class
    return place


def _cut_into_runs(codes: NDArray[np.int64], k: int, draws: np.random.RandomState | None) -> NDArray[np.intp]:
    """The fold of each row: each class in k runs of rows, remainders to the first."""
    if draws is not None:
        raise OptionError("folds: 'sklearn<0.22' is the splitter that does not shuffle; leave seed out.")
    place = np.empty(len(codes), np.intp)
    for one in np.unique(codes):
        rows = np.flatnonzero(codes == one)
        padded = np.repeat(np.arange(k), _run_lengths(max(len(rows), k), k))
        place[rows] = padded[: len(rows)]
    return place


def _run_lengths(n: int, k: int) -> list[int]:
    return [n // k + (fold < n % k) for fold in range(k)]


def _stratified(codes: NDArray[np.int64], n_train: int, n_test: int, draws: np.random.RandomState) -> Parts:
    """Each class in its share; a class of one row is trained on."""
    counts = np.bincount(codes)
    single = np.flatnonzero(counts == 1)
    if len(single) == len(counts):
        rows = draws.permutation(len(codes))
        return Parts(rows[n_test : n_test + n_train], rows[:n_test], ("every class has one row: the split is random",))
    if len(single):
        alone = np.flatnonzero(np.isin(codes, single))[:n_train]
        rest = np.flatnonzero(~np.isin(codes, single))
        inner = np.unique(codes[rest], return_inverse=True)[1]
        parts = _stratified(inner, n_train - len(alone), n_test, draws)
        note = f"{len(single)} classes have one row, which cannot be shared out: it is in the training part"
        return Parts(np.concatenate([alone, rest[parts.train]]), rest[parts.test], (note,))
    if min(n_train, n_test) < len(counts):
        raise OptionError(f"split: {n_train} training and {n_test} test rows cannot hold each of {len(counts)} "
                          f"classes. Ask for more rows, or for kind 'random'.")  # fmt: skip
    of_train = _shares(counts, n_train, draws)
    of_test = _shares(counts - of_train, n_test, draws)
    train, test = [], []
    for one, count in enumerate(counts):
        rows = np.flatnonzero(codes == one)[draws.permutation(count)]
        train.append(rows[: of_train[one]])
        test.append(rows[of_train[one] : of_train[one] + of_test[one]])
    return Parts(draws.permutation(np.concatenate(train)), draws.permutation(np.concatenate(test)))


def _shares(counts: NDArray[np.int64], total: int, draws: np.random.RandomState) -> NDArray[np.int64]:
    """How many of `total` rows fall to each class: its share rounded down, then one each by the greatest remainder."""
    exact = counts / counts.sum() * total
    shares: NDArray[Any] = np.floor(exact)
    missing = int(total - shares.sum())
    for value in np.sort(np.unique(exact - shares))[::-1] if missing else ():
        tied = np.flatnonzero(exact - np.floor(exact) == value)
        chosen = draws.choice(tied, size=min(len(tied), missing), replace=False)
        shares[chosen] += 1
        missing -= len(chosen)
        if not missing:
            break
    return shares.astype(np.int64)


def _sizes(n: int, train: Size, test: Size) -> tuple[int, int]:
    """How many rows for training and for the test; fractions of the test are rounded up, of training down."""
    given = {"train": train, "test": test}
    if train is None and test is None:
        given["test"] = 0.2
    rows: dict[str, int] = {}
    for name, size in given.items():
        if size is None:
            continue
        whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if not (1 <= size <= n - 1 if whole else isinstance(size, float) and 0 < size < 1):
            raise OptionError(f"split: {name} got {size!r}; allowed: a fraction between 0 and 1, or a whole number "
                              f"from 1 to {n - 1}, one less than the rows.")  # fmt: skip
        rows[name] = int(size) if whole else (math.ceil if name == "test" else math.floor)(size * n)
    n_train, n_test = rows.get("train", n - rows.get("test", 0)), rows.get("test", n - rows.get("train", 0))
    if n_train < 1 or n_test < 1 or n_train + n_test > n:
        raise OptionError(f"split: {n_train} training and {n_test} test rows do not fit into {n} rows, one at least of "
                          f"each. Change train or test.")  # fmt: skip
    return n_train, n_test


def _draws(seed: int) -> np.random.RandomState:
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**32:
        raise OptionError(f"seed got {seed!r}; allowed: a whole number from 0 to {2**32 - 1}.")
    return np.random.RandomState(int(seed))


def _labels(y: NDArray[Any] | None, n: int) -> NDArray[np.int64]:
    if y is None:
        raise DataError("There are no labels to stratify by; use kind 'random' or 'plain'.")
    if len(y) != n:
        raise DataError(f"{len(y)} labels for {n} rows.")
    codes: NDArray[np.int64] = np.unique(np.asarray(y), return_inverse=True)[1].astype(np.int64)
    return codes


def _known(kind: str, kinds: tuple[str, ...], noun: str) -> None:
    if kind not in kinds:
        raise OptionError(
            f"There is no {noun} {kind!r}. {did_you_mean(kind, list(kinds))}There is: {', '.join(kinds)}."
        )
