"""Pickles and their kind are refused by their content, whatever their name, and the sentence says what to do."""

import gzip
import io
import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import snowdome
from snowdome.core.errors import DataError


class Program:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> Any:
        return (Path.touch, (self.trace,))


def packed(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["mnist.pkl", "mnist.npz", "train.csv", "digits", "data.parquet", "a.arff", "b.npy"])
@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles(tmp_path: Path, name: str, zipped: bool, protocol: int) -> None:  # noqa: FBT001
    trace = tmp_path / "trace"
    content = pickle.dumps(Program(trace), protocol=protocol)
    if protocol == 1:
        content = pickle.dumps([Program(trace)], protocol=2)
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.raises(DataError) as caught:
        snowdome.open(path)
    assert str(caught.value).startswith(f"{name}: a pickle, which can run any program")
    assert "numpy.savez(" in str(caught.value)
    assert not trace.exists()


def test_theanos_pickle_and_the_way_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of the sentence make a file that is then opened."""
    X = np.tile((np.arange(784) % 256 / 256).astype(np.float32), (6, 1))
    parts = tuple((X, np.arange(6) % 3) for _ in range(3))
    path = tmp_path / "mnist.pkl.gz"
    path.write_bytes(gzip.compress(pickle.dumps(parts, protocol=2)))
    with pytest.raises(DataError) as caught:
        snowdome.open(path)
    monkeypatch.chdir(tmp_path)
    program = "\n".join(line.strip() for line in str(caught.value).split("in Python:")[1].splitlines())
    exec(program, {})  # noqa: S102 - the very words that a person is given
    found = snowdome.open("mnist.npz")
    assert found.split_names == ("train", "test", "validation")
    assert np.array_equal(found.X[:6], X)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "an HDF5 file"),
        (packed("archive/data.pkl", b"x"), "saved by torch.save"),
        (packed("xl/workbook.xml", b"x"), "an Excel file; save the sheet as CSV"),
        (b"ARROW1\0\0", "Feather"),
        (b"%PDF-1.7", "a PDF"),
        (b"MATLAB 5.0 MAT-file", "a MATLAB file"),
        (b"SQLite format 3\0", "SQLite"),
        (b"BZh91AY", "bzip2"),
    ],
)
def test_other_files(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^data\.csv: ") as caught:
        snowdome.open(path)
    assert words in str(caught.value)


def test_tar(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "data.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.png"))
    with pytest.raises(DataError, match=r"data\.tar\.gz: a tar archive, which is not opened. Unpack it"):
        snowdome.open(tmp_path / "data.tar.gz")
