"""Tables of text: how the columns are parted and named, and their values, by polars with the types that the head shows.

What polars refuses is looked for again, slowly, so that the sentence can name the line and the column.
"""

import codecs
import collections
import csv
import dataclasses
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from snowdome.core.errors import DataError
from snowdome.data.guards import limits
from snowdome.data.tabular import tables

_HEAD_ROWS = 200
_MOST_COLUMNS, _LONGEST_LINE = 100_000, 1 << 21
_SEPARATORS = ",\t;| "
_NOTHING = ("", "NA", "N/A", "n/a", "na", "null", "NULL", "None", "?")
_NUMBER = re.compile(
    r"\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|nan|inf|infinity)\s*", re.IGNORECASE | re.ASCII
)
_BLANK = re.compile(rb"\r?\n[\r\n]*\n")
_BYTE = re.compile(r"\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Layout:
    """How a table of text is laid out: its column names, which of them are text, and where its rows begin."""

    names: tuple[str, ...]
    text: frozenset[str]
    separator: str = ","
    headed: bool = True
    quote: str = '"'
    comment: str | None = None
    before: int = 0  # lines of the file before the table


def decoded(where: str, content: bytes, notes: list[str]) -> bytes:
    """The text as UTF-8 without a byte order mark, its lines ended by line feeds."""
    if content.startswith(codecs.BOM_UTF8):
        content = content[3:]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError as error:
            raise DataError(f"{where}: begins as UTF-16 text but is none. Save it as UTF-8.") from error
    if b"\0" in content:
        raise DataError(f"{where}: holds NUL bytes, so it is no text.")
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1").encode()
            notes.append("the text is not UTF-8: it was read as Latin-1")
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
    content = content.lstrip(b"\r\n")
    if b'"' not in content and _BLANK.search(content):
        content = _BLANK.sub(b"\n", content)
        notes.append("blank lines were left out")
    return content


def layout_of(where: str, content: bytes, label: str | None = None, columns: Sequence[str] = ()) -> Layout:
    """The separator, the header and the types of the columns, by the first rows of a text."""
    head = _head(where, content)
    separator = separator_of(head)
    if separator is None:
        raise DataError(f"{where}: its first line has no comma, tab or semicolon; expected a table.")
    rows = _rows(where, head, separator)
    width = len(rows[0])
    if width > _MOST_COLUMNS:
        raise DataError(f"{where}: its first line has {width:,} columns; at most {_MOST_COLUMNS:,} are read.")
    headed = _is_header(rows)
    names = _names(rows[0]) if headed else [f"column {place + 1}" for place in range(width)]
    body = [row for row in rows[headed:] if len(row) == width]
    words = {*tables.LABELS, *tables.IDS, *tables.SPLITS} if headed else set()
    if label is not None or {name.lower() for name in names} & ({*tables.LABELS} - {tables.COORDINATE}):
        words.discard(tables.COORDINATE)
    words -= {name.lower() for name in columns}  # numbers are numbers there
    text = {name for place, name in enumerate(names)
            if name.lower() in words or name == label
            or not all(_NUMBER.fullmatch(row[place]) or row[place].strip() in _NOTHING for row in body)}  # fmt: skip
    return Layout(tuple(names), frozenset(text), separator, headed)


def separator_of(head: str) -> str | None:
    """The separator that parts the first lines into the same number of columns, the most of them; None for none."""
    lines = [line for line in head.splitlines() if line.strip()][:20]
    best, most = None, 1
    for separator in _SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(lines[:20], delimiter=separator)]
        except csv.Error:
            continue
        usual, _ = collections.Counter(counts).most_common(1)[0] if counts else (0, 0)
        if usual > most and (separator != " " or all(map(_NUMBER.fullmatch, lines[0].split()[:-1]))):
            best, most = separator, usual
            if separator != " ":
                break
    return best


def _head(where: str, content: bytes) -> str:
    """The first lines as text, whole lines only."""
    piece = content[:_LONGEST_LINE]
    if len(content) > _LONGEST_LINE:
        end = piece.rfind(b"\n")
        if end < 0:
            raise DataError(f"{where}: its first line is longer than {_LONGEST_LINE:,} bytes; this is no table.")
        piece = piece[: end + 1]
    if not piece.strip():
        raise DataError(f"{where}: is empty.")
    return piece.decode("utf-8", "replace")


def _rows(where: str, head: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            if row:
                found.append(row)
            if len(found) > _HEAD_ROWS:
                break
    except csv.Error as error:
        raise DataError(f"{where}: line {len(found) + 1}: {error}.") from error
    return found


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row are names: text where the second row has numbers, or the numbers of the columns."""
    first, second = rows[0], rows[1] if len(rows) > 1 else []
    if len(rows) == 1:
        return not any(_NUMBER.fullmatch(cell) for cell in first)
    numbers = [cell for cell in first if cell.strip()]
    counting = [str(place) for place in range(len(first) + 1)]
    if len(first) > 2 and numbers in (counting[:-1], counting[1:], counting[:-2]):
        return True
    pairs = list(zip(first, second, strict=False))
    named = [bool(_NUMBER.fullmatch(below)) and not _NUMBER.fullmatch(cell) and cell.strip() not in _NOTHING
             for cell, below in pairs]  # fmt: skip
    values = [bool(_NUMBER.fullmatch(cell)) for cell in first]
    return any(named) and sum(named) >= sum(values)


def _names(cells: list[str]) -> list[str]:
    """The names of a header, made different where they are not."""
    names: list[str] = []
    seen: collections.Counter[str] = collections.Counter()
    for place, cell in enumerate(cells):
        name = cell.strip() or ("" if place == 0 else f"column {place + 1}")
        seen[name] += 1
        while seen[name] > 1 and f"{name} {seen[name]}" in seen:
            seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} {seen[name]}"
        if unique != name:
            seen[unique] += 1
        names.append(unique)
    return names


def parse(where: str, content: bytes, layout: Layout) -> Any:
    """The table as a polars DataFrame: whole values from 0 to 255 as bytes where all are such, else as floats.

    Raises DataError with the line and column of what is not as the layout says.
    """
    import polars as pl

    rows, width = content.count(b"\n") + 1, len(layout.names)
    limits.check(where, rows * width)
    bytes_only = _small(_head(where, content), layout)
    failures: list[BaseException] = []
    for kind, nothing in (([pl.UInt8] if bytes_only else [], None), ([pl.Float64], list(_NOTHING))):
        if not kind:
            continue
        if nothing:
            limits.check(where, 8 * rows * width)
        try:
            frame = _read(content, layout, kind[0], nothing)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, OverflowError) as error:
            failures.append(error)
            continue
        parted = content.count(layout.separator.encode()) == (width - 1) * (len(frame) + layout.headed)
        if not parted or frame.null_count().sum_horizontal()[0]:  # polars lets some rows of other widths through
            _check_widths(where, content, layout)
        return frame
    _check_widths(where, content, layout)
    _check_numbers(where, content, layout)
    raise DataError(f"{where}: cannot be read as a table: {str(failures[-1]).splitlines()[0][:200]}") from failures[-1]


def _small(head: str, layout: Layout) -> bool:
    """Whether the numbers of the first rows are all whole and from 0 to 255."""
    places = [place for place, name in enumerate(layout.names) if name not in layout.text]
    try:
        rows = list(itertools.islice(_lines(head.encode(), layout), _HEAD_ROWS))[layout.headed :]
    except csv.Error:
        return False
    cells = (row[place] for _, row in rows for place in places if place < len(row))
    return all(_BYTE.fullmatch(cell) or not cell.strip() for cell in cells)


def _read(content: bytes, layout: Layout, kind: Any, nothing: Sequence[str] | None) -> Any:
    import polars as pl

    names = [f"column_{place + 1}" for place in range(len(layout.names))]  # as polars would call them
    types = [pl.String if name in layout.text else kind for name in layout.names]

    def part(chosen: list[str] | None, nothing: Sequence[str] | None) -> Any:
        return pl.read_csv(
            content, schema=dict(zip(names, types, strict=True)), columns=chosen, has_header=False,
            skip_rows=int(layout.headed), separator=layout.separator, quote_char=layout.quote,
            comment_prefix=layout.comment, null_values=nothing, encoding="utf8",
        )  # fmt: skip

    text = [name for name, type_ in zip(names, types, strict=True) if type_ == pl.String]
    numbers = [name for name in names if name not in set(text)]
    if nothing is None or not text or not numbers:
        frame = part(None, nothing if numbers else None)
    else:
        frame = pl.concat([part(text, None), part(numbers, nothing)], how="horizontal").select(names)
    frame.columns = list(layout.names)  # rename plans a query, of as many expressions as there are columns
    return frame


def _lines(content: bytes, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The number of each line, and its values; slowly."""
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors="replace", newline="")
    reader = csv.reader(stream, delimiter=layout.separator, quotechar=layout.quote)
    for row in reader:
        if row and not (layout.comment and row[0].startswith(layout.comment)):
            yield layout.before + reader.line_num, row


def _check_widths(where: str, content: bytes, layout: Layout) -> None:
    """Raise DataError for the first line with more or fewer columns than there should be."""
    width = len(layout.names)
    if layout.quote.encode() not in content and layout.comment is None:
        values = np.frombuffer(content, np.uint8)
        ends = np.flatnonzero(values == ord("\n"))
        if not len(ends) or ends[-1] != len(values) - 1:
            ends = np.append(ends, len(values))
        parted = np.searchsorted(np.flatnonzero(values == ord(layout.separator)), ends)
        counts = np.diff(parted, prepend=0) + 1
        lengths = np.diff(ends, prepend=-1) - 1
        odd = np.flatnonzero((counts != width) & (lengths > 1))
        if odd.size:
            raise _ragged(where, layout.before + int(odd[0]) + 1, int(counts[odd[0]]), width)
        return
    try:
        for number, row in _lines(content, layout):
            if len(row) != width:
                raise _ragged(where, number, len(row), width)
    except csv.Error as error:
        raise DataError(f"{where}: cannot be read as a table: {error}.") from error


def _ragged(where: str, line: int, got: int, width: int) -> DataError:
    return DataError(f"{where}: line {line:,} has {got:,} columns; expected {width:,}, as above. "
                     f"Is the file cut off, or a value not in quotes?")  # fmt: skip


def _check_numbers(where: str, content: bytes, layout: Layout) -> None:
    """Raise DataError for the first value that is no number where one should be."""
    places = [(place, name) for place, name in enumerate(layout.names) if name not in layout.text]
    try:
        for number, (line, row) in enumerate(_lines(content, layout)):
            if layout.headed and number == 0:
                continue
            for place, name in places[: len(row)]:
                if place < len(row) and not (_NUMBER.fullmatch(row[place]) or row[place].strip() in _NOTHING):
                    raise DataError(f"{where}: line {line:,}, column {place + 1} ({name!r}): {row[place][:40]!r} is no "
                                    f"number.")  # fmt: skip
    except csv.Error as error:
        raise DataError(f"{where}: cannot be read as a table: {error}.") from error
