"""A tree of image files → Dataset: the rules by which folders become classes and splits, for a folder and for a zip.

1. Hidden files and what systems leave behind (`.DS_Store`, `__MACOSX`, `Thumbs.db`, …) are ignored.
2. One folder that holds everything else is only a wrapping.
3. Where all folders have the names of splits (train, test, validation, …), they are splits.
4. The first folder below is the class. Where there are no classes, a CSV file with file names and labels is looked for.
5. Rows stand in the order of the splits, then of the file names (numbers in them by value), then of the folders.
"""

import os
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.pictures import images
from snowdome.data.reading import Reading
from snowdome.data.tabular import labels
from snowdome.data.tabular.label_file import labels_by_file

MOST_BYTES = 1 << 27  # of one image file
TABLES = (".csv", ".tsv")
SPLITS = {"train": "train", "training": "train", "test": "test", "testing": "test", "t10k": "test",
          "validation": "validation", "val": "validation", "valid": "validation", "dev": "validation"}  # fmt: skip
_ORDER = ("train", "test", "validation")
_JUNK = {"__macosx", "thumbs.db", "desktop.ini", "icon\r", "@eadir", "$recycle.bin"}
_NAMED = 5

Load = Callable[[str], images.Blob]


class Leaf(NamedTuple):
    """One image file: its path below the top with /, its class or "", its split or ""."""

    path: str
    label: str
    split: str


def ignored(part: str) -> bool:
    """Whether a file or folder of this name is hidden or something that a system left behind."""
    return part.startswith(".") or part.casefold() in _JUNK


def text(name: str) -> str:
    """A file's name as text that can be sent and drawn: bytes that are not UTF-8 are spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def natural(name: str) -> list[str | tuple[int, str]]:
    """The order of names in which 9 comes before 10."""
    parts: list[str | tuple[int, str]] = list(re.split(r"([0-9]+)", name))
    for place in range(1, len(parts), 2):
        digits = str(parts[place]).lstrip("0")
        parts[place] = (len(digits), digits)
    return parts


def looks_like_images(heads: list[tuple[str, bytes]]) -> bool:
    """Whether at least half of these files, by their first bytes, are images; tables and text beside them are free."""
    others = [head for name, head in heads if not name.lower().endswith((*TABLES, ".txt", ".md", ".json"))]
    found = sum(is_image(head) for head in others)
    return found > 0 and 2 * found >= len(others)


def is_image(head: bytes) -> bool:
    """Whether a file that begins so is of one of the formats that are read."""
    return head.startswith(
        (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
    ) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")  # fmt: skip


def read(paths: list[str], load: Load, title: str, how: Reading, control: Control | None, notes: list[str]) -> Dataset:
    """The Dataset of the image files at `paths`, whose bytes `load` gives; `notes` are what is known already."""
    tables = [path for path in paths if path.lower().endswith(TABLES)]
    leaves = arrange([path for path in paths if path not in set(tables)], notes)
    if not leaves:
        others = f" It holds {', '.join(text(path) for path in tables[:_NAMED])}; open that." if tables else ""
        raise DataError(f"{title}: holds no image files.{others}")
    if tables and not any(leaf.label for leaf in leaves):
        leaves = _labelled(leaves, tables, load, how, notes)
    pictures = images.decode(((text(leaf.path), load(leaf.path)) for leaf in leaves), how, control, len(leaves))
    rows = [leaves[number] for number in pictures.kept]
    _tell_empty_classes(leaves, rows, notes)
    codes, classes, said = labels.encode([text(leaf.label) for leaf in rows])
    splits = [name for name in _ORDER if any(leaf.split == name for leaf in rows)]
    return Dataset(
        X=pictures.X,
        y=codes,
        classes=classes,
        image_shape=pictures.image_shape,
        channels=pictures.channels,
        ink_is_high=pictures.ink_is_high,
        split=np.array([splits.index(leaf.split) for leaf in rows], np.uint8) if splits else None,
        split_names=tuple(splits),
        ids=np.array([text(leaf.path) for leaf in rows]),
        name=title,
        source=f"image files in {title}",
        notes=(*notes, *pictures.notes, *(said if classes else ())),
    )


def arrange(paths: list[str], notes: list[str]) -> list[Leaf]:
    """The image files with their classes and splits, in the order of the rows."""
    found = [(path, path.split("/")) for path in paths]
    while found and all(len(parts) > 1 for _, parts in found):  # what all share is a wrapping
        first = found[0][1][0]
        if first.casefold() in SPLITS or any(parts[0] != first for _, parts in found):
            break
        found = [(path, parts[1:]) for path, parts in found]
    inner = [(path, parts) for path, parts in found if len(parts) > 1]
    splits = bool(inner) and all(parts[0].casefold() in SPLITS for _, parts in inner)
    if splits and len(inner) < len(found):
        notes.append(f"{len(found) - len(inner):,} files beside the folders of the splits were left out")
        found = inner
    leaves = []
    deep = 0
    for path, parts in found:
        folders = parts[1:-1] if splits else parts[:-1]
        deep += len(folders) > 1
        leaves.append(Leaf(path, folders[0] if folders else "", SPLITS[parts[0].casefold()] if splits else ""))
    if deep:
        notes.append(f"the class is the first folder; {deep:,} images lie in folders further below")
    order = {name: place for place, name in enumerate(_ORDER)}
    return sorted(leaves, key=lambda leaf: (order.get(leaf.split, 0), natural(leaf.path.rpartition("/")[2]),
                                            natural(leaf.path), leaf.path))  # fmt: skip


def _labelled(leaves: list[Leaf], tables: list[str], load: Load, how: Reading, notes: list[str]) -> list[Leaf]:
    """The same with the labels of the CSV files that name them."""
    known: dict[str, str] = {}
    for table in sorted(tables, key=natural):
        content = load(table)
        if isinstance(content, Exception):
            notes.append(f"{text(table)} could not be read: {content}")
            continue
        folder = table.rpartition("/")[0]
        below = {leaf.path[len(folder) + bool(folder) :]: leaf.path
                 for leaf in leaves if leaf.path.startswith(f"{folder}/" if folder else "")}  # fmt: skip
        found, said = labels_by_file(text(table), content, list(below), how.label)
        known.update({below[file]: label for file, label in found.items()})
        notes.append(said)
    return [leaf._replace(label=known.get(leaf.path, "")) for leaf in leaves]


def _tell_empty_classes(leaves: list[Leaf], rows: list[Leaf], notes: list[str]) -> None:
    """Note the classes of which no image could be read."""
    empty = sorted({leaf.label for leaf in leaves} - {leaf.label for leaf in rows} - {""}, key=natural)
    if empty:
        notes.append(f"classes without an image that can be read: {', '.join(text(name) for name in empty[:_NAMED])}"
                     f"{f' and {len(empty) - _NAMED} more' if len(empty) > _NAMED else ''}")  # fmt: skip
