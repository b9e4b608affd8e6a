"""The IDX reader: what was written is read; what is damaged or hostile ends in a DataError with its name (F-03)."""

import contextlib
import gzip
import math
import struct
import subprocess
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from snowdome.core import memory
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.readers import idx

AsIdx = Callable[..., bytes]
TYPES = ["u1", "i1", ">i2", ">i4", ">f4", ">f8"]
lenient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def arrays(dtype: str) -> st.SearchStrategy[Any]:
    """Arrays of one to four dimensions, some of them without a value."""
    return hnp.arrays(
        np.dtype(dtype).newbyteorder("="), hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
    )


def array_in(tmp_path: Path, content: bytes) -> Any:
    """What the reader makes of a file of this content."""
    path = tmp_path / "some-images-idx3-ubyte.gz"
    path.write_bytes(content)
    return idx.read_array(path)


def refused(tmp_path: Path, content: bytes) -> str:
    """The sentence with which a file of this content is refused; it begins with the file's name."""
    with pytest.raises(DataError) as caught:
        array_in(tmp_path, content)
    sentence = str(caught.value)
    assert sentence.startswith("some-images-idx3-ubyte.gz: ")
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@given(data=st.data())
@lenient
def test_round_trip(tmp_path: Path, as_idx: AsIdx, dtype: str, packed: bool, data: st.DataObject) -> None:  # noqa: FBT001
    array = data.draw(arrays(dtype))
    content = as_idx(array, dtype)
    back = array_in(tmp_path, gzip.compress(content, 1) if packed else content)
    assert back.dtype == np.dtype(dtype).newbyteorder("=")
    assert back.dtype.isnative
    assert back.shape == array.shape
    assert np.array_equal(back, array, equal_nan=dtype in (">f4", ">f8"))


def test_gzip_of_several_members(tmp_path: Path, as_idx: AsIdx) -> None:
    array = np.arange(1000, dtype=np.uint8).reshape(10, 100)
    content = as_idx(array)
    members = b"".join(gzip.compress(content[at : at + 97]) for at in range(0, len(content), 97))
    assert np.array_equal(array_in(tmp_path, members), array)


def test_more_than_one_piece(tmp_path: Path, as_idx: AsIdx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idx, "_PIECE", 7)
    array = np.arange(100, dtype=np.int32).reshape(4, 25)
    assert np.array_equal(array_in(tmp_path, gzip.compress(as_idx(array, ">i4"))), array)


@given(data=st.data())
@lenient
def test_cut_off_anywhere(tmp_path: Path, as_idx: AsIdx, data: st.DataObject) -> None:
    content = as_idx(np.arange(24).reshape(2, 3, 4))
    packed = gzip.compress(content)
    plain = data.draw(st.integers(0, len(content) - 1))
    assert refused(tmp_path, content[:plain])
    short = packed[: data.draw(st.integers(2, len(packed) - 1))]
    assert "gzip data is damaged or cut off" in refused(tmp_path, short)
    assert refused(tmp_path, gzip.compress(content[:plain]))


def test_sentences(tmp_path: Path, as_idx: AsIdx) -> None:
    content = as_idx(np.zeros((2, 3, 4)))
    assert "not an IDX file: begins with ; expected 00 00" in refused(tmp_path, b"")
    assert "not an IDX file: begins with 89 50 4e 47" in refused(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "ends within its header" in refused(tmp_path, content[:10])
    says = "its header says (2, 3, 4), which is 24 bytes, but there are "
    assert says + "only 23. Fetch the file again." in refused(tmp_path, content[:-1])
    assert says + "more than that. Fetch the file again." in refused(tmp_path, content + b"\0")
    assert says + "more than that." in refused(tmp_path, gzip.compress(content + bytes(1_000_000)))


@pytest.mark.parametrize("code", sorted(set(range(256)) - {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E})[::17])
def test_unknown_type_codes(tmp_path: Path, code: int) -> None:
    assert "not an IDX file" in refused(tmp_path, bytes([0, 0, code, 1, 0, 0, 0, 1, 5]))


@pytest.mark.parametrize("dims", [0, 5, 6, 64, 255])
def test_unknown_numbers_of_dimensions(tmp_path: Path, dims: int) -> None:
    assert "1 to 4 dimensions" in refused(tmp_path, bytes([0, 0, 8, dims]) + struct.pack(">I", 1) * dims + b"\1")


@pytest.mark.parametrize("start", [b"\0\1\x08\1", b"\1\0\x08\1", b"\x08\1\0\0"])
def test_wrong_magic(tmp_path: Path, start: bytes) -> None:
    assert "not an IDX file" in refused(tmp_path, start + struct.pack(">I", 1) + b"\1")


@pytest.mark.parametrize(
    "shape",
    [(2**31,), (2**32 - 1,), (2**31, 2), (2**32 - 1,) * 4, (2**31, 28, 28), (2**33 // 784, 28, 28), (2**16,) * 2],
    ids=str,
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize("code", [0x08, 0x0E])
def test_a_declared_size_is_not_believed(tmp_path: Path, shape: tuple[int, ...], packed: bool, code: int) -> None:  # noqa: FBT001
    """A file of a few bytes that promises gigabytes costs no gigabytes."""
    content = bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + bytes(50)
    tracemalloc.start()
    try:
        sentence = refused(tmp_path, gzip.compress(content) if packed else content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50e6
    expected = math.prod(shape) * (1 if code == 0x08 else 8)
    assert f"{expected:,} bytes" in sentence


def test_a_thousand_to_one(tmp_path: Path, as_idx: AsIdx) -> None:
    """A small gzip that unpacks to 300 MB of zeros, behind a header that says 24 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(as_idx(np.zeros((2, 3, 4))))
    zeros = bytes(1 << 20)
    packed += b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    assert len(packed) < 400_000
    tracemalloc.start()
    try:
        assert "more than that" in refused(tmp_path, packed)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_more_than_half_of_the_free_memory_is_not_read(
    tmp_path: Path, as_idx: AsIdx, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = as_idx(np.zeros((10, 10, 10)))
    monkeypatch.setattr(memory, "available", lambda: 2000)
    assert array_in(tmp_path, content).shape == (10, 10, 10)
    monkeypatch.setattr(memory, "available", lambda: 1998)
    sentence = refused(tmp_path, content)
    assert "1,000 bytes of values; at most 999, half of the free memory, are read" in sentence


def test_damaged_compression(tmp_path: Path, as_idx: AsIdx) -> None:
    rng = np.random.default_rng(0)
    packed = bytearray(gzip.compress(as_idx(rng.integers(0, 256, (5, 20, 20)))))
    for at in range(10, len(packed), 61):
        damaged = packed.copy()
        damaged[at] ^= 0x55
        assert refused(tmp_path, bytes(damaged))
    assert "gzip data is damaged" in refused(tmp_path, bytes(packed[:-8]) + b"\0" * 8)
    assert "gzip data is damaged" in refused(tmp_path, bytes(packed) + b"trailing")


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b", b"\x1f\x8b\x08\0", b"\0\0\x08\3", b"\0\0\x0e\1"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_an_array_or_a_data_error(tmp_path: Path, junk: bytes, start: bytes) -> None:
    """F-12: nothing but DataError escapes."""
    try:
        array = array_in(tmp_path, start + junk)
    except DataError:
        return
    assert array.nbytes <= len(junk)


@given(st.lists(st.sampled_from([0, 1, 2, 28, 2**16, 2**31, 2**32 - 1]), min_size=1, max_size=4))
@lenient
def test_any_shape_without_values_is_an_array_or_a_data_error(tmp_path: Path, shape: list[int]) -> None:
    content = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)
    try:
        array = array_in(tmp_path, content)
    except DataError:
        return
    assert array.shape == tuple(shape)
    assert array.size == 0


# A folder of files


def test_a_pair(write_pair: Any, pixels: Any, codes: Any) -> None:
    dataset = idx.read(write_pair(pixels, codes))
    assert np.array_equal(dataset.X, pixels.reshape(12, 12))
    assert dataset.X.dtype == np.uint8
    assert dataset.y is not None
    assert dataset.y.dtype == np.int64
    assert dataset.y.tolist() == codes.tolist()
    assert dataset.classes == ("0", "1", "2")
    assert dataset.image_shape == (4, 3)
    assert np.array_equal(dataset[5].image, pixels[5])
    assert dataset.value_range == (0.0, 255.0)
    assert (dataset.name, dataset.split_names) == ("some digits", ("train",))


def test_the_splits_stand_in_their_order(write_pair: Any, pixels: Any, codes: Any) -> None:
    for part, rows in (("t10k", slice(8, 12)), ("extra", slice(2, 3)), ("train", slice(0, 8))):
        folder = write_pair(pixels[rows], codes[rows], part)
    dataset = idx.read(folder)
    assert dataset.split_names == ("train", "test", "extra")
    assert dataset.split is not None
    assert dataset.split.tolist() == [0] * 8 + [1] * 4 + [2]
    assert np.array_equal(dataset.train.X, pixels[:8].reshape(8, 12))
    assert np.array_equal(dataset.test.X, pixels[8:].reshape(4, 12))


def test_plain_files_are_preferred_and_a_dot_is_as_good_as_a_dash(tmp_path: Path, as_idx: AsIdx, pixels: Any) -> None:
    """Some unpackers write train-images.idx3-ubyte."""
    (tmp_path / "train-images.idx3-ubyte").write_bytes(as_idx(pixels))
    (tmp_path / "train-images.idx3-ubyte.gz").write_bytes(b"never looked at")
    (tmp_path / "train-labels.idx1-ubyte").write_bytes(as_idx(np.zeros(12)))
    (tmp_path / "readme.txt").write_text("not looked at either")
    assert idx.sniff(tmp_path, b"")
    assert len(idx.files(tmp_path)) == 2
    assert np.array_equal(idx.read(tmp_path).X, pixels.reshape(12, 12))


@pytest.mark.parametrize("dtype", TYPES)
def test_content_decides_and_not_the_name(write_pair: Any, as_idx: AsIdx, pixels: Any, codes: Any, dtype: str) -> None:
    """F-10: a file named ubyte may hold other numbers."""
    small = pixels // 2
    dataset = idx.read(write_pair(as_idx(small, dtype), as_idx(codes, dtype if "f" not in dtype else ">i4")))
    assert np.array_equal(dataset.X, small.reshape(12, 12))
    assert dataset.X.dtype.isnative
    if dtype != "u1":
        assert dataset.value_range == (float(small.min()), float(small.max()))


def refused_folder(folder: Path) -> str:
    """The sentence with which a folder is refused."""
    with pytest.raises(DataError) as caught:
        idx.read(folder)
    return str(caught.value)


def test_counts_that_differ(write_pair: Any, pixels: Any, codes: Any) -> None:
    sentence = refused_folder(write_pair(pixels, codes[:11]))
    assert "12 images in train-images-idx3-ubyte.gz, but 11 labels in train-labels-idx1-ubyte.gz" in sentence


def test_images_of_two_shapes(write_pair: Any, pixels: Any, codes: Any) -> None:
    write_pair(pixels, codes)
    sentence = refused_folder(write_pair(pixels.reshape(12, 3, 4), codes, "t10k"))
    assert "t10k-images-idx3-ubyte.gz has images of (3, 4), the files before it of (4, 3)" in sentence


@pytest.mark.parametrize(
    ("shape", "words"), [((144,), "1 dimensions"), ((12, 12), "2 dimensions"), ((3, 4, 4, 3), "4 dimensions")]
)
def test_images_of_other_dimensions(
    write_pair: Any, pixels: Any, codes: Any, shape: tuple[int, ...], words: str
) -> None:
    assert f"train-images-idx3-ubyte.gz: has {words}" in refused_folder(write_pair(pixels.reshape(shape), codes))


def test_labels_that_are_none(write_pair: Any, as_idx: AsIdx, pixels: Any, codes: Any) -> None:
    assert "train-labels-idx1-ubyte.gz: expected one whole number" in refused_folder(
        write_pair(pixels, as_idx(np.zeros((12, 7)), ">i4"))
    )
    assert "expected one whole number per image, got float32" in refused_folder(
        write_pair(pixels, as_idx(codes, ">f4"))
    )
    assert "label -1 is negative" in refused_folder(write_pair(pixels, as_idx(codes.astype(int) - 1, "i1")))


def test_labels_of_qmnist(tmp_path: Path, as_idx: AsIdx, pixels: Any, codes: Any) -> None:
    """Whole numbers in eight columns, of which the first is the class; its splits by the end of the files' names."""
    table = np.column_stack([codes, *np.random.default_rng(0).integers(0, 2600, (7, 12))])
    for part, rows in (("test", slice(0, 5)), ("train", slice(5, 12))):
        (tmp_path / f"qmnist-{part}-images-idx3-ubyte").write_bytes(as_idx(pixels[rows]))
        (tmp_path / f"qmnist-{part}-labels-idx2-int").write_bytes(as_idx(table[rows], ">i4"))
    dataset = idx.read(tmp_path)
    assert dataset.split_names == ("train", "test")
    assert np.array_equal(dataset.train.X, pixels[5:].reshape(7, 12))
    assert np.array_equal(dataset.y, np.concatenate([codes[5:], codes[:5]]))


def test_several_sets_in_one_folder(tmp_path: Path, as_idx: AsIdx, pixels: Any, codes: Any) -> None:
    """The ends of their names do not tell them apart, so the whole names do."""
    for part in ("emnist-letters-train", "emnist-digits-train"):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(as_idx(pixels))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(as_idx(codes))
    assert idx.read(tmp_path).split_names == ("emnist-digits-train", "emnist-letters-train")


@pytest.mark.parametrize("label", [3_000_000, 2**31 - 1])
def test_one_huge_label_does_not_make_millions_of_classes(
    tmp_path: Path, as_idx: AsIdx, pixels: Any, label: int, python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Twelve images cannot have two thousand million classes; in a process whose memory is bounded."""
    (tmp_path / "train-images-idx3-ubyte").write_bytes(as_idx(pixels))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(as_idx([label] + [0] * 11, ">i4"))
    done = python(
        """
        import pathlib, resource, sys
        from snowdome.core.errors import DataError
        from snowdome.data.readers import idx
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        try:
            idx.read(pathlib.Path(sys.argv[1]))
        except DataError as error:
            sys.exit(f"refused: {error}")
        """,
        str(tmp_path),
    )
    assert f"refused: {tmp_path.name}: " in done.stderr or "refused: train-labels" in done.stderr, done.stderr[-500:]
    assert f"{label:,}" in done.stderr or str(label) in done.stderr


def test_no_images_at_all(write_pair: Any) -> None:
    """A Dataset of no rows, or a sentence; nothing else."""
    folder = write_pair(np.zeros((0, 28, 28)), np.zeros(0))
    try:
        dataset = idx.read(folder)
    except DataError as error:
        assert "train-images-idx3-ubyte.gz" in str(error) or folder.name in str(error)  # noqa: PT017
    else:
        assert len(dataset) == 0


def test_more_parts_than_a_split_can_name(write_pair: Any) -> None:
    for number in range(257):
        folder = write_pair(np.zeros((1, 1, 1)), np.zeros(1), f"part{number:03}")
    try:
        dataset = idx.read(folder)
    except DataError:
        return
    assert len(dataset.part("part256")) == 1


def test_images_without_labels(write_pair: Any, pixels: Any, codes: Any) -> None:
    folder = write_pair(pixels, codes)
    (folder / "train-labels-idx1-ubyte.gz").unlink()
    assert refused_folder(folder) == (
        "some digits: train-images-idx3-ubyte.gz has no labels beside it; expected train-labels-idx1-ubyte.gz."
    )


def test_a_folder_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(b"")
    assert not idx.sniff(tmp_path, b"")
    assert not idx.sniff(tmp_path / "photo.png", b"\x89PNG")
    assert "no IDX images here; expected a file such as train-images-idx3-ubyte.gz" in refused_folder(tmp_path)


@given(st.binary(max_size=60), st.binary(max_size=30))
@lenient
def test_any_folder_is_a_dataset_or_a_data_error(tmp_path: Path, images: bytes, labels: bytes) -> None:
    (tmp_path / "a-images-idx3-ubyte").write_bytes(images)
    (tmp_path / "a-labels-idx1-ubyte").write_bytes(labels)
    with contextlib.suppress(DataError):
        assert isinstance(idx.read(tmp_path), Dataset)


@given(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["u1", "i1", ">f4"]), st.data())
@lenient
def test_any_whole_folder_is_a_dataset_or_a_data_error(
    tmp_path: Path, as_idx: AsIdx, n: int, height: int, width: int, dtype: str, data: st.DataObject
) -> None:
    """Files that are sound in themselves, of any shape and value."""
    X = data.draw(hnp.arrays(np.dtype(dtype).newbyteorder("="), (n, height, width)))
    y = data.draw(hnp.arrays(np.int8, (n,)))
    (tmp_path / "a-images-idx3-ubyte").write_bytes(as_idx(X, dtype))
    (tmp_path / "a-labels-idx1-ubyte").write_bytes(as_idx(y, "i1"))
    try:
        dataset = idx.read(tmp_path)
    except DataError:
        return
    assert dataset.y is not None
    assert dataset.y.tolist() == y.tolist()
    assert dataset.X.tobytes() == X.tobytes()
    assert len(dataset.payload_hash) == 64


def test_one_file_of_images_is_read_with_the_labels_beside_it(mnist_folder: Path, tmp_path: Path) -> None:
    """One pair, by the path of its images; without its labels it is told what is missing."""
    import snowdome

    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (tmp_path / name).write_bytes((mnist_folder / name).read_bytes())
    dataset = snowdome.open(tmp_path / "t10k-images-idx3-ubyte.gz")
    assert dataset.X.shape == (10000, 784)
    assert list(dataset.y[:3]) == [7, 2, 1]
    assert dataset.split_names == ("test",)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="no labels beside it"):
        snowdome.open(tmp_path / "t10k-images-idx3-ubyte.gz")
