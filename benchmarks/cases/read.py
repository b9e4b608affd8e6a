"""Reading MNIST's 60,000 training images from each container, beside pandas, polars and scikit-learn's loaders.

ARFF is read by `sklearn.datasets.fetch_openml` offline: from its own cache folder, into which the same file is put with
the answers of OpenML's server about it. Where no library has a loader, the peer is the lines that one would write.
"""

import argparse
import gzip
import hashlib
import importlib.util
import io
import json
import os
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, middle, save

ME = "benchmarks.cases.read"
_OPENML = 554  # the number of mnist_784 there
# container: the peers that read it, each a function below
CASES: dict[str, tuple[str, ...]] = {
    "idx": ("numpy_idx",),
    "train.npy": ("numpy_npy",),
    "train.npz": ("numpy_npz",),
    "train.csv": ("pandas_csv", "polars_csv"),
    "columns.parquet": ("pandas_parquet", "polars_parquet"),
    "lists.parquet": ("pandas_lists", "polars_lists"),
    "images.parquet": ("polars_images",),
    "train.arff": ("sklearn_openml",),
    "folder": ("sklearn_folder", "pillow_folder"),
    "folder.zip": ("pillow_zip",),
}


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--n", type=int, default=60000, help="the first n images")
    parser.add_argument("--repeats", type=int, default=2, help="runs of each, of which the median is told")
    parser.add_argument("--only", default="", help="containers, comma between them")


def run(arguments: argparse.Namespace) -> None:
    """Make the containers, read each by each contender in turn, print the table and save it."""
    chosen = [name for name in arguments.only.split(",") if name] or list(CASES)
    table: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["SNOWDOME_CACHE"] = str(Path(home, "cache"))
        contender(ME, "prepare", home, str(arguments.n), ",".join(chosen))
        for container in chosen:
            names = ["snowdome", "snowdome again", *(peer for peer in CASES[container] if _there(peer))]
            runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
            for _ in range(arguments.repeats):
                for name in names:
                    function = {"snowdome": "ours", "snowdome again": "again"}.get(name, name)
                    runs[name].append(contender(ME, function, str(Path(home, container))))
            table[container] = {
                name: {key: middle(results, key) for key in ("seconds", "peak_mb")} for name, results in runs.items()
            }
            print(container, table[container], flush=True)
    print("saved", save(f"read-{arguments.n}", {"table": table}).name)


def _there(peer: str) -> bool:
    return importlib.util.find_spec({"pillow": "PIL"}.get(peer.partition("_")[0], peer.partition("_")[0])) is not None


def prepare(home: str, n: str, chosen: str) -> dict[str, Any]:
    """Write the containers; the images and labels are the same in each."""
    import snowdome

    dataset = snowdome.open("mnist")[: int(n)]
    X, y = np.asarray(dataset.X), np.asarray(dataset.y)
    for name in chosen.split(","):
        _MAKERS[name](Path(home, name), X, y)
    return {}


def ours(path: str) -> dict[str, Any]:
    """The reader alone, decoding everything."""
    for library in ("polars", "narwhals", "PIL.Image"):  # before the clock starts, as those of the peers
        importlib.import_module(library)
    from snowdome.data.source import reader_of

    return _timed(lambda: reader_of(Path(path))[1].read(Path(path)).X)


def again(path: str) -> dict[str, Any]:
    """`snowdome.open` of what was opened before."""
    import snowdome

    snowdome.open(path)
    return _timed(lambda: snowdome.open(path).X)


def numpy_idx(path: str) -> dict[str, Any]:
    """gzip and numpy.frombuffer."""

    def read() -> Any:
        with gzip.open(Path(path) / "train-labels-idx1-ubyte.gz") as labels:
            np.frombuffer(labels.read(), np.uint8, offset=8)
        with gzip.open(Path(path) / "train-images-idx3-ubyte.gz") as images:
            return np.frombuffer(images.read(), np.uint8, offset=16).reshape(-1, 784)

    return _timed(read)


def numpy_npy(path: str) -> dict[str, Any]:
    """numpy.load."""
    return _timed(lambda: np.load(path))


def numpy_npz(path: str) -> dict[str, Any]:
    """numpy.load."""
    return _timed(lambda: np.load(path)["x_train"])


def pandas_csv(path: str) -> dict[str, Any]:
    """pandas.read_csv."""
    import pandas as pd

    return _timed(lambda: pd.read_csv(path).to_numpy())


def polars_csv(path: str) -> dict[str, Any]:
    """polars.read_csv."""
    import polars as pl

    return _timed(lambda: pl.read_csv(path).to_numpy())


def pandas_parquet(path: str) -> dict[str, Any]:
    """pandas.read_parquet."""
    import pandas as pd

    return _timed(lambda: pd.read_parquet(path).to_numpy())


def polars_parquet(path: str) -> dict[str, Any]:
    """polars.read_parquet."""
    import polars as pl

    return _timed(lambda: pl.read_parquet(path).to_numpy())


def pandas_lists(path: str) -> dict[str, Any]:
    """pandas.read_parquet, and its column of arrays as one."""
    import pandas as pd

    return _timed(lambda: np.stack(pd.read_parquet(path)["image"].to_list()))


def polars_lists(path: str) -> dict[str, Any]:
    """polars.read_parquet, and its column of lists as an array."""
    import polars as pl

    return _timed(lambda: pl.read_parquet(path)["image"].list.to_array(784).to_numpy())


def polars_images(path: str) -> dict[str, Any]:
    """polars.read_parquet, and Pillow for each image."""
    import polars as pl

    return _timed(lambda: _decoded(pl.read_parquet(path)["image"].struct.field("bytes").to_list()))


def sklearn_openml(path: str) -> dict[str, Any]:
    """sklearn.datasets.fetch_openml of what it has in its cache, with the parser that it prefers for this."""
    from sklearn.datasets import fetch_openml

    home = Path(path).with_name("openml home")
    return _timed(lambda: fetch_openml(data_id=_OPENML, data_home=home, as_frame=False).data)


def sklearn_folder(path: str) -> dict[str, Any]:
    """sklearn.datasets.load_files, which reads the bytes of each file and decodes no image."""
    from sklearn.datasets import load_files

    return _timed(lambda: load_files(path).data)


def pillow_folder(path: str) -> dict[str, Any]:
    """Pillow for each file."""
    return _timed(lambda: _decoded(file.read_bytes() for file in sorted(Path(path).glob("*/*.png"))))


def pillow_zip(path: str) -> dict[str, Any]:
    """zipfile, and Pillow for each member."""

    def read() -> Any:
        with zipfile.ZipFile(path) as archive:
            return _decoded(archive.read(name) for name in archive.namelist())

    return _timed(read)


def _decoded(files: Iterable[bytes]) -> Any:
    from PIL import Image

    return np.stack([np.asarray(Image.open(io.BytesIO(file))) for file in files])


def _timed(read: Callable[[], Any]) -> dict[str, Any]:
    began = time.perf_counter()
    values = read()
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 3), "rows": len(values)}


def _idx(path: Path, X: Any, y: Any) -> None:
    path.mkdir()
    for name, array in (("images-idx3", X.reshape(-1, 28, 28)), ("labels-idx1", y.astype(np.uint8))):
        head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
        (path / f"train-{name}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes(), 6))


def _npz(path: Path, X: Any, y: Any) -> None:
    np.savez_compressed(path, x_train=X.reshape(-1, 28, 28), y_train=y)


def _frame(X: Any, y: Any) -> Any:
    import polars as pl

    return pl.DataFrame({"label": y, **{f"pixel{column}": X[:, column] for column in range(X.shape[1])}})


def _arff(path: Path, X: Any, y: Any) -> None:
    """The file as OpenML has it, and the cache in which scikit-learn finds it without asking anyone.

    To scikit-learn the class is told to be a number: its parser fails on classes named by digits under pandas 3.
    """
    pixels = [f"pixel{column + 1}" for column in range(X.shape[1])]
    with path.open("wb") as file:
        file.write(b"@RELATION mnist_784\n")
        file.writelines(f"@ATTRIBUTE {pixel} real\n".encode() for pixel in pixels)
        file.write(b"@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}\n@DATA\n")
        _frame(X, y)[:, [*range(1, X.shape[1] + 1), 0]].write_csv(file, include_header=False)
    content = path.read_bytes()
    url = f"data/v1/download/{_OPENML}/mnist_784.arff"
    facts = {"id": str(_OPENML), "name": "mnist_784", "version": "1", "description": "", "format": "ARFF",
             "status": "active", "url": f"https://www.openml.org/{url}",
             "md5_checksum": hashlib.md5(content, usedforsecurity=False).hexdigest()}  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"index": str(place), "name": name, "data_type": "numeric", "is_target": str(name == "class").lower(),
         "is_ignore": "false", "is_row_identifier": "false", "number_of_missing_values": "0"}
        for place, name in enumerate([*pixels, "class"])
    ]  # fmt: skip
    number = [{"name": "NumberOfInstances", "value": str(len(X))}]
    for name, answer in (
        (f"api/v1/json/data/{_OPENML}", json.dumps({"data_set_description": facts}).encode()),
        (f"api/v1/json/data/features/{_OPENML}", json.dumps({"data_features": {"feature": columns}}).encode()),
        (f"api/v1/json/data/qualities/{_OPENML}", json.dumps({"data_qualities": {"quality": number}}).encode()),
        (url, content),
    ):
        kept = path.with_name("openml home") / "openml" / "openml.org" / f"{name}.gz"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(gzip.compress(answer, 1))


def _png(pixels: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels.reshape(28, 28)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _images(path: Path, X: Any, y: Any) -> None:
    import polars as pl

    images = [{"bytes": _png(row), "path": f"{number}.png"} for number, row in enumerate(X)]
    pl.DataFrame({"image": images, "label": y}).write_parquet(path)


def _lists(path: Path, X: Any, y: Any) -> None:
    import polars as pl

    pl.DataFrame({"image": pl.Series(X).arr.to_list(), "label": y}).write_parquet(path)


def _folder(path: Path, X: Any, y: Any) -> None:
    for label in range(10):
        (path / str(label)).mkdir(parents=True)
    for number, (row, label) in enumerate(zip(X, y, strict=True)):
        (path / str(label) / f"{number:05}.png").write_bytes(_png(row))


def _zip(path: Path, X: Any, y: Any) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number, (row, label) in enumerate(zip(X, y, strict=True)):
            archive.writestr(f"{label}/{number:05}.png", _png(row))


_MAKERS: dict[str, Callable[[Path, Any, Any], None]] = {
    "idx": _idx,
    "train.npy": lambda path, X, y: np.save(path, X.reshape(-1, 28, 28)),  # noqa: ARG005
    "train.npz": _npz,
    "train.csv": lambda path, X, y: _frame(X, y).write_csv(path),
    "columns.parquet": lambda path, X, y: _frame(X, y).write_parquet(path),
    "lists.parquet": _lists,
    "images.parquet": _images,
    "train.arff": _arff,
    "folder": _folder,
    "folder.zip": _zip,
}
