"""ARFF, as OpenML and WEKA have it: numbers and classes, dense or sparse (`{index value, …}`), ? for what is missing.

Only what such files of images and vectors need is understood: numeric, nominal and string attributes.
"""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.guards import limits
from snowdome.data.pictures import tree
from snowdome.data.reading import AS_IT_IS, Reading
from snowdome.data.tabular import tables, text_table
from snowdome.data.vectors import About, dataset

VERSION = 4  # part of the key under which a decoded data set is kept

_MOST_ATTRIBUTES, _LONGEST_COMMENT = 100_000, 1 << 20
_ATTRIBUTE = re.compile(r"""@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(.+)""", re.IGNORECASE)
_VALUE = re.compile(r"""\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)""")
_ENTRY = re.compile(r"""\s*(\d+)\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,\s]+)\s*(?:,|$)""")
_QUOTED = {"'": re.compile(rb"'(?:[^'\\]|\\.)*'", re.DOTALL), '"': re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)}
_NUMERIC = ("numeric", "real", "integer")


@dataclasses.dataclass(frozen=True)
class Attribute:
    """One column: its name, and its type: None for a number, else the values that it can have (none for any text)."""

    name: str
    values: tuple[str, ...] | None


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first line that is no comment is @relation."""
    start = limits.start(head)
    if not start.lstrip().startswith((b"%", b"@")):
        return False
    if head is start and path.is_file():
        with path.open("rb") as file:
            start = file.read(_LONGEST_COMMENT)
    lines = (line.strip().lower() for line in start.splitlines())
    return next((line for line in lines if line and not line.startswith(b"%")), b"").startswith(b"@relation")


def files(path: Path) -> list[Path]:
    """The file alone."""
    return [path]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The rows; the label is the attribute `class`, else the last one where it is nominal."""
    import narwhals as nw

    watcher, where = control or Control(), tree.text(path.name)
    watcher.check("reading tables", 0, 1)
    about = About(where, f"ARFF file {where}")
    content = text_table.decoded(where, limits.contents(path), about.notes)
    attributes, begin = _header(where, content)
    before, body = content.count(b"\n", 0, begin), content[begin:]
    sparse = re.match(rb"(?:\s*%[^\n]*\n)*\s*\{", body) is not None
    frame = _sparse(where, body, attributes, before) if sparse else _dense(where, body, attributes, before)
    nominal = attributes[-1].values and attributes[-1].name not in how.columns
    if how.label is None and nominal and not {a.name.lower() for a in attributes} & set(tables.LABELS):
        how = dataclasses.replace(how, label=attributes[-1].name)
    found = dataset(tables.parts_of(nw.from_native(frame, eager_only=True), how, about), how, about)
    watcher.check("reading tables", 1, 1)
    return found


def _header(where: str, content: bytes) -> tuple[list[Attribute], int]:
    """The attributes, and where the rows begin."""
    attributes: list[Attribute] = []
    at = number = 0
    while at < len(content):
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end
        line, at, number = content[at:end].decode("utf-8", "replace").strip(), end + 1, number + 1
        word = line[:10].lower()
        if word.startswith("@data"):
            if not attributes:
                raise DataError(f"{where}: line {number}: @data comes before any @attribute.")
            return attributes, min(at, len(content))
        if word == "@attribute":
            attributes.append(_attribute(where, number, line))
            if len(attributes) > _MOST_ATTRIBUTES:
                raise DataError(f"{where}: more than {_MOST_ATTRIBUTES:,} attributes.")
        elif line and not line.startswith("%") and not word.startswith("@relation"):
            raise DataError(f"{where}: line {number}: {line[:40]!r}; expected @attribute, @data or a comment.")
    raise DataError(f"{where}: has no @data line; is the file cut off?")


def _attribute(where: str, number: int, line: str) -> Attribute:
    match = _ATTRIBUTE.match(line)
    kind = match[2].strip() if match else ""
    if match and kind.startswith("{") and kind.endswith("}"):
        return Attribute(_plain(match[1]), tuple(_plain(value) for value in _VALUE.findall(kind[1:-1]) if value))
    word = kind.partition(" ")[0].lower()
    if match and word in _NUMERIC:
        return Attribute(_plain(match[1]), None)
    if match and word in ("string", "date"):
        return Attribute(_plain(match[1]), ())
    raise DataError(f"{where}: line {number}: {line[:60]!r}; expected @attribute, a name, and numeric, string or "
                    f"{{values}}.")  # fmt: skip


def _plain(text: str) -> str:
    """The text without its quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _names(attributes: list[Attribute]) -> tuple[str, ...]:
    """The names of the columns, made different where they are not."""
    seen: dict[str, int] = {}
    names = []
    for attribute in attributes:
        seen[attribute.name] = seen.get(attribute.name, 0) + 1
        names.append(attribute.name if seen[attribute.name] == 1 else f"{attribute.name} {seen[attribute.name]}")
    if len(set(names)) < len(names):
        names = [f"{place + 1} {name}" for place, name in enumerate(names)]
    return tuple(names)


def _dense(where: str, body: bytes, attributes: list[Attribute], before: int) -> Any:
    """One row a line, as in a CSV file; text without the blanks around it, and missing where it is ?."""
    import polars as pl

    names = _names(attributes)
    text = frozenset(name for name, attribute in zip(names, attributes, strict=True) if attribute.values is not None)
    body = body.lstrip(b"\r\n")
    if not body.strip():
        raise DataError(f"{where}: has no rows.")
    quote = "'" if b"'" in body else '"'
    if b"\\" in body:  # within quotes it makes the next sign a plain one, which in CSV a second quote does
        body = _QUOTED[quote].sub(lambda match: _doubled(match[0], quote.encode()), body)
    comment = "%" if b"%" in body else None
    layout = text_table.Layout(names, text, ",", headed=False, quote=quote, comment=comment, before=before)
    frame = text_table.parse(where, body, layout)
    column = pl.col(sorted(text)).str.strip_chars() if text else None
    return frame if column is None else frame.with_columns(pl.when(column != "?").then(column))


def _doubled(quoted: bytes, quote: bytes) -> bytes:
    """A quoted value as CSV writes it: without backslashes, each quote within it twice."""
    inner = re.sub(rb"\\(.)", rb"\1", quoted[1:-1], flags=re.DOTALL)
    return quote + inner.replace(quote, quote * 2) + quote


def _sparse(where: str, body: bytes, attributes: list[Attribute], before: int) -> Any:
    """Rows of (index value): what is not given is 0, or the first value of a nominal attribute."""
    import polars as pl

    names = _names(attributes)
    lines = [(number, line.strip()) for number, line in enumerate(body.splitlines(), before + 1)]
    rows = [(number, line) for number, line in lines if line and not line.startswith(b"%")]
    limits.check(where, 8 * len(rows) * len(names))
    numbers: NDArray[np.float64] = np.zeros((len(rows), len(names)))
    words = {place: [attribute.values[0] if attribute.values else ""] * len(rows)
             for place, attribute in enumerate(attributes) if attribute.values is not None}  # fmt: skip
    for row, (number, line) in enumerate(rows):
        text = line.decode("utf-8", "replace")
        if not (text.startswith("{") and text.endswith("}")):
            raise DataError(f"{where}: line {number:,}: {text[:40]!r}; expected a sparse row in braces, as above.")
        _fill(f"{where}: line {number:,}", text[1:-1].strip(), row, numbers, words)
    columns: dict[str, Any] = {}
    for place, name in enumerate(names):
        columns[name] = words[place] if place in words else numbers[:, place]
    return pl.DataFrame(columns)


def _fill(where: str, text: str, row: int, numbers: NDArray[np.float64], words: dict[int, list[Any]]) -> None:
    """Put the entries of one sparse row into their places."""
    at = 0
    while at < len(text):
        match = _ENTRY.match(text, at)
        if match is None or int(match[1][:9]) >= numbers.shape[1]:
            raise DataError(
                f"{where}: {text[at : at + 40]!r}; expected an index below {numbers.shape[1]:,} and a value."
            )
        place, value, at = int(match[1][:9]), match[2], match.end()
        if place in words:
            words[place][row] = None if value == "?" else _plain(value)
            continue
        try:
            numbers[row, place] = np.nan if value == "?" else float(value)
        except ValueError as error:
            raise DataError(f"{where}, attribute {place}: {value[:40]!r} is no number.") from error
