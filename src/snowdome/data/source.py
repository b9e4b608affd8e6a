"""Open anything: a name of the catalogue or a path."""

import importlib.metadata
import os
from pathlib import Path
from types import ModuleType

import numpy as np

from snowdome.core.errors import DataError, MissingDataError, did_you_mean
from snowdome.core.registry import Registry
from snowdome.data import catalogue, store
from snowdome.data.dataset import Dataset

readers = Registry("reader", "snowdome.data.readers")


def open_dataset(thing: "str | os.PathLike[str]", data_dir: Path | None = None) -> Dataset:
    """The Dataset of a catalogue name or of a path, memory-mapped from the cache (decoded there the first time).

    `data_dir` is looked in first for the folders of named data sets (`data_dir/mnist/…`).

    Raises MissingDataError where there is nothing of that name, or the files of a known data set are not on
    this machine; DataError where they are damaged or of no known format.
    """
    name = os.fspath(thing)
    if name in catalogue.ENTRIES:
        return _open_named(name, data_dir)
    path = Path(name).expanduser()
    if not path.exists():
        names = list(catalogue.ENTRIES)
        raise MissingDataError(
            f"There is no file, folder or data set {name!r}. {did_you_mean(name, names)}"
            f"Known data sets: {', '.join(names)}."
        )
    return open_path(path)


def open_path(path: Path) -> Dataset:
    """The Dataset of a file or folder, by the first reader that knows its content."""
    reader_id, reader = reader_of(path)
    return store.remembered(_key(reader_id, reader, path), lambda: catalogue.recognise(reader.read(path)))


def reader_of(path: Path) -> tuple[str, ModuleType]:
    """The reader that takes this file or folder, decided by content; DataError where none does."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(4096)
    for name in readers.names():
        reader = readers.module(name)
        if reader.sniff(path, head):
            return name, reader
    raise DataError(
        f"{path.name}: no reader knows this {'folder' if path.is_dir() else 'file'}. "
        f"Readers: {', '.join(readers.names())}. A folder of IDX files has names such as "
        f"train-images-idx3-ubyte.gz."
    )


def _open_named(name: str, data_dir: Path | None) -> Dataset:
    if name == "digits":
        version = importlib.metadata.version("scikit-learn")
        return store.remembered(f"digits scikit-learn {version}", _read_digits)
    folder = catalogue.find(name, data_dir)
    if folder is None:
        entry = catalogue.ENTRIES[name]
        wanted = catalogue.search_folders(name, data_dir)[0]
        raise MissingDataError(
            f"{entry.title} is not on this machine. Put {', '.join(entry.files)} into {wanted}, "
            f"or name the folder above it with --data DIR or SNOWDOME_DATA."
        )
    reader_id, reader = reader_of(folder)
    key = f"{name} {_key(reader_id, reader, folder)}"
    return store.remembered(key, lambda: catalogue.check(name, reader.read(folder)))


def _key(reader_id: str, reader: ModuleType, path: Path) -> str:
    """What a decoded data set is remembered under: the reader, its version, and each file's size and time."""
    stats = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in reader.files(path)]
    return f"{reader_id} {reader.VERSION} {stats}"


def _read_digits() -> Dataset:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    dataset = Dataset(
        X=bunch.data.astype(np.uint8),
        y=bunch.target.astype(np.int64),
        classes=catalogue.ENTRIES["digits"].classes,
        image_shape=(8, 8),
        value_range=(0.0, 16.0),
        source="scikit-learn's bundled digits",
    )
    return catalogue.check("digits", dataset)
