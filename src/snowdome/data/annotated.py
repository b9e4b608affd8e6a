"""Decisions about images as a file that can be taken elsewhere, and what they make of a Dataset."""

import dataclasses
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, MissingDataError
from snowdome.data.dataset import Dataset
from snowdome.data.image_keys import ImageKeys, Key, image_keys

_MOST_BYTES = 512 << 20


class Decided(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One decision: the image by the SHA-256 of its values, which of the identical ones it is, and what was decided.

    `label` is the class that it should have; `given` the one that it had. A `blind` decision is a second opinion.
    """

    image: str
    occurrence: int
    decision: Literal["keep", "relabel", "ambiguous", "exclude", "later"]
    label: str | None = None
    given: str | None = None
    note: str = ""
    at: str = ""
    blind: bool = False

    def __post_init__(self) -> None:
        if len(self.image) != 64 or set(self.image) - set("0123456789abcdef"):
            raise ValueError("image has to be 64 hexadecimal digits")
        if not 0 <= self.occurrence < 2**31:
            raise ValueError("occurrence has to be a whole number from 0")
        if (self.decision == "relabel") != (self.label is not None and self.label != self.given):
            raise ValueError("a relabel, and nothing else, has a label that is not the one given")

    @property
    def key(self) -> Key:
        """What the image is found by."""
        return bytes.fromhex(self.image), self.occurrence


class Patch(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The decisions about one data set: a patch file. `data` is the SHA-256 of its images, whatever their order."""

    format: Literal["snowdome annotations"] = "snowdome annotations"
    version: Literal[1] = 1
    name: str
    data: str
    classes: list[str]
    decisions: list[Decided]

    def effective(self) -> dict[Key, Decided]:
        """What holds for each image: the decision, or the second opinion where there is no other."""
        return {one.key: one for one in sorted(self.decisions, key=lambda one: not one.blind)}


def write_patch(patch: Patch) -> bytes:
    """The patch as JSON, one decision a line."""
    head = msgspec.json.encode({"format": patch.format, "version": patch.version, "name": patch.name,
                                "data": patch.data, "classes": patch.classes})  # fmt: skip
    lines = b",\n".join(msgspec.json.encode(one) for one in patch.decisions)
    return head[:-1] + b',"decisions":[\n' + lines + b"\n]}\n"


def read_patch(file: Path | bytes) -> Patch:
    """The patch in a file, or in its bytes. MissingDataError where there is none, DataError where it is not sound."""
    name = file.name if isinstance(file, Path) else "annotations"
    try:
        if isinstance(file, Path):
            if file.stat().st_size > _MOST_BYTES:
                raise DataError(f"{name}: has more than {_MOST_BYTES:,} bytes, which no file of annotations has.")
            file = file.read_bytes()
        return msgspec.json.decode(file, type=Patch)
    except FileNotFoundError as error:
        raise MissingDataError(f"There is no file of annotations {name!r}.") from error
    except OSError as error:
        raise DataError(f"{name}: cannot be read: {error.strerror or error}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DataError(f"{name}: is no file of annotations that snowdome wrote: {error}. Export it again.") from error


@dataclasses.dataclass(frozen=True)
class Corrected:
    """A Dataset's labels after some decisions.

    Attributes:
        y: (n,) int64 codes into the Dataset's classes.
        kept: (n,) bool, False for images that were excluded.
        decided: for each row what was decided about it, or None.
        orphans: decisions whose image the Dataset does not have, or whose label is none of its classes.
    """

    y: NDArray[np.int64]
    kept: NDArray[np.bool_]
    decided: list[Decided | None]
    orphans: list[Decided]


def corrected(dataset: Dataset, patch: Patch, keys: ImageKeys | None = None) -> Corrected:
    """The labels with the decisions of a patch taken in. DataError where the Dataset has no labels."""
    if dataset.y is None:
        raise DataError(f"{dataset.name}: has no labels to correct.")
    rows = (keys or image_keys(dataset)).rows
    codes = {name: code for code, name in enumerate(dataset.classes)}
    y, kept = np.array(dataset.y), np.ones(len(dataset), bool)
    decided: list[Decided | None] = [None] * len(dataset)
    orphans = []
    for key, one in patch.effective().items():
        row = rows.get(key)
        if row is None or (one.decision == "relabel" and one.label not in codes):
            orphans.append(one)
            continue
        decided[row] = one
        if one.decision == "relabel":
            y[row] = codes[str(one.label)]
        kept[row] = one.decision != "exclude"
    return Corrected(y, kept, decided, orphans)


def annotated(dataset: Dataset, patch: Patch) -> Dataset:
    """The Dataset with the decisions applied: labels corrected, excluded images left out; a note says how many.

    Rows keep their ids.
    """
    found = corrected(dataset, patch)
    facts: list[Any] = [f"{int((found.y != dataset.y).sum())} labels corrected"]
    facts.append(f"{int((~found.kept).sum())} images left out")
    if found.orphans:
        facts.append(f"{len(found.orphans)} decisions are about images or classes that are not here")
    made = dataclasses.replace(dataset, y=found.y, notes=(*dataset.notes, f"annotations: {', '.join(facts)}"))
    return made if found.kept.all() else made.take(np.flatnonzero(found.kept))


def taken_in(dataset: Dataset, patch: Patch) -> tuple[Dataset, NDArray[np.bool_]]:
    """For judging again: the Dataset with its labels corrected and all its rows, and which of them may be learnt from.

    Images that were found ambiguous or excluded may not.
    """
    found = corrected(dataset, patch)
    doubtful = [one is not None and one.decision in ("ambiguous", "exclude") for one in found.decided]
    return dataclasses.replace(dataset, y=found.y), ~np.array(doubtful)
