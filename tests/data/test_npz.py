"""npz and npy: what numpy writes is read, and no header is believed (F-04)."""

import io
import struct
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from snowdome.core import memory
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data import numpy_file
from snowdome.data.readers import npy, npz

X = (np.arange(30 * 64, dtype=np.uint32) * 31 % 256).astype(np.uint8).reshape(30, 8, 8)
Y = np.arange(30) % 7
lenient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def npy_bytes(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def lying(shape: object, descr: object = "|u1", values: bytes = bytes(50), **more: Any) -> bytes:
    """A file whose header says what is not there."""
    version, order = more.get("version", 1), more.get("order", False)
    head = repr({"descr": descr, "fortran_order": order, "shape": shape}).encode("latin-1") + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(head)) + head + values


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def both(tmp_path: Path, content: bytes) -> list[str]:
    """The sentences with which npy and npz refuse this content; each begins with the file's name."""
    plain = tmp_path / "a.npy"
    plain.write_bytes(content)
    packed = zipped(tmp_path / "a.npz", {"X.npy": content})
    sentences = []
    for reader, path, start in ((npy, plain, "a.npy: "), (npz, packed, "a.npz: X: ")):
        with pytest.raises(DataError) as caught:
            reader.read(path)
        assert str(caught.value).startswith((start, "a.npz: "))
        sentences.append(str(caught.value))
    return sentences


TYPES = st.sampled_from(["u1", "i1", "<i2", ">i4", "f2", "<f4", ">f8", "?", "<U3", "S2"])


@given(hnp.arrays(TYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)), st.booleans())
@lenient
def test_round_trip(array: Any, fortran: bool) -> None:  # noqa: FBT001
    stream = io.BytesIO(npy_bytes(np.array(array, order="F" if fortran else "C")))
    head = numpy_file.header("here", stream)
    back = numpy_file.values("here", stream, head)
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("=")
    assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("x_train", "y_train", "x_test", "y_test"), ("train", "test")),
        (("X", "y"), ()),
        (("images", "labels"), ()),
        (("train_images", "train_labels", "test_images", "test_labels"), ("train", "test")),
        (("arr_0", "arr_1"), ()),
    ],
)
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_names(tmp_path: Path, names: tuple[str, ...], splits: tuple[str, ...], save: Any) -> None:
    arrays = (X, Y) if len(names) == 2 else (X[:20], Y[:20], X[20:], Y[20:])
    save(tmp_path / "some.npz", **dict(zip(names, arrays, strict=True)))
    found = npz.read(tmp_path / "some.npz")
    assert npz.sniff(tmp_path / "some.npz", (tmp_path / "some.npz").read_bytes()[:4096])
    assert np.array_equal(found.X, X.reshape(30, 64))
    assert np.array_equal(np.asarray(found.y), Y)
    assert found.split_names == splits
    assert (found.image_shape, found.name, found.source) == ((8, 8), "some.npz", "numpy arrays in some.npz")


def test_labels_as_text(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=X, y=np.array(list("abcdefg"))[Y], notes=np.array("words"))
    assert npz.read(tmp_path / "a.npz").classes == tuple("abcdefg")
    np.savez(tmp_path / "b.npz", X=X, y=np.array(list("abcdefg")).astype("S1")[Y])
    assert npz.read(tmp_path / "b.npz").classes == tuple("abcdefg")


def test_npy(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", X)
    found = npy.read(tmp_path / "X.npy")
    assert (found.image_shape, found.y) == ((8, 8), None)
    np.save(tmp_path / "y.npy", Y)
    found = npy.read(tmp_path / "X.npy")
    assert np.array_equal(np.asarray(found.y), Y)
    assert found.notes[0] == "labels from y.npy"
    assert npy.files(tmp_path / "X.npy") == [tmp_path / "X.npy", tmp_path / "y.npy"]
    np.save(tmp_path / "kmnist-train-imgs.npy", X[:20])
    np.save(tmp_path / "kmnist-train-labels.npy", Y[:20])
    assert npy.read(tmp_path / "kmnist-train-imgs.npy").classes == tuple("0123456")
    np.save(tmp_path / "vectors.npy", np.linspace(0, 1, 40).reshape(8, 5))
    assert npy.read(tmp_path / "vectors.npy").X.dtype == np.float64


@pytest.mark.parametrize("descr", ["|u1", "<f8", "<U1000"])
@pytest.mark.parametrize("shape", [(10**9,), (10**12,), (2**62,), (2**63,), (2**40, 2**40), (10**9, 784)], ids=str)
def test_a_declared_size_is_not_believed(tmp_path: Path, shape: tuple[int, ...], descr: str) -> None:
    tracemalloc.start()
    try:
        sentences = both(tmp_path, lying(shape, descr))
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()
    for sentence in sentences:
        assert any(words in sentence for words in ("half of the free memory", "only 50", "expected rows", "no array"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy_bytes(np.array([{}, 1], object)), "holds Python objects, which are pickled and so not opened"),
        (npy_bytes(np.zeros(3, [("a", "u1"), ("b", object)])), "Python objects"),
        (npy_bytes(np.zeros(3, [("a", "u1"), ("b", "f4")])), "expected numbers or text"),
        (npy_bytes(np.zeros((3, 2), complex)), "complex128; expected numbers or text"),
        (npy_bytes(np.zeros((3, 2), "M8[s]")), "expected numbers or text"),
        (lying((3,), "V8"), "expected numbers or text"),
        (lying((10**18,), "<U0"), "expected numbers or text"),
        (lying((-1, 5)), "no array has"),
        (lying((1,) * 30), "no array has"),
        (lying((5, 10), values=bytes(49)), "there are only 49. Fetch the file again"),
        (lying((5, 10), values=bytes(51)), "there are more than that"),
        (lying("x"), "its header as a numpy file is damaged"),
        (lying((1.5,)), "damaged"),
        (lying((5, 10), "no such type"), "damaged"),
        (lying((5, 10), order="x"), "damaged"),
        (lying((5, 10), version=9), "file format 9.0; known are 1.0 to 3.0"),
        (b"\x93NUMPY", "damaged"),
        (b"\x93NUMPY\1\0\xff\xff{", "damaged"),
        (b"\x93NUMPY\1\0\x10\0" + b"[" * 16, "damaged"),
        (b"\x93NUMPY\2\0" + struct.pack("<I", 2**31) + b"{" * 100, "damaged"),
        (b"\x93NUMPY\2\0" + struct.pack("<I", 9000) + b"[" * 9000, "damaged"),
        (npy_bytes(np.array(5)), "shape ()"),
        (npy_bytes(np.zeros((0, 784))), "nothing to show"),
        (lying((0, 2**61), values=b""), "an"),
        (npy_bytes(np.array([["a", "b"]])), "expected numbers"),
    ],
)
def test_hostile_headers(tmp_path: Path, content: bytes, words: str) -> None:
    plain, packed = both(tmp_path, content)
    assert words in plain
    assert words in packed or "expected rows under a name" in packed


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Program:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "trace",))

    both(tmp_path, npy_bytes(np.array([Program()], object)))
    assert not (tmp_path / "trace").exists()


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        npz.read(path)
    return str(caught.value)


def test_zips(tmp_path: Path) -> None:
    good = npy_bytes(X)
    path = zipped(tmp_path / "a.npz", {"X.npy": good, "x.npy": good})
    assert refused(path) == "a.npz: holds two arrays named 'x'."
    path = zipped(tmp_path / "a.npz", {f"{number}.npy": b"" for number in range(1001)})
    assert "1,001 files in an npz" in refused(path)
    path = zipped(tmp_path / "a.npz", {"X.npy": good}, zipfile.ZIP_LZMA)
    assert "packed in a way that numpy does not write" in refused(path)
    path = zipped(tmp_path / "a.npz", {"X.npy": good})
    content = bytearray(path.read_bytes())
    flags = content.index(b"PK\x01\x02") + 8
    content[flags] |= 1
    path.write_bytes(bytes(content))
    assert "X is encrypted" in refused(path)
    path = zipped(tmp_path / "a.npz", {"a.npy": good, "b.npy": good})
    assert "a.npz: it holds a (30, 8, 8), b (30, 8, 8); expected rows under a name such as x_train" in refused(path)


def test_cut_off(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.npz", {"X.npy": npy_bytes(X), "y.npy": npy_bytes(Y)}).read_bytes()
    for size in (40, 500, len(whole) - 200, len(whole) - 1):
        path = tmp_path / "cut.npz"
        path.write_bytes(whole[:size])
        assert npz.sniff(path, whole[:size][:4096])
        assert refused(path).startswith("cut.npz: this npz file is damaged or cut off")


def test_a_bomb(tmp_path: Path) -> None:
    """100 MB of zeros in 100 kB: whole, and yet not believed."""
    path = zipped(tmp_path / "a.npz", {"X.npy": lying((10_000, 10_000), values=bytes(10**8))})
    tracemalloc.start()
    try:
        assert "more than 200 times as many, are not believed" in refused(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_a_header_that_says_less_than_there_is(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.npz", {"X.npy": lying((5, 10), values=bytes(10**8))})
    tracemalloc.start()
    try:
        assert "there are more than that" in refused(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_half_of_the_free_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 2 * X.nbytes - 2)
    for sentence in both(tmp_path, npy_bytes(X)):
        assert f"says that it holds {X.nbytes:,} bytes of values; at most {X.nbytes - 1:,}" in sentence


def test_memory_is_bounded(tmp_path: Path, python: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A file of 179 bytes that asks for terabytes, in a process that may not have two gigabytes."""
    (tmp_path / "a.npy").write_bytes(lying((10**12,), "<f8"))
    zipped(tmp_path / "a.npz", {"x_train.npy": lying((10**8,), "<f8")})
    done = python(
        """
        import pathlib, resource, sys
        from snowdome.core.errors import DataError
        from snowdome.data.readers import npy, npz
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        for reader, name in ((npy, "a.npy"), (npz, "a.npz")):
            try:
                reader.read(pathlib.Path(sys.argv[1]) / name)
            except DataError as error:
                print("refused", error)
        """,
        str(tmp_path),
    )
    assert done.stdout.count("refused") == 2, done.stderr


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x93NUMPY\1\0\x20\0", b"\x93NUMPY\2\0\x20\0\0\0{'descr'"]))
@lenient
def test_any_bytes(tmp_path: Path, junk: bytes, start: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(start + junk)
    zipped(tmp_path / "a.npz", {"X.npy": start + junk})
    for reader, name in ((npy, "a.npy"), (npz, "a.npz")):
        try:
            reader.read(tmp_path / name)
        except SnowdomeError:
            continue


WHOLE = (npy_bytes(X[:3]), npy_bytes(Y[:3]))


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere(tmp_path: Path, spots: list[tuple[float, int]]) -> None:
    """F-12: single bytes of a good file are changed; only DataError escapes."""
    whole = zipped(tmp_path / "a.npz", {"X.npy": WHOLE[0], "y.npy": WHOLE[1]}).read_bytes()
    for reader, content, name in ((npz, whole, "a.npz"), (npy, WHOLE[0], "a.npy")):
        damaged = bytearray(content)
        for place, value in spots:
            damaged[int(place * len(damaged))] = value
        (tmp_path / name).write_bytes(bytes(damaged))
        try:
            reader.read(tmp_path / name)
        except SnowdomeError:
            continue
