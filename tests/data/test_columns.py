"""What is known of rows beside their values: it stays with them, from every container, and is no part of the hash."""

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import snowdome
from snowdome.core.errors import DataError, OptionError
from snowdome.data import columns as columns_module
from snowdome.data import store
from snowdome.data.columns import MOST, Columns, column_of
from snowdome.data.dataset import Dataset
from snowdome.data.split import split

X = np.arange(60, dtype=np.uint8).reshape(10, 6)
SITES = np.array(["Bonn", "", "Ulm", "=1+1", "<b>", "Ulm", "Bonn", "x", "y", "z"])
AGES = np.array([31, np.nan, *range(8)])


@pytest.fixture
def known() -> Dataset:
    """Ten rows of which two things are known."""
    return Dataset(X, np.arange(10) % 2, ("a", "b"), columns=Columns({"site": SITES, "age": AGES}))


def cells(dataset: Dataset) -> dict[str, list[Any]]:
    """The columns as lists, NaN as None."""
    return {
        name: [None if cell != cell else cell for cell in column.tolist()]  # noqa: PLR0124 - NaN
        for name, column in dataset.columns.items()
    }


def test_they_stay_with_their_rows(known: Dataset) -> None:
    some = np.array([7, 0, 1])
    assert cells(known[some]) == {"site": ["x", "Bonn", ""], "age": [5, 31, None]}
    assert cells(known[2:4]) == {"site": ["Ulm", "=1+1"], "age": [0, 1]}
    assert cells(known.take(SITES == "Ulm")) == {"site": ["Ulm", "Ulm"], "age": [0, 3]}
    parted = split(known, test=4, seed=3)
    for part in (parted.train, parted.test):
        assert part.columns["site"].tolist() == [SITES[row] for row in part.all_ids()]


def test_they_are_no_part_of_the_hashes(known: Dataset, empty_cache: Path) -> None:
    """What was decided and the maps that are kept stay with the data, whatever else is known of them."""
    bare = dataclasses.replace(known, columns=Columns())
    assert (known.payload_hash, known.row_order_hash) == (bare.payload_hash, bare.row_order_hash)
    store.keep(known)
    assert cells(store.load(bare.payload_hash)) == cells(known)
    store.keep(bare)
    assert cells(store.load(bare.payload_hash)) == {}


def test_they_never_change(known: Dataset) -> None:
    with pytest.raises(TypeError):
        known.columns["age"] = AGES  # type: ignore[index]
    assert cells(pickle.loads(pickle.dumps(known))) == cells(known)  # noqa: S301 - our own, as joblib sends it


def test_each_has_a_value_for_each_row() -> None:
    with pytest.raises(DataError, match=r"column 'age' has shape \(9,\) for 10 rows of X"):
        Dataset(X, columns=Columns({"age": AGES[1:]}))
    with pytest.raises(DataError, match="column 'age' has values of type object; expected numbers or text"):
        Dataset(X, columns=Columns({"age": AGES.astype(object)}))


def test_what_is_in_memory_can_be_known_of_rows(empty_cache: Path) -> None:
    found = snowdome.open((X, [0, 1] * 5), columns={"site": ["Bonn", None] * 5, "age": AGES, 3: [True] * 10})
    assert cells(found)["site"] == ["Bonn", ""] * 5
    assert cells(found)["age"] == [31, None, *range(8)]
    assert cells(found)["3"] == [1] * 10
    assert cells(store.load(found.payload_hash)) == cells(found), "the app opens it from there"
    with pytest.raises(DataError, match=r"column 'age' has shape \(9,\) for 10 rows"):
        snowdome.open(X, columns={"age": AGES[1:]})


def test_values_of_all_kinds_become_numbers_or_text() -> None:
    assert column_of("a", [1, None, 2.5]).tolist()[::2] == [1, 2.5]
    assert column_of("a", np.array([1, 2], ">f2")).dtype == np.float32
    assert column_of("a", ["\ud800", None, float("nan"), 3]).tolist() == ["\\ud800", "", "", "3"]
    assert column_of("a", [None, None]).tolist() == ["", ""]
    with pytest.raises(DataError, match=r"Column 'a' has shape \(2, 2\)"):
        column_of("a", np.zeros((2, 2)))
    with pytest.raises(DataError, match="Column 'a' has texts of more than 200 characters"):
        column_of("a", ["x" * 201])


TABLE = "label,site,age,a,b\n0,Bonn,31,1.5,2\n1,,,2.5,3\n1,<b>,27.5,0,1\n"


def written(folder: Path, kind: str) -> Path:
    """The table as a file of that kind."""
    path = folder / f"some.{kind}"
    if kind == "csv":
        path.write_text(TABLE)
    elif kind == "parquet":
        pl.read_csv(TABLE.encode()).write_parquet(path)
    else:
        head = "@relation r\n@attribute label {0,1}\n@attribute site string\n@attribute age numeric\n"
        rows = TABLE.partition("\n")[2].replace(",,", ",?,?,").replace("?,?,,", "?,?,")
        path.write_text(f"{head}@attribute a numeric\n@attribute b numeric\n@data\n{rows}")
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "arff"])
def test_text_and_what_is_asked_for_are_no_values_of_a_table(tmp_path: Path, empty_cache: Path, kind: str) -> None:
    path = written(tmp_path, kind)
    found = snowdome.open(path, columns=["age"])
    assert found.X.tolist() == [[1.5, 2], [2.5, 3], [0, 1]]
    assert found.classes == ("0", "1")
    site = cells(found)["site"]
    assert (site[0], site[2]) == ("Bonn", "<b>")
    assert cells(found)["age"] == [31, None, 27.5], "what is missing there is no error"
    assert any(note.startswith("columns beside the values: 'age', 'site'") for note in found.notes)
    with pytest.raises(DataError, match="'age'"):
        snowdome.open(path)  # as a value it is
    assert cells(snowdome.open(path, missing="drop"))["site"] == ["Bonn", "<b>"]


def test_a_name_that_is_not_there(tmp_path: Path, empty_cache: Path) -> None:
    path = written(tmp_path, "csv")
    with pytest.raises(DataError, match=r"has no column 'agee'. Did you mean 'age'\? It has: 'label', 'site', 'age'"):
        snowdome.open(path, columns=["agee"])
    with pytest.raises(DataError, match="'label' is named as the label and as a column"):
        snowdome.open(path, columns=["label"], label="label")
    with pytest.raises(OptionError, match="option 'columns' got 'age'; allowed: a list"):
        snowdome.open(path, columns="age")
    with pytest.raises(DataError, match=r"has no column 'age'. It has: none beside its values"):
        snowdome.open(X, columns=["age"])
    with pytest.raises(DataError, match="has no column 'age'"):
        snowdome.open("digits", columns=["age"])


def test_a_column_with_the_name_of_labels_can_be_one(tmp_path: Path, empty_cache: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("class,kind,a\n3,u,1\n4,v,2\n")
    found = snowdome.open(path, columns=["class"])
    assert (found.classes, cells(found), found.X.tolist()) == (("u", "v"), {"class": [3, 4]}, [[1], [2]])


def test_frames_have_them_too(empty_cache: Path) -> None:
    frame = pl.DataFrame({"a": [1, 2, 3], "b": [0, 1, 0], "who": ["p", "q", None], "age": [1, None, 3]})
    found = snowdome.open((frame, [0, 1, 0]), columns=["who", "age"])
    assert (found.X.shape, cells(found)) == ((3, 2), {"who": ["p", "q", ""], "age": [1, None, 3]})


def test_images_in_parquet_are_all_value_and_the_rest_is_known_of_them(tmp_path: Path, empty_cache: Path) -> None:
    import io

    from PIL import Image

    def png(value: int) -> bytes:
        file = io.BytesIO()
        Image.fromarray(np.full((8, 8), value, np.uint8)).save(file, "PNG")
        return file.getvalue()

    images = [{"bytes": png(10)}, {"bytes": b"no image"}, {"bytes": png(30)}]
    frame = pl.DataFrame({"image": images, "label": [0, 1, 1], "writer": ["p", "q", "r"], "age": [30, 40, None]})
    frame.write_parquet(tmp_path / "some.parquet")
    found = snowdome.open(tmp_path / "some.parquet")
    assert (len(found), cells(found)) == (2, {"writer": ["p", "r"], "age": [30, None]})


def test_tables_of_splits_are_put_together(tmp_path: Path, empty_cache: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "train.csv").write_text("label,site,a\n0,Bonn,1\n1,Ulm am Inn,2\n")
    (folder / "test.csv").write_text("label,who,a\n0,p,3\n")
    found = snowdome.open(folder)
    assert cells(found) == {"site": ["Bonn", "Ulm am Inn", ""], "who": ["", "", "p"]}
    (folder / "test.csv").write_text("label,site,a\n0,5,3\n")
    found = snowdome.open(folder, columns=["site"])
    assert cells(found) == {"site": ["Bonn", "Ulm am Inn", "5"]}


def test_what_is_too_much_is_left_out_and_told(
    tmp_path: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.csv"
    names = [f"t{number}" for number in range(MOST + 1)]
    path.write_text(",".join(["label", "story", *names, "a"]) + "\n" + ",".join(["0", "x" * 201, *names, "1"]) + "\n")
    found = snowdome.open(path)
    assert list(found.columns) == names[:MOST]
    assert any(note == f"columns left out: 'story', 't{MOST}'" for note in found.notes)
    with pytest.raises(DataError, match="column 'story' has texts of more than 200 characters"):
        snowdome.open(path, columns=["story"])
    monkeypatch.setattr(columns_module, "_MOST_BYTES", 7)
    assert columns_module.texts(["ab"]) is None
