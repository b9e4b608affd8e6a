"""The same MNIST in every container: identical arrays, the same payload hash, whatever the file is called (F-10)."""

import gzip
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

import snowdome
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.source import reader_of

TRAIN, TEST = 400, 100  # rows of each split; the whole set is read below, from the containers that are quick
PIXELS = [f"pixel{place + 1}" for place in range(784)]
Arrays = tuple[Any, Any, Any, Any]
AsIdx = Callable[..., bytes]


@pytest.fixture(scope="module")
def some(mnist: Dataset) -> Arrays:
    """The first rows of both splits."""
    train, test = mnist.train, mnist.test
    return (np.array(train.X[:TRAIN]), np.array(train.y[:TRAIN]), np.array(test.X[:TEST]), np.array(test.y[:TEST]))  # type: ignore[index]


def table(X: Any, y: Any, kind: Any = str) -> pl.DataFrame:
    return pl.DataFrame(
        {"class": [kind(code) for code in y]} | {name: X[:, place] for place, name in enumerate(PIXELS)}
    )


def png(row: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(row.reshape(28, 28)).save(stream, "PNG")
    return stream.getvalue()


def hugging_face(path: Path, X: Any, y: Any) -> None:
    images = pa.array(
        [{"bytes": png(row), "path": None} for row in X], pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    )
    features = {"label": {"names": list("0123456789"), "_type": "ClassLabel"}}
    made = pa.table({"image": images, "label": pa.array(y)})
    pq.write_table(made.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})}), path)


def images_in(X: Any, y: Any, split: str) -> dict[str, bytes]:
    return {
        f"mnist/{split}/{code}/{number:05}.png": png(row) for number, (row, code) in enumerate(zip(X, y, strict=True))
    }


def write_idx(home: Path, some: Arrays, as_idx: AsIdx, *, packed: bool) -> None:
    X, y, Xt, yt = some
    for part, images, labels in (("train", X, y), ("t10k", Xt, yt)):
        for kind, array in (("images-idx3", images.reshape(-1, 28, 28)), ("labels-idx1", labels)):
            content, name = as_idx(array), f"{part}-{kind}-ubyte"
            (home / f"{name}.gz" if packed else home / name).write_bytes(gzip.compress(content) if packed else content)


def write_pictures(home: Path, some: Arrays) -> None:
    for member, content in (images_in(some[0], some[1], "train") | images_in(some[2], some[3], "test")).items():
        (home / member).parent.mkdir(parents=True, exist_ok=True)
        (home / member).write_bytes(content)


def write_zip(path: Path, some: Arrays) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in (images_in(some[0], some[1], "train") | images_in(some[2], some[3], "test")).items():
            archive.writestr(member, content)
    return path


def write_npz(path: Path, some: Arrays) -> Path:
    X, y, Xt, yt = some
    np.savez(path, x_train=X.reshape(-1, 28, 28), y_train=y, x_test=Xt.reshape(-1, 28, 28), y_test=yt)
    return path


def write_parts(home: Path, some: Arrays, one: Callable[[Path, Any, Any], Any], ending: str) -> None:
    for part, X, y in (("train", some[0], some[1]), ("test", some[2], some[3])):
        one(home / f"{part}{ending}", X, y)


def write(name: str, home: Path, some: Arrays, as_idx: AsIdx) -> Any:
    """The rows in one of the containers that know of splits: a path or an object."""
    home.mkdir()
    X, y, Xt, yt = some
    writers: dict[str, Callable[[], Any]] = {
        "idx": lambda: write_idx(home, some, as_idx, packed=False),
        "idx.gz": lambda: write_idx(home, some, as_idx, packed=True),
        "folder": lambda: write_pictures(home, some),
        "zip": lambda: write_zip(home / "mnist.zip", some),
        "npz": lambda: write_npz(home / "mnist.npz", some),
        "csv": lambda: write_parts(
            home, some, lambda path, X, y: table(X, y, int).write_csv(path, include_header=False), ".csv"
        ),
        "tsv": lambda: write_parts(home, some, lambda path, X, y: table(X, y).write_csv(path, separator="\t"), ".tsv"),
        "hugging face": lambda: write_parts(home, some, hugging_face, "-00000-of-00001.parquet"),
        "parquet": lambda: write_parts(home, some, lambda path, X, y: table(X, y).write_parquet(path), ".parquet"),
        "lists": lambda: write_parts(
            home,
            some,
            lambda path, X, y: pl.DataFrame({"v": (X / 255).tolist(), "y": y}).write_parquet(path),
            ".parquet",
        ),
        "pairs": lambda: ((X.reshape(-1, 28, 28), y), (Xt.reshape(-1, 28, 28), yt)),
        "frames": lambda: {"train": table(X, y).to_pandas(), "test": table(Xt, yt).to_pandas()},
    }
    return writers[name]() or home


KNOW_SPLITS = [
    "idx",
    "idx.gz",
    "folder",
    "zip",
    "npz",
    "csv",
    "tsv",
    "hugging face",
    "parquet",
    "lists",
    "pairs",
    "frames",
]


@pytest.mark.parametrize("name", KNOW_SPLITS)
def test_the_same_mnist(name: str, tmp_path: Path, some: Arrays, as_idx: AsIdx) -> None:
    found = snowdome.open(write(name, tmp_path / "some", some, as_idx))
    X, y, Xt, yt = some
    assert found.X.dtype == np.uint8
    assert np.array_equal(found.X, np.concatenate([X, Xt]))
    assert np.array_equal(np.asarray(found.y), np.concatenate([y, yt]))
    assert (found.classes, found.image_shape, found.channels) == (tuple("0123456789"), (28, 28), 1)
    assert (found.split_names, found.value_range, found.ink_is_high) == (("train", "test"), (0.0, 255.0), True)
    expected = Dataset(
        X=np.concatenate([X, Xt]), y=np.concatenate([y, yt]), classes=tuple("0123456789"),
        split=np.repeat(np.array([0, 1], np.uint8), [TRAIN, TEST]), split_names=("train", "test"),
    )  # fmt: skip
    assert found.payload_hash == expected.payload_hash


def in_one_piece(some: Arrays, home: Path) -> dict[str, Any]:
    """The rows in containers that know of no splits."""
    X, y = np.concatenate([some[0], some[2]]), np.concatenate([some[1], some[3]])
    header = "\n".join(["@RELATION mnist_784", *[f"@ATTRIBUTE {name} real" for name in PIXELS]])
    rows = "\n".join(",".join(map(str, [*row, code])) for row, code in zip(X.tolist(), y.tolist(), strict=True))
    (home / "mnist_784.arff").write_text(f"{header}\n@ATTRIBUTE class {{0,1,2,3,4,5,6,7,8,9}}\n@DATA\n{rows}\n")
    np.savez(home / "one.npz", X=X, y=y)
    np.save(home / "X.npy", X.reshape(-1, 28, 28))
    np.save(home / "y.npy", y)
    table(X, y).write_csv(home / "one.csv")
    table(X, y).write_parquet(home / "one.parquet")
    hugging_face(home / "images.parquet", X, y)
    files = {
        name: home / name for name in ("mnist_784.arff", "one.npz", "X.npy", "one.csv", "one.parquet", "images.parquet")
    }
    return {
        **files, "pair": (X, y), "float pair": (X.astype(np.float32) / np.float32(255), y.astype(str)),
        "polars": table(X, y), "pandas": table(X, y).to_pandas(), "arrow": table(X, y).to_arrow(),
        "bunch": {"data": table(X, y).drop("class").to_pandas(), "target": table(X, y)["class"].to_pandas()},
    }  # fmt: skip


def test_the_same_in_one_piece(tmp_path: Path, some: Arrays) -> None:
    X, y = np.concatenate([some[0], some[2]]), np.concatenate([some[1], some[3]])
    expected = Dataset(X=X, y=y, classes=tuple("0123456789")).payload_hash
    for name, thing in in_one_piece(some, tmp_path).items():
        found = snowdome.open(thing)
        assert np.array_equal(found.X, X), name
        assert np.array_equal(np.asarray(found.y), y), name
        assert (found.payload_hash, found.image_shape, found.split) == (expected, (28, 28), None), name
        assert found.classes == tuple("0123456789"), name


def test_all_of_mnist_is_known_in_every_quick_container(tmp_path: Path, mnist: Dataset) -> None:
    X, y = np.asarray(mnist.X), np.asarray(mnist.y)
    write_npz(tmp_path / "any.npz", (X[:60_000], y[:60_000], X[60_000:], y[60_000:]))
    pl.from_numpy(np.column_stack([y.astype(np.uint8), X])).write_csv(tmp_path / "any.csv", include_header=False)
    for thing in (tmp_path / "any.npz", tmp_path / "any.csv", (X, y)):
        found = snowdome.open(thing)
        assert found.name == "MNIST"
        assert found.payload_hash == mnist.payload_hash
        assert np.array_equal(found.X, X)
        assert (found.split_names, len(found.train)) == (("train", "test"), 60_000)


def test_content_decides_and_not_the_name(tmp_path: Path, some: Arrays) -> None:
    """F-10: every file under every other's name."""
    made = {name: thing for name, thing in in_one_piece(some, tmp_path).items() if isinstance(thing, Path)}
    (tmp_path / "y.npy").unlink()
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for member, content in images_in(some[0][:20], some[1][:20], "train").items():
            archive.writestr(member, content)
    made["images.zip"] = tmp_path / "images.zip"
    other = tmp_path / "renamed"
    other.mkdir()
    for name, path in made.items():
        content = path.read_bytes()
        expected = reader_of(path)[0]
        for suffix in (".csv", ".npz", ".npy", ".parquet", ".arff", ".zip", ".gz", ".png", ".pkl", ".txt", ""):
            renamed = other / f"thing{suffix}"
            renamed.write_bytes(content)
            assert reader_of(renamed)[0] == expected, f"{name} as {suffix}"
        assert np.array_equal(snowdome.open(renamed).X, snowdome.open(path).X)
    refused = {
        "pickle": pickle.dumps(some),
        "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(60),
        "nothing": b"",
        "junk": b"\x00\x01\x02",
    }
    for name, content in refused.items():
        for suffix in (".csv", ".npz", ".parquet", ".arff", ".zip"):
            (other / f"thing{suffix}").write_bytes(content)
            with pytest.raises(DataError, match=f"^thing{suffix}: "):
                snowdome.open(other / f"thing{suffix}")
            assert name
