"""Opening anything: names, paths, and what is neither; the second time from the cache."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import DataError, MissingDataError
from snowdome.data import catalogue, source
from snowdome.data.dataset import Dataset
from snowdome.data.readers import csv, idx
from snowdome.data.source import open_dataset


def test_digits(digits: Dataset) -> None:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    assert np.array_equal(digits.X, bunch.data)
    assert digits.y is not None
    assert np.array_equal(digits.y, bunch.target)
    assert (digits.name, digits.image_shape, digits.value_range) == ("Digits", (8, 8), (0.0, 16.0))
    assert digits.classes == tuple("0123456789")
    assert isinstance(digits.X.base, np.memmap)


@pytest.mark.parametrize("kind", [str, Path, lambda path: str(path) + os.sep], ids=["text", "Path", "trailing slash"])
def test_a_folder(write_pair: Any, pixels: Any, codes: Any, kind: Any) -> None:
    dataset = open_dataset(kind(write_pair(pixels, codes)))
    assert dataset.name == "some digits"
    assert np.array_equal(dataset.X, pixels.reshape(12, 12))
    assert isinstance(dataset.X.base, np.memmap)


def test_a_folder_in_the_home(write_pair: Any, pixels: Any, codes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_pair(pixels, codes)
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    assert open_dataset("~/some digits").name == "some digits"


def test_nothing_of_that_name() -> None:
    with pytest.raises(MissingDataError) as caught:
        open_dataset("mnits")
    assert str(caught.value) == (
        "There is no file, folder or data set 'mnits'. Did you mean 'mnist'? "
        f"Known data sets: {', '.join(catalogue.ENTRIES)}."
    )
    with pytest.raises(FileNotFoundError):
        open_dataset("/no/such/folder")


def test_files_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_cache: Path) -> None:
    """The sentence names every file and the folder to put it in: --data, else $SNOWDOME_DATA, else the cache."""
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    for data_dir, folder in ((tmp_path / "data", tmp_path / "data" / "mnist"), (None, empty_cache)):
        with pytest.raises(MissingDataError) as caught:
            open_dataset("mnist", data_dir)
        sentence = str(caught.value)
        assert sentence.startswith("MNIST is not on this machine, and fetching is switched off. Put ")
        assert str(folder) in sentence
        for name in catalogue.ENTRIES["mnist"].files:
            assert name in sentence
        assert "--data DIR or SNOWDOME_DATA" in sentence


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"\0\0\0"])
def test_a_file_that_no_reader_knows(tmp_path: Path, content: bytes) -> None:
    """F-10: also where its name looks right."""
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^train-images-idx3-ubyte.gz: no reader knows this file. Readers: "):
        open_dataset(path)


def test_a_folder_that_no_reader_knows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"^{tmp_path.name}: no reader knows this folder"):
        open_dataset(tmp_path)


def never(*_: Any) -> Dataset:
    """Stands where a reader would read."""
    raise AssertionError("read again")


def test_the_second_time_from_the_cache(
    write_pair: Any, pixels: Any, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pair(pixels, codes)
    first = open_dataset(folder)
    monkeypatch.setattr(idx, "read", never)
    second = open_dataset(folder)
    assert second.payload_hash == first.payload_hash
    assert np.array_equal(second.X, first.X)
    assert (second.name, second.classes, second.split_names) == (first.name, first.classes, first.split_names)


def test_digits_the_second_time_from_the_cache(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_read_digits", never)
    assert open_dataset("digits").payload_hash == digits.payload_hash


def test_a_new_version_of_the_reader_reads_again(
    write_pair: Any, pixels: Any, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pair(pixels, codes)
    open_dataset(folder)
    monkeypatch.setattr(idx, "read", never)
    monkeypatch.setattr(idx, "VERSION", idx.VERSION + 1)
    with pytest.raises(AssertionError, match="read again"):
        open_dataset(folder)


def test_files_that_changed_are_read_again(write_pair: Any, pixels: Any, codes: Any) -> None:
    before = open_dataset(write_pair(pixels, codes))
    time.sleep(0.02)  # the clock of the file system
    after = open_dataset(write_pair(255 - pixels, codes))
    assert np.array_equal(after.X, 255 - np.asarray(before.X))
    assert np.array_equal(before.X, pixels.reshape(12, 12)), "what is mapped already stays what it was"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_a_folder_whose_name_is_no_text(write_pair: Any, pixels: Any, codes: Any) -> None:
    folder = write_pair(pixels, codes, folder=os.fsdecode(b"caf\xe9"))
    for _ in range(2):
        dataset = open_dataset(folder)
        assert len(dataset) == 12
        assert dataset.name == r"caf\xe9"  # which can be sent, drawn and printed


def test_two_at_once_read_the_same(
    write_pair: Any, pixels: Any, codes: Any, empty_cache: Path, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Two programs that open the same new folder do not trip over each other's files."""
    folder = write_pair(np.tile(pixels, (500, 1, 1)), np.tile(codes, 500))
    program = "import sys, snowdome; print(int(snowdome.open(sys.argv[1]).X.sum()))"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in running:
        printed, errors = process.communicate(timeout=60)
        assert printed.strip() == str(int(pixels.sum(dtype=np.int64)) * 500), errors
    assert not list(empty_cache.rglob(".*"))  # no temporary is left


# What cannot be read, and names of every kind (F-01, F-08)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """F-08: as the system says it; the tests may run as a user who may read everything."""
    path = tmp_path / "closed"
    path.mkdir() if kind == "folder" else path.write_bytes(b"label,a\n1,2\n")

    def closed(self: Path, *_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir" if kind == "folder" else "open", closed)
    with pytest.raises(DataError, match=r"^closed: cannot be read: Permission denied\. See that"):
        open_dataset(path)


def test_a_file_that_goes_away_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"label,a\n1,2\n")

    def gone(path: Path, *_: Any) -> Dataset:
        path.unlink()
        with path.open():
            raise AssertionError

    monkeypatch.setattr(csv, "read", gone)
    with pytest.raises(DataError, match=r"^a\.csv: cannot be read: No such file or directory"):
        open_dataset(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "name",
    [
        "../../nowhere", "..%2fnowhere", "%2e%2e/nowhere", "....//nowhere", "C:/nowhere", "C:\\nowhere",
        "\\\\host\\share", "x.png::$DATA", "CON:", "a. ", "nul\0byte", "x#/../nowhere", "a" * 5000,
        "~nobody-of-that-name/x", "\udcff", "", "file:///etc/passwd", "http://169.254.169.254/",
    ],
)  # fmt: skip
def test_names_of_every_kind(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-01: at the command line a path is a path, and nothing is made of it; what is not there is told as that."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError) as caught:
        open_dataset(name)
    assert len(str(caught.value)) < 6000
    assert list(tmp_path.iterdir()) == []


def test_what_was_sent_to_the_app_leaves_no_note(empty_cache: Path) -> None:
    """It never comes again under that name."""
    uploads = empty_cache / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "upload-1").write_bytes(b"label,a,b\n1,2,3.5\n0,4,5\n")
    assert open_dataset(uploads / "upload-1").X.tolist() == [[2, 3.5], [4, 5]]
    assert not list((empty_cache / "opened").glob("*"))
