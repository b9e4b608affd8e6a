"""The edge cases of §2.7 as far as they concern loading, each through every container that can hold it."""

import csv as stdlib_csv
import io
import os
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import sparse

import snowdome
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.source import reader_of

Open = Callable[..., Dataset]


def as_csv(home: Path, X: Any, y: Any) -> Path:
    text = io.StringIO()
    writer = stdlib_csv.writer(text, lineterminator="\n")
    names = [f"v{place}" for place in range(X.shape[1])]
    writer.writerow(names if y is None else ["label", *names])
    for number, row in enumerate(X.tolist()):
        writer.writerow(row if y is None else ["" if y[number] is None else y[number], *row])
    path = home / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def as_arff(home: Path, X: Any, y: Any) -> Path:
    def quoted(value: Any) -> str:
        return "?" if value is None else "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"

    lines = ["@relation a", *[f"@attribute v{place} numeric" for place in range(X.shape[1])]]
    lines += ["@attribute class string"] * (y is not None) + ["@data"]
    for number, row in enumerate(X.tolist()):
        values = ["?" if np.isnan(value) else repr(value) for value in row]
        lines.append(",".join([*values, *([] if y is None else [quoted(y[number])])]))
    path = home / "a.arff"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_npz(home: Path, X: Any, y: Any) -> Path:
    path = home / "a.npz"
    labels = {} if y is None else {"y": np.array(["" if label is None else label for label in y])}
    np.savez(path, X=X, **labels)  # type: ignore[arg-type]
    return path


def frame(X: Any, y: Any, kind: Any) -> Any:
    columns = {f"v{place}": X[:, place] for place in range(X.shape[1])}
    return kind(columns if y is None else {"label": list(y), **columns})


def as_parquet(home: Path, X: Any, y: Any) -> Path:
    path = home / "a.parquet"
    frame(X, y, pl.DataFrame).write_parquet(path)
    return path


CONTAINERS: dict[str, Callable[[Path, Any, Any], Any]] = {
    "csv": as_csv,
    "arff": as_arff,
    "npz": as_npz,
    "parquet": as_parquet,
    "arrays": lambda _, X, y: X if y is None else (X, y),
    "pandas": lambda _, X, y: frame(X, y, pd.DataFrame),
    "polars": lambda _, X, y: frame(X, y, pl.DataFrame),
}
FILES = ("csv", "arff", "npz", "parquet")


@pytest.fixture(params=CONTAINERS)
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Puts X and y into a container and opens it."""

    def run(X: Any, y: Any = None, **options: Any) -> Dataset:
        with mock.patch("snowdome.data.guards.rehearsal.rehearse"):  # of a good file, and it would start a process
            return snowdome.open(CONTAINERS[request.param](tmp_path, np.asarray(X), y), **options)

    run.container = request.param  # type: ignore[attr-defined]
    return run


def names_of(dataset: Dataset) -> list[str]:
    return [dataset.classes[code] for code in np.asarray(dataset.y)]


# 0 rows; 1; 2; 3 rows


def test_few_rows(put: Open) -> None:
    """§2.7: three, two and one row are a data set; none is a plain error."""
    values = np.array([[1.5, -2], [0.25, 4], [3, 1e10]])
    for n in (1, 3):
        found = put(values[:n], ["a", "b", "a"][:n])
        assert found.X.tolist() == values[:n].tolist()
        assert names_of(found) == ["a", "b", "a"][:n]
    with pytest.raises(DataError, match=r"has no rows|nothing to show|is empty|no data|first line"):
        put(values[:0], [])


# NaN, infinity, −0, the smallest numbers, float16 that overflows


def test_missing_values_are_counted_and_located(put: Open) -> None:
    """§2.7: stop, and say where; or drop, or zero, as asked, and say how many."""
    values = np.array([[1.5, 2], [3, 4.5], [np.nan, 6], [7, 8], [np.nan, np.nan]])
    with pytest.raises(
        DataError, match=r"2 of 5 rows hold NaN, infinity or nothing; the first is row 3, (column|value)"
    ):
        put(values, list("abcde"))
    kept = put(values, list("abcde"), missing="drop")
    assert (kept.X.tolist(), names_of(kept)) == (values[[0, 1, 3]].tolist(), ["a", "b", "d"])
    assert "2 rows with NaN or infinity were left out" in kept.notes
    assert put(values, list("abcde"), missing="zero").X[2].tolist() == [0, 6]


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_missing_too(value: float) -> None:
    """§2.7; so is what a float16 could not hold."""
    with pytest.raises(DataError, match=r"1 of 2 rows hold NaN, infinity or nothing; the first is row 2"):
        snowdome.open(np.array([[1.0, 2], [value, 3]]))
    with np.errstate(over="ignore"), pytest.raises(DataError, match="1 of 1 rows hold NaN"):
        snowdome.open(np.array([[70_000.0, 1]]).astype(np.float16))


def test_the_smallest_and_the_largest_numbers(put: Open) -> None:
    """§2.7: −0 and denormals are numbers as others are."""
    values = np.array([[-0.0, 5e-324], [1e308, -1e-310], [0.1, 2.0**-1074]])
    found = put(values)
    assert found.X.dtype == np.float64
    assert found.X.tolist() == values.tolist()
    assert np.signbit(found.X[0, 0])


# Constant columns, one column, many more columns than rows


@pytest.mark.parametrize(
    "values",
    [np.full((4, 3), 7.5), np.column_stack([np.full(4, 2.5), np.arange(4)]), np.arange(4.0)[:, None] / 3,
     np.arange(6000.0).reshape(2, 3000) / 7],
    ids=["all constant", "a constant column", "one column", "3,000 columns"],
)  # fmt: skip
def test_odd_tables(put: Open, values: Any) -> None:
    """§2.7: nothing is dropped when it is loaded."""
    found = put(values, ["a", "b"] * (len(values) // 2))
    assert np.array_equal(found.X, values)


# Classes


def test_classes_of_every_number(put: Open) -> None:
    """§2.7: one class, a class of one row, none, some missing."""
    values = np.arange(12.0).reshape(6, 2) / 7
    assert put(values, ["a"] * 6).classes == ("a",)
    assert put(values, ["a"] * 5 + ["b"]).classes == ("a", "b")
    assert put(values).y is None
    some = put(values, ["a", None, "b", None, "a", "a"])
    assert names_of(some) == ["a", "", "b", "", "a", "a"]
    assert some.classes == ("a", "b", "")
    assert "2 rows have no label" in some.notes


def test_more_than_a_thousand_classes(put: Open) -> None:
    """§2.7."""
    given = [f"class {number % 1001}" for number in range(2002)]
    assert len(put(np.arange(4004.0).reshape(2002, 2) / 7, given).classes) == 1001


# Labels of every kind

ODD = [
    "plain", " with blanks ", "x" * 10_000, "👩‍👩‍👧‍👦", "\u202eright to left", "عربى", "a,b;c\td", "it's", '"quoted"',
    "back\\slash", unicodedata.normalize("NFC", "Zürich é"), unicodedata.normalize("NFD", "Zürich é"), "nan?",
    "Null", "-", "#",
]  # fmt: skip


def test_labels_come_back_letter_for_letter(put: Open) -> None:
    """§2.7: nothing is trimmed or joined; an accent that is written in two ways makes two classes."""
    trims = put.container == "arff"  # type: ignore[attr-defined] # blanks around a value are no part of it
    odd = [name.strip() if trims else name for name in ODD]
    values = np.arange(2.0 * len(odd)).reshape(-1, 2) / 7
    found = put(values, odd)
    assert names_of(found) == odd
    assert len(found.classes) == len(odd)
    assert snowdome.open(found).classes == found.classes


@pytest.mark.parametrize(
    ("given", "classes"),
    [
        ([1, 0, 2, 10], ("0", "1", "2", "10")),
        ([1.0, 0.0, 2.0, 10.0], ("0", "1", "2", "10")),
        (["1", "0", "2", "10"], ("0", "1", "2", "10")),
        (["1.0", "0", "2", "10"], ("0", "1", "2", "10")),
        ([-1, 5, -1, 3], ("-1", "3", "5")),
        ([0.5, 1.5, 0.5, -2.5], ("-2.5", "0.5", "1.5")),
        ([True, False, True, True], ("False", "True")),
    ],
    ids=["whole", "float", "text", "mixed text", "negative", "fractions", "bool"],
)
def test_numbers_as_labels_are_the_same_in_every_container(put: Open, given: Any, classes: tuple[str, ...]) -> None:
    """§2.7: 1, 1.0 and "1" are one class, in the order of their values."""
    assert put(np.arange(8.0).reshape(4, 2) / 7, given).classes == classes


def test_a_label_that_is_nan() -> None:
    """§2.7: it is missing, not a class of its name."""
    found = snowdome.open((np.arange(6.0).reshape(3, 2), np.array([1.0, np.nan, 2.0])))
    assert (found.classes, names_of(found)) == (("1", "2", ""), ["1", "", "2"])


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
LABELS = st.builds(str.__add__, st.sampled_from("abcxyzÄ漢"), st.text(LETTERS, max_size=6)).map(str.strip)
ROWS = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.tuples(LABELS, st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=width, max_size=width)),
        min_size=1,
        max_size=8,
    )
)


@pytest.mark.parametrize("container", FILES)
@given(data=st.data())
def test_any_values_come_back(tmp_path_factory: pytest.TempPathFactory, container: str, data: st.DataObject) -> None:
    """F-04, F-05, F-06, F-09: what other programs write is read again, to the last bit and letter."""
    rows = data.draw(ROWS)
    values, given_labels = np.array([row for _, row in rows]), [label for label, _ in rows]
    path = CONTAINERS[container](tmp_path_factory.mktemp("any"), values, given_labels)
    with mock.patch("snowdome.data.guards.rehearsal.rehearse"):
        found = reader_of(path)[1].read(path)
    assert np.array_equal(np.asarray(found.X, float), values)
    assert names_of(found) == given_labels


# Images of odd shapes

PICTURES = (np.arange(5 * 28 * 14, dtype=np.uint32) * 37 % 200).astype(np.uint8).reshape(5, 28, 14)
PICTURES[:, [0, -1]] = PICTURES[:, :, [0, -1]] = 0
SLOPE = np.add.outer(np.arange(32), np.arange(32)) * 2  # colours that change little from pixel to pixel, as on photos
COLOURS = np.stack([np.dstack([SLOPE + 9 * n, 200 - SLOPE, 90 + SLOPE // 2]) for n in range(4)]).astype(np.uint8)


def png(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, "PNG", **options)
    return stream.getvalue()


def test_images_that_are_not_square(tmp_path: Path) -> None:
    """§2.7: 28 × 14, the same from arrays, npz, a folder and a zip; the fixed shape of a table is a vector."""
    np.savez(tmp_path / "a.npz", images=PICTURES)
    (tmp_path / "folder").mkdir()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number, picture in enumerate(PICTURES):
            (tmp_path / "folder" / f"{number}.png").write_bytes(png(picture))
            archive.writestr(f"{number}.png", png(picture))
    for thing in (PICTURES, tmp_path / "a.npz", tmp_path / "folder", tmp_path / "a.zip"):
        found = snowdome.open(thing)
        assert found.image_shape == (28, 14)
        assert np.array_equal(found.X, PICTURES.reshape(5, -1))
    assert snowdome.open(PICTURES.reshape(5, -1)).image_shape is None


@pytest.mark.parametrize("kind", ["rows", "colours last", "colours first"])
def test_colour_images_of_every_layout(tmp_path: Path, kind: str) -> None:
    """§2.7: HWC, CHW and 3,072 columns are one set of images."""
    array = COLOURS.transpose(0, 3, 1, 2) if kind == "colours first" else COLOURS
    np.save(tmp_path / "x.npy", array.reshape(4, -1) if kind == "rows" else array)
    found = snowdome.open(tmp_path / "x.npy")
    assert (found.image_shape, found.channels) == ((32, 32), 3)
    assert np.array_equal(found.X, COLOURS.reshape(4, -1))


def test_images_of_mixed_sizes_and_modes(tmp_path: Path) -> None:
    """§2.7: fitted into the commonest size; grey, colour, transparent and 16 bits side by side, and it is told."""
    colour = np.repeat(PICTURES[0][:, :, None], 3, 2) // np.array([1, 2, 3], np.uint8)
    clear = np.dstack([colour, np.where(colour[..., 0] > 100, 255, 0).astype(np.uint8)])
    for name, picture in (("a", PICTURES[0]), ("b", PICTURES[1][:20]), ("c", colour), ("d", clear)):
        (tmp_path / f"{name}.png").write_bytes(png(picture))
    (tmp_path / "e.png").write_bytes(png(PICTURES[2].astype(np.uint16) * 257))
    found = snowdome.open(tmp_path)
    assert (found.image_shape, found.channels, len(found)) == ((28, 14), 3, 5)
    said = " ".join(found.notes)
    for words in ("images of 2 sizes", "transparent", "16-bit values were divided by 257"):
        assert words in said
    assert np.array_equal(found.X[4].reshape(28, 14, 3)[..., 0], PICTURES[2])


def test_paper_and_ink(tmp_path: Path) -> None:
    """§2.7: inverted images are told from those that are not, and the values are untouched."""
    for name, picture in (("dark", PICTURES), ("bright", 255 - PICTURES)):
        np.savez(tmp_path / f"{name}.npz", X=picture)
    dark, bright = (snowdome.open(tmp_path / f"{name}.npz") for name in ("dark", "bright"))
    assert dark.ink_is_high
    assert not bright.ink_is_high
    assert np.array_equal(bright.X, 255 - dark.X)
    assert any("dark is taken as ink" in note for note in bright.notes)


def test_turned_and_mirrored_is_stored(tmp_path: Path) -> None:
    """§2.7: as EMNIST needs; twice is as it was, and what was done stays with the Dataset in the cache."""
    np.savez(tmp_path / "a.npz", X=PICTURES)
    turned = snowdome.open(tmp_path / "a.npz", transpose=True, flip=True)
    assert turned.image_shape == (14, 28)
    assert np.array_equal(turned.X.reshape(5, 14, 28), PICTURES.swapaxes(1, 2)[:, :, ::-1])
    again = snowdome.open(tmp_path / "a.npz", transpose=True, flip=True)
    assert again.notes[-2:] == ("images were transposed", "images were mirrored left to right")
    assert snowdome.open(tmp_path / "a.npz").image_shape == (28, 14)


def test_letters_from_1_to_26(tmp_path: Path, as_idx: Any) -> None:
    """§2.7: EMNIST's letters; no class is left out and none is moved where it is opened by its path."""
    (tmp_path / "emnist-letters-train-images-idx3-ubyte").write_bytes(as_idx(np.repeat(PICTURES[:1], 26, 0)))
    (tmp_path / "emnist-letters-train-labels-idx1-ubyte").write_bytes(as_idx(np.arange(1, 27)))
    found = snowdome.open(tmp_path)
    assert names_of(found) == [str(number) for number in range(1, 27)]


# Arrays of every kind in memory


def test_arrays_of_every_kind_are_the_same(tmp_path: Path) -> None:
    """§2.7: read-only maps, Fortran's order, strides, big-endian, sparse: the same as a contiguous copy."""
    plain = np.arange(600).reshape(10, 60) * 31 % 1000
    np.save(tmp_path / "map.npy", plain)
    wide = np.zeros((20, 120), plain.dtype)
    wide[::2, ::2] = plain
    kinds = {
        "map": np.load(tmp_path / "map.npy", mmap_mode="r"),
        "Fortran": np.asfortranarray(plain),
        "strided": wide[::2, ::2],
        "backwards": plain[::-1, ::-1].copy()[::-1, ::-1],
        "big-endian": plain.astype(">i4"),
        "sparse": sparse.csr_matrix(plain),
        "sparse array": sparse.coo_array(plain),
        "lists": plain.tolist(),
    }
    expected = snowdome.open(plain).payload_hash
    for name, thing in kinds.items():
        found = snowdome.open(thing)
        assert np.array_equal(found.X, plain), name
        assert found.payload_hash == expected, name


# Counts that differ


def test_counts_that_differ_name_both_numbers(tmp_path: Path) -> None:
    """§2.7: labels and rows, train and test."""
    np.savez(tmp_path / "a.npz", X=np.ones((7, 3)), y=np.arange(5))
    np.savez(tmp_path / "b.npz", x_train=np.ones((7, 64)), x_test=np.ones((7, 36)))
    for thing in (tmp_path / "a.npz", (np.ones((7, 3)), np.arange(5))):
        with pytest.raises(DataError, match="5 labels for 7 rows"):
            snowdome.open(thing)
    for other in (tmp_path / "b.npz", {"x_train": np.ones((7, 64)), "x_test": np.ones((7, 36))}):
        with pytest.raises(DataError, match=r"expected 64 values \(8×8\), got 36 \(6×6\?\)"):
            snowdome.open(other)


# Hostile files, one after another in one process of little memory


def a_png_of(side: int) -> bytes:
    """A PNG of few bytes that says that it has so many pixels."""
    return png(np.zeros((1, 1), np.uint8)).replace(b"\0\0\0\x01\0\0\0\x01", side.to_bytes(4, "big") * 2)


def hostile(home: Path) -> list[Path]:
    """Files that say that they hold more than any machine has."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    npy = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    (home / "x.npy").write_bytes(npy)
    with zipfile.ZipFile(home / "x.npz", "w") as archive:
        archive.writestr("X.npy", npy)
    (home / "idx").mkdir()
    (home / "idx" / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + b"\x7f\xff\xff\xff" * 3)
    (home / "idx" / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + b"\x7f\xff\xff\xff")
    (home / "png").mkdir()
    (home / "png" / "a.png").write_bytes(a_png_of(100_000))
    with zipfile.ZipFile(home / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", png(PICTURES[0]) + bytes(64 << 20))
    rows = "".join(f"@attribute v{place} numeric\n" for place in range(50_000))
    (home / "sparse.arff").write_text(f"@relation a\n{rows}@data\n" + "{0 1}\n" * 50_000)
    (home / "wide.csv").write_bytes(b"1," * 200_000 + b"1\n")
    pl.select(v=pl.repeat(7.0, 20_000_000)).write_parquet(home / "bomb.parquet")
    (home / "aborts.parquet").write_bytes((Path(__file__).parent / "hostile" / "aborts.parquet").read_bytes())
    return [path for path in sorted(home.iterdir()) if path.name != "cache"]


@pytest.mark.skipif(os.name != "posix", reason="a process can be held to its memory on POSIX alone")
def test_hostile_files_in_little_memory(
    tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """F-12: under RLIMIT_AS only DataError escapes, one after another, and less than 1 GB is ever held."""
    files = hostile(tmp_path)
    done = python(
        """
        import pathlib, resource, sys
        from snowdome.core import memory
        from snowdome.core.errors import DataError
        from snowdome.data.source import open_dataset
        memory.available = lambda: 1 << 28
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        for path in sys.argv[1:]:
            try:
                open_dataset(path)
                print("opened", path)
            except DataError as error:
                print("refused", len(str(error)) < 500)
        status = pathlib.Path("/proc/self/status")  # not getrusage, whose peak is also that of the parent
        print("peak", int(status.read_text().split("VmHWM:")[1].split()[0]) < 1_000_000 if status.exists() else True)
        """,
        *map(str, files),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    assert done.stdout.split("\n") == [*["refused True"] * len(files), "peak True", ""]
