"""Labels of any kind: names, their order, what is missing, and what is no label."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowdome.core.errors import DataError
from snowdome.data.tabular.labels import MOST_CLASSES, encode, is_one_hot


def named(values: Any) -> list[str]:
    """The class name of each row."""
    codes, classes, _ = encode(values)
    assert codes is not None
    assert codes.dtype == np.int64
    return [classes[code] for code in codes]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["10", "9", "2"], ("2", "9", "10")),
        ([10, 9, 2], ("2", "9", "10")),
        ([10.0, 9.0, -2.0], ("-2", "9", "10")),
        (np.array([3, 1], np.uint8), ("1", "3")),
        (np.array([3, 1], ">i4"), ("1", "3")),
        (["1.0", "0.0"], ("0", "1")),
        (["b", "a", "10", "9"], ("10", "9", "a", "b")),
        ([0.5, 10.0, 2.0], ("0.5", "2.0", "10.0")),
        (np.array([1.1, 0.5], np.float32), ("0.5", "1.1")),
        ([True, False], ("False", "True")),
        (np.array([True, False]), ("False", "True")),
        ([b"caf\xc3\xa9", b"tea"], ("café", "tea")),
        (np.array([b"caf\xe9", b"tea"]), (r"caf\xe9", "tea")),
        (["007", "7"], ("007", "7")),
        (["a ", "a", " a"], (" a", "a", "a ")),
        (["é", "e\u0301"], ("e\u0301", "é")),
        (np.array([[3], [1]]), ("1", "3")),
        ([[0, 1, 0], [0, 0, 1]], ("1", "2")),
        (np.array([1e30, 2.0]), ("2.0", "1e+30")),
        (["9" * 5000, "1"], ("1", "9" * 5000)),
    ],
)  # fmt: skip
def test_classes(values: Any, classes: tuple[str, ...]) -> None:
    codes, found, _ = encode(values)
    assert found == classes
    assert codes is not None
    assert sorted(set(codes.tolist())) == list(range(len(classes)))


@pytest.mark.parametrize("nothing", [None, float("nan"), "", np.float32("nan")], ids=repr)
def test_missing_labels_are_the_last_class(nothing: Any) -> None:
    codes, classes, notes = encode(["b", nothing, "a", nothing])
    assert classes == ("a", "b", "")
    assert codes is not None
    assert codes.tolist() == [1, 2, 0, 2]
    assert notes == ("2 rows have no label",)
    codes, classes, notes = encode([nothing, nothing])
    assert (codes, classes, notes) == (None, (), ("every label is missing",))


def test_missing_numbers() -> None:
    codes, classes, notes = encode(np.array([2.0, np.nan, 1.0, np.nan]))
    assert classes == ("1", "2", "")
    assert codes is not None
    assert codes.tolist() == [1, 2, 0, 2]
    assert notes == ("2 rows have no label",)


def test_pandas_own_nothing() -> None:
    pandas = pytest.importorskip("pandas")
    assert encode(pandas.Series(["a", pandas.NA, pandas.NaT], dtype=object).to_numpy())[1] == ("a", "")


def test_numbers_and_text_that_say_the_same() -> None:
    codes, classes, notes = encode(["1", "1.0", 1, 1.0, "2"])
    assert classes == ("1", "2")
    assert codes is not None
    assert codes.tolist() == [0, 0, 0, 0, 1]
    assert notes == ("labels such as 1 and 1.0 were taken as the same",)


def test_no_rows() -> None:
    assert encode([]) == (None, (), ())
    assert encode(np.empty(0)) == (None, (), ())


def test_half_of_a_surrogate_pair_can_be_sent() -> None:
    for name in encode(["caf\udce9", "\ud800"])[1]:
        assert name.encode()


def test_one_hot() -> None:
    codes, classes, notes = encode(np.eye(4)[[3, 1, 0]])
    assert codes is not None
    assert (codes.tolist(), classes) == ([2, 1, 0], ("0", "1", "3"))
    assert notes == ("labels were read from columns of 0 and 1",)
    assert is_one_hot(np.eye(3))
    for other in (
        np.ones((2, 3)),
        np.zeros((2, 3)),
        2 * np.eye(3),
        np.eye(3)[0],
        np.zeros((0, 3)),
        np.full((2, 2), "1"),
    ):
        assert not is_one_hot(other)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((2, 3)), r"shape \(2, 3\); expected one label for each row"),
        (np.zeros((2, 1, 1)), r"shape \(2, 1, 1\)"),
        (np.array(5), r"shape \(\)"),
        (["a", {"b": 1}], "row 1 has dict; a label is text or a number"),
        ([dt.date(2020, 1, 1)], "row 0 has date"),
        ([[1], [1, 2]], "different lengths"),
        (np.arange(MOST_CLASSES + 1), "65,536 different ones in 65,536 rows; at most 65,535"),
        (np.linspace(0, 1, 300_000), "300,000 different numbers"),
        (np.array([1 + 2j]), "row 0 has complex"),
    ],
)  # fmt: skip
def test_what_is_no_label(values: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        encode(values)


def test_as_many_classes_as_there_may_be() -> None:
    codes, classes, _ = encode(np.arange(MOST_CLASSES)[::-1])
    assert codes is not None
    assert (len(classes), codes[0]) == (MOST_CLASSES, MOST_CLASSES - 1)


@given(st.lists(st.text(min_size=1, max_size=5).filter(lambda text: not any(map(str.isdigit, text))), min_size=1))
def test_text_comes_back_letter_for_letter(values: list[str]) -> None:
    assert named(values) == values


@given(st.lists(st.integers(-(10**17), 10**17), min_size=1))
def test_whole_numbers_are_the_same_in_every_container(values: list[int]) -> None:
    text = [str(value) for value in values]
    assert named(values) == named(text) == named(np.array(values)) == named(np.array(text)) == text


@given(st.lists(st.none() | st.text(max_size=3) | st.integers() | st.floats() | st.booleans() | st.binary(max_size=3)))
def test_any_mixture_has_codes(values: list[Any]) -> None:
    codes, classes, _ = encode(values)
    if codes is None:
        assert classes == ()
    else:
        assert len(codes) == len(values)
        assert codes.max() < len(classes) == len(set(classes))
