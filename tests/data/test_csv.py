"""CSV and TSV: every layout that labelled pixels come in (F-05), and a line and a column in every complaint."""

import codecs
import csv as stdlib_csv
import gzip
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import snowdome
from snowdome.core import memory
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.data.readers import csv
from snowdome.data.source import reader_of

lenient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
X = (np.arange(40 * 784, dtype=np.uint64) * 7919 // 13 % 256).astype(np.uint8).reshape(40, 784)
X[:, 0] = X[:, 1] = X[:, -1] = X[:, -2] = 0
Y = np.arange(40) * 7 % 10
TEXT = [f"{code} ü" for code in Y]


def text(header: list[str] | None, rows: Any, separator: str = ",", end: str = "\n") -> bytes:
    stream = io.StringIO()
    writer = stdlib_csv.writer(stream, delimiter=separator, lineterminator=end)
    if header:
        writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def labelled(y: Any = Y, values: Any = X, last: bool = False) -> list[list[Any]]:  # noqa: FBT001
    rows = [list(row) for row in np.asarray(values).tolist()]
    return [[*row, code] if last else [code, *row] for row, code in zip(rows, list(y), strict=True)]


PIXELS0, PIXELS1 = [f"pixel{place}" for place in range(784)], [f"pixel{place + 1}" for place in range(784)]
SQUARES = [f"{row + 1}x{column + 1}" for row in range(28) for column in range(28)]
HOT = np.eye(10, dtype=int)[Y]
LAYOUTS: dict[str, bytes] = {
    "kaggle": text(["label", *PIXELS0], labelled()),
    "from 1": text(["label", *PIXELS1], labelled()),
    "1x1": text(["label", *SQUARES], labelled()),
    "openml": text([*PIXELS1, "class"], labelled(last=True)),
    "pjreddie": text(None, labelled()),
    "no header, last": text(None, labelled(last=True)),
    "numbers as header": text([str(place) for place in range(785)], labelled()),
    "index": text(["", "label", *PIXELS0], [[n, *row] for n, row in enumerate(labelled())]),
    "one-hot": text(None, np.column_stack([HOT, X]).tolist()),
    "one-hot last": text(None, np.column_stack([X, HOT]).tolist()),
    "one-hot named": text([*PIXELS0, *[f"class_{n}" for n in range(10)]], np.column_stack([X, HOT]).tolist()),
    "quoted": b'"' + text(["label", *PIXELS0], labelled()).replace(b",", b'","').replace(b"\n", b'"\n"')[:-1],
    "crlf": text(["label", *PIXELS0], labelled(), end="\r\n"),
    "cr": text(["label", *PIXELS0], labelled(), end="\r"),
    "bom": codecs.BOM_UTF8 + text(["label", *PIXELS0], labelled()),
    "utf-16": text(["label", *PIXELS0], labelled()).decode().encode("utf-16"),
    "tsv": text(["label", *PIXELS0], labelled(), "\t"),
    "semicolon": text(["label", *PIXELS0], labelled(), ";"),
    "spaces": text(None, labelled(), " "),
    "space after": text(["label", *PIXELS0], labelled()).replace(b",", b", "),
    "comma at the end": text(["label", *PIXELS0], labelled()).replace(b"\n", b",\n"),
    "blank lines": text(["label", *PIXELS0], labelled()).replace(b"\n", b"\n\n") + b"\n\n",
    "no end": text(["label", *PIXELS0], labelled()).rstrip(),
    "floats": text(["label", *PIXELS0], labelled(Y.astype(float), X.astype(float))),
    "fractions": text(["label", *PIXELS0], labelled(Y, X / 255)),
    "savetxt": b"\n".join(b" ".join(b"%.18e" % value for value in row) for row in labelled()),
    "gz": gzip.compress(text(["label", *PIXELS0], labelled())),
    "upper case": text(["Label", *PIXELS0], labelled()),
    "ids": text(["ImageId", "label", *PIXELS0], [[n + 1, *row] for n, row in enumerate(labelled())]),
}  # fmt: skip


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Dataset]:
    """What the reader makes of a file of this content."""

    def run(content: bytes, **options: Any) -> Dataset:
        path = tmp_path / "some.data"
        path.write_bytes(content)
        assert reader_of(path)[0] == "csv"
        return csv.read(path, snowdome.data.reading.Reading(**options))  # type: ignore[attr-defined]

    return run


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(read: Callable[..., Dataset], name: str) -> None:
    found = read(LAYOUTS[name])
    assert found.X.dtype == np.uint8
    assert np.array_equal(found.X, X)
    assert np.array_equal(np.asarray(found.y), Y)
    assert found.classes == tuple("0123456789")
    assert found.image_shape == (28, 28)
    assert found.split is None


def test_without_labels(read: Callable[..., Dataset]) -> None:
    for content in (text(PIXELS0, X.tolist()), text(None, X.tolist())):
        found = read(content)
        assert found.y is None
        assert np.array_equal(found.X, X)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "header", [["label", *PIXELS0], ["größe", *PIXELS0], None], ids=["label", "other name", "none"]
)
def test_labels_as_text(read: Callable[..., Dataset], encoding: str, header: list[str] | None) -> None:
    found = read(text(header, labelled(TEXT)).decode().encode(encoding))
    assert found.classes == tuple(f"{code} ü" for code in range(10))
    assert np.array_equal(np.asarray(found.y), Y)
    assert ("the text is not UTF-8: it was read as Latin-1" in found.notes) == (encoding == "latin-1")


def test_labels_with_separators_quotes_and_line_ends(read: Callable[..., Dataset]) -> None:
    names = ["a, b", 'a "b"', "a\nb", "a;b"]
    found = read(text(["label", *PIXELS0], labelled([names[n % 4] for n in range(40)])))
    assert set(found.classes) == set(names)
    assert np.array_equal(found.X, X)


def test_vectors(read: Callable[..., Dataset]) -> None:
    found = read(b"height,weight,kind\n1.5,20,cat\n-2,1e3,dog\n")
    assert found.X.tolist() == [[1.5, 20], [-2, 1000]]
    assert found.classes == ("cat", "dog")
    assert found.image_shape is None
    assert read(b"a,b\n1,2\n3,4\n").notes == ("no column of labels was found: name it with label= (--label)",)
    chosen = read(b"a,b\n1,2\n3,4\n", label="b")
    assert (chosen.classes, chosen.X.tolist()) == (("2", "4"), [[1], [3]])
    with pytest.raises(DataError, match=r"some\.data: has no column 'c'\. It has: 'a', 'b'"):
        read(b"a,b\n1,2\n3,4\n", label="c")


OTHER = "label= (--label) chooses another"


@pytest.mark.parametrize(
    ("content", "classes", "notes"),
    [
        (
            b"a,b,class\n1.5,2,x\n3,4,y\n",
            ("x", "y"),
            [f"the labels are those of the column 'class', by its name: {OTHER}"],
        ),
        (
            b"a,b,kind\n1.5,2,x\n3,4,y\n",
            ("x", "y"),
            [f"the labels are those of the column 'kind', the only one of text: {OTHER}"],
        ),
        (
            b"label,class,a,b\n1,x,1.5,2\n0,y,3,4\n",
            ("0", "1"),
            [
                f"the labels are those of the column 'label', but 'class' could be them too: {OTHER}",
                "columns beside the values: 'class'",
            ],
        ),
        (
            b"who,where,a,b\np,x,1.5,2\nq,y,3,4\n",
            (),
            [
                "no column of labels was found: any of 'who', 'where' could be it; name one with label= (--label)",
                "columns beside the values: 'who', 'where'",
            ],
        ),
        (
            b"x,y,label\n1.5,2,0\n3,4,1\n",
            ("0", "1"),
            [f"the labels are those of the column 'label', by its name: {OTHER}"],
        ),
    ],
    ids=["by name", "the only text", "two of such names", "two of text", "y is a coordinate"],
)
def test_which_column_was_taken_for_the_labels_is_told(
    read: Callable[..., Dataset], content: bytes, classes: tuple[str, ...], notes: list[str]
) -> None:
    """F-05: which it was, why, and what else it could be; another column of labels is no value."""
    found = read(content)
    assert (found.classes, list(found.notes), found.X.shape) == (classes, notes, (2, 2))


def test_the_other_column_of_labels_can_be_asked_for(read: Callable[..., Dataset]) -> None:
    """F-05: and the first is then no value either."""
    found = read(b"label,class,a,b\n1,x,1.5,2\n0,y,3,4\n", label="class")
    assert (found.classes, found.X.tolist()) == (("x", "y"), [[1.5, 2], [3, 4]])
    assert found.notes == ("the labels are those of the column 'class', as asked", "columns beside the values: 'label'")


CORNER = np.where(np.arange(40) % 20 == 7, np.arange(40) * 5, 0)  # as the last pixel of Fashion-MNIST: mostly paper


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("corner", "doubt"),
    [(CORNER, False), (np.zeros(40, int), False), (np.arange(40) % 12, True)],
    ids=["a corner with some ink", "an empty corner", "a corner that may be labels"],
)
def test_labels_without_a_header_first_or_last(
    read: Callable[..., Dataset],
    last: bool,  # noqa: FBT001
    corner: Any,
    doubt: bool,  # noqa: FBT001
) -> None:
    """F-05: told from the pixel at the other end, which may have more values or fewer; a doubt is told."""
    values = X.copy()
    values[:, 0 if last else -1] = corner
    found = read(text(None, labelled(Y, values, last)))
    assert np.array_equal(found.X, values)
    assert found.classes == tuple("0123456789")
    where, other = ("last", "first") if last else ("first", "last")
    either = f", but the {other} could be it too" if doubt else ""
    assert found.notes[0] == f"the {where} of 785 columns was taken as the label{either}: {OTHER}"


def test_labels_that_look_missing_or_large(read: Callable[..., Dataset]) -> None:
    assert read(b"label,a,b\nNA,1,2\nNone,3.5,4\n,5,6\n").classes == ("NA", "None", "")
    assert read(b"label,a,b\n100000,1,2\n7,3,4\n").classes == ("7", "100000")
    late = b"label,a,b\n" + b"1,2,3\n" * 500 + b"x,2,3\n"
    assert read(late).classes == ("1", "x")


def test_values_that_only_come_late(read: Callable[..., Dataset]) -> None:
    """The head shows bytes; further down there are others."""
    start = b"label,a,b\n" + b"1,2,3\n" * 500
    assert read(start + b"1,300,-4\n").X[-1].tolist() == [300, -4]
    assert read(start + b"1,0.5,1e-3\n").X[-1].tolist() == [0.5, 0.001]


@pytest.mark.parametrize("nothing", ["", "nan", "NaN", "inf", "-inf", "NA", "null", "?", "Infinity"])
@pytest.mark.parametrize("rows", [3, 400])
def test_missing_values(read: Callable[..., Dataset], nothing: str, rows: int) -> None:
    content = b"label,a,b\n" + b"1,2,3\n" * rows + f"0,{nothing},3\n".encode() + b"1,2,3\n"
    with pytest.raises(DataError) as caught:
        read(content)
    assert str(caught.value).startswith(
        f"some.data: 1 of {rows + 2} rows hold NaN, infinity or nothing; the first is row {rows + 1}, column 'a'."
    )
    assert len(read(content, missing="drop")) == rows + 1
    assert read(content, missing="zero").X[rows].tolist() == [0, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b,c\n1,2,3\n4,5\n7,8,9\n", r"line 3 has 2 columns; expected 3, as above"),
        (b"a,b,c\n1,2,3\n4,5,6,7\n", r"line 3 has 4 columns; expected 3"),
        (b"a,b,label\n1,2,x\n4,5,y,7\n", r"line 3 has 4 columns; expected 3"),
        (b"1,2,3\n\n4,5\n", r"line 2 has 2 columns; expected 3"),
        (b'a,b,c\n1,"2",3\n4,5\n', r"line 3 has 2 columns; expected 3"),
        (b"a,b,label\r\n1,2,3\r\n4,5\r\n", r"line 3 has 2 columns"),
        (b"label,a,b\n" + b"1,2,3\n" * 500 + b"1,2,x\n", r"line 502, column 3 \('b'\): 'x' is no number"),
        (b"label,a,b\n" + b"1,2,3\n" * 500 + b"1,2,3", None),
        (b"label,a,b\n" + b"1,2,3\n" * 500 + b"1,2", r"line 502 has 2 columns; expected 3"),
        (b"a,b\nx1,y\nz,w\n", "no column of numbers among 'column 1', 'column 2'"),
        (b"label,a,b\n", "has no rows"),
        (b"label,a 1\n", "has no rows"),
        (b"1,2\0,3\n", "NUL"),
        (b"\xff\xfe1", "begins as UTF-16 text but is none"),
        (b"a,1\n" + b"x" * (3 << 20), "."),
        (b"x,1," * (1 << 20), "its first line is longer than 2,097,152 bytes"),
        (b"1," * 200_000, "200,001 columns; at most 100,000"),
        (b'a,b\n1,"2\n', "."),
        (b"label,a\n1,1" + b"0" * 400 + b"\n", "infinity"),
    ],
)
def test_complaints(tmp_path: Path, content: bytes, words: str | None) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    if words is None:
        csv.read(path)
        return
    with pytest.raises(DataError, match=words) as caught:
        csv.read(path)
    assert str(caught.value).startswith("some.csv: ")


def test_what_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    for content in (b"", b"\n\n", b"one word", b"<svg a='1,2'/>", b'{"a": [1, 2]}', b"PK\3\4,1"):
        assert not csv.sniff(path, content), content


def test_a_folder_of_splits(tmp_path: Path) -> None:
    (tmp_path / "mnist_test.csv").write_bytes(text(None, labelled()[30:]))
    (tmp_path / "mnist_train.csv").write_bytes(text(None, labelled()[:30]))
    (tmp_path / "readme.md").write_text("words")
    found = snowdome.open(tmp_path)
    assert found.split_names == ("train", "test")
    assert np.array_equal(found.X, X)
    assert np.array_equal(np.asarray(found.y), Y)
    assert (found.name, len(csv.files(tmp_path))) == (tmp_path.name, 2)
    (tmp_path / "mnist_test.csv").write_bytes(text(PIXELS0, X[30:].tolist()))
    unlabelled = snowdome.open(tmp_path)
    assert unlabelled.classes == (*"0123456789", "")
    (tmp_path / "image.png").write_bytes(b"")
    assert not csv.sniff(tmp_path, b"")


def test_a_gzip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.csv.gz"
    path.write_bytes(gzip.compress(b"label,a\n" + b"1,2\n" * 1_000_000))
    monkeypatch.setattr(memory, "available", lambda: 2_000_000)
    with pytest.raises(DataError, match=r"some\.csv\.gz: holds more than 1,000,000 bytes, half of the free memory"):
        csv.read(path)
    path.write_bytes(gzip.compress(b"label,a\n1,2\n")[:-5])
    with pytest.raises(DataError, match="gzip data is damaged or cut off"):
        csv.read(path)


def test_a_table_that_takes_more_than_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers take more room than their text: what they will take is known before it is taken."""
    path = tmp_path / "some.csv"
    path.write_bytes(b".5," * 99 + b"1\n" + b".5\n" * 3 + (b".5," * 99 + b"1\n") * 1000)
    monkeypatch.setattr(memory, "available", lambda: 1_000_000)
    with pytest.raises(DataError, match="says that it holds 804,000 bytes of values; at most 500,000"):
        csv.read(path)


CELLS = st.sampled_from(
    ["", "1", "255", "0.5", "-3", "nan", "x", '"', '"a"', "1e400", " 7", "é", "a,b", "label", "1\r"]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6), st.sampled_from(",\t; "))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells(tmp_path: Path, rows: list[list[str]], separator: str) -> None:
    """F-12: a Dataset or a sentence."""
    path = tmp_path / "some.csv"
    path.write_bytes("\n".join(separator.join(row) for row in rows).encode())
    try:
        found = csv.read(path)
    except SnowdomeError as error:
        assert str(error).startswith("some.csv: ")  # noqa: PT017
    else:
        assert len(found) <= len(rows) + 2
        assert np.isfinite(found.X).all()


@given(st.binary(max_size=200))
@lenient
def test_any_bytes(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(junk)
    csv.sniff(path, junk)
    try:
        csv.read(path)
    except SnowdomeError:
        return


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
@lenient
def test_damage_anywhere(tmp_path: Path, spots: list[tuple[float, int]]) -> None:
    damaged = bytearray(text(["label", *PIXELS0[:9]], labelled(values=X[:, 100:109])))
    for place, value in spots:
        damaged[int(place * len(damaged))] = value
    path = tmp_path / "some.csv"
    path.write_bytes(bytes(damaged))
    try:
        csv.read(path)
    except SnowdomeError as error:
        assert str(error).startswith("some.csv: ")  # noqa: PT017


@given(st.lists(st.tuples(st.text(max_size=6), st.integers(0, 255), st.integers(0, 255)), min_size=2, max_size=20))
@lenient
def test_labels_come_back(tmp_path: Path, rows: list[tuple[str, int, int]]) -> None:
    """What Python's own writer wrote, whatever the labels are."""
    path = tmp_path / "some.csv"
    rows = [(name.replace("\r", "").replace("\0", ""), a, b) for name, a, b in rows]
    path.write_bytes(text(["label", "a", "b"], rows).decode("utf-8", "replace").encode())
    found = csv.read(path)
    assert found.X.tolist() == [[a, b] for _, a, b in rows]


def test_mnist_in_time(tmp_path: Path, mnist: Dataset) -> None:
    """60,000 × 785 in under 3 s: here as processor time, with a margin, for the machine may do other things too."""
    import polars as pl

    train = mnist.train
    path = tmp_path / "mnist_train.csv"
    pl.from_numpy(np.column_stack([np.asarray(train.y), train.X])).write_csv(path, include_header=False)
    began = time.process_time()
    found = csv.read(path)
    seconds = time.process_time() - began
    assert np.array_equal(found.X, train.X)
    assert np.array_equal(np.asarray(found.y), np.asarray(train.y))
    assert seconds < 10


# A folder of tables


def tables(folder: Path, **contents: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.csv").write_bytes(content)
    return folder


def test_a_folder_of_one_table(tmp_path: Path) -> None:
    folder = tables(tmp_path / "iris", iris=b"a,b,species\n1.5,2,x\n3,4,y\n")
    (folder / "README.md").write_text("words")
    (folder / "notes.txt").write_text("1,2\n3,4\n")
    assert reader_of(folder)[0] == "csv"
    found = snowdome.open(folder)
    assert (found.name, found.classes, len(found)) == ("iris", ("x", "y"), 2)
    assert not any("tables" in note for note in found.notes)


def test_a_folder_of_parts_of_one_table(tmp_path: Path) -> None:
    """They follow one another, 10 after 9, and columns are told by their names."""
    parts = {f"part{n}": f"label,a,b\n{n},{n},0.5\n".encode() for n in (1, 2, 9, 10)}
    found = snowdome.open(tables(tmp_path / "parts", **parts, part11=b"b,label,a\n0.25,11,11\n"))
    assert found.X.tolist() == [[1, 0.5], [2, 0.5], [9, 0.5], [10, 0.5], [11, 0.25]]
    assert [found.classes[code] for code in np.asarray(found.y)] == ["1", "2", "9", "10", "11"]
    assert found.split is None
    assert ("the rows are those of 5 tables, one after another: part1.csv, part2.csv, part9.csv, part10.csv, part11.csv"
            in found.notes)  # fmt: skip


def test_a_folder_of_tables_that_have_nothing_in_common(tmp_path: Path) -> None:
    folder = tables(tmp_path / "all", people=b"label,height\n1,2.5\n", places=b"label,area\n1,2.5\n")
    with pytest.raises(
        DataError, match=r"^all: places\.csv has other columns than people\.csv \('area'\), so they are"
    ):
        snowdome.open(folder)


def test_splits_with_their_columns_in_another_order(tmp_path: Path) -> None:
    folder = tables(tmp_path / "two", train=b"label,a,b\n0,1,2.5\n", test=b"b,a,label\n4.5,3,1\n")
    (folder / "submission.csv").write_bytes(b"id,label\n1,0\n")
    found = snowdome.open(folder)
    assert found.X.tolist() == [[1, 2.5], [3, 4.5]]
    assert found.split_names == ("train", "test")


def test_ids_that_begin_again_in_each_split_are_none(tmp_path: Path) -> None:
    for last, ids in ((b"1", None), (b"3", ["1", "2", "3"])):
        folder = tables(
            tmp_path / "two", train=b"id,label,a\n1,0,2.5\n2,1,1\n", test=b"id,label,a\n" + last + b",0,7\n"
        )
        found = snowdome.open(folder)
        assert (None if found.ids is None else found.ids.tolist()) == ids


def test_a_hundred_thousand_columns(read: Callable[..., Dataset]) -> None:
    """As gene tables have; nothing that is asked column by column may take long."""
    values = np.arange(300_000).reshape(3, 100_000) % 251
    content = text([f"g{n}" for n in range(100_000)], values.tolist())
    before = time.process_time()
    assert np.array_equal(read(content).X, values)
    assert time.process_time() - before < 30
