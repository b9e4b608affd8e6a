"""Splits and folds: the rows of scikit-learn where it has them, known numbers on MNIST, and what cannot be had."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold, StratifiedShuffleSplit, train_test_split

from snowdome.core.errors import DataError, OptionError
from snowdome.data.dataset import Dataset
from snowdome.data.split import folds, split, split_rows

LABELS = [
    np.arange(50) % 5,
    np.random.default_rng(0).integers(0, 7, 333),
    np.sort(np.random.default_rng(1).integers(3, 6, 100)),
    np.array(["cat", "dog", "cat", "owl", "dog", "cat", "owl", "owl", "dog", "cat"]),
    np.repeat([2, 0, 1], [90, 10, 3]),
]


@pytest.mark.parametrize("seed", [0, 42])
@pytest.mark.parametrize("sizes", [{}, {"test": 0.25}, {"test": 17}, {"train": 0.6}, {"test": 0.3, "train": 20}])
def test_random_rows_are_those_of_scikit_learn(sizes: dict[str, Any], seed: int) -> None:
    n = 101
    theirs = {f"{name}_size": size for name, size in sizes.items()} or {"test_size": 0.2}
    train, test = train_test_split(np.arange(n), random_state=seed, **theirs)
    ours = split_rows(n, seed=seed, **sizes)
    assert ours.train.tolist() == train.tolist()
    assert ours.test.tolist() == test.tolist()
    train, test = train_test_split(np.arange(n), shuffle=False, **theirs)
    ours = split_rows(n, kind="first", **sizes)
    assert (ours.train.tolist(), ours.test.tolist()) == (train.tolist(), test.tolist())


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("sizes", [{"test": 0.2}, {"test": 0.31, "train": 0.41}, {"train": 0.5}])
@pytest.mark.parametrize("y", LABELS, ids=len)
def test_stratified_rows_are_those_of_scikit_learn(y: Any, sizes: dict[str, Any], seed: int) -> None:
    if len(y) == 10:
        sizes = {"test": 4}
    theirs = {f"{name}_size": size for name, size in sizes.items()}
    splitter = StratifiedShuffleSplit(n_splits=1, random_state=seed, **theirs)
    train, test = next(splitter.split(np.zeros(len(y)), y))
    ours = split_rows(len(y), y, "stratified", seed=seed, **sizes)
    assert ours.train.tolist() == train.tolist()
    assert ours.test.tolist() == test.tolist()
    assert ours.notes == ()


def theirs_of(splitter: Any, y: Any) -> list[tuple[list[int], list[int]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "the least populated class has …", which is a note here
        return [(train.tolist(), test.tolist()) for train, test in splitter.split(np.zeros(len(y)), y)]


@pytest.mark.parametrize("seed", [None, 0, 5])
@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("y", LABELS, ids=len)
@pytest.mark.parametrize(("kind", "theirs"), [("plain", KFold), ("stratified", StratifiedKFold)])
def test_folds_are_those_of_scikit_learn(kind: str, theirs: Any, y: Any, k: int, seed: int | None) -> None:
    splitter = theirs(k, shuffle=seed is not None, random_state=seed)
    ours = folds(len(y), y, kind, k=k, seed=seed)
    assert [(part.train.tolist(), part.test.tolist()) for part in ours] == theirs_of(splitter, y)


def before_022(y: Any, k: int) -> list[list[int]]:
    """The test rows of StratifiedKFold before 0.22: KFold within each class, cut off at its size."""
    tests: list[list[int]] = [[] for _ in range(k)]
    for one in np.unique(y):
        rows = np.flatnonzero(y == one)
        for fold, (_, test) in enumerate(KFold(k).split(np.zeros(max(len(rows), k)))):
            tests[fold] += rows[test[test < len(rows)]].tolist()
    return [sorted(rows) for rows in tests]


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("y", LABELS, ids=len)
def test_the_old_folds(y: Any, k: int) -> None:
    assert [part.test.tolist() for part in folds(len(y), y, "sklearn<0.22", k=k)] == before_022(y, k)


def test_the_old_folds_of_mnist(mnist: Dataset) -> None:
    """E5, where 17378/20004, 17527/19999 and 17567/19997 are printed; today's are of 20000 each."""
    y = mnist.train.y
    assert [len(part.test) for part in folds(60_000, y, "sklearn<0.22", k=3)] == [20_004, 19_999, 19_997]
    assert [len(part.test) for part in folds(60_000, y, "stratified", k=3)] == [20_000] * 3


def test_the_split_with_seed_42(mnist: Dataset) -> None:
    """D8, reproduced without scikit-learn."""
    parted = split(mnist, test=0.2, seed=42)
    assert parted.test.all_ids()[:5].tolist() == [46730, 48393, 41416, 34506, 43725]
    assert parted.test.y is not None
    assert parted.test.y[:10].tolist() == [8, 4, 8, 7, 7, 0, 6, 2, 7, 4]
    supports = [1343, 1600, 1380, 1433, 1295, 1273, 1396, 1503, 1357, 1420]
    assert np.bincount(parted.test.y).tolist() == supports
    assert len(parted.train) == 56_000
    row = 123
    assert np.array_equal(parted.test.X[row], mnist.X[parted.test.id_of(row)])


def test_a_split_dataset(digits: Dataset) -> None:
    parted = split(digits, "stratified", test=300, train=600, seed=3)
    assert (len(parted), len(parted.train), len(parted.test)) == (900, 600, 300)
    assert len(set(parted.all_ids().tolist())) == 900
    assert parted.split_names == ("train", "test")
    again = split(digits, "stratified", test=300, train=600, seed=3)
    assert again.payload_hash == parted.payload_hash
    assert split(digits, "stratified", test=300, train=600, seed=4).payload_hash != parted.payload_hash
    first = split(digits, "first", test=797)
    assert first.train.all_ids().tolist() == list(range(1000))


@given(
    y=st.lists(st.integers(0, 5), min_size=2, max_size=60),
    k=st.integers(2, 5),
    seed=st.none() | st.integers(0, 9),
    kind=st.sampled_from(["plain", "stratified", "sklearn<0.22"]),
)
def test_every_row_is_tested_once(y: list[int], k: int, seed: int | None, kind: str) -> None:
    if kind == "sklearn<0.22":
        seed = None
    try:
        parts = folds(len(y), np.array(y), kind, k=k, seed=seed)
    except OptionError:
        assert k > len(y) or (kind != "plain" and max(np.bincount(y)) < k)
        return
    assert sorted(np.concatenate([part.test for part in parts]).tolist()) == list(range(len(y)))
    for part in parts:
        assert sorted([*part.train.tolist(), *part.test.tolist()]) == list(range(len(y)))


@given(
    y=st.lists(st.integers(0, 5), min_size=2, max_size=60),
    test=st.floats(0.01, 0.99) | st.integers(1, 30),
    seed=st.integers(0, 9),
    kind=st.sampled_from(["random", "stratified", "first"]),
)
def test_no_row_is_in_both_parts(y: list[int], test: float, seed: int, kind: str) -> None:
    try:
        parts = split_rows(len(y), np.array(y), kind, test=test, seed=seed)
    except OptionError:
        return
    rows = [*parts.train.tolist(), *parts.test.tolist()]
    assert len(set(rows)) == len(rows)
    assert set(rows) <= set(range(len(y)))
    assert len(parts.train)
    assert len(parts.test)


def test_a_class_of_one_row_is_trained_on() -> None:
    y = np.array([0] * 20 + [1] * 20 + [2, 3])
    parts = split_rows(len(y), y, "stratified", test=0.25)
    assert {40, 41} <= set(parts.train.tolist())
    assert np.bincount(y[parts.test]).tolist() in ([5, 6], [6, 5])
    assert parts.notes == ("2 classes have one row, which cannot be shared out: it is in the training part",)
    assert len(parts.train) + len(parts.test) == len(y)


def test_classes_of_one_row_each() -> None:
    parts = split_rows(10, np.arange(10), "stratified", test=0.25, seed=1)
    assert (len(parts.train), len(parts.test)) == (7, 3)
    assert parts.notes == ("every class has one row: the split is random",)


def test_a_class_smaller_than_the_folds_is_noted() -> None:
    parts = folds(12, np.array([0] * 10 + [1] * 2), "stratified", k=3)
    assert parts[0].notes == ("the smallest class has 2 rows, fewer than the 3 folds: some folds are without it",)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"test": 0.0}, "test got 0.0; allowed: a fraction between 0 and 1, or a whole number from 1 to 9"),
        ({"test": 1.0}, "test got 1.0"),
        ({"test": 10}, "test got 10"),
        ({"test": float("nan")}, "test got nan"),
        ({"train": -1}, "train got -1"),
        ({"train": True}, "train got True"),
        ({"test": "half"}, "test got 'half'"),
        ({"test": 0.6, "train": 0.6}, "6 training and 6 test rows do not fit into 10 rows"),
        ({"train": 0.05}, "0 training and 10 test rows"),
        ({"kind": "stratifed"}, r"There is no split 'stratifed'. Did you mean 'stratified'\?"),
        ({"kind": "stratified", "test": 1}, "cannot hold each of 2 classes"),
    ],
)
def test_what_cannot_be_split(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        split_rows(10, np.arange(10) % 2, **arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"k": 1}, "k got 1; allowed: a whole number from 2 to the 10 rows"),
        ({"k": 11}, "k got 11"),
        ({"k": 6, "kind": "stratified"}, "no class has as many rows"),
        ({"k": 2, "kind": "sklearn<0.22", "seed": 1}, "does not shuffle; leave seed out"),
        ({"kind": "sklearn<0.23"}, "Did you mean 'sklearn<0.22'"),
    ],
)
def test_what_cannot_be_folded(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        folds(10, np.arange(10) % 2, **arguments)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "1", True])
def test_what_is_no_seed(seed: Any) -> None:
    for make in (split_rows, folds):
        with pytest.raises(OptionError, match=r"seed got .*; allowed: a whole number from 0 to 4294967295"):
            make(10, seed=seed)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_rows(n: int) -> None:
    with pytest.raises(OptionError, match=f"do not fit into {n} rows"):
        split_rows(n)
    with pytest.raises(OptionError, match=f"to the {n} rows"):
        folds(n)


def test_labels_are_needed() -> None:
    for kind in ("stratified", "sklearn<0.22"):
        with pytest.raises(DataError, match="no labels to stratify by"):
            folds(10, None, kind)
    with pytest.raises(DataError, match="9 labels for 10 rows"):
        split_rows(10, np.zeros(9), "stratified")
