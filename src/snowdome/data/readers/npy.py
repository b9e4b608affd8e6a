"""npy: one numpy array of images or vectors, without labels, or with them in the file beside it."""

import re
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.data import numpy_file
from snowdome.data.dataset import Dataset
from snowdome.data.pictures import tree
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.vectors import About, Part, dataset

VERSION = 1  # part of the key under which a decoded data set is kept

_ROWS = re.compile(r"(images|imgs|data|vectors|embeddings|features|(?<![a-zA-Z])[xX](?![a-zA-Z]))")


def sniff(path: Path, head: bytes) -> bool:  # noqa: ARG001 - content decides
    """Whether the file begins as numpy's do."""
    return head.startswith(numpy_file.MAGIC)


def files(path: Path) -> list[Path]:
    """The file, and that of its labels."""
    beside = _labels_beside(path)
    return [path] if beside is None else [path, beside]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:  # noqa: ARG001 - as all readers
    """The array; its labels from the file beside it: x.npy and y.npy, images.npy and labels.npy."""
    title = tree.text(path.name)
    about = About(title, f"numpy file {title}")
    beside = _labels_beside(path)
    if beside is not None:
        about.notes.append(f"labels from {tree.text(beside.name)}")
    part = Part(_array(path), None if beside is None else _array(beside))
    return dataset([part], how, about)


def _array(path: Path) -> NDArray[Any]:
    where = tree.text(path.name)
    with path.open("rb") as file:
        return numpy_file.values(where, file, numpy_file.header(where, file))


def _labels_beside(path: Path) -> Path | None:
    """The file whose name is the same but for the word: y for x, labels for images."""
    rows = _ROWS.search(path.stem)
    if rows is None:
        return None
    for word in ("y", "Y", "labels") if rows[0] in "xX" else ("labels", "label", "targets", "target"):
        other = path.with_name(path.stem[: rows.start()] + word + path.stem[rows.end() :] + path.suffix)
        if other.is_file():
            with other.open("rb") as file:
                return other if file.read(6) == numpy_file.MAGIC else None
    return None
