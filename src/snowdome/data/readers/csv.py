"""CSV and TSV: labels and pixels in columns, with names or without, as Kaggle, OpenML and pjreddie.com have them."""

import re
from pathlib import Path
from typing import Any

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.guards import limits
from snowdome.data.pictures import tree
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.tabular import tables, text_table
from snowdome.data.vectors import About, Part, dataset

VERSION = 4  # part of the key under which a decoded data set is kept

_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_OTHER = (b"<", b"{", b"[", b"@", b"%", b"#!")
_NAME = re.compile(r"\.(csv|tsv|txt)(\.gz)?$", re.IGNORECASE)
_TABLE = re.compile(r"\.(csv|tsv)(\.gz)?$", re.IGNORECASE)
_NAMED = 5
_PART = re.compile(r"(?<![a-z])(train|test|val|valid|validation)(?![a-z])", re.IGNORECASE)
_PARTS = {"val": "validation", "valid": "validation"}
_BESIDE = re.compile(r"\.(md|json|txt|html|csv|tsv)(\.gz)?$|^(readme|licen[sc]e)", re.IGNORECASE)


def sniff(path: Path, head: bytes) -> bool:
    """Whether this is text whose first lines are parted into columns, with a number somewhere; or a folder of such."""
    if path.is_dir():
        return bool(_parts(path))
    start = limits.start(head)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[: len(start) // 2 * 2].decode("utf-16", "replace").encode()
    start = start.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n").lstrip()
    if not start or _BINARY.search(start) or start.startswith(_OTHER):
        return False
    return text_table.separator_of(start.decode("latin-1")) is not None and re.search(rb"\d", start) is not None


def files(path: Path) -> list[Path]:
    """The file, or those of the splits."""
    return [file for _, file in _parts(path)] if path.is_dir() else [path]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The rows of a file, or of the tables of a folder: the splits that they are named for, else one after another."""
    watcher, title = control or Control(), tree.text(path.resolve().name)
    about = About(title, f"table {title}")
    found = _parts(path) if path.is_dir() else [("", path)]
    parts: list[Part] = []
    columns: dict[str, tuple[str, ...]] = {}
    for done, (split, file) in enumerate(found):
        watcher.check("reading tables", done, len(found))
        mine, columns[tree.text(file.name)] = _read(file, split, how, about)
        parts += mine
        if not split:
            _check_alike(title, columns)
    if len(found) > 1 and not found[0][0]:
        names = ", ".join(list(columns)[:_NAMED])
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        about.notes.append(f"the rows are those of {len(found):,} tables, one after another: {names}{more}")
    watcher.check("reading tables", len(found), len(found))
    return dataset(parts, how, about)


def _read(path: Path, split: str, how: Reading, about: About) -> tuple[list[Part], tuple[str, ...]]:
    """The rows of one file, and the names of its columns."""
    import narwhals as nw

    where = tree.text(path.name)
    content = text_table.decoded(where, limits.contents(path), about.notes)
    layout = text_table.layout_of(where, content, how.label, how.columns)
    frame: Any = text_table.parse(where, content, layout)
    mine = About(where, about.source, about.notes)
    parts = tables.parts_of(nw.from_native(frame, eager_only=True), how, mine, headed=layout.headed)
    for part in parts:
        part.split = split or part.split
    return parts, layout.names


def _check_alike(title: str, columns: dict[str, tuple[str, ...]]) -> None:
    """Raise DataError where the last of these tables has other columns than the first."""
    (first, wanted), *_, (last, got) = [*columns.items()] * 2
    if sorted(got) != sorted(wanted):
        only = next((name for name in got if name not in wanted), f"{len(got):,} columns, not {len(wanted):,}")
        raise DataError(
            f"{title}: {last} has other columns than {first} ({only!r}), so they are not one table. Open one of them, "
            f"or name two train.csv and test.csv."
        )


def _parts(path: Path) -> list[tuple[str, Path]]:
    """(split, file) of a folder of nothing but tables: those named for a split, train first; else all."""
    found: dict[str, Path] = {}
    beside: list[Path] = []
    for file in path.iterdir():
        if not file.name.startswith("."):
            if not _BESIDE.search(file.name) or not file.is_file():
                return []  # at once: there may be 60,000 images
            beside.append(file)
    for file in sorted(beside):
        part = _PART.search(file.name)
        if part is not None and _NAME.search(file.name):
            word = part[0].lower()
            found.setdefault(_PARTS.get(word, word), file)
    order = ("train", "test", "validation")
    if found:
        return [(split, found[split]) for split in order if split in found]
    tables = [file for file in beside if _TABLE.search(file.name)]
    return [("", file) for file in sorted(tables, key=lambda file: tree.natural(file.name))]
