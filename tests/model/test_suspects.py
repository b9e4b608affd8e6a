"""Which labels to distrust: planted errors come first, by each witness; odd data; what else is odd about images."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.data.dataset import Dataset
from snowdome.model import leave_one_out
from snowdome.model.duplicates import duplicates
from snowdome.model.label_errors import confident_class, confident_joint, error_rates, overlaps, wilson
from snowdome.model.oddities import oddities
from snowdome.model.suspects import BY, Suspects, find_suspects
from snowdome.model.witnesses import memory_needed
from snowdome.space import checks

COLUMNS = ["rank", "index", "id", "given_label", "predicted_label", "label_quality", "is_label_issue"]


@pytest.fixture(scope="module")
def few() -> Any:
    """A smaller model, so that these tests are quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leave_one_out, "FEATURES", 600)
        yield


@pytest.fixture(scope="module")
def flipped(digits: Dataset) -> tuple[Dataset, Any]:
    """The digits with 3 % of their labels changed, the last 500 a test split."""
    random = np.random.default_rng(0)
    rows = random.choice(1797, 54, replace=False)
    y = np.array(digits.y)
    y[rows] = (y[rows] + random.integers(1, 10, 54)) % 10
    split = (np.arange(1797) >= 1297).astype(np.uint8)
    return dataclasses.replace(digits, y=y, split=split, split_names=("train", "test")), rows


@pytest.fixture(scope="module")
def found(few: None, flipped: tuple[Dataset, Any]) -> Suspects:
    return find_suspects(flipped[0])


def average_precision(order: Any, wrong: Any) -> float:
    hit = np.isin(order, wrong)
    return float((np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)).mean())


def test_planted_errors_come_first(found: Suspects, flipped: tuple[Dataset, Any], digits: Dataset) -> None:
    rows = flipped[1]
    assert average_precision(found.order, rows) > 0.97
    assert digits.y is not None
    assert (found.predicted[rows] == digits.y[rows]).mean() > 0.95, "the suggestion is the right label"
    flagged = np.flatnonzero(found.is_issue)
    assert np.isin(flagged, rows).mean() > 0.9
    assert len(flagged) > 25


@pytest.mark.parametrize("by", BY)
def test_each_witness_alone(few: None, flipped: tuple[Dataset, Any], by: str) -> None:
    data, rows = flipped
    assert average_precision(find_suspects(data, by=by).order, rows) > 0.75


def test_table_of_a_split(few: None, flipped: tuple[Dataset, Any]) -> None:
    data, rows = flipped
    table = find_suspects(data, "test").table()
    assert table.columns == COLUMNS
    assert len(table) == 500
    assert table["rank"].to_list() == list(range(1, 501))
    assert sorted(table["index"]) == list(range(500))
    assert (table["id"] == table["index"] + 1297).all()
    assert data.y is not None
    assert table["given_label"].to_list() == [data.classes[data.y[row]] for row in table["id"]]
    assert set(table["id"][:10]) <= set(rows.tolist())
    assert table["label_quality"].is_between(0, 1).all()


def test_same_bits_twice(few: None, flipped: tuple[Dataset, Any], found: Suspects) -> None:
    """J-11."""
    again = find_suspects(flipped[0], n_jobs=1)
    assert again.table().equals(found.table())


def test_rows_that_are_not_believed_teach_nothing(few: None, flipped: tuple[Dataset, Any]) -> None:
    data, rows = flipped
    trains = np.ones(len(data), bool)
    trains[rows] = False
    assert data.y is not None
    changed = np.array(data.y)
    changed[rows[1:]] = (changed[rows[1:]] + 1) % 10
    one, other = (find_suspects(dataclasses.replace(data, y=y), trains=trains) for y in (data.y, changed))
    kept = np.flatnonzero(trains)
    np.testing.assert_array_equal(one.quality[kept], other.quality[kept])


def make(n: int, p: int = 6, classes: int = 3, **changes: Any) -> Dataset:
    random = np.random.default_rng(0)
    y = np.arange(n) % classes
    X = random.normal(size=(n, p)).astype(np.float32) + 4 * np.eye(classes, p)[y].astype(np.float32)
    data = Dataset(X=X, y=y, classes=tuple("abcdefgh"[:classes]), name="vectors", value_range=(-5.0, 9.0))
    return dataclasses.replace(data, **changes)


@pytest.mark.parametrize(
    "data",
    [
        make(2), make(3), make(40, classes=1), make(40, X=np.zeros((40, 6), np.float32)), make(40, p=1),
        make(40, p=200), make(40, y=np.minimum(np.arange(40), 1)), make(40, classes=8, y=np.arange(40) % 2),
        make(40, X=np.repeat(np.arange(4, dtype=np.float32), 10)[:, None] * np.ones(6, np.float32)),
    ],
)  # fmt: skip
def test_odd_data(few: None, data: Dataset) -> None:
    found = find_suspects(data)
    assert len(found.table()) == len(data)
    assert np.isfinite(found.quality).all()
    assert np.isfinite(found.centroid).all()
    error_rates(found.is_issue, found.verdict.labels, data.classes)
    overlaps(found.joint, data.classes)
    duplicates(data, found.neighbours)
    oddities(data, found.neighbours, found.verdict.proba)


def test_refused(few: None) -> None:
    with pytest.raises(OptionError, match="Did you mean 'model'"):
        find_suspects(make(40), by="modle")
    with pytest.raises(DataError, match="no labels to distrust"):
        find_suspects(make(40, y=None))
    with pytest.raises(DataError, match="no split 'test'"):
        find_suspects(make(40), "test")
    with pytest.raises(DataError, match="1 row"):
        find_suspects(make(1))
    with pytest.raises(DataError, match="No row is left"):
        find_suspects(make(40), trains=np.zeros(40, bool))


def test_duplicates() -> None:
    random = np.random.default_rng(0)
    X = random.integers(0, 256, (60, 64)).astype(np.uint8)
    X[10], X[20], X[30] = X[1], X[2], X[3]
    X[40] = X[4]
    X[40, 0] ^= 1
    y = np.arange(60) % 2
    y[10], y[20], y[30] = y[1], 1 - y[2], y[3]
    split = (np.arange(60) >= 30).astype(np.uint8)
    data = Dataset(X=X, y=y, classes=("a", "b"), image_shape=(8, 8), split=split, split_names=("train", "test"))
    from snowdome.space.knn import nearest_neighbours

    table = duplicates(data, nearest_neighbours(X, 5))
    assert table.select("index", "other", "exact").rows() == [(2, 20, True), (3, 30, True), (4, 40, False),
                                                              (1, 10, True)]  # fmt: skip
    assert table["conflicting"].to_list() == [True, False, False, False]
    assert table["across_splits"].to_list() == [False, True, True, False]
    assert (table["label"][0], table["other_label"][0]) == ("a", "b")


def test_odd_images(few: None, digits: Dataset) -> None:
    X = np.array(digits.X)
    X[5] = 0
    X[6] = 16 - X[6]
    X[7] = np.random.default_rng(0).integers(0, 17, 64)
    found = find_suspects(dataclasses.replace(digits, X=X))
    table = oddities(found.dataset, found.neighbours, found.verdict.proba)
    kinds = {kind: table.filter(kind=kind)["index"].to_list() for kind in ("blank", "inverted", "outlier", "ambiguous")}
    assert kinds["blank"] == [5]
    assert kinds["inverted"] == [6]
    assert 7 in kinds["outlier"]
    assert table.filter(kind="ambiguous")["score"].is_sorted(descending=True)


def test_confident_learning_by_hand() -> None:
    proba = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.3, 0.7], [0.85, 0.15], [0.5, 0.5]])
    given = np.array([0, 0, 0, 1, 1, 1])  # own: .9 .7 .2 → .6 on average; .7 .15 .5 → .45
    assert confident_class(proba, given).tolist() == [0, 0, 1, 1, 0, 1]
    joint = confident_joint(confident_class(proba, given), given, 2)
    assert joint.tolist() == [[2, 1], [1, 2]]
    assert overlaps(joint, ("a", "b")).row(0) == ("a", "b", 1, 1, 2 / 6)


def test_intervals() -> None:
    """Wilson (1927), from statsmodels' proportion_confint(5, 100, method='wilson')."""
    assert wilson(5, 100) == pytest.approx((0.02154368, 0.11175047), abs=1e-7)
    assert wilson(0, 0) == (0.0, 1.0)
    table = error_rates(np.array([True, False, False]), np.array([0, 0, 1]), ("a", "b", "none"))
    assert table["label"].to_list() == ["a", "b", "none", "all"]
    assert table["issues"].to_list() == [1, 0, 0, 1]
    assert table["n"].to_list() == [2, 1, 0, 3]


def test_real_mistakes_of_mnist_come_before_hard_images(mnist: Dataset) -> None:
    """Of the test images alone, as they are published: these labels are wrong (docs/suspects.md)."""
    first = find_suspects(mnist.test).order[:50].tolist()
    assert set(first) >= {9729, 2130, 947}


def test_what_would_not_fit_into_memory_is_refused_before_it_begins(
    few: None, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J-01."""
    monkeypatch.setattr(checks, "available", lambda: memory_needed(digits))
    with pytest.raises(DataError, match=r"Ranking the labels of 1,797 rows needs about .* Take fewer rows\."):
        find_suspects(digits)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak can be set back on Linux alone")
def test_a_ranking_takes_no_more_memory_than_was_estimated(python: Any) -> None:
    """J-01: at its peak, beside the data."""
    done = python(
        """
        import re
        from pathlib import Path
        import numpy as np
        from snowdome.data.dataset import Dataset
        from snowdome.model.suspects import find_suspects
        from snowdome.model.witnesses import memory_needed

        def kept(name):
            return 1024 * int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

        def made(n):
            X = np.random.default_rng(0).integers(0, 256, (n, 784), dtype=np.uint8)
            return Dataset(X, np.arange(n) % 10, tuple("0123456789"), (28, 28))

        few, many = made(300), made(3000)
        find_suspects(few)
        before = kept("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        find_suspects(many)
        print((kept("VmHWM") - before) / memory_needed(many))
        """,
        timeout=120,
    )
    assert 0.3 < float(done.stdout) < 1.3, done.stderr
