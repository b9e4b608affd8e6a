"""Parquet: images as Hugging Face keeps them (`image: struct<bytes, path>`), columns of numbers, or lists of them.

A folder of such files is one data set: train-00000-of-00002.parquet and test-….parquet are splits, numbered files
follow one another. The path that stands beside an image's bytes is never opened.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.columns import joined
from snowdome.data.dataset import Dataset
from snowdome.data.guards import limits, rehearsal
from snowdome.data.pictures import images, tree
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.tabular import labels, tables
from snowdome.data.vectors import About, Part, dataset

VERSION = 4  # part of the key under which a decoded data set is kept

_MAGIC = b"PAR1"
_PART = re.compile(r"(?<![a-z])(train|test|val|valid|validation)(?![a-z])", re.IGNORECASE)
_PARTS = {"val": "validation", "valid": "validation"}
_BATCH = 2000  # rows that are read together
_LOOKED_AT = 16
_MOST_FILES = 10_000
_ANY_WIDTH = 16  # bytes that a value takes at least whose type does not say how many


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file begins as parquet does; or a folder with such files, whose names end in .parquet."""
    return bool(_found(path)) if path.is_dir() else head.startswith(_MAGIC)


def files(path: Path) -> list[Path]:
    """The file, or those of the folder."""
    return [file for _, file in _found(path)] if path.is_dir() else [path]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The rows of a file or of the files of a folder."""
    watcher, title = control or Control(), tree.text(path.resolve().name)
    found = _found(path) if path.is_dir() else [("", path)]
    if len(found) > _MOST_FILES:
        raise DataError(f"{title}: {len(found):,} parquet files; at most {_MOST_FILES:,} are read together.")
    about = About(title, f"parquet {'files' if len(found) > 1 else 'file'} {title}")
    rehearsal.rehearse("parquet", title, [file for _, file in found], watcher)
    with _damage(title, found[0][1]):
        column = _image_column(found[0][1])
    if column is not None:
        return _of_images(found, column, how, watcher, about)
    parts: list[Part] = []
    for done, (split, file) in enumerate(found):
        watcher.check("reading tables", done, len(found))
        with _damage(title, file):
            parts += _of_columns(file, split, how, about)
    watcher.check("reading tables", len(found), len(found))
    return dataset(parts, how, about)


def decode_all(title: str, files: list[Path]) -> None:
    """Decode all that `read` could ask for and keep nothing; DataError for a file that cannot be decoded."""
    import polars as pl

    for file in files:
        with _damage(title, file):
            _class_names(file)
            for piece in _pieces(file, list(pl.read_parquet_schema(file))):
                limits.check(tree.text(file.name), int(piece.estimated_size()))


@contextlib.contextmanager
def _damage(title: str, file: Path) -> Iterator[None]:
    """What polars raises for a damaged file, as a sentence."""
    import polars as pl

    try:
        yield
    except DataError:
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, TypeError,
            OverflowError, MemoryError) as error:  # fmt: skip
        name = tree.text(file.name)
        where = name if name == title else f"{title}: {name}"
        said = (str(error).splitlines() or ["nothing is said of it"])[0][:200]
        raise DataError(f"{where}: this parquet file is damaged or of an unknown kind: {said}") from error


def _image_column(file: Path) -> str | None:
    """The column whose values are image files: bytes, or a struct with bytes."""
    import polars as pl

    for name, dtype in pl.read_parquet_schema(file).items():
        if isinstance(dtype, pl.Struct) and any(field.name == "bytes" and field.dtype == pl.Binary
                                                for field in dtype.fields):  # fmt: skip
            return name
        if dtype == pl.Binary and name.lower() not in tables.LABELS and _begin_as_images(file, name):
            return name
    return None


def _begin_as_images(file: Path, column: str) -> bool:
    """Whether some of the first values of a column of bytes are image files, and not hashes or the like."""
    import polars as pl

    first = pl.scan_parquet(file).select(column).head(_LOOKED_AT).collect()[column]
    return any(value is not None and tree.is_image(value) for value in first.to_list())


def _of_columns(file: Path, split: str, how: Reading, about: About) -> list[Part]:
    """The rows of one file of numbers, or of lists of numbers."""
    import narwhals as nw
    import polars as pl

    frame = _table(file, list(pl.read_parquet_schema(file)))
    mine = About(tree.text(file.name), about.source, about.notes)
    parts = tables.parts_of(nw.from_native(frame, eager_only=True), how, mine)
    names = _class_names(file)
    for part in parts:
        part.split = split or part.split
        part.labels = _by_name(part.labels, names)
    return parts


def _table(file: Path, columns: list[str]) -> Any:
    """Some columns of a file; their bytes are counted as they are read."""
    import polars as pl

    pieces: list[Any] = []
    size = 0
    for piece in _pieces(file, columns):
        pieces.append(piece)
        size += int(piece.estimated_size())
        limits.check(tree.text(file.name), size)
    return pl.concat(pieces)


def _pieces(file: Path, columns: list[str]) -> Iterator[Any]:
    """Some columns of a file, in batches of rows; refused before they are read where they would take too much."""
    import polars as pl

    where = tree.text(file.name)
    schema = pl.read_parquet_schema(file)
    scan = pl.scan_parquet(file).select(columns)
    rows = int(scan.select(pl.len()).collect().item())
    if not rows:
        raise DataError(f"{where}: has no rows.")
    limits.check(where, rows * sum(_width(schema[name]) for name in columns))
    step = rows if all(schema[name].is_numeric() for name in columns) else _BATCH
    for at in range(0, rows, step):
        yield scan.slice(at, step).collect()


def _width(dtype: Any) -> int:
    import polars as pl

    if dtype.is_numeric():
        return {pl.Int8: 1, pl.UInt8: 1, pl.Int16: 2, pl.UInt16: 2, pl.Int32: 4, pl.UInt32: 4, pl.Float32: 4}.get(
            dtype.base_type(), 8
        )
    return _ANY_WIDTH


def _of_images(found: list[tuple[str, Path]], column: str, how: Reading, control: Control, about: About) -> Dataset:
    """The image files in a column, decoded batch after batch; their labels from the other columns."""
    import polars as pl

    given: list[Any] = []
    known: list[tuple[int, dict[str, Any]]] = []
    splits: list[str] = []
    sizes: list[int] = []
    for split, file in found:
        with _damage(about.name, file):
            if _image_column(file) != column:
                raise DataError(f"{about.name}: {tree.text(file.name)} has no images in a column {column!r}, as the "
                                f"files before it have.")  # fmt: skip
            sizes.append(int(pl.scan_parquet(file).select(pl.len()).collect().item()))
            mine, beside = _labels(file, column, sizes[-1], how, about)
            given += mine
            known.append((sizes[-1], beside))
        splits += [split] * sizes[-1]
    if not splits:
        raise DataError(f"{about.name}: has no rows.")
    pictures = images.decode(_blobs(found, sizes, column, about), how, control, sum(sizes))
    y, classes, said = labels.encode([given[row] for row in pictures.kept])
    names = list(dict.fromkeys(splits))
    codes = np.array([names.index(splits[row]) for row in pictures.kept], np.uint8)
    return Dataset(
        X=pictures.X, y=y, classes=classes, image_shape=pictures.image_shape, channels=pictures.channels,
        ink_is_high=pictures.ink_is_high, split=None if names == [""] else codes,
        split_names=() if names == [""] else tuple(names), ids=None if len(pictures.kept) == len(splits) else
        np.array(pictures.kept), columns=joined(known).take(pictures.kept), name=about.name,
        source=about.source,
        notes=(*dict.fromkeys(about.notes), *(() if not any(given) and y is None else said), *pictures.notes),
    )  # fmt: skip


def _labels(file: Path, column: str, rows: int, how: Reading, about: About) -> tuple[list[Any], dict[str, Any]]:
    """The label of each row, by name where the file names its classes, None where there is no such column.

    And the other columns of numbers and text.
    """
    import narwhals as nw
    import polars as pl

    schema = pl.read_parquet_schema(file)
    names = [name for name in schema if name != column]
    text = [name for name in names if schema[name] == pl.String]
    taken = tables.named_columns(names, text, how, about, headed=True)
    label = taken.get("label")
    known = [name for name in names if name not in taken.values()
             and (name in text or schema[name].is_numeric() or schema[name] == pl.Boolean)]  # fmt: skip
    known = list(dict.fromkeys((*how.columns, *known)))
    frame = nw.from_native(_table(file, [*([] if label is None else [label]), *known]), eager_only=True)
    beside = tables.beside_values(frame, known, how, about) if known else {}
    if label is None:
        return [None] * rows, beside
    return list(_by_name(tables.values_of(frame[label]), _class_names(file))), beside


def _class_names(file: Path) -> list[str]:
    """The names of the classes as Hugging Face's `datasets` notes them beside the table; none where it does not."""
    import polars as pl

    try:
        features = json.loads(pl.read_parquet_metadata(file)["huggingface"])["info"]["features"]
        found = [feature["names"] for feature in features.values()
                 if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"]  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return []
    names = found[0] if len(found) == 1 else []
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else []


def _by_name(codes: Any, names: list[str]) -> Any:
    """Labels by their names where they are numbers of them; -1 is the label of what has none."""
    if not isinstance(codes, np.ndarray) or codes.dtype.kind not in "iu" or len(set(names)) < 2 or not codes.size:
        return codes
    if not -1 <= int(codes.min()) <= int(codes.max()) < len(names):
        return codes
    return [None if code < 0 else names[code] for code in codes.tolist()]


def _blobs(
    found: list[tuple[str, Path]], sizes: list[int], column: str, about: About
) -> Iterator[tuple[str, images.Blob]]:
    """The image files of all rows, some read at a time; their bytes are counted."""
    import polars as pl

    for (_, file), rows in zip(found, sizes, strict=True):
        name, scan = tree.text(file.name), pl.scan_parquet(file).select(column)
        for at in range(0, rows, _BATCH):
            with _damage(about.name, file):
                values = scan.slice(at, _BATCH).collect()[column]
                limits.check(name, int(values.estimated_size()))
                if isinstance(values.dtype, pl.Struct):
                    values = values.struct.field("bytes")
                blobs = values.to_list()
            for place, blob in enumerate(blobs):
                content: images.Blob = DataError("it has no bytes, and a path is not opened") if blob is None else blob
                yield f"{name} row {at + place + 1}", content


def _found(path: Path) -> list[tuple[str, Path]]:
    """(split, file) of a folder, whose splits may be folders in it; train and test first, numbered files in order."""
    found: list[tuple[str, Path]] = []
    for pattern in ("*.parquet", "*/*.parquet"):
        for file in path.glob(pattern):
            if file.name.startswith(".") or not file.is_file() or file.is_symlink():
                continue
            match = _PART.search(file.name) or (_PART.search(file.parent.name) if file.parent != path else None)
            word = match[0].lower() if match else ""
            found.append((_PARTS.get(word, word), file))
    if any(split for split, _ in found):
        found = [(split, file) for split, file in found if split]
    order = {"train": 0, "test": 1, "validation": 2}
    return sorted(found, key=lambda one: (order.get(one[0], 3), str(one[1])))
