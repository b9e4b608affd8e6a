"""A Dataset with its corrected labels as files to take home: CSV, parquet, npz; and a report of what changed."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import atomic_write
from snowdome.core.errors import DataError, OptionError
from snowdome.data.annotated import Corrected, Decided
from snowdome.data.dataset import Dataset
from snowdome.data.guards.spreadsheet import plain_cell

SUFFIXES = (".csv", ".parquet", ".npz")


def write_corrected(
    path: Path, dataset: Dataset, corrected: Corrected, *, raw: bool = False, only: str | None = None
) -> list[Path]:
    """Write the data with the corrected labels, the original ones beside them; the files that were written.

    .csv: id, split, label, original_label, decision, note of every row, those that were excluded too; text is made
    safe for spreadsheets (a ' before what could be a formula) unless `raw`. .parquet: images and labels in Hugging
    Face's layout, without those that were excluded; data with splits become one file for each, named after it, or the
    file of the split `only`. .npz: x and y of each split, and the labels as they were, without what was excluded.
    """
    if path.suffix == ".csv":
        with atomic_write(path) as file:
            _csv(file, dataset, corrected, raw=raw)
        return [path]
    if path.suffix == ".npz":
        with atomic_write(path) as file:
            _npz(file, dataset, corrected)
        return [path]
    if path.suffix != ".parquet":
        raise OptionError(f"{path.name!r} ends in {path.suffix!r}; allowed: {', '.join(SUFFIXES)}.")
    written = []
    for split, rows in _splits(dataset, corrected.kept):
        if only is not None and split != only:
            continue
        target = path.with_name(f"{path.stem}-{split}.parquet") if split and only is None else path
        with atomic_write(target) as file:
            _parquet(file, dataset, corrected, rows)
        written.append(target)
    return written


def table(dataset: Dataset, corrected: Corrected) -> Any:
    """One row for each image as a polars.DataFrame: id, split, label, original_label, decision, note, decided_at."""
    import polars as pl

    names = np.array(dataset.classes, dtype=object)
    if dataset.y is None:
        raise DataError(f"{dataset.name}: has no labels.")
    said = corrected.decided
    columns: dict[str, Any] = {"id": dataset.all_ids()}
    if dataset.split is not None:
        columns["split"] = [dataset.split_names[code] for code in dataset.split]
    columns |= {
        "label": names[corrected.y].tolist(), "original_label": names[dataset.y].tolist(),
        "decision": ["" if one is None else one.decision for one in said],
        "note": ["" if one is None else one.note for one in said],
        "decided_at": ["" if one is None else one.at for one in said],
    }  # fmt: skip
    text = {name: pl.String for name in columns if name != "id"}
    return pl.DataFrame(columns, schema_overrides=text)


def _csv(file: BinaryIO, dataset: Dataset, corrected: Corrected, *, raw: bool) -> None:
    import polars as pl

    frame = table(dataset, corrected)
    if not raw:
        text = [name for name in frame.columns if frame[name].dtype == pl.String]
        frame = frame.with_columns(pl.Series(name, [plain_cell(cell) for cell in frame[name]]) for name in text)
    frame.write_csv(file)


def _splits(dataset: Dataset, kept: NDArray[np.bool_]) -> list[tuple[str, NDArray[np.int64]]]:
    """The kept rows of each split by its name; of data without splits, all of them without a name."""
    if dataset.split is None:
        return [("", np.flatnonzero(kept))]
    return [(name, np.flatnonzero(kept & (dataset.split == code))) for code, name in enumerate(dataset.split_names)]


def _npz(file: BinaryIO, dataset: Dataset, corrected: Corrected) -> None:
    assert dataset.y is not None  # noqa: S101 - labels were corrected
    arrays: dict[str, Any] = {}
    pixels = () if dataset.channels == 1 else (dataset.channels,)
    shape = (dataset.X.shape[1],) if dataset.image_shape is None else (*dataset.image_shape, *pixels)
    for split, rows in _splits(dataset, corrected.kept):
        end = f"_{split}" if split else ""
        arrays[f"x{end}"] = dataset.X[rows].reshape(len(rows), *shape)
        arrays[f"y{end}"] = corrected.y[rows]
        arrays[f"original{end}"] = dataset.y[rows]
    np.savez_compressed(file, allow_pickle=False, **arrays, class_names=np.array(dataset.classes))


def _parquet(file: BinaryIO, dataset: Dataset, corrected: Corrected, rows: NDArray[np.int64]) -> None:
    """image {bytes, path} or values, label (ClassLabel), original_label, decision, note."""
    import polars as pl

    frame = table(dataset, corrected)[rows].drop("split", strict=False)
    codes = pl.Series("label", corrected.y[rows])
    if dataset.image_shape is None:
        first = pl.Series("values", np.asarray(dataset.X[rows]).tolist(), dtype=pl.List(_type_of(dataset.X)))
        feature: dict[str, Any] = {"feature": {"dtype": str(dataset.X.dtype), "_type": "Value"}, "_type": "Sequence"}
    else:
        images = [{"bytes": _png(dataset, int(row)), "path": None} for row in rows]
        first = pl.Series("image", images, dtype=pl.Struct({"bytes": pl.Binary, "path": pl.String}))
        feature = {"_type": "Image"}
    frame = frame.with_columns(codes)
    frame = frame.insert_column(0, first)
    features: dict[str, Any] = {first.name: feature}
    for name in frame.columns[1:]:
        kind = "string" if frame[name].dtype == pl.String else "int64"
        features[name] = {"dtype": kind, "_type": "Value"}
    features["label"] = {"names": list(dataset.classes), "_type": "ClassLabel"}
    frame.write_parquet(file, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _type_of(X: NDArray[Any]) -> Any:
    import polars as pl

    return pl.Series(np.empty(0, X.dtype)).dtype


def _png(dataset: Dataset, row: int) -> bytes:
    """One image as a PNG: bytes as they are, other values brought from their range to 0 … 255."""
    from PIL import Image

    assert dataset.image_shape is not None  # noqa: S101 - the caller has looked
    values = np.asarray(dataset.X[row])
    low, high = dataset.value_range
    if values.dtype != np.uint8 or (low, high) != (0.0, 255.0):
        values = np.round((values.astype(np.float64) - low) * (255 / ((high - low) or 1))).clip(0, 255).astype(np.uint8)
    shape = (*dataset.image_shape, *(() if dataset.channels == 1 else (dataset.channels,)))
    out = io.BytesIO()
    Image.fromarray(values.reshape(shape)).save(out, "PNG", optimize=False)
    return out.getvalue()


def report(dataset: Dataset, corrected: Corrected, why: dict[int, str] | None = None) -> str:
    """What changed and why, as Markdown: how many of each decision, each way of relabelling, and every change.

    `why` says for a row what spoke against its label.
    """
    assert dataset.y is not None  # noqa: S101 - labels were corrected
    decided = [(row, one) for row, one in enumerate(corrected.decided) if one is not None]
    counts = Counter(one.decision for _, one in decided)
    ways = Counter((one.given, one.label) for _, one in decided if one.decision == "relabel")
    told = ", ".join(f"{count:,} {name}" for name, count in counts.most_common()) or "none"
    lines = [f"# Labels of {_cell(dataset.name)}", "", f"{len(dataset):,} images; decided about: {told}.", ""]
    if ways:
        lines += ["| from | to | images |", "|---|---|---:|"]
        lines += [f"| {_cell(given)} | {_cell(label)} | {count} |" for (given, label), count in ways.most_common()]
        lines.append("")
    lines += ["| id | split | was | is | decision | note | evidence | decided |", "|---|---|---|---|---|---|---|---|"]
    for row, one in decided:
        split = "" if dataset.split is None else dataset.split_names[int(dataset.split[row])]
        cells = (dataset.id_of(row), split, dataset.classes[int(dataset.y[row])], _now(dataset, corrected, row),
                 one.decision, one.note, (why or {}).get(row, ""), one.at)  # fmt: skip
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    if corrected.orphans:
        lines += ["", f"{len(corrected.orphans):,} decisions are about images or classes that these data do not have:"]
        lines += [f"- {_orphan(one)}" for one in corrected.orphans]
    return "\n".join(lines) + "\n"


def _now(dataset: Dataset, corrected: Corrected, row: int) -> str:
    return dataset.classes[int(corrected.y[row])] if corrected.kept[row] else "(left out)"


def _orphan(one: Decided) -> str:
    label = f" as {_cell(one.label)}" if one.label is not None else ""
    return f"{one.image[:12]}…: {one.decision}{label} {_cell(one.note)}".rstrip()


def _cell(text: Any) -> str:
    """Text that stays in its cell and is no markup."""
    kept = "".join(c if c.isprintable() else " " for c in str(text))
    for mark in "\\|<>&`*_[]#!":
        kept = kept.replace(mark, f"\\{mark}")
    return kept
