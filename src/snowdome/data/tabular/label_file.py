"""A CSV file beside images that gives each file its label: `file,label`, with or without a header."""

import collections
import csv
import io

from snowdome.core.errors import DataError

MOST_BYTES = 1 << 26  # of the table
_LABEL_NAMES = ("label", "labels", "class", "class_name", "target", "category", "y")


def labels_by_file(title: str, content: bytes, files: list[str], wanted: str | None) -> tuple[dict[str, str], str]:
    """The label of each of `files` that the table names, and a note that says how it was read.

    `files` are paths below the table's folder. A row names a file by its path, by its name alone or by its name without
    the suffix, the latter two where that is unambiguous. `wanted` is the name of the column of labels.

    Raises DataError for a table that contradicts itself, or has no column of the name that was asked for.
    """
    rows = _rows(title, content)
    place = _names_of(files)
    width = max((len(row) for row in rows), default=0)
    hits = [sum(row[column].strip() in place for row in rows if column < len(row)) for column in range(width)]
    if not hits or max(hits) == 0 or width < 2:
        return {}, f"{title} names none of the images and was not used"
    file_column = hits.index(max(hits))
    header = rows[0] if len(rows[0]) > file_column and rows[0][file_column].strip() not in place else None
    label_column = _label_column(title, header, file_column, width, wanted)
    found: dict[str, str] = {}
    strange = 0
    for number, row in enumerate(rows[1:] if header else rows, 2 if header else 1):
        file = place.get(row[file_column].strip()) if len(row) > file_column else None
        if file is None:
            strange += bool(row)
            continue
        label = row[label_column].strip() if len(row) > label_column else ""
        if found.setdefault(file, label) != label:
            raise DataError(f"{title}: row {number}: {row[file_column]!r} has the label {label!r}, in a row before it "
                            f"{found[file]!r}. Leave one of them.")  # fmt: skip
    named = header[label_column].strip() if header and len(header) > label_column else f"column {label_column + 1}"
    lost = f"; {strange:,} rows name no image that is there" if strange else ""
    others = "; label= (--label) chooses another column" if width > 2 and wanted is None else ""
    return found, f"labels were read from {title}, {named}{others}{lost}"


def _rows(title: str, content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise DataError(f"{title}: {len(content):,} bytes; a table of labels has at most {MOST_BYTES:,}.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    first = text[:4096].partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise DataError(f"{title}: is no table: {error}. Expected rows of file,label.") from error


def _names_of(files: list[str]) -> dict[str, str]:
    """Every name that a row may give to a file."""
    names = {file: file.rpartition("/")[2] for file in files}
    stems = {file: name.rpartition(".")[0] for file, name in names.items()}
    place: dict[str, str] = {}
    for shorter in (stems, names):
        counts = collections.Counter(shorter.values())
        place.update({short: file for file, short in shorter.items() if short and counts[short] == 1})
    place.update({file: file for file in files})
    return place


def _label_column(title: str, header: list[str] | None, file_column: int, width: int, wanted: str | None) -> int:
    names = [name.strip().casefold() for name in header or ()]
    if wanted is not None:
        if wanted.strip().casefold() not in names:
            has = ", ".join(name.strip() for name in header) if header else "no header"
            raise DataError(f"{title}: there is no column {wanted!r} for the labels. It has: {has}.")
        return names.index(wanted.strip().casefold())
    for name in _LABEL_NAMES:
        if name in names and names.index(name) != file_column:
            return names.index(name)
    return next(column for column in range(width) if column != file_column)
