"""The tidy table against one made by hand, and what queries cost."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from snowdome.data import tidy
from snowdome.data.dataset import Dataset

COLUMNS = ["label", "instance", "value", "pixel", "x", "y"]
SUM_OF_10K = 262_146_600  # 33.43706632653061 × 7,840,000
SUM_OF_70K = 1_832_221_745


def by_hand(dataset: Dataset) -> pl.DataFrame:
    """A2, pixel after pixel, image after image."""
    assert dataset.image_shape is not None
    height, width = dataset.image_shape
    rows = []
    for pixel in range(dataset.X.shape[1]):
        for image in range(len(dataset)):
            label = None if dataset.y is None else int(dataset.y[image])
            rows.append(
                (label, image + 1, dataset.X[image, pixel].item(), pixel, pixel % width, height - pixel // width)
            )
    value = pl.Int64 if dataset.X.dtype.kind in "iu" else pl.Float64
    schema = {name: value if name == "value" else pl.Int64 for name in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture
def small(pixels: Any, codes: Any) -> Dataset:
    """Twelve images of 4 × 3 pixels."""
    names = ("a", "b", "c")
    return Dataset(X=pixels.reshape(12, 12), y=codes.astype(np.int64), classes=names, image_shape=(4, 3), name="small")


QUERIES = {
    "all": lambda table: table,
    "head": lambda table: table.head(30),
    "nothing": lambda table: table.head(0),
    "slice": lambda table: table.slice(25, 40),
    "tail": lambda table: table.tail(5),
    "an instance": lambda table: table.filter(pl.col("instance") == 3),
    "a label": lambda table: table.filter(pl.col("label") == 2),
    "a place": lambda table: table.filter((pl.col("x") == 1) & (pl.col("y") > 2)),
    "values": lambda table: table.filter(pl.col("value") > 100),
    "all at once": lambda table: table.filter(
        (pl.col("label") != 1)
        & (pl.col("value") > 20)
        & (pl.col("pixel") % 2 == 0)
        & (pl.col("x") < pl.col("instance"))
    ),
    "filters in a row": lambda table: table.filter(pl.col("label") == 0).filter(pl.col("y") == 4),
    "either": lambda table: table.filter((pl.col("label") == 0) | (pl.col("pixel") == 5)),
    "nobody": lambda table: table.filter(pl.col("label") == 7),
    "nowhere": lambda table: table.filter(pl.col("x") == 7),
    "nulls": lambda table: table.filter(pl.col("value").is_not_null() & pl.col("label").is_in([0, 1])),
    "a head of a filter": lambda table: table.filter(pl.col("value") > 50).head(7),
    "a filter of a head": lambda table: table.head(17).filter(pl.col("label") == 1),
    "a filter of a longer head": lambda table: table.head(500).filter(pl.col("value") == pl.col("value").max()),
    "the greatest": lambda table: table.filter(pl.col("value") == pl.col("value").max()),
    "some columns": lambda table: table.select("y", "value"),
    "columns of a filter": lambda table: table.filter(pl.col("label") == 1).select("value"),
    "a number": lambda table: table.select(pl.len()),
    "a literal": lambda table: table.filter(pl.lit(True)).head(3),
    "a row number": lambda table: table.with_row_index().filter(pl.col("index") % 7 == 0),
    "sums": lambda table: table.group_by("label").agg(pl.col("value").sum()).sort("label"),
}


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_queries_are_those_of_the_whole_table(small: Dataset, query: Any, engine: Any) -> None:
    expected = query(by_hand(small).lazy()).collect()
    got = query(small.pixels()).collect(engine=engine)
    assert got.schema == expected.schema
    assert got.equals(expected)


def test_blocks_of_any_size(small: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = by_hand(small)
    for block, strip in ((1, 1), (30, 5), (1000, 3), (1000, 64)):
        monkeypatch.setattr(tidy, "_BLOCK", block)
        monkeypatch.setattr(tidy, "_STRIP", strip)
        assert small.pixels().collect().equals(whole)
        few = small.pixels().filter(pl.col("instance").is_in([2, 3, 9]), pl.col("x") != 1).collect()
        assert few.equals(whole.filter(pl.col("instance").is_in([2, 3, 9]), pl.col("x") != 1))


def test_without_labels_with_floats_and_no_images(small: Dataset) -> None:
    bare = Dataset(X=small.X / 255, image_shape=(4, 3))
    assert bare.pixels().collect().equals(by_hand(bare))
    vectors = Dataset(X=small.X[:2, :3]).pixels().collect()
    assert vectors["x"].to_list() == vectors["pixel"].to_list() == [0, 0, 1, 1, 2, 2]
    assert set(vectors["y"]) == {1}
    assert Dataset(X=small.X[:0]).pixels().collect().shape == (0, 6)


def test_colour_has_a_channel(small: Dataset) -> None:
    colour = Dataset(X=small.X, image_shape=(2, 2), channels=3)
    table = colour.pixels().filter(pl.col("instance") == 1).collect()
    assert table.columns == [*COLUMNS, "channel"]
    assert table["channel"].to_list() == [0, 1, 2] * 4
    assert table["pixel"].to_list() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert (table["x"].to_list()[::3], table["y"].to_list()[::3]) == ([0, 1, 0, 1], [2, 2, 1, 1])


def test_sums_and_squares_do_not_wrap_around(small: Dataset) -> None:
    squares = small.pixels().select((pl.col("value") ** 2).sum(), below=(pl.col("value") - 255).min()).collect()
    assert squares.row(0) == (int((small.X.astype(int) ** 2).sum()), int(small.X.min()) - 255)


def test_the_first_10000_of_mnist(mnist: Dataset) -> None:
    """A2."""
    table = mnist[:10_000].pixels().collect()
    assert (table.columns, table.shape) == (COLUMNS, (7_840_000, 6))
    assert table.head(2).rows() == [(5, 1, 0, 0, 0, 28), (0, 2, 0, 0, 0, 28)]
    assert table[:10_000]["instance"].to_list() == list(range(1, 10_001))
    assert set(table[:10_000]["pixel"]) == {0}
    assert table["value"].sum() == SUM_OF_10K
    assert table["value"].mean() == pytest.approx(33.43706632653061, rel=1e-15)
    assert (table["x"].min(), table["x"].max(), table["y"].min(), table["y"].max()) == (0, 27, 1, 28)


def test_all_55_million_rows_in_blocks(mnist: Dataset) -> None:
    assert mnist.pixels().select(pl.col("value").sum()).collect().item() == SUM_OF_70K


def test_a_head_of_all_of_mnist_is_cheap(mnist: Dataset) -> None:
    """Neither a head nor a filter makes the 55 million rows."""
    made = []
    blocks = tidy._blocks(mnist, None, None, 5)
    made = [block.shape for block in blocks]
    assert made == [(5, 6)]
    one = tidy._blocks(mnist, None, pl.col("instance") == 60_001, None)
    assert sum(len(block) for block in one) == 784
    place = list(tidy._blocks(mnist, ["value"], (pl.col("x") == 14) & (pl.col("y") == 14), None))
    assert [block.shape for block in place] == [(70_000, 1)]


def test_the_wide_table(mnist: Dataset) -> None:
    """D2: pixel401 … of the first rows."""
    table = mnist[:2].frame()
    assert table.columns == [*(f"pixel{number}" for number in range(1, 785)), "label"]
    assert table.row(0, named=True)["pixel406"] == 81
    assert table.row(0, named=True)["pixel407"] == 240
    assert (table.row(1, named=True)["pixel401"], table.row(1, named=True)["pixel402"]) == (253, 190)
    assert table["label"].to_list() == [5, 0]
    assert "label" not in Dataset(X=np.zeros((2, 3))).frame().columns


def test_keys(digits: Dataset) -> None:
    """E, comment 2: the habit of scikit-learn's Bunch."""
    assert digits.keys() == ["data", "target", "feature_names", "target_names", "frame", "DESCR"]
    assert digits["data"] is digits.X
    assert digits["target"] is digits.y
    assert digits["feature_names"][:2] == ["pixel1", "pixel2"]
    assert digits["target_names"] == list("0123456789")
    assert digits["frame"].shape == (1797, 65)
    assert "CC BY 4.0" in digits["DESCR"]
    with pytest.raises(KeyError, match=r"has no 'dta'\. Did you mean 'data'"):
        digits["dta"]
