"""Corrected labels to take home, the patch that carries decisions, and cells that no spreadsheet runs."""

import csv
import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import snowdome
from snowdome.core.errors import DataError, MissingDataError, OptionError
from snowdome.data.annotated import Decided, Patch, annotated, corrected, read_patch, write_patch
from snowdome.data.dataset import Dataset
from snowdome.data.guards.spreadsheet import plain_cell
from snowdome.data.image_keys import image_keys
from snowdome.data.take_home import report, write_corrected

CLASSES = ("zero", "=one", "two")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "＝1", "＋1", "－1",
            "＠1", "  \u200b@x"]  # fmt: skip


def make(**changes: Any) -> Dataset:
    X = np.random.default_rng(0).integers(0, 256, (12, 64)).astype(np.uint8)
    return dataclasses.replace(
        Dataset(X=X, y=np.arange(12) % 3, classes=CLASSES, image_shape=(8, 8), name="made up",
                split=(np.arange(12) >= 8).astype(np.uint8), split_names=("train", "test")), **changes
    )  # fmt: skip


def patch_of(dataset: Dataset, *said: tuple[int, str, str | None, str]) -> Patch:
    keys = image_keys(dataset)
    found = []
    for row, decision, label, note in said:
        image, occurrence = keys.keys[row]
        was = CLASSES[row % 3]
        found.append(Decided(image=image.hex(), occurrence=occurrence, decision=decision, label=label, given=was,  # type: ignore[arg-type]
                             note=note, at="2026-11-22T09:00:00+00:00"))  # fmt: skip
    return Patch(name=dataset.name, data=keys.data, classes=list(CLASSES), decisions=found)


SAID = ((0, "relabel", "two", "=cmd|' /C calc'!A0"), (3, "exclude", None, ""), (9, "relabel", "=one", "wörd\nline"),
        (5, "keep", None, "fine"))  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_become_text(text: str) -> None:
    """X-01."""
    assert plain_cell(text).startswith("'")
    assert plain_cell(text).replace("'", "") == text
    if text[0] not in "\r\n":
        assert plain_cell(f"harmless\n{text}") == f"harmless\n'{text}"


@pytest.mark.parametrize("text", ["", "one", "3", "a=b", "a-b", "'quoted", "ä", "3 - 4"])
def test_other_text_stays(text: str) -> None:
    assert plain_cell(text) == text


@given(st.text())
def test_no_line_of_a_cell_begins_a_formula(text: str) -> None:
    unseen = " \u00a0\u200b\ufeff"
    for line in plain_cell(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        assert not line.strip(unseen + "\t").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_csv(tmp_path: Path) -> None:
    data = make()
    found = corrected(data, patch_of(data, *SAID))
    assert write_corrected(tmp_path / "a.csv", data, found) == [tmp_path / "a.csv"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert len(rows) == 12
    assert rows[0] == {"id": "0", "split": "train", "label": "two", "original_label": "zero", "decision": "relabel",
                       "note": "'=cmd|' /C calc'!A0", "decided_at": "2026-11-22T09:00:00+00:00"}  # fmt: skip
    assert (rows[9]["split"], rows[9]["label"], rows[9]["original_label"]) == ("test", "'=one", "zero")
    assert rows[3]["decision"] == "exclude"
    write_corrected(tmp_path / "raw.csv", data, found, raw=True)
    assert "'=" not in (tmp_path / "raw.csv").read_text()


def test_npz_opens_again(tmp_path: Path) -> None:
    data = make()
    write_corrected(tmp_path / "a.npz", data, corrected(data, patch_of(data, *SAID)))
    back = snowdome.open(tmp_path / "a.npz")
    kept = np.delete(np.arange(12), 3)
    assert np.array_equal(back.X, data.X[kept])
    assert back.y is not None
    assert [int(back.classes[code]) for code in back.y] == [2, 1, 2, 1, 2, 0, 1, 2, 1, 1, 2]
    assert back.split_names == ("train", "test")
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["original_train"].tolist() == [0, 1, 2, 1, 2, 0, 1]
        assert arrays["class_names"].tolist() == list(CLASSES)


@pytest.mark.parametrize("channels", [1, 3])
def test_parquet_opens_again(tmp_path: Path, channels: int) -> None:
    data = make()
    if channels == 3:
        X = np.random.default_rng(1).integers(0, 256, (12, 192)).astype(np.uint8)
        data = make(X=X, channels=3)
    found = corrected(data, patch_of(data, *SAID))
    written = write_corrected(tmp_path / "a.parquet", data, found)
    assert [file.name for file in written] == ["a-train.parquet", "a-test.parquet"]
    frame = pl.read_parquet(written[1])
    assert frame.columns == ["image", "id", "label", "original_label", "decision", "note", "decided_at"]
    assert frame["label"].to_list() == [2, 1, 1, 2]
    assert frame["original_label"].to_list() == ["two", "zero", "=one", "two"]
    back = snowdome.open(tmp_path)
    kept = np.delete(np.arange(12), 3)
    assert np.array_equal(back.X, data.X[kept])
    assert back.y is not None
    assert [back.classes[code] for code in back.y] == [CLASSES[code] for code in found.y[kept]]


def test_parquet_of_vectors(tmp_path: Path) -> None:
    data = make(X=np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32), image_shape=None, split=None,
                split_names=())  # fmt: skip
    write_corrected(tmp_path / "a.parquet", data, corrected(data, patch_of(data, *SAID)))
    back = snowdome.open(tmp_path / "a.parquet")
    assert np.array_equal(back.X, np.delete(data.X, 3, 0))


def test_another_ending_is_refused(tmp_path: Path) -> None:
    data = make()
    with pytest.raises(OptionError, match=r"allowed: \.csv, \.parquet, \.npz"):
        write_corrected(tmp_path / "a.txt", data, corrected(data, patch_of(data)))


def test_report() -> None:
    data = make()
    patch = patch_of(data, *SAID, (7, "ambiguous", None, "| <b>x</b>\n# no heading"))
    text = report(data, corrected(data, patch), {0: "0.3 % zero, 97 % two"})
    assert "12 images; decided about: 2 relabel, 1 exclude, 1 keep, 1 ambiguous." in text
    assert "| zero | two | 1 |" in text
    (line,) = [line for line in text.splitlines() if line.startswith("| 0 |")]
    assert "| train | zero | two | relabel |" in line
    assert "97 % two" in line
    assert "(left out)" in text
    assert "<b>" not in text.replace("\\<", "")
    assert not [line for line in text.splitlines() if line.startswith("# no")]


def test_a_patch_is_applied_when_opening(tmp_path: Path) -> None:
    data = make()
    write_corrected(tmp_path / "data.npz", data, corrected(data, patch_of(data)))
    opened = snowdome.open(tmp_path / "data.npz")
    keys = image_keys(opened)
    said = [Decided(image=keys.keys[row][0].hex(), occurrence=0, decision=what, label=label, given="0")  # type: ignore[arg-type]
            for row, what, label in ((0, "relabel", "2"), (1, "exclude", None))]  # fmt: skip
    patch = Patch(name="x", data=keys.data, classes=["0", "1", "2"], decisions=said)
    (tmp_path / "patch.json").write_bytes(write_patch(patch))
    made = snowdome.open(tmp_path / "data.npz", annotations=tmp_path / "patch.json")
    assert len(made) == 11
    assert made.y is not None
    assert int(made.y[0]) == 2
    assert made.notes[-1] == "annotations: 1 labels corrected, 1 images left out"
    assert annotated(opened, patch).payload_hash == made.payload_hash


@given(st.lists(st.tuples(st.text(), st.text(min_size=1), st.booleans()), max_size=4))
def test_a_patch_comes_back_as_it_was(texts: list[tuple[str, str, bool]]) -> None:
    """P-12."""
    said = [Decided(image=f"{number:064x}", occurrence=number, decision="relabel", label=label, note=note, blind=blind)
            for number, (note, label, blind) in enumerate(texts)]  # fmt: skip
    patch = Patch(name="".join(note for note, _, _ in texts), data="0" * 64, classes=[label for _, label, _ in texts],
                  decisions=said)  # fmt: skip
    assert read_patch(write_patch(patch)) == patch
    assert write_patch(read_patch(write_patch(patch))) == write_patch(patch)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"format":"other"}', b"{" * 100_000,
     write_patch(Patch(name="", data="", classes=[], decisions=[])).replace(b'"version":1', b'"version":2'),
     write_patch(Patch(name="", data="", classes=[], decisions=[])).replace(b"[\n\n]", b'[{"image":"x","occurrence":0,'
                                                                            b'"decision":"keep"}]'),
     write_patch(Patch(name="", data="", classes=[], decisions=[])).replace(
         b"[\n\n]", b'[{"image":"' + b"0" * 64 + b'","occurrence":0,"decision":"relabel"}]')],
)  # fmt: skip
def test_what_is_no_patch(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "patch.json").write_bytes(content)
    with pytest.raises(DataError, match=r"patch\.json: is no file of annotations"):
        read_patch(tmp_path / "patch.json")
    with pytest.raises(MissingDataError):
        read_patch(tmp_path / "none.json")
