"""IDX: the format of MNIST (a folder of image and label files, plain or gzipped).

Layout of a file, all big-endian: two zero bytes, a type code, the number of dimensions, each dimension as a
32-bit integer, then the values in C order (Y. LeCun, C. Cortes, C. Burges, "The MNIST database").
"""

import gzip
import math
import os
import re
import struct
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.guards import limits
from snowdome.data.reading import AS_IT_IS, Reading

VERSION = 1  # part of the key under which a decoded data set is kept

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_CLASSES = 65_535  # codes are sent as 16 bits, of which the last is "none"
_MOST_PARTS = 256  # the split of a row is one byte
_PIECE = 1 << 24
_IMAGES = re.compile(r"^(?P<part>.+?)-images[-.]idx3-ubyte(\.gz)?$")
_SPLITS = {"train": "train", "t10k": "test", "test": "test"}


def sniff(path: Path, head: bytes) -> bool:
    """Whether this is a folder with image files of this format in it, or one such file, whose labels lie beside it."""
    plain = len(head) > 3 and head[:2] == b"\0\0" and head[2] in _TYPES
    if path.is_file() and not (plain or head.startswith(b"\x1f\x8b")):
        return False
    return any(_IMAGES.match(file.name) for file in _candidates(path))


def files(path: Path) -> list[Path]:
    """The files that `read` reads, for the key under which the result is kept."""
    return [file for _, images, labels in _pairs(path) for file in (images, labels)]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:  # noqa: ARG001 - as all readers
    """Read every pair of images and labels in a folder; the splits in the order train, test, others."""
    images: list[NDArray[Any]] = []
    labels: list[NDArray[np.int64]] = []
    split: list[NDArray[np.uint8]] = []
    names: list[str] = []
    pairs = _pairs(path)
    if len(pairs) > _MOST_PARTS:
        raise DataError(f"{path.name}: {len(pairs)} pairs of images and labels; at most {_MOST_PARTS} can be told "
                        f"apart. Open them in several folders.")  # fmt: skip
    for part, image_file, label_file in pairs:
        X, y = _read_pair(image_file, label_file)
        if images and X.shape[1:] != images[0].shape[1:]:
            raise DataError(f"{path.name}: {image_file.name} has images of {X.shape[1:]}, the files before it of "
                            f"{images[0].shape[1:]}. One folder holds images of one shape.")  # fmt: skip
        images.append(X)
        labels.append(y)
        split.append(np.full(len(X), len(names), np.uint8))
        names.append(_text(part))
    X = np.concatenate(images) if len(images) > 1 else images[0]
    y = np.concatenate(labels)
    if not X.size:
        raise DataError(f"{path.name}: holds {len(X)} images of {X.shape[1]} × {X.shape[2]} pixels: nothing to show. "
                        f"Fetch the files again.")  # fmt: skip
    return Dataset(
        X=X.reshape(len(X), -1),
        y=y,
        classes=tuple(str(code) for code in range(int(y.max()) + 1)),
        image_shape=(X.shape[1], X.shape[2]),
        value_range=(0.0, 255.0) if X.dtype == np.uint8 else _range(X),
        split=np.concatenate(split),
        split_names=tuple(names),
        name=_text(path.name),
        source=f"IDX files in {_text(path.name)}",
    )


def _read_pair(image_file: Path, label_file: Path) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Images (n, height, width) and their labels, (n,)."""
    X, y = read_array(image_file), read_array(label_file)
    if y.ndim == 2 and y.shape[1] == 8 and y.dtype == np.int32:
        y = y[:, 0]  # QMNIST: the class, then writer, series and other facts about the digit
    if X.ndim != 3:
        raise DataError(f"{image_file.name}: has {X.ndim} dimensions; images have 3 (n, height, width).")
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise DataError(f"{label_file.name}: expected one whole number per image, got {y.dtype} {y.shape}.")
    if len(X) != len(y):
        raise DataError(f"{image_file.parent.name}: {len(X)} images in {image_file.name}, but {len(y)} labels in "
                        f"{label_file.name}. They must be equal; fetch both files again.")  # fmt: skip
    for label in (y.min(), y.max()) if y.size else ():
        if not 0 <= label < _MOST_CLASSES:
            raise DataError(f"{label_file.name}: label {label} is {'negative' if label < 0 else 'too large'}; "
                            f"labels count from 0 to at most {_MOST_CLASSES - 1}.")  # fmt: skip
    return X, y.astype(np.int64)


def read_array(path: Path) -> NDArray[Any]:
    """One IDX file as an array. No declared size is believed: values are read in pieces, up to one byte too many.

    Raises DataError with the file's name for a wrong magic number, a type or size out of bounds, a file that is
    shorter or longer than its header says, and damaged compression.
    """
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            if not zipped:
                return _parse(path.name, raw)
            with gzip.GzipFile(fileobj=raw) as file:
                return _parse(path.name, file)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{path.name}: its gzip data is damaged or cut off. Fetch the file again.") from error


def _parse(name: str, file: IO[bytes] | gzip.GzipFile) -> NDArray[Any]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES or not 1 <= magic[3] <= 4:
        raise DataError(f"{name}: not an IDX file: begins with {magic.hex(' ')}; expected 00 00, a type code and "
                        f"1 to 4 dimensions.")  # fmt: skip
    counts = file.read(4 * magic[3])
    if len(counts) < 4 * magic[3]:
        raise DataError(f"{name}: ends within its header.")
    shape = struct.unpack(f">{magic[3]}I", counts)
    dtype = np.dtype(_TYPES[magic[2]])
    expected = math.prod(shape) * dtype.itemsize
    limits.check(name, expected)
    values = bytearray()
    while len(values) <= expected and (piece := file.read(min(_PIECE, expected + 1 - len(values)))):
        values += piece
    if len(values) != expected:
        how = f"only {len(values):,}" if len(values) < expected else "more than that"
        raise DataError(f"{name}: its header says {shape}, which is {expected:,} bytes, but there are {how}. "
                        f"Fetch the file again.")  # fmt: skip
    array = np.frombuffer(values, dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def _candidates(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


def _pairs(path: Path) -> list[tuple[str, Path, Path]]:
    """(split, images, labels) of a folder or of one file; the plain file is preferred to the gzipped one beside it."""
    found: dict[str, tuple[Path, Path]] = {}
    folder = path if path.is_dir() else path.parent
    for file in _candidates(path):
        match = _IMAGES.match(file.name)
        if match is None or match["part"] in found:
            continue
        stem = match["part"]
        candidates = [f"{stem}-labels{dash}{kind}{end}" for dash in "-." for kind in ("idx1-ubyte", "idx2-int")
                      for end in ("", ".gz")]  # fmt: skip
        labels = next((folder / name for name in candidates if (folder / name).is_file()), None)
        if labels is None:
            raise DataError(f"{path.name}: {file.name} has no labels beside it; expected {candidates[1]}.")
        found[stem] = (file, labels)
    if not found:
        raise DataError(f"{path.name}: no IDX images here; expected a file such as train-images-idx3-ubyte.gz.")
    parts = {stem: _SPLITS.get(stem.rpartition("-")[2], stem) for stem in found}  # emnist-letters-train is "train"
    if len(set(parts.values())) < len(parts):
        parts = {stem: _SPLITS.get(stem, stem) for stem in found}  # several sets lie in one folder
    order = sorted(found, key=lambda stem: (["train", "test", parts[stem]].index(parts[stem]), stem))
    return [(parts[stem], *found[stem]) for stem in order]


def _text(name: str) -> str:
    """A file's name as text that can be sent and drawn: bytes that are not UTF-8 are spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _range(X: NDArray[Any]) -> tuple[float, float]:
    return (float(X.min()), float(X.max())) if X.size else (0.0, 0.0)
