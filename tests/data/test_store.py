"""Decoded data sets in the cache: the same after keeping, memory-mapped, and whole again after damage."""

import dataclasses
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import DataError, MissingDataError
from snowdome.data import store
from snowdome.data.columns import Columns
from snowdome.data.dataset import Dataset

X = (np.arange(60, dtype=np.uint32) * 41 % 256).astype(np.uint8).reshape(10, 6)


@pytest.fixture
def made(empty_cache: Path) -> Dataset:
    """Ten images of 2 × 3 pixels with everything that a Dataset can have."""
    return Dataset(
        X=X, y=np.arange(10) % 3, classes=("a", "ü", "c"), image_shape=(2, 3), value_range=(0.0, 16.0),
        ink_is_high=False, split=np.array([0] * 6 + [1] * 4, np.uint8), split_names=("train", "test"),
        ids=np.array([f"photo {row}" for row in range(10)]),
        columns=Columns({"../\x1b[1m": np.array(["", *"äb" * 4, "c"]), "age": np.array([np.nan, *range(9)])}),
        name="made\x1b[31m", licence="MIT", source="here",
    )  # fmt: skip


def assert_same(one: Dataset, other: Dataset) -> None:
    """Every field, and the types of the arrays."""
    for name in ("X", "y", "split", "ids"):
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        if a is not None:
            assert a.dtype == b.dtype
            assert np.array_equal(a, b)
    assert list(one.columns) == list(other.columns)
    for name, column in one.columns.items():
        assert column.dtype == other.columns[name].dtype
        np.testing.assert_array_equal(column, other.columns[name])
    names = ("classes", "image_shape", "value_range", "ink_is_high", "split_names", "name", "licence", "source")
    assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]


def test_kept_and_loaded_it_is_the_same(made: Dataset) -> None:
    kept = store.keep(made)
    assert_same(kept, made)
    assert_same(store.load(made.payload_hash), made)
    assert kept.payload_hash == made.payload_hash
    del kept.__dict__["payload_hash"]
    assert kept.payload_hash == made.payload_hash  # computed from what was kept


def test_it_is_mapped_and_cannot_be_written(made: Dataset) -> None:
    kept = store.keep(made)
    assert isinstance(kept.X.base, np.memmap)
    assert not kept.X.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        kept.X[0, 0] = 1


def test_plain_vectors_without_anything_else(empty_cache: Path) -> None:
    plain = Dataset(X=np.linspace(-1, 1, 20).reshape(4, 5))
    assert_same(store.keep(plain), plain)


def test_a_hash_is_how_a_dataset_crosses_processes(
    made: Dataset, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    store.keep(made)
    done = python(
        """
        import sys
        from snowdome.data import store
        dataset = store.load(sys.argv[1])
        print(len(dataset), dataset[3].id, dataset.X.sum())
        """,
        made.payload_hash,
    )
    assert done.stdout.split() == ["10", "photo", "3", str(X.sum())], done.stderr


@pytest.mark.parametrize("name", ["", "../../etc", "A" * 64, "0" * 63, "0" * 64 + "/", "0" * 64 + "\n"])
def test_only_a_hash_is_a_hash(empty_cache: Path, name: str) -> None:
    with pytest.raises(DataError, match="is not a payload hash: 64 hexadecimal digits"):
        store.load(name)


def test_nothing_kept(empty_cache: Path) -> None:
    with pytest.raises(MissingDataError, match=r"The cache holds no data set 0{12}…; open it again"):
        store.load("0" * 64)


def test_read_once(made: Dataset) -> None:
    times = []

    def read() -> Dataset:
        times.append(1)
        return made

    assert_same(store.remembered("some key", read), made)
    assert_same(store.remembered("some key", read), made)
    assert len(times) == 1
    store.remembered("another key", read)
    assert len(times) == 2


def test_what_cannot_be_read_is_not_remembered(made: Dataset) -> None:
    def fail() -> Dataset:
        raise DataError("damaged")

    for _ in range(2):
        with pytest.raises(DataError, match="damaged"):
            store.remembered("some key", fail)
    assert_same(store.remembered("some key", lambda: made), made)


def the(home: Path, name: str) -> Path:
    """The file of an array in the folder of a kept data set."""
    return next(home.glob(f"{name}-*.npy"))


def notes(home: Path) -> list[Path]:
    """What is noted of the keys that were opened."""
    return list((home.parents[1] / "opened").iterdir())


def damages() -> dict[str, Callable[[Path], Any]]:
    """What may have happened to the files of a kept data set, given its folder."""
    return {
        "array missing": lambda home: the(home, "X").unlink(),
        "facts missing": lambda home: (home / "dataset.json").unlink(),
        "facts cut off": lambda home: os.truncate(home / "dataset.json", 20),
        "facts empty": lambda home: os.truncate(home / "dataset.json", 0),
        "note empty": lambda home: [os.truncate(note, 0) for note in notes(home)],
        "array of labels missing": lambda home: the(home, "y").unlink(),
        "array empty": lambda home: os.truncate(the(home, "X"), 0),
        "array cut off": lambda home: os.truncate(the(home, "X"), 150),
        "labels cut off": lambda home: os.truncate(the(home, "y"), 130),
        "split empty": lambda home: os.truncate(the(home, "split"), 0),
        "column missing": lambda home: the(home, "column").unlink(),
        "column cut off": lambda home: os.truncate(the(home, "column"), 140),
        "column of other rows": lambda home: np.save(the(home, "column"), np.zeros(11)),
        "column of objects": lambda home: np.save(the(home, "column"), np.array([None] * 10), allow_pickle=True),
        "header cut off": lambda home: os.truncate(the(home, "X"), 30),
        "facts of another version": lambda home: (home / "dataset.json").write_text('{"arrays": ["X"]}'),
        "note of another version": lambda home: [note.write_text("{}") for note in notes(home)],
    }


@pytest.mark.parametrize("damage", damages().values(), ids=damages().keys())
def test_a_damaged_cache_is_filled_again(made: Dataset, empty_cache: Path, damage: Callable[[Path], Any]) -> None:
    store.remembered("some key", lambda: made)
    damage(empty_cache / "datasets" / made.payload_hash)
    assert_same(store.remembered("some key", lambda: made), made)
    assert_same(store.load(made.payload_hash), made)

    def never() -> Dataset:
        raise AssertionError("read again although it was kept")

    assert_same(store.remembered("some key", never), made)


@pytest.mark.parametrize("name", ["X", "split"])
def test_what_is_damaged_is_not_loaded_and_is_kept_again(made: Dataset, empty_cache: Path, name: str) -> None:
    store.keep(made)
    os.truncate(the(empty_cache / "datasets" / made.payload_hash, name), 0)
    with pytest.raises(MissingDataError, match="open it again"):
        store.load(made.payload_hash)
    assert_same(store.keep(made), made)


def test_names_are_the_newest(made: Dataset) -> None:
    """The same data under another name is the same data: its arrays are kept once."""
    store.keep(made)
    other = Dataset(X=made.X, y=made.y, classes=("x", "y", "z"), split=made.split, split_names=("train", "test"))
    assert other.payload_hash == made.payload_hash
    assert store.keep(other).classes == ("x", "y", "z")


def test_two_containers_of_the_same_values_keep_their_own_facts(empty_cache: Path) -> None:
    """The hash knows the values alone: twelve images of 2 × 3 and of 3 × 2 pixels have the same one."""
    wide = Dataset(X=X, image_shape=(2, 3), name="wide")
    high = Dataset(X=X, image_shape=(3, 2), name="high")
    store.remembered("wide", lambda: wide)
    store.remembered("high", lambda: high)
    assert_same(store.remembered("wide", lambda: wide), wide)
    assert_same(store.load(wide.payload_hash), wide)
    assert_same(store.remembered("high", lambda: high), high)
    assert_same(store.load(wide.payload_hash), high)  # the one that was opened last


def test_two_containers_of_the_same_values_keep_their_own_rows(made: Dataset) -> None:
    """Types, ids, and how the splits lie among each other are not part of the hash either."""
    order = np.array([6, 0, 7, 1, 2, 8, 3, 4, 9, 5])
    loose = dataclasses.replace(made, X=made.X.astype(np.float32), ids=None)
    others = {"mixed": made[order], "loose": loose, "made": made}
    for key, dataset in others.items():
        assert dataset.payload_hash == made.payload_hash
        store.remembered(key, lambda dataset=dataset: dataset)  # type: ignore[misc]
    for key, dataset in others.items():
        assert_same(store.remembered(key, lambda: pytest.fail("read again")), dataset)
