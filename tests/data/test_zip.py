"""Zips of image folders: the same as the folder, read in memory; every hostile zip ends in one sentence (F-02)."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError
from snowdome.data.readers import folder
from snowdome.data.readers import zip as reader
from snowdome.data.source import open_dataset, reader_of


def png(value: int) -> bytes:
    """A PNG of 4 × 4 pixels of this value."""
    file = io.BytesIO()
    Image.fromarray(np.full((4, 4), value, np.uint8)).save(file, "PNG")
    return file.getvalue()


def packed(files: dict[str, int | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, png(content) if isinstance(content, int) else content)
    return file.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes bytes as a file of this name."""

    def write(content: bytes, name: str = "pictures.zip") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def refused(path: Path) -> str:
    """The sentence with which the zip is refused; it begins with its name."""
    with pytest.raises(DataError) as caught:
        reader.read(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    return sentence


SET: dict[str, int | bytes] = {
    "set/train/cat/1.png": 1, "set/train/dog/2.png": 2, "set/test/cat/3.png": 3, "set/test/dog/bad.png": b"x",
    "__MACOSX/set/train/._1.png": b"x", "set/.DS_Store": b"x",
}  # fmt: skip

SIX = packed({f"{number}.png": number for number in range(6)})


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_same_as_the_folder(write: Any, tmp_path: Path, method: int) -> None:
    path = write(packed(SET, method))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "pictures")
    one, other = open_dataset(path), folder.read(tmp_path / "pictures")
    assert one.payload_hash == other.payload_hash
    assert (one.classes, one.split_names, one.notes, one.name) == (
        other.classes, other.split_names, other.notes, other.name,
    )  # fmt: skip
    assert np.asarray(one.X)[:, 0].tolist() == [1, 2, 3]
    assert list(one.all_ids()) == list(other.all_ids())
    assert one.notes[0].startswith("1 of 4 files were left out: set/test/dog/bad.png (not a PNG")


def test_flat_with_a_table(write: Any) -> None:
    dataset = reader.read(
        write(packed({"d/a.png": 1, "d/b.png": 2, "d/labels.csv": b"file,label\na.png,x\nb.png,y\n"}))
    )
    assert dataset.classes == ("x", "y")


@pytest.mark.parametrize("name", ["pictures", "pictures.png", "train-images-idx3-ubyte.gz", "x.npz", "x.csv"])
def test_content_decides(write: Any, name: str) -> None:
    """F-10."""
    assert reader_of(write(packed({"a.png": 1}), name))[0] == "zip"


def test_large_zips_have_another_end(write: Any) -> None:
    content = packed({"a/1.png": 1, "b/2.png": 2})
    at = content.rfind(b"PK\x05\x06")
    count, length, start = struct.unpack_from("<HII", content, at + 10)
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert len(reader.read(write(content[:at] + end + locator + last))) == 2
    lies = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 60, 1 << 60, 1 << 62, start)
    assert "more than the file" in refused(write(content[:at] + lies + locator + last, "lies.zip"))


def test_nothing_in_it(write: Any) -> None:
    with pytest.raises(DataError, match=r"^pictures: holds no image files"):
        reader.read(write(packed({})))
    with pytest.raises(DataError, match=r"^mac: holds no image files"):
        reader.read(write(packed({"__MACOSX/._a.png": b"x"}), "mac.zip"))
    with pytest.raises(DataError, match=r"^table: holds no image files\. It holds train\.csv; open that"):
        reader.read(write(packed({"train.csv": b"label,pixel0\n"}), "table.zip"))


def test_no_nesting(write: Any) -> None:
    with pytest.raises(DataError, match=r"^None of 1 images can be read: inner\.zip \(not a PNG"):
        reader.read(write(packed({"inner.zip": packed({"a.png": 1})})))


@pytest.mark.parametrize(
    "name", ["../../evil.png", "/abs.png", "a/../../b.png", "C:\\x.png", "C:/x.png", "\\\\host\\x.png", "a\\..\\b.png"]
)
def test_members_that_would_lie_outside(write: Any, name: str, tmp_path: Path) -> None:
    assert "would lie outside of it" in refused(write(packed({"a.png": 1, name: 2})))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures.zip"]


@pytest.mark.parametrize("pair", [("dup.png", "DUP.PNG"), ("café.png", "cafe\u0301.png"), ("a.png", "a.png")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(write: Any, pair: tuple[str, str]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, name in enumerate(pair):
            archive.writestr(name, png(number))
    assert "two members have one name: " in refused(write(file.getvalue()))


def test_links_are_not_followed(write: Any) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", png(1))
        link = zipfile.ZipInfo("b.png")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    dataset = reader.read(write(file.getvalue()))
    assert (len(dataset), dataset.notes) == (1, ("1 links were not followed",))


def test_encrypted(write: Any) -> None:
    content = bytearray(packed({"a.png": 1}))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted. Unpack it with its password" in refused(write(bytes(content)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_are_left_out(write: Any, method: int) -> None:
    with pytest.raises(DataError, match=rf"a\.png \(packed by method {method}; stored and deflate are read\)"):
        reader.read(write(packed({"a.png": 1}, method)))


def test_bombs(write: Any) -> None:
    """A thousand zeros for each byte; and many members that share one piece of the file."""
    tracemalloc.start()
    path = write(packed({f"{number}.bmp": bytes(30_000_000) for number in range(4)}))
    assert "unpack to more than the file can honestly hold" in refused(path)
    kernel = packed({"a.png": bytes(2_000_000)})
    at = kernel.rfind(b"PK\x01\x02")
    entry, end = kernel[at : kernel.rfind(b"PK\x05\x06")], bytearray(kernel[-22:])
    entries = b"".join(entry.replace(b"a.png", b"%05d" % number) for number in range(1000))
    struct.pack_into("<HHII", end, 8, 1000, 1000, len(entries), at)
    with pytest.raises(DataError):
        reader.read(write(kernel[:at] + entries + end, "overlap.zip"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000_000


def test_a_small_file_may_unpack_well(write: Any) -> None:
    """The ratio is for the whole file: a few blank pictures are no bomb."""
    file = io.BytesIO()
    Image.fromarray(np.zeros((1000, 1000), np.uint8)).save(file, "BMP")
    assert len(reader.read(write(packed({"a.bmp": file.getvalue(), "b.bmp": file.getvalue()})))) == 2


@pytest.mark.parametrize("size", [0, 1, 10**6, 2**31, 2**32 - 2])
def test_lying_sizes(write: Any, size: int) -> None:
    content = bytearray(packed({"a.png": 1, "b.png": 2}, zipfile.ZIP_STORED))
    struct.pack_into("<I", content, content.rfind(b"PK\x01\x02") + 24, size)
    dataset = reader.read(write(bytes(content)))
    assert np.asarray(dataset.X)[:, 0].tolist() == ([1, 2] if len(dataset) == 2 else [1])
    assert len(dataset) == 2 or dataset.notes[0].startswith("1 of 2 files were left out: b.png (")


def test_too_many_members(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_MEMBERS", 5)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("listed"))
    assert "6 members; at most 5 are read. Unpack it" in refused(write(SIX))


def test_stopping(write: Any) -> None:
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped):
        reader.read(write(SIX), control=control)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", SIX[:-30], SIX[:40], b"PK\x05\x06" + bytes(10)],
    # A zip holds the time at which it was made: no names of tests can be made of its bytes.
    ids=[
        "four bytes",
        "without the end",
        "the first member's head",
        "an end alone",
    ],
)
def test_cut_off(write: Any, content: bytes) -> None:
    assert "is no zip file" in refused(write(content))


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage(write: Any, data: st.DataObject) -> None:
    """Bytes changed, cut or added anywhere: a Dataset or a DataError, and nothing else."""
    content = bytearray(SIX)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.sampled_from([0, 0, 0, 7]))
    content = content[start : data.draw(st.one_of(st.just(len(content)), st.integers(start, len(content))))]
    try:
        dataset = reader.read(write(bytes(content)))
    except DataError:
        return
    assert 1 <= len(dataset) <= 6


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(names=st.lists(NAMES, min_size=1, max_size=6, unique=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_names(write: Any, names: list[str]) -> None:
    """Whatever members are called, it is the images that count, or one sentence."""
    content = packed(dict.fromkeys(names, 7))
    try:
        dataset = reader.read(write(content))
    except DataError:
        return
    assert 1 <= len(dataset) <= len(names)
    for name in (*dataset.classes, *dataset.all_ids()):
        assert str(name).encode("utf-8").decode() == name
