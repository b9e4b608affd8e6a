"""What is known of each row; ink by class; the selection as a file."""

import csv
import io

import numpy as np
import polars as pl
import pytest

from snowdome.core.errors import DataError
from snowdome.data.columns import Columns
from snowdome.data.dataset import Dataset
from snowdome.session.columns import LATER, column_records, column_values, own_cells
from snowdome.session.exports import export
from snowdome.session.ink import ink_counts

RANDOM = np.random.default_rng(0)


def labelled(n=50, ids=True, **facts):
    y = RANDOM.integers(0, 3, n)
    own = np.array([f"=f/{(7 * row) % n:03}" for row in range(n)]) if ids else None
    split = (np.arange(n) >= n // 2).astype(np.uint8)
    X = RANDOM.integers(0, 3, (n, 6), np.uint8)
    return Dataset(X, y, ("a", "b", "c"), (2, 3), split=split, split_names=("train", "test"), ids=own, **facts)


def numbers_of(dataset, name):
    column = column_values(dataset, name)
    assert (column.kind, column.names) == ("number", [])
    return np.frombuffer(column.values, "<f4")


def texts_of(dataset, name):
    column = column_values(dataset, name)
    assert column.kind == "name"
    return [column.names[code] for code in np.frombuffer(column.values, "<u4")]


def test_every_column_holds_what_it_says():
    dataset = labelled()
    assert [c.id for c in column_records(dataset).columns] == ["label", "split", "id", "row", "instance", "distance",
                                                               "mean"]  # fmt: skip
    assert texts_of(dataset, "label") == [dataset.classes[code] for code in dataset.y]
    assert texts_of(dataset, "split") == ["train"] * 25 + ["test"] * 25
    assert texts_of(dataset, "id") == dataset.ids.tolist()
    assert column_values(dataset, "id").names == sorted(dataset.ids.tolist())
    assert numbers_of(dataset, "row").tolist() == list(range(50))
    for code in range(3):
        own = dataset.y == code
        assert numbers_of(dataset, "instance")[own].tolist() == list(range(1, int(own.sum()) + 1))
        away = dataset.X[own] - dataset.X[own].mean(0)
        assert np.allclose(numbers_of(dataset, "distance")[own], np.sqrt((away**2).mean(1)))
    assert np.allclose(numbers_of(dataset, "mean"), dataset.X.mean(1))


def test_a8_distances_of_mnist(mnist):
    distances = numbers_of(mnist[:10_000], "distance")
    assert distances[[1, 21, 34]].tolist() == pytest.approx([47.2125, 53.0893, 69.4039], abs=1e-4)


def test_data_without_labels_splits_or_rows():
    bare = Dataset(RANDOM.random((4, 2)))
    assert [c.id for c in column_records(bare).columns] == ["row", "distance", "mean"]
    assert np.allclose(numbers_of(bare, "distance"), np.sqrt(((bare.X - bare.X.mean(0)) ** 2).mean(1)))
    for name in ("row", "distance", "mean"):
        assert len(numbers_of(Dataset(np.zeros((0, 2))), name)) == 0
    with pytest.raises(DataError, match=r"no column 'lable'.*row, distance"):
        column_values(bare, "lable")


def test_ink_is_counted_by_class_and_pixel():
    dataset = labelled()
    counts = ink_counts(dataset)
    for code in range(3):
        assert np.array_equal(counts[code], (dataset.X[dataset.y == code] > 0).sum(0))
    dark = labelled(value_range=(0, 2), ink_is_high=False)
    assert np.array_equal(ink_counts(dark).sum(0), (dark.X < 2).sum(0))
    assert ink_counts(Dataset(dataset.X)).shape == (1, 6)
    with pytest.raises(DataError, match="counts"):
        ink_counts(Dataset(np.zeros((1, 1 << 23), np.uint8)))


def test_exports_read_back():
    dataset, rows = labelled(), np.array([30, 2, 7])
    wanted = [(dataset.ids[row], row, "abc"[dataset.y[row]], "test" if row >= 25 else "train") for row in rows]
    assert export(dataset, rows, "ids").decode().splitlines() == [id_ for id_, *_ in wanted]
    table = list(csv.reader(io.StringIO(export(dataset, rows, "csv").decode())))
    assert table[0] == ["id", "row", "label", "split"]
    assert table[1:] == [[f"'{id_}", str(row), label, split] for id_, row, label, split in wanted]
    assert pl.read_parquet(export(dataset, rows, "parquet")).rows() == wanted
    assert export(dataset, rows, "sheet")[:4] == b"\x89PNG"


def test_exports_of_bare_rows():
    bare = Dataset(np.zeros((4, 2)))
    assert pl.read_parquet(export(bare, np.array([3]), "parquet")).rows() == [(3, 3, None, None)]
    assert export(bare, np.array([3]), "csv").decode().splitlines()[1] == "3,3,,"
    assert export(bare, np.array([], np.intp), "ids") == b""
    with pytest.raises(DataError, match=r"'xls'.*ids, csv, parquet, sheet"):
        export(bare, np.array([3]), "xls")


def known():
    """Three rows, and columns whose names and texts are anything."""
    given = {"site": np.array(["=HYPERLINK()", "", "Ulm"]), "age": np.array([3.5, np.nan, 1e300]),
             "distance": np.array([1, 2, 3]), "Age": np.array(["a", "b", "c"]), "<b>/..": np.array([1.0, 2, 3]),
             "suspicion": np.array([0.5, 1, 2]), "": np.array([7, 8, 9]), "w" * 500: np.full(3, "")}  # fmt: skip
    return Dataset(np.zeros((3, 2)), columns=Columns(given))


def test_the_data_s_own_columns_are_beside_the_others():
    """X-02: a name may be anything; none takes the place of another column, and an id can stand in an address."""
    dataset = known()
    own = column_records(dataset).columns[3:]
    assert [(c.id, c.title, c.kind) for c in own] == [
        ("site", "site", "name"),
        ("age", "age", "number"),
        ("column-3", "distance (column 3)", "number"),
        ("column-4", "Age (column 4)", "name"),
        ("column-5", "<b>/..", "number"),
        ("column-6", "suspicion (column 6)", "number"),
        ("column-7", "(column 7)", "number"),
        ("column-8", "w" * 59 + "…", "name"),
    ]
    assert texts_of(known()[[0, 2]], "site") == ["=HYPERLINK()", "Ulm"]
    site = column_values(dataset, "site")
    assert (np.frombuffer(site.values, "<u4").tolist(), site.names) == ([0, 2, 1], ["=HYPERLINK()", "Ulm"])
    assert np.isnan(numbers_of(dataset, "age")[1:]).all(), "no number, and one that is none on the wire"
    assert numbers_of(dataset, "distance").tolist() == [0, 0, 0], "ours is still ours"
    assert numbers_of(dataset, "column-3").tolist() == [1, 2, 3]
    empty = column_values(dataset, "column-8")
    assert (np.frombuffer(empty.values, "<u4").tolist(), empty.names) == ([0, 0, 0], [])
    assert numbers_of(known()[:0], "age").size == 0


def test_every_column_found_out_later_has_its_name_to_itself():
    from snowdome.session.labels import labelling

    said = [labelling.DECISION, labelling.SUSPICION, labelling.SUGGESTED]
    assert {word for record in said for word in (record.id, record.title)} == set(LATER)


def test_own_columns_are_exported():
    """X-01: what a spreadsheet would compute is text in the CSV."""
    dataset, rows = known(), np.array([2, 0, 1])
    more = own_cells(dataset, rows)
    assert more["site"] == ["Ulm", "=HYPERLINK()", None]
    assert more["age"] == [1e300, 3.5, None]
    table = list(csv.DictReader(io.StringIO(export(dataset, rows, "csv", more).decode())))
    assert [row["site"] for row in table] == ["Ulm", "'=HYPERLINK()", ""]
    assert [row["distance (column 3)"] for row in table] == ["3", "1", "2"]
    assert pl.read_parquet(export(dataset, rows, "parquet", more))["site"].to_list() == more["site"]
