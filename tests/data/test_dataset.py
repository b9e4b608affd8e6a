"""Dataset: rows keep their labels, splits and ids whichever way they are taken; the same data has the same hash."""

import dataclasses
import hashlib
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowdome.core.errors import DataError
from snowdome.data.catalogue import ENTRIES
from snowdome.data.dataset import Dataset, array_hash

N, P = 10, 6
X = (np.arange(N * P, dtype=np.uint32) * 41 % 256).astype(np.uint8).reshape(N, P)
Y = np.arange(N) % 3


def made(**changes: Any) -> Dataset:
    """Ten images of 2 × 3 pixels in three classes; the last four are the test rows."""
    facts: dict[str, Any] = {
        "X": X, "y": Y, "classes": ("a", "b", "c"), "image_shape": (2, 3),
        "split": np.array([0] * 6 + [1] * 4, np.uint8), "split_names": ("train", "test"), "name": "made",
    }  # fmt: skip
    return Dataset(**facts | changes)


def test_one_row() -> None:
    dataset = made()
    for row in (0, 3, 9, -1, -10, np.int64(4), np.uint8(2)):
        item = dataset[row]
        at = int(row) % N
        assert (item.id, item.label) == (at, at % 3)
        assert type(item.label) is int
        assert np.array_equal(item.image, X[at].reshape(2, 3))
    for row in (10, -11, 10**9):
        with pytest.raises(IndexError, match="made has rows 0 to 9, not"):
            dataset[row]


def test_plain_vectors_and_no_labels() -> None:
    item = made(y=None, classes=(), image_shape=None)[2]
    assert item.label is None
    assert item.image.shape == (P,)


@given(
    st.one_of(
        st.slices(N),
        st.lists(st.integers(-N, N - 1), max_size=15),
        st.lists(st.booleans(), min_size=N, max_size=N).map(np.array),
        st.lists(st.integers(0, N - 1), max_size=15).map(lambda rows: np.array(rows, np.uint16)),
    )
)
def test_rows_keep_what_is_theirs(rows: Any) -> None:
    empty = isinstance(rows, (list, np.ndarray)) and len(rows) == 0
    expected = np.arange(N)[[] if empty else rows] if not empty else np.arange(0)
    taken = made()[rows]
    assert isinstance(taken, Dataset)
    assert len(taken) == len(expected)
    assert taken.all_ids().tolist() == expected.tolist()
    assert np.array_equal(taken.X, X[expected])
    assert taken.y is not None
    assert taken.y.tolist() == (expected % 3).tolist()
    assert taken.split is not None
    assert taken.split.tolist() == [int(row >= 6) for row in expected]
    assert (taken.classes, taken.name, taken.image_shape) == (("a", "b", "c"), "made", (2, 3))
    again = taken[::-1]
    assert [again[row].id for row in range(len(again))] == expected[::-1].tolist()


def test_text_ids_stay_with_their_rows() -> None:
    dataset = made(ids=np.array([f"photo {row}" for row in range(N)]))
    assert dataset[[7, 2]][0].id == "photo 7"
    assert type(dataset[7].id) is str


def test_splits() -> None:
    dataset = made()
    assert [item for item in dataset.train.all_ids()] == [0, 1, 2, 3, 4, 5]  # noqa: C416
    assert len(dataset.test) == 4
    assert dataset.test[0].id == 6
    with pytest.raises(DataError, match="made has no split 'valid'; it has: train, test"):
        dataset.part("valid")
    with pytest.raises(DataError, match="made has no split 'train'; it has: none"):
        made(split=None, split_names=()).train  # noqa: B018 - the access is the test


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"X": X.ravel()}, r"X has shape \(60,\); expected \(rows, values\)"),
        ({"y": Y[:9]}, "y has 9 entries for 10 rows"),
        ({"y": Y - 1}, "y has codes outside of its 3 names"),
        ({"y": Y + 1}, "y has codes outside of its 3 names"),
        ({"classes": ()}, "y has codes outside of its 0 names"),
        ({"split": np.zeros(9, np.uint8)}, "split has 9 entries for 10 rows"),
        ({"split_names": ("train",)}, "split has codes outside of its 1 names"),
        ({"image_shape": (2, 2)}, r"images of \(2, 2\) have not 6 values"),
        ({"ids": np.arange(3)}, "3 ids for 10 rows"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=f"^made: {words}"):
        made(**changes)


def test_it_never_changes() -> None:
    dataset = made()
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.name = "other"  # type: ignore[misc]


def test_repr() -> None:
    assert repr(made()) == "<Dataset made: 10 × 6 uint8, images 2×3, 3 classes>"


# The payload hash


def test_the_hash_is_what_the_design_says() -> None:
    """SHA-256 of (dtype, shape, C-order bytes) for X and for y of each split."""

    def one(array: Any) -> str:
        return hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode() + array.tobytes()).hexdigest()

    parts = [one(array) for rows in (slice(0, 6), slice(6, 10)) for array in (X[rows], Y[rows].astype("<i8"))]
    assert made().payload_hash == hashlib.sha256("".join(parts).encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [X.astype(np.float64), X.astype(np.float32), X.astype(np.int64), X.astype(">i2"), np.asfortranarray(X),
     np.repeat(X, 2, 1)[:, ::2], X.astype(np.uint16)],
    ids=["float64", "float32", "int64", "big-endian", "fortran", "strided", "uint16"],
)  # fmt: skip
@pytest.mark.parametrize("y", [Y, Y.astype(np.uint8), Y.astype(">i4")], ids=["int64", "uint8", "big-endian"])
def test_the_container_does_not_matter(other: Any, y: Any) -> None:
    assert made(X=other, y=y, name="another", classes=("x", "y", "z")).payload_hash == made().payload_hash


def test_the_data_does_matter() -> None:
    changed, swapped = X.copy(), X.copy()
    changed[9, 5] ^= 1
    swapped[[0, 1]] = swapped[[1, 0]]
    others = [
        made(X=changed), made(X=swapped), made(y=(Y + 1) % 3), made(y=None), made(split=None, split_names=()),
        made(split=np.array([0] * 5 + [1] * 5, np.uint8)), made(X=X + 0.5), made()[:9],
        made(X=X.reshape(5, 12), y=None, image_shape=None, split=None),
        made(X=X.reshape(10, 6), y=None, image_shape=None, split=None),
    ]  # fmt: skip
    hashes = [dataset.payload_hash for dataset in [made(), *others]]
    assert len(set(hashes)) == len(hashes)


def test_rows_of_a_split_need_not_stand_together() -> None:
    order = np.array([6, 0, 7, 1, 2, 8, 3, 4, 9, 5])
    assert made()[order].payload_hash == made().payload_hash  # train rows and test rows in the same order as before
    assert made()[order[::-1]].payload_hash != made().payload_hash


@given(st.integers(-(2**40), 2**40), st.sampled_from([np.int64, np.float64]))
def test_other_values_keep_apart(value: int, kind: Any) -> None:
    array = np.array([[1, value]], kind)
    same = array_hash(array) == array_hash(np.array([[1, value % 256]], np.uint8))
    assert same == (0 <= value <= 255)


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.uint16, ">i4"])
def test_other_whole_numbers_count_as_int64_whatever_holds_them(kind: Any) -> None:
    array = np.array([[0, 300], [7, 1000]])
    assert array_hash(array.astype(kind)) == array_hash(array)


def test_the_hash_is_the_same_in_another_process(
    python: Callable[..., subprocess.CompletedProcess[str]], digits: Dataset
) -> None:
    done = python("""
        import snowdome
        ds = snowdome.open("digits")
        print(snowdome.Dataset(X=ds.X.astype(float), y=ds.y, classes=ds.classes).payload_hash)
    """)
    assert done.stdout.strip() == digits.payload_hash == ENTRIES["digits"].payload_hash, done.stderr


def test_what_is_kept_row_by_row_knows_how_splits_interleave() -> None:
    X, y = np.arange(12, dtype=np.uint8).reshape(4, 3), np.array([0, 1, 0, 1])
    in_turn = Dataset(
        X=X, y=y, classes=("a", "b"), split=np.array([0, 0, 1, 1], np.uint8), split_names=("train", "test")
    )
    mixed = in_turn.take([0, 2, 1, 3])
    assert mixed.payload_hash == in_turn.payload_hash == in_turn.row_order_hash
    assert mixed.row_order_hash != in_turn.row_order_hash


def test_images_scaled_for_networks(mnist: Dataset) -> None:
    """B13: X_train (60000, 28, 28), from 0 to 1."""
    scaled = mnist.train.scaled_images()
    assert (scaled.shape, scaled.dtype) == ((60_000, 28, 28), np.float32)
    assert (scaled.min(), scaled.max()) == (0, 1)
    assert np.array_equal(np.rint(scaled[:100] * 255), mnist.train.X[:100].reshape(-1, 28, 28))


def test_scaled_by_what_a_pixel_can_be(digits: Dataset) -> None:
    """Not by what these rows happen to hold; colours last; no vectors."""
    assert digits[:1].scaled_images().max() == digits[:1].X.max() / 16 < 1
    colour = Dataset(np.arange(24, dtype=np.uint8).reshape(2, 12), image_shape=(2, 2), channels=3)
    assert colour.scaled_images().shape == (2, 2, 2, 3)
    assert colour.scaled_images()[1, 1, 1, 2] == np.float32(23) / np.float32(255)
    signed = Dataset(np.array([[-1.0, 0, 1, 3]]), image_shape=(2, 2), value_range=(-1.0, 3.0))
    assert signed.scaled_images().ravel().tolist() == [0, 0.25, 0.5, 1]
    flat = Dataset(np.ones((1, 4)), image_shape=(2, 2), value_range=(1.0, 1.0))
    assert not flat.scaled_images().any()
    with pytest.raises(DataError, match="plain vectors, no images"):
        Dataset(np.ones((1, 4))).scaled_images()
