"""What is in memory already: arrays, pairs, Bunches and dataframes; always the same Dataset for the same values."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

import snowdome
from snowdome.core import memory
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.data.objects import dataset_of
from snowdome.data.tabular import named

X = (np.arange(30 * 64, dtype=np.uint32) * 31 % 256).astype(np.uint8).reshape(30, 64)
Y = np.arange(30) % 7
CLASSES = tuple("0123456")


class Tensor:
    """Stands for a torch tensor: a copy on the processor without gradients is an array."""

    def __init__(self, array: Any, *, ready: bool = False) -> None:
        self.array, self.ready = array, ready

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return Tensor(self.array, ready=True)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        assert self.ready, "still on the graphics card"
        return self.array


def frame_of(library: str, y: Any = Y, first: bool = True) -> Any:  # noqa: FBT001
    """The 30 images as a dataframe with the columns of OpenML."""
    pixels = {f"pixel{place + 1}": X[:, place] for place in range(64)}
    columns = {"class": list(y), **pixels} if first else {**pixels, "class": list(y)}
    return {"pandas": pd.DataFrame, "polars": pl.DataFrame, "lazy": pl.LazyFrame, "arrow": pa.table}[library](columns)


def things() -> dict[str, Any]:
    """The same 30 labelled images in everything that holds such."""
    from sklearn.utils import Bunch

    images, text = X.reshape(30, 8, 8), [str(code) for code in Y]
    return {
        "pair": (X, Y),
        "pair of lists": (X.tolist(), Y.tolist()),
        "images": (images, Y),
        "float": (X.astype(np.float32), Y.astype(np.float32)),
        "fractions": (X / 255, text),
        "one-hot": (images, np.eye(7)[Y]),
        "column": (X, Y[:, None]),
        "tensors": (Tensor(X), Tensor(Y)),
        "sparse": (scipy.sparse.csr_matrix(X), Y),
        "Fortran": (np.asfortranarray(X), Y[::-1][::-1]),
        "read-only": (np.frombuffer(X.tobytes(), np.uint8).reshape(30, 64), Y),
        "dict": {"X": X, "y": Y},
        "Bunch": Bunch(data=X, target=Y, feature_names=["a"] * 64, DESCR="words", target_names=list(range(7))),
        "Bunch of frames": Bunch(data=pd.DataFrame(X), target=pd.Series(text, dtype="category"), frame=None),
        "Bunch with images": Bunch(images=images, data=X, target=Y, target_names=np.arange(7)),
        "frame and series": (pd.DataFrame(X), pd.Series(text)),
        "polars pair": (pl.DataFrame(X), pl.Series(Y)),
        "arrow labels": (X, pa.chunked_array([Y])),
        "frame of labels": (X, pd.DataFrame({"class": Y})),
        "label last": frame_of("pandas", text, first=False),
        "categorical": frame_of("pandas").astype({"class": "category"}),
        **{library: frame_of(library, text) for library in ("pandas", "polars", "lazy", "arrow")},
        **{f"{library} numbers": frame_of(library) for library in ("pandas", "polars", "lazy", "arrow")},
        "no names": pd.DataFrame(np.column_stack([Y, X])),
        "lists": pl.DataFrame({"label": text, "image": X.tolist()}),
        "lists of lists": pl.DataFrame({"label": Y, "image": images.tolist()}),
        "Array": pl.DataFrame({"label": Y, "image": pl.Series(X)}),
        "arrays in pandas": pd.DataFrame({"label": Y, "image": list(X)}),
        "arrow lists": pa.table({"label": Y, "image": X.tolist()}),
    }


@pytest.mark.parametrize("name", list(things()))
def test_the_same_in_everything(name: str) -> None:
    found = dataset_of(things()[name])
    assert np.array_equal(found.X, X)
    assert found.X.dtype == np.uint8
    assert found.y is not None
    assert np.array_equal(found.y, Y)
    assert found.classes == CLASSES
    assert (found.image_shape, found.split) == ((8, 8), None)
    assert found.payload_hash == dataset_of((X, Y)).payload_hash


@pytest.mark.parametrize(
    "thing",
    [
        ((X[:20], Y[:20]), (X[20:], Y[20:])),
        {"x_train": X[:20], "y_train": Y[:20], "x_test": X[20:], "y_test": Y[20:]},
        {"test_labels": Y[20:], "test_images": X[20:], "train_images": X[:20], "train_labels": Y[:20, None]},
        {"test": frame_of("polars")[20:], "train": frame_of("polars")[:20]},
        frame_of("polars").with_columns(pl.Series("split", ["train"] * 20 + ["test"] * 10)),
    ],
    ids=["pairs", "dict", "medmnist", "frames", "split column"],
)
def test_splits(thing: Any) -> None:
    found = dataset_of(thing)
    assert found.split_names == ("train", "test")
    assert np.array_equal(found.train.X, X[:20])
    assert np.array_equal(found.test.X, X[20:])
    assert np.array_equal(np.asarray(found.y), Y)
    assert found.payload_hash == dataset_of(((X[:20], Y[:20]), (X[20:], Y[20:]))).payload_hash


def test_opened_it_is_in_the_cache(empty_cache: Any) -> None:
    found = snowdome.open((X, Y))
    assert isinstance(found.X.base, np.memmap)
    assert np.array_equal(found.X, X)
    assert "in memory" in found.source
    again = snowdome.open(found)
    assert again.payload_hash == found.payload_hash
    turned = snowdome.open((X, Y), transpose=True)
    assert np.array_equal(turned[3].image, found[3].image.T)


def test_scikit_learns_digits_are_known(digits: Dataset) -> None:
    from sklearn.datasets import load_digits

    for thing in (load_digits(), load_digits(return_X_y=True), load_digits(as_frame=True).frame):
        found = snowdome.open(thing)
        assert (found.name, found.value_range) == ("Digits", (0.0, 16.0))
        assert found.payload_hash == digits.payload_hash


def test_iris_has_its_names() -> None:
    from sklearn.datasets import load_iris

    found = dataset_of(load_iris())
    assert found.classes == ("setosa", "versicolor", "virginica")
    assert (found.X.shape, found.image_shape) == ((150, 4), None)


def test_rows_without_labels() -> None:
    for thing in (X, X.tolist(), Tensor(X), (X, None), pl.DataFrame(X), pd.DataFrame(X), {"data": X}, {"arr_0": X}):
        found = dataset_of(thing)
        assert (found.y, found.classes, found.image_shape) == (None, (), (8, 8))
        assert np.array_equal(found.X, X)


def test_which_column_is_the_label() -> None:
    frame = pl.DataFrame({"a": [1.5, 2, 3], "kind": ["x", "y", "x"], "b": [1, 2, 3]})
    found = dataset_of(frame)
    assert found.classes == ("x", "y")
    assert found.X.tolist() == [[1.5, 1], [2, 2], [3, 3]]
    chosen = snowdome.open(frame, label="b")
    assert chosen.classes == ("1", "2", "3")
    assert "columns beside the values: 'kind'" in chosen.notes
    with pytest.raises(DataError, match=r"has no column 'c'\. It has: 'a', 'kind', 'b'"):
        snowdome.open(frame, label="c")


def test_ids_and_empty_columns() -> None:
    frame = pl.DataFrame({"id": ["u", "v"], "label": [1, 0], "p": [0.5, 1.5], "nothing": [None, None]})
    found = dataset_of(frame)
    assert [found.id_of(row) for row in range(2)] == ["u", "v"]
    assert found.X.tolist() == [[0.5], [1.5]]
    assert found.notes == (
        "columns without any value were left out: 'nothing'",
        "the labels are those of the column 'label', by its name: label= (--label) chooses another",
    )
    assert dataset_of(frame.with_columns(id=pl.lit("same"))).ids is None


def test_labels_in_columns_of_0_and_1() -> None:
    hot = pd.DataFrame(np.eye(7, dtype=int)[Y], columns=[f"label_{code}" for code in range(7)])
    pixels = pd.DataFrame(X, columns=[f"p{place}" for place in range(64)])
    for frame in (pd.concat([hot, pixels], axis=1), pd.concat([pixels, hot], axis=1)):
        found = dataset_of(frame)
        assert np.array_equal(found.X, X)
        assert np.array_equal(np.asarray(found.y), Y)
    for array in (np.column_stack([hot, X]), np.column_stack([X, hot])):
        found = dataset_of(pd.DataFrame(array))
        assert np.array_equal(found.X, X)
        assert np.array_equal(np.asarray(found.y), Y)


def test_missing_values_in_frames() -> None:
    for library in (pd.DataFrame, pl.DataFrame, pa.table):
        frame = library({"label": ["a", "b"], "p": [1.0, None], "q": [1, 2]})
        with pytest.raises(
            DataError, match="1 of 2 rows hold NaN, infinity or nothing; the first is row 2, column 'p'"
        ):
            dataset_of(frame)
        assert len(snowdome.open(frame, missing="drop")) == 1
    masked = np.ma.masked_equal(np.arange(6).reshape(3, 2), 4)
    assert len(snowdome.open(masked, missing="drop")) == 2


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (5, "int cannot be opened. Give a path"),
        (None, "NoneType cannot be opened"),
        (b"mnist", "bytes cannot be opened"),
        (object(), "object cannot be opened"),
        ([[1, 2], [3]], "list cannot be read as an array"),
        (["a"], "expected numbers"),
        ([["a", "b"]], "expected numbers"),
        (np.zeros(3), "expected rows of values"),
        ((X, Y[:3]), "3 labels for 30 rows. They must be equal"),
        (((X, Y), (X[:, :36], Y)), r"test is not as train: expected 64 values \(8×8\), got 36 \(6×6\?\)"),
        ((pl.DataFrame({"a": ["x"]}), [1]), "X has columns that are no numbers: 'a'"),
        (pl.DataFrame({"a": ["x"]}), "no column of numbers among 'a'"),
        (pl.DataFrame({"label": [1]}), "no column of numbers"),
        (pl.DataFrame({"a": []}), "has no rows"),
        (pl.LazyFrame({"a": [1]}).select("b"), "this dataframe cannot be read"),
        (pl.DataFrame({"v": [[1, 2], [1]]}), "column 'v', row 2: a list of 1 values; the first row has 2"),
        ({"a": 5}, "it holds nothing; expected rows under a name such as x_train"),
        ({"a": X, "b": X}, r"it holds a \(30, 64\), b \(30, 64\); expected rows"),
        ({}, "it holds nothing"),
        (np.array([{}, {}]), "object"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_dataset(thing: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        dataset_of(thing)


def test_a_sparse_matrix_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = scipy.sparse.csr_matrix((10**9, 10**6), dtype=np.float64)
    with pytest.raises(DataError, match="would take 8,000,000,000,000,000 bytes"):
        dataset_of(huge)
    monkeypatch.setattr(memory, "available", lambda: 100)
    with pytest.raises(DataError, match="at most 50, half of the free memory"):
        dataset_of(scipy.sparse.csr_matrix(X))


def test_names() -> None:
    """What is taken for what, as split, rows and labels."""
    n, m = (5, 8, 8), (5,)
    assert named.pairs({"arr_0": n, "arr_1": m}) == [("", "arr_0", "arr_1")]
    assert named.pairs({"y_val": m, "x_val": n, "X_train": n}) == [
        ("train", "X_train", None),
        ("validation", "x_val", "y_val"),
    ]
    assert named.pairs({"data": (5, 64), "images": n, "target": m, "target_names": (10,)}) == [("", "images", "target")]
    assert named.pairs({"data/train/images": n, "class_names": (3,)}) == [("train", "data/train/images", None)]


NAMES = st.sampled_from(["X", "y", "x_train", "label"])
LEAVES = st.none() | st.integers() | st.floats() | st.text(max_size=3) | st.binary(max_size=3)


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(NAMES, inner)


@given(st.recursive(LEAVES, larger, max_leaves=12))
@settings(max_examples=200)
def test_anything_is_a_dataset_or_a_sentence(thing: Any) -> None:
    if isinstance(thing, str):
        return
    try:
        found = dataset_of(thing)
    except SnowdomeError as error:
        assert str(error).strip()  # noqa: PT017
    else:
        assert found.X.ndim == 2
