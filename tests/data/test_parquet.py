"""Parquet: Hugging Face's images, columns, lists; budgets before reading, and no path is ever opened (F-06)."""

import datetime as dt
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import snowdome
from snowdome.core import memory
from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.data.readers import parquet
from snowdome.data.reading import Reading
from snowdome.data.source import reader_of

X = (np.arange(30 * 64, dtype=np.uint32) * 31 % 256).astype(np.uint8).reshape(30, 8, 8)
X[:, [0, -1]] = X[:, :, [0, -1]] = 0
Y = np.arange(30) % 7
NAMES = ["zero", "one", "two", "three", "four", "five", "six"]


def png(image: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def hugging_face(path: Path, rows: slice = slice(None), names: Any = NAMES, **blobs: Any) -> Path:
    """A file as the `datasets` library writes it."""
    images = [{"bytes": png(image), "path": f"{n}.png"} for n, image in enumerate(X[rows])]
    for row, value in blobs.items():
        images[int(row[3:])] = value
    table = pa.table(
        {"image": pa.array(images, pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
         "label": pa.array(Y[rows])})  # fmt: skip
    features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path, row_group_size=7)
    return path


def same(found: Dataset, classes: Any = tuple("0123456")) -> None:
    assert found.X.dtype == np.uint8
    assert np.array_equal(found.X, X.reshape(30, 64))
    assert found.image_shape == (8, 8)
    assert found.y is not None
    assert [found.classes[code] for code in found.y] == [tuple(classes)[code] for code in Y]


def test_hugging_face(tmp_path: Path) -> None:
    path = hugging_face(tmp_path / "train.parquet")
    assert parquet.sniff(path, path.read_bytes()[:4096])
    same(parquet.read(path), NAMES)
    assert parquet.read(path).classes == tuple(sorted(NAMES))
    same(parquet.read(hugging_face(path, names=list("0123456"))))


@pytest.mark.parametrize("names", [[], None, 5, "words", [1, 2], NAMES[:3], {"a": 1}])
def test_odd_class_names_are_not_used(tmp_path: Path, names: Any) -> None:
    same(parquet.read(hugging_face(tmp_path / "a.parquet", names=names)))


@pytest.mark.parametrize("notes", ["{", "[]", "null", '{"info": 5}', '{"info": {"features": []}}', "[" * 5000])
def test_odd_notes_beside_the_table(tmp_path: Path, notes: str) -> None:
    table = pl.read_parquet(hugging_face(tmp_path / "a.parquet")).to_arrow()
    pq.write_table(table.replace_schema_metadata({"huggingface": notes}), tmp_path / "a.parquet")
    same(parquet.read(tmp_path / "a.parquet"))


def test_a_folder_of_splits(tmp_path: Path) -> None:
    hugging_face(tmp_path / "test-00000-of-00001.parquet", slice(20, 30))
    hugging_face(tmp_path / "train-00001-of-00002.parquet", slice(12, 20))
    hugging_face(tmp_path / "train-00000-of-00002.parquet", slice(0, 12))
    (tmp_path / "README.md").write_text("words")
    found = snowdome.open(tmp_path)
    same(found, NAMES)
    assert found.split_names == ("train", "test")
    assert np.bincount(np.asarray(found.split)).tolist() == [20, 10]
    for part, rows in (("train", slice(0, 20)), ("test", slice(20, 30))):
        (tmp_path / "other" / part).mkdir(parents=True)
        hugging_face(tmp_path / "other" / part / "0000.parquet", rows)
    assert snowdome.open(tmp_path / "other").payload_hash == found.payload_hash


def test_a_path_is_never_opened(tmp_path: Path) -> None:
    """Neither /etc/passwd nor a real image that lies there."""
    (tmp_path / "secret.png").write_bytes(png(X[0]))
    path = hugging_face(
        tmp_path / "a.parquet", row3={"bytes": None, "path": str(tmp_path / "secret.png")},
        row5={"bytes": None, "path": "/etc/passwd"}, row7={"bytes": b"no image", "path": "x.png"}, row9=None,
    )  # fmt: skip
    found = parquet.read(path)
    kept = [row for row in range(30) if row not in (3, 5, 7, 9)]
    assert np.array_equal(found.X, X[kept].reshape(26, 64))
    assert [found.id_of(row) for row in range(4)] == [0, 1, 2, 4]
    assert "4 of 30 files were left out: a.parquet row 4" in " ".join(found.notes)
    nothing = {f"row{row}": {"bytes": None, "path": "/etc/passwd"} for row in range(30)}
    with pytest.raises(DataError, match="None of 30 images can be read"):
        parquet.read(hugging_face(path, **nothing))


PLAIN = pl.DataFrame(
    {"label": Y} | {f"pixel{n + 1}": X.reshape(30, 64)[:, n] for n in range(64)}
)  # fmt: skip


@pytest.mark.parametrize(
    "frame",
    [
        PLAIN,
        PLAIN.cast(pl.Float64),
        PLAIN.cast({"label": pl.String}),
        PLAIN.cast({"label": pl.String}).cast({"label": pl.Categorical}),
        pl.DataFrame({"label": Y, "image": X.reshape(30, 64).tolist()}),
        pl.DataFrame({"label": Y, "image": X.reshape(30, 64).astype(float).tolist()}),
        pl.DataFrame({"label": Y, "image": X.tolist()}),
        pl.DataFrame({"label": Y, "image": pl.Series(X.reshape(30, 64))}),
        pl.DataFrame({"label": Y, "image": [png(image) for image in X]}),
    ],
)
def test_columns_and_lists(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame.write_parquet(tmp_path / "a.parquet")
    same(parquet.read(tmp_path / "a.parquet"))


@pytest.mark.parametrize("library", ["pandas", "arrow"])
def test_of_other_libraries(tmp_path: Path, library: str) -> None:
    if library == "pandas":
        PLAIN.to_pandas().to_parquet(tmp_path / "a.parquet", index=True)
    else:
        pq.write_table(PLAIN.to_arrow(), tmp_path / "a.parquet", compression="gzip")
    same(parquet.read(tmp_path / "a.parquet"))


def test_vectors_with_ids_and_split(tmp_path: Path) -> None:
    pl.DataFrame(
        {"id": ["a", "b", "c"], "embedding": [[0.5, 1.5], [2.5, -1], [0, 0]], "split": ["test", "train", "train"]}
    ).write_parquet(tmp_path / "a.parquet")
    found = parquet.read(tmp_path / "a.parquet")
    assert found.X.tolist() == [[2.5, -1], [0, 0], [0.5, 1.5]]
    assert [found.id_of(row) for row in range(3)] == ["b", "c", "a"]
    assert found.split_names == ("train", "test")


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (PLAIN.head(0), "has no rows"),
        (pl.DataFrame({"image": pl.Series([], dtype=pl.Binary)}), "has no rows"),
        (pl.DataFrame({"a": ["x"]}), "no column of numbers among 'a'"),
        (pl.DataFrame({"v": [[1.0], [1.0, 2.0]]}), "column 'v', row 2: a list of 2 values; the first row has 1"),
        (pl.DataFrame({"v": [[1.0], None]}), "row 2: a list of 0 values"),
        (pl.DataFrame({"v": [["a"]]}), "expected numbers"),
        (pl.DataFrame({"a": [1.0, None], "label": [1, 2]}), "1 of 2 rows hold NaN, infinity or nothing"),
    ],
)
def test_complaints(tmp_path: Path, frame: pl.DataFrame, words: str) -> None:
    frame.write_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match=words) as caught:
        parquet.read(tmp_path / "a.parquet")
    assert str(caught.value).startswith("a.parquet: ")


def test_a_label_that_is_named(tmp_path: Path) -> None:
    hugging_face(tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"has no column 'kind'\. It has: 'label'"):
        parquet.read(tmp_path / "a.parquet", Reading(label="kind"))


def test_a_constant_column_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """160 MB in a few kilobytes: what it will take is computed from the rows and the types, before it is read."""
    path = tmp_path / "a.parquet"
    pl.select(label=pl.repeat(0, 2_000_000, dtype=pl.Int64), value=pl.repeat(7.0, 2_000_000)).write_parquet(path)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(memory, "available", lambda: 60_000_000)
    with pytest.raises(DataError, match="says that it holds 32,000,000 bytes of values; at most 30,000,000"):
        parquet.read(path)


def test_lists_are_counted_as_they_are_read(
    tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Lists of constants: 160 MB in some kilobytes, of which no more is read than there is room for."""
    path = tmp_path / "a.parquet"
    row = pa.ListArray.from_arrays(pa.array(range(0, 20_001 * 1000, 1000), pa.int32()), pa.array(np.zeros(20_000_000)))
    pq.write_table(pa.table({"v": row}), path, compression="zstd", row_group_size=2000)
    assert path.stat().st_size < 2_000_000
    done = python(
        """
        import pathlib, sys
        from snowdome.core import memory
        from snowdome.core.errors import DataError
        from snowdome.data.readers import parquet
        memory.available = lambda: 100_000_000
        try:
            parquet.read(pathlib.Path(sys.argv[1]))
        except DataError as error:
            status = pathlib.Path("/proc/self/status")  # not getrusage, whose peak is also that of the parent
            peak = int(status.read_text().split("VmHWM:")[1].split()[0]) if status.exists() else 0
            print("refused", peak < 800_000, peak, error)
        """,
        str(path),
    )
    assert done.stdout.startswith("refused True"), done.stdout + done.stderr[-500:]


def test_cut_off_and_misnamed(tmp_path: Path) -> None:
    whole = hugging_face(tmp_path / "a.parquet").read_bytes()
    for size in (4, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.parquet").write_bytes(whole[:size])
        with pytest.raises(DataError, match=r"^cut\.parquet: this parquet file is damaged"):
            parquet.read(tmp_path / "cut.parquet")
    (tmp_path / "cut.parquet").write_bytes(b"label,a\n1,2\n")
    assert reader_of(tmp_path / "cut.parquet")[0] == "csv"


SMALL = io.BytesIO()
PLAIN.select("label", "pixel10", "pixel11").with_columns(v=pl.Series([[1.5, 2]] * 30)).write_parquet(SMALL)


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere(tmp_path: Path, spots: list[tuple[float, int]]) -> None:
    """F-12: single bytes of a good file are changed; only DataError escapes. Each takes the start of a process."""
    damaged = bytearray(SMALL.getvalue())
    for place, value in spots:
        damaged[int(place * len(damaged))] = value
    path = tmp_path / "a.parquet"
    path.write_bytes(bytes(damaged))
    try:
        parquet.read(path)
    except SnowdomeError:
        return


HOSTILE = Path(__file__).parent / "hostile"


def a_run_that_is_too_long(path: Path) -> Path:
    """A file whose rows, as it says in its middle, are 2^62: polars panics, and tells the terminal of it."""
    mask = np.random.RandomState(0).rand(400) < 0.5
    table = pa.table({"v": pa.array(np.arange(400) % 256, pa.uint8(), mask=mask)})
    pq.write_table(table, path, compression="none", use_dictionary=False, data_page_version="1.0")
    content = bytearray(path.read_bytes())
    at = content.find(np.packbits(~mask, bitorder="little").tobytes()) - 1  # the length of the run of bits
    assert content[at] == 50 << 1 | 1
    content[at : at + 9] = b"\xff" * 8 + b"\x7f"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["aborts", "panics"])
def test_damage_that_ends_the_decoder(
    tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]], kind: str
) -> None:
    """F-12: found by changing bytes at random; it ends a process of its own, and no terminal hears of it."""
    path = HOSTILE / "aborts.parquet" if kind == "aborts" else a_run_that_is_too_long(tmp_path / "panics.parquet")
    done = python(
        """
        import pathlib, sys, snowdome
        from snowdome.core.errors import DataError
        for path in sys.argv[1:]:
            try:
                snowdome.open(path)
            except DataError as error:
                print(error)
        """,
        str(path),
        str(path),
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count(f"{kind}.parquet: this") == 2
    assert "damaged" in done.stdout


def test_a_folder_of_which_one_file_ends_the_decoder(tmp_path: Path) -> None:
    hugging_face(tmp_path / "train-00000-of-00002.parquet")
    (tmp_path / "train-00001-of-00002.parquet").write_bytes((HOSTILE / "aborts.parquet").read_bytes())
    with pytest.raises(DataError, match=r"one of these 2 files is damaged, so that decoding it fails altogether"):
        parquet.read(tmp_path)


def test_a_stop_while_the_file_is_checked(tmp_path: Path) -> None:
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped, match="checking the file"):
        parquet.read(hugging_face(tmp_path / "a.parquet"), control=control)


@pytest.mark.parametrize(
    "column",
    [pa.array([b"0" * 16] * 3, pa.uuid()), pa.array([b"hash"] * 3), pa.array([dt.date(2020, 1, 1)] * 3),
     pa.array([dt.datetime(2020, 1, 1)] * 3), pa.array([dt.time(1)] * 3), pa.array([{"p": 1}] * 3),
     pa.array([[("a", 1)]] * 3, pa.map_(pa.string(), pa.int64()))],
    ids=["uuid", "bytes", "date", "datetime", "time", "struct", "map"],
)  # fmt: skip
def test_columns_of_other_types_are_left_out(tmp_path: Path, column: Any) -> None:
    """F-06: extension types too; none of them is a label, an image or a value by itself."""
    pq.write_table(pa.table({"other": column, "a": [1.5, 2, 3]}), tmp_path / "a.parquet")
    found = parquet.read(tmp_path / "a.parquet")
    assert found.X.tolist() == [[1.5], [2], [3]]
    assert found.y is None
    assert "columns left out: 'other'" in found.notes
