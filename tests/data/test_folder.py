"""Folders of images: classes, splits, labels from a table; junk, links and what cannot be read (F-08, F-10)."""

import contextlib
import io
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.data.readers import folder
from snowdome.data.reading import Reading
from snowdome.data.source import open_dataset, reader_of
from snowdome.data.tabular.label_file import labels_by_file


def png(value: int, side: int = 4) -> bytes:
    """A PNG whose pixels all have this value but the first, which has none."""
    pixels = np.full((side, side), value, np.uint8)
    pixels[0, 0] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def make(tmp_path: Path) -> Any:
    """Writes files (path: value of the pixels, or the very bytes) into a folder and returns it."""

    def write(files: dict[str, int | bytes], name: str = "pictures") -> Path:
        top = tmp_path / name
        top.mkdir()
        for path, content in files.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(png(content) if isinstance(content, int) else content)
        return top

    return write


def values(dataset: Dataset) -> list[int]:
    """The value that each image was made of."""
    return [int(value) for value in np.asarray(dataset.X)[:, -1]]


def names(dataset: Dataset) -> list[str]:
    """The class name of each row."""
    assert dataset.y is not None
    return [dataset.classes[code] for code in dataset.y]


def test_a_class_for_each_folder(make: Any) -> None:
    top = make({"cat/1.png": 10, "dog/2.png": 20, "cat/10.png": 30, "ant/9.png": 40})
    dataset = folder.read(top)
    assert values(dataset) == [10, 20, 40, 30], "in the order of the numbers in the names"
    assert (dataset.classes, names(dataset)) == (("ant", "cat", "dog"), ["cat", "dog", "ant", "cat"])
    assert list(dataset.all_ids()) == ["cat/1.png", "dog/2.png", "ant/9.png", "cat/10.png"]
    assert (dataset.image_shape, dataset.split, dataset.name) == ((4, 4), None, "pictures")
    assert dataset.notes == ()


def test_classes_that_are_numbers_stand_in_their_order(make: Any) -> None:
    assert folder.read(make({f"{n}/a.png": n for n in (10, 9, 0, 2)})).classes == ("0", "2", "9", "10")


def test_the_same_name_in_two_classes(make: Any) -> None:
    dataset = folder.read(make({"b/1.png": 1, "a/1.png": 2, "a/2.png": 3, "b/2.png": 4}))
    assert (values(dataset), names(dataset)) == ([2, 1, 3, 4], ["a", "b", "a", "b"])


def test_splits(make: Any) -> None:
    top = make({"test/1/a.png": 1, "Train/0/b.png": 2, "Train/1/c.png": 3, "val/0/d.png": 4})
    dataset = folder.read(top)
    assert dataset.split_names == ("train", "test", "validation")
    assert (values(dataset), names(dataset)) == ([2, 3, 1, 4], ["0", "1", "1", "0"])
    assert values(dataset.train) == [2, 3]
    assert values(dataset.test) == [1]


def test_one_split_alone_and_a_file_beside_it(make: Any) -> None:
    dataset = folder.read(make({"train/7/a.png": 1, "sample.png": 9}))
    assert (dataset.split_names, dataset.classes, values(dataset)) == (("train",), ("7",), [1])
    assert dataset.notes == ("1 files beside the folders of the splits were left out",)


def test_flat_without_labels(make: Any) -> None:
    dataset = folder.read(make({"b.png": 2, "a.png": 1}))
    assert (values(dataset), dataset.y, dataset.classes, dataset.notes) == ([1, 2], None, (), ())


def test_a_wrapping_folder(make: Any) -> None:
    dataset = folder.read(make({"set/inner/0/a.png": 1, "set/inner/1/b.png": 2}))
    assert (dataset.classes, values(dataset)) == (("0", "1"), [1, 2])
    assert folder.read(make({"only/a.png": 1, "only/b.png": 2}, "second")).y is None


def test_folders_within_a_class(make: Any) -> None:
    dataset = folder.read(make({"a/1.png": 1, "a/more/2.png": 2, "b/3.png": 3}))
    assert names(dataset) == ["a", "a", "b"]
    assert dataset.notes == ("the class is the first folder; 1 images lie in folders further below",)


@pytest.mark.parametrize(
    "table",
    [
        "file,label\na.png,cat\nb.png,dog\nc.png,cat\n",
        "﻿id;kind\r\na;cat\r\nb;dog\r\nc;cat\r\n",
        "a.png\tcat\nb.png\tdog\nc.png\tcat\n",
        "n,class,file\n1,cat,a.png\n2,dog,b.png\n3,cat,pictures/no.png\n4,cat,c.png",
    ],
    ids=["header", "stems, bom, semicolon", "no header, tabs", "label not beside"],
)
def test_a_table_of_labels(make: Any, table: str) -> None:
    dataset = folder.read(make({"a.png": 1, "b.png": 2, "c.png": 3, "labels.csv": table.encode()}))
    assert (names(dataset), values(dataset)) == (["cat", "dog", "cat"], [1, 2, 3])
    assert dataset.notes[0].startswith("labels were read from labels.csv, ")


def test_a_table_that_leaves_some_out(make: Any) -> None:
    dataset = folder.read(make({"a.png": 1, "b.png": 2, "l.csv": b"a.png,x\nz.png,y\n"}))
    assert (dataset.classes, names(dataset)) == (("x", ""), ["x", ""])
    assert dataset.notes == (
        "labels were read from l.csv, column 2; 1 rows name no image that is there",
        "1 rows have no label",
    )


def test_a_table_of_several_columns(make: Any) -> None:
    """F-05: which of them was taken is told, and another can be asked for."""
    files = {"a.png": 1, "b.png": 2, "l.csv": b"file,taken,class\na.png,2001,x\nb.png,2002,y\n"}
    found = folder.read(make(files))
    assert names(found) == ["x", "y"]
    assert found.notes[0] == "labels were read from l.csv, class; label= (--label) chooses another column"
    other = folder.read(make(files, "other"), Reading(label="taken"))
    assert names(other) == ["2001", "2002"]
    assert other.notes[0] == "labels were read from l.csv, taken"


def test_a_table_in_each_split(make: Any) -> None:
    dataset = folder.read(make({
        "train/a.png": 1, "test/a.png": 2, "train/l.csv": b"file,label\na.png,x\n", "test/l.csv": b"a.png,y\n",
    }))  # fmt: skip
    assert (names(dataset), dataset.split_names) == (["x", "y"], ("train", "test"))


def test_tables_that_do_not_fit(make: Any) -> None:
    files = {"a.png": 1, "b.png": 2}
    dataset = folder.read(make({**files, "l.csv": b"some,other\n1,2\n"}))
    assert (dataset.y, dataset.notes) == (None, ("l.csv names none of the images and was not used",))
    top = make({**files, "l.csv": b"file,label\na.png,x\na.png,y\n"}, "twice")
    with pytest.raises(DataError, match=r"^l.csv: row 3: 'a.png' has the label 'y', in a row before it 'x'"):
        folder.read(top)
    top = make({**files, "l.csv": b"file,one,two\na.png,x,p\nb.png,y,q\n"}, "asked")
    assert open_dataset(top, label="two").classes == ("p", "q")
    with pytest.raises(DataError, match=r"^l.csv: there is no column 'three' for the labels. It has: file, one, two."):
        open_dataset(top, label="three")


def test_folders_win_over_a_table(make: Any) -> None:
    dataset = folder.read(make({"x/a.png": 1, "y/b.png": 2, "l.csv": b"a.png,q\nb.png,q\n"}))
    assert dataset.classes == ("x", "y")


def test_junk_is_ignored(make: Any) -> None:
    dataset = folder.read(make({
        "x/a.png": 1, "y/b.png": 2, ".DS_Store": b"x", "x/._a.png": b"x", "x/Thumbs.db": b"x", ".git/z.png": 3,
        "__MACOSX/x/a.png": b"x", "desktop.ini": b"x",
    }))  # fmt: skip
    assert (values(dataset), dataset.classes, dataset.notes) == ([1, 2], ("x", "y"), ())


def test_what_cannot_be_read_is_listed(make: Any) -> None:
    dataset = folder.read(make({"x/a.png": 1, "y/b.png": b"", "z/c.svg": b"<svg/>", "x/d.png": png(4)[:-45]}))
    assert (values(dataset), dataset.classes) == ([1], ("x",))
    assert dataset.notes[0] == "classes without an image that can be read: y, z"
    assert dataset.notes[1].startswith("3 of 4 files were left out: y/b.png (an empty file), z/c.svg (not a PNG")


def test_an_empty_class(make: Any) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    (top / "z").mkdir()
    assert folder.read(top).classes == ("x", "y")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_closed_folder(make: Any) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    (top / "y").chmod(0)
    try:
        assert folder.read(top).notes[0].startswith("folders could not be read: y (")
    finally:
        (top / "y").chmod(0o700)


def test_links_are_not_followed(make: Any, tmp_path: Path) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    (tmp_path / "secret.png").write_bytes(png(9))
    try:
        (top / "x" / "out.png").symlink_to(tmp_path / "secret.png")
        (top / "x" / "loop").symlink_to(top)
    except OSError:
        pytest.skip("links cannot be made here")
    dataset = folder.read(top)
    assert values(dataset) == [1, 2]
    assert dataset.notes == ("links were not followed: x/loop, x/out.png",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_a_pipe_is_not_waited_for(make: Any) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    os.mkfifo(top / "x" / "c.png")
    assert values(open_dataset(top)) == [1, 2]


def test_no_images(make: Any) -> None:
    with pytest.raises(DataError, match=r"^tables: holds no image files. It holds a.csv; open that"):
        folder.read(make({"a.csv": b"label,pixel0\n5,0\n"}, "tables"))
    with pytest.raises(DataError, match=r"^None of 1 images can be read: b.txt \(not a PNG"):
        folder.read(make({"b.txt": b"hello"}, "texts"))


def test_bytes_decide_whether_it_is_ours(make: Any) -> None:
    """F-10: a folder of images under any names; one whose names lie is not."""
    assert reader_of(make({f"{n}": n for n in range(3)}))[0] == "folder"
    assert reader_of(make({"a.dat": 1, "b.dat": 2, "labels.csv": b"a,b\n", "README.txt": b"hi"}, "2"))[0] == "folder"
    with pytest.raises(DataError, match="no reader knows this folder"):
        reader_of(make({"a.png": b"text", "b.png": b"text"}, "3"))


def test_a_single_image_is_no_set(make: Any) -> None:
    top = make({"a.csv": 1})
    with pytest.raises(DataError, match=r"^a\.csv: is a single image; a folder or a zip of images makes a data set"):
        open_dataset(top / "a.csv")


def test_names_that_are_no_text(make: Any) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    try:
        (top / os.fsdecode(b"caf\xe9")).mkdir()
        (top / os.fsdecode(b"caf\xe9") / "c.png").write_bytes(png(3))
    except OSError:
        pytest.skip("file names are text here")
    dataset = open_dataset(top)
    assert dataset.classes == (r"caf\xe9", "x", "y")
    assert dataset[2].id == r"caf\xe9/c.png"


def test_the_second_time_and_after_a_change(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2})
    first = open_dataset(top)
    kept = folder.read
    monkeypatch.setattr(folder, "read", lambda *_: pytest.fail("read again"))
    again = open_dataset(top)
    assert (list(again.all_ids()), again.payload_hash) == (list(first.all_ids()), first.payload_hash)
    monkeypatch.setattr(folder, "read", kept)
    time.sleep(0.02)
    (top / "x" / "c.png").write_bytes(png(3))
    assert values(open_dataset(top)) == [1, 2, 3]
    assert open_dataset(top, size=2).image_shape == (2, 2)


def test_files_are_those_of_the_stamps(make: Any) -> None:
    top = make({"x/a.png": 1, "y/b.png": 2, ".hidden": b"x"})
    assert folder.files(top) == [top / "x/a.png", top / "y/b.png"]
    assert [(stamp.path, stamp.size) for stamp in folder.stamps(top)] == [
        (name, (top / name).stat().st_size) for name in ("x/a.png", "y/b.png")
    ]


def test_more_files_than_anyone_means(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_MOST_FILES", 3)
    with pytest.raises(DataError, match=r"pictures: more than 3 files. Open a folder below it"):
        folder.read(make({f"{n}.png": n for n in range(5)}))


def test_the_order_does_not_depend_on_the_disk(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    top = make({f"{n % 3}/{n}.png": n for n in range(30)})
    forward = list(folder._walk(top, []))
    monkeypatch.setattr(folder, "_walk", lambda *_: iter(forward[::-1]))
    assert values(folder.read(top)) == list(range(30))


def test_mnist_as_files_is_mnist(make: Any, mnist: Dataset, mnist_folder: Path) -> None:
    """Numbered across the classes, the images come in MNIST's own order, with MNIST's own values and labels."""
    rows = [*range(1000), *range(60_000, 60_500)]
    files = {}
    for row in rows:
        file = io.BytesIO()
        item = mnist[row]
        Image.fromarray(np.asarray(item.image)).save(file, "PNG")
        files[f"{'train' if row < 60_000 else 'test'}/{item.label}/{row}.png"] = file.getvalue()
    dataset = folder.read(make(files))
    assert dataset.payload_hash == mnist[rows].payload_hash
    assert (dataset.classes, dataset.image_shape, dataset.ink_is_high) == (mnist.classes, (28, 28), True)


@given(
    st.dictionaries(st.sampled_from(["a/1.png", "b/2.png", "3.png", "labels.csv", "b/x.txt", "c/d/4.png", ".5.png"]),
                    st.one_of(st.binary(max_size=40), st.sampled_from([b"a/1.png,x\n3.png,y\n", b"file,label\n3,x\n"])),
                    max_size=7),
    st.integers(0, 3),
)  # fmt: skip
def test_any_folder_is_a_dataset_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, contents: dict[str, bytes], good: int
) -> None:
    """F-12: with damaged images, odd tables and files of other kinds in it."""
    top = tmp_path_factory.mktemp("any")
    for name, content in contents.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    for number in range(good):
        (top / f"{number}.png").write_bytes(png(9))
    with contextlib.suppress(SnowdomeError):
        assert len(reader_of(top)[1].read(top))


@given(st.binary(max_size=200), st.sampled_from([b"", b"file,label\n", b"\xef\xbb\xbf", b'"', b"1.png,a\n1.png,b\n"]))
def test_any_table_beside_images_is_labels_or_a_sentence(junk: bytes, start: bytes) -> None:
    """F-12."""
    with contextlib.suppress(SnowdomeError):
        found, said = labels_by_file("l.csv", start + junk, ["1.png", "2.png", "a/3.png"], None)
        assert said
        assert set(found) <= {"1.png", "2.png", "a/3.png"}
