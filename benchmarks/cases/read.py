"""Reading MNIST's 60,000 training images from each container, beside pandas, polars and scikit-learn's loaders."""

import argparse
import gzip
import importlib.util
import io
import os
import struct
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, middle, save

ME = "benchmarks.cases.read"
# container: the peers that read it, each a function below
CASES: dict[str, tuple[str, ...]] = {
    "idx": (),
    "train.npz": ("numpy_npz",),
    "train.csv": ("pandas_csv", "polars_csv", "numpy_csv"),
    "columns.parquet": ("pandas_parquet", "polars_parquet"),
    "images.parquet": (),
    "train.arff": ("sklearn_arff",),
    "folder": ("sklearn_folder",),
    "folder.zip": (),
}


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--n", type=int, default=60000, help="the first n images")
    parser.add_argument("--repeats", type=int, default=2)
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
    return importlib.util.find_spec(peer.partition("_")[0]) is not None


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
    from snowdome.data.source import reader_of

    return _timed(lambda: reader_of(Path(path))[1].read(Path(path)).X)


def again(path: str) -> dict[str, Any]:
    """`snowdome.open` of what was opened before."""
    import snowdome

    snowdome.open(path)
    return _timed(lambda: snowdome.open(path).X)


def numpy_npz(path: str) -> dict[str, Any]:
    """numpy.load."""
    return _timed(lambda: np.load(path)["x_train"])


def numpy_csv(path: str) -> dict[str, Any]:
    """numpy.loadtxt."""
    return _timed(lambda: np.loadtxt(path, np.uint8, delimiter=",", skiprows=1))


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


def sklearn_arff(path: str) -> dict[str, Any]:
    """scipy's ARFF reader, which is what a scikit-learn user without OpenML's server has."""
    from scipy.io import arff

    return _timed(lambda: arff.loadarff(path)[0])


def sklearn_folder(path: str) -> dict[str, Any]:
    """sklearn.datasets.load_files, which reads the bytes of each file and decodes no image."""
    from sklearn.datasets import load_files

    return _timed(lambda: load_files(path).data)


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
    with path.open("w") as file:
        file.write("@RELATION mnist_784\n")
        file.writelines(f"@ATTRIBUTE pixel{column + 1} real\n" for column in range(X.shape[1]))
        file.write("@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}\n@DATA\n")
        file.writelines(",".join(map(str, row)) + f",{label}\n" for row, label in zip(X.tolist(), y, strict=True))


def _png(pixels: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels.reshape(28, 28)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _images(path: Path, X: Any, y: Any) -> None:
    import polars as pl

    images = [{"bytes": _png(row), "path": f"{number}.png"} for number, row in enumerate(X)]
    pl.DataFrame({"image": images, "label": y}).write_parquet(path)


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
    "train.npz": _npz,
    "train.csv": lambda path, X, y: _frame(X, y).write_csv(path),
    "columns.parquet": lambda path, X, y: _frame(X, y).write_parquet(path),
    "images.parquet": _images,
    "train.arff": _arff,
    "folder": _folder,
    "folder.zip": _zip,
}
