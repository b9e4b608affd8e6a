"""Open anything: a name of the catalogue or a path."""

import contextlib
import dataclasses
import importlib.metadata
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from snowdome.core import cache
from snowdome.core.control import Control
from snowdome.core.errors import DataError, MissingDataError, SnowdomeError, did_you_mean
from snowdome.core.options import check_options, options_of, unknown_option
from snowdome.core.registry import Registry
from snowdome.data import catalogue, fetch, objects, store
from snowdome.data.annotated import annotated, read_patch
from snowdome.data.columns import Columns, column_of
from snowdome.data.dataset import Dataset
from snowdome.data.guards import refused
from snowdome.data.pictures import tree
from snowdome.data.reading import Reading, arranged

_WHOLE = (60_000, 70_000)  # rows of MNIST's training part, and of both parts where they come in one piece

readers = Registry("reader", "snowdome.data.readers")


def open_dataset(
    thing: Any,
    data_dir: Path | None = None,
    control: Control | None = None,
    *,
    annotations: Path | str | None = None,
    **options: Any,
) -> Dataset:
    """The Dataset of a catalogue name, of a path, or of what is in memory: arrays, (X, y), a Bunch, a dataframe.

    It is memory-mapped from the cache, where it is decoded the first time.
    `data_dir` is looked in first for the folders of named data sets (`data_dir/mnist/…`). `control` is told how far the
    reading has come and can stop it. `annotations` is a patch file of decisions about the images, which are applied:
    labels are corrected and excluded images left out. `options` are those of `Reading`; `columns` may also be a mapping
    of names to values, one for each row of what is opened, which are then known of the rows beside theirs.

    A known data set whose files are nowhere on this machine is fetched from its mirrors, unless $SNOWDOME_OFFLINE is
    set.

    Raises MissingDataError where there is nothing of that name, or the files of a known data set cannot be had;
    DataError where they are damaged or of no known format.
    """
    beside = options.pop("columns") if isinstance(options.get("columns"), Mapping) else {}
    dataset = _opened(thing, data_dir, control or Control(), _reading(options))
    if beside:
        more = {str(name): column_of(str(name), values) for name, values in beside.items()}
        dataset = store.keep(dataclasses.replace(dataset, columns=Columns({**dataset.columns, **more})))
    return dataset if annotations is None else annotated(dataset, read_patch(Path(annotations)))


def _opened(thing: Any, data_dir: Path | None, watcher: Control, how: Reading) -> Dataset:
    """The Dataset of a thing, as it is."""
    if not isinstance(thing, (str, os.PathLike)):
        return store.keep(_known(arranged(objects.dataset_of(thing, how), how)))
    name = os.fspath(thing)
    if name in catalogue.ENTRIES:
        return _open_named(name, data_dir, how, watcher)
    path = _place(name)
    if path is None:
        names = list(catalogue.ENTRIES)
        raise MissingDataError(
            f"There is no file, folder or data set {name!r}. {did_you_mean(name, names)}"
            f"Known data sets: {', '.join(names)}."
        )
    reader_id, reader = reader_of(path)

    def read() -> Dataset:
        with _readable(path):
            found = reader.read(path, how, watcher)
        return _known(arranged(found, how))

    if _is_passing(path):
        return store.keep(read())
    return store.remembered(_key(reader_id, reader, path, how), read)


def reader_of(path: Path) -> tuple[str, ModuleType]:
    """The reader that takes this file or folder, decided by content; DataError where none does."""
    head = b""
    with _readable(path):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(4096)
            if (why := refused.why(path, head)) is not None:
                raise DataError(why)
        for name in readers.names():
            reader = readers.module(name)
            if reader.sniff(path, head):
                return name, reader
    if tree.is_image(head):
        raise DataError(f"{path.name}: is a single image; a folder or a zip of images makes a data set. Digits on one "
                        f"photo are prepared by `snowdome photo`.")  # fmt: skip
    raise DataError(
        f"{path.name}: no reader knows this {'folder' if path.is_dir() else 'file'}. "
        f"Readers: {', '.join(readers.names())}. A folder of IDX files has names such as "
        f"train-images-idx3-ubyte.gz."
    )


def _place(name: str) -> Path | None:
    """The path of that name; None where there is nothing."""
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError) as error:  # too long a name, a folder above it that is closed, no such home
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise DataError(f"{tree.text(name)[:200]!r} cannot be opened: {why.rstrip('.')}.") from error


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What the system says of a file or folder that cannot be read, as a sentence."""
    try:
        yield
    except SnowdomeError:
        raise
    except OSError as error:
        where = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else path
        which = where if where.name and where.name != path.name else path
        raise DataError(f"{tree.text(which.name)}: cannot be read: {error.strerror or error}. See that it is there and "
                        f"that you may read it.") from error  # fmt: skip


def _is_passing(path: Path) -> bool:
    """Whether this is what was sent to the app, which lies here for a moment and never again under this name."""
    return path.resolve().parent == cache.folder().resolve() / "uploads"


def _known(dataset: Dataset) -> Dataset:
    """The Dataset under its name where its payload is a known one, also where the container knew of no splits."""
    found = catalogue.recognise(dataset)
    if found is dataset and dataset.split is None and len(dataset) == _WHOLE[1]:
        split = (np.arange(_WHOLE[1]) >= _WHOLE[0]).astype(np.uint8)
        parted = dataclasses.replace(dataset, split=split, split_names=("train", "test"))
        named = catalogue.recognise(parted)
        found = dataset if named is parted else named
    return found


def _reading(options: dict[str, Any]) -> Reading:
    allowed = list(options_of(Reading))
    for name in options:
        if name not in allowed:
            raise unknown_option("open", name, allowed)
    how = Reading(**options)
    check_options(how)
    return dataclasses.replace(how, columns=tuple(dict.fromkeys(how.columns)))


def _open_named(name: str, data_dir: Path | None, how: Reading, control: Control) -> Dataset:
    if name == "digits":
        version = importlib.metadata.version("scikit-learn")
        return store.remembered(f"digits scikit-learn {version} {how}", lambda: arranged(_read_digits(), how))
    folder = catalogue.find(name, data_dir) or fetch.fetch(name, data_dir, control)
    reader_id, reader = reader_of(folder)
    key = f"{name} {_key(reader_id, reader, folder, how)}"

    def read() -> Dataset:
        if not catalogue.ENTRIES[name].hashes:
            fetch.verify(name, folder)
        with _readable(folder):
            found = reader.read(folder, how, control)
        return arranged(catalogue.check(name, found), how)

    return store.remembered(key, read)


def _key(reader_id: str, reader: ModuleType, path: Path, how: Reading) -> str:
    """What a decoded data set is remembered under: the reader, its version and options, each file's size and time."""
    stats: Any
    with _readable(path):
        if hasattr(reader, "stamps"):  # a reader of many small files has asked for them all at once
            stats = str(path.resolve()), [tuple(stamp) for stamp in reader.stamps(path)]
        else:
            stats = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in reader.files(path)]
    return f"{reader_id} {reader.VERSION} {how} {stats}"


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
