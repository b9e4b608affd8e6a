"""The data sets known by name: what they are, how to tell that they are whole, and where their files may lie."""

import dataclasses
import hashlib
import os
from pathlib import Path

from snowdome.core import cache
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset, array_hash
from snowdome.data.reading import Reading, arranged

_IDX = tuple(f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))


@dataclasses.dataclass(frozen=True)
class Entry:
    """One known data set. `hashes` are payload hashes of X and y of each split, in order, the same for every
    container, and are empty where nobody has published or computed them; `files` are the names that the file-based
    ones arrive under. Labels count from `first_label`; `transposed` files hold each image column after column."""

    title: str
    about: str
    classes: tuple[str, ...]
    licence: str
    hashes: tuple[str, ...]
    files: tuple[str, ...] = ()
    size: str = ""
    first_label: int = 0
    transposed: bool = False

    @property
    def payload_hash(self) -> str:
        """The payload hash of the whole Dataset."""
        return hashlib.sha256("".join(self.hashes).encode()).hexdigest()


_DIGITS = tuple("0123456789")
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALL = (*_DIGITS, *_CAPITALS, *_CAPITALS.lower())
_MERGED = (*_DIGITS, *_CAPITALS, *"abdefghnqrt")  # letters whose small form differs from the capital one

ENTRIES: dict[str, Entry] = {
    "digits": Entry(
        title="Digits",
        about="1,797 handwritten digits of 8×8 pixels; comes with scikit-learn",
        classes=_DIGITS,
        licence="CC BY 4.0",
        hashes=(
            "f4196bc3555039c2e854165db83844ec65b8f9ec65a8885feb758b9d8e4d89c4",
            "eda244d8df8c7dbd32bc87fb3d966520bab0c93522c3614a62c9f4c63b9913aa",
        ),
    ),
    "fashion-mnist": Entry(
        title="Fashion-MNIST",
        about="70,000 articles of clothing of 28×28 pixels in 10 classes",
        classes=("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                 "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        licence="MIT",
        hashes=(
            "a0b3d49f076be1b74e74e5ec09fc45607edb3ba3b20ed315d82c445e6397939e",
            "8c795f933c0a00281dd96d9d0ef56461887c9c153710b4a99e66dd7863a09770",
            "ac160a62c60097b331436861b07ccee33553a638d6ed23ce3e28ca462cc4957d",
            "536ef8bc093a3ae3de302688bd9934a0cd952203db21ba780d8b3fa9b39fc473",
        ),
        files=_IDX,
        size="31 MB",
    ),
    "mnist": Entry(
        title="MNIST",
        about="70,000 handwritten digits of 28×28 pixels",
        classes=_DIGITS,
        licence="CC BY-SA 3.0",
        hashes=(
            "72807def45b84eb333e10a8938067f63521fc3d1da5f0905bdeac6f6cca9cdad",
            "b41bd0b181ca918de375332eadc74a7bb68a8b850a6f825e6dee16e83814330d",
            "a2a8de1edecac6b347b910d4aa2eaebf625ca8f5fb606a52393d46c277113634",
            "8232211201940f8b117e7302369fbaf794829afa50f4023e0b44b90d10bbae01",
        ),
        files=_IDX,
        size="12 MB",
    ),
    "kmnist": Entry(
        title="Kuzushiji-MNIST",
        about="70,000 cursive Japanese characters of 28×28 pixels in 10 classes",
        classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        licence="CC BY-SA 4.0",
        hashes=(),
        files=_IDX,
        size="21 MB",
    ),
    "qmnist": Entry(
        title="QMNIST",
        about="MNIST made anew from NIST's scans, with all 60,000 test digits",
        classes=_DIGITS,
        licence="BSD 3-Clause",
        hashes=(),
        files=tuple(f"qmnist-{part}-{kind}.gz" for part in ("train", "test") for kind in ("images-idx3-ubyte",
                                                                                          "labels-idx2-int")),
        size="20 MB",
    ),
} | {
    f"emnist-{part}": Entry(
        title=f"EMNIST {part}",
        about=about,
        classes=classes,
        licence="public domain (NIST)",
        hashes=(),
        files=tuple(f"emnist-{part}-{half}-{kind}-ubyte.gz" for half in ("train", "test")
                    for kind in ("images-idx3", "labels-idx1")),
        size="562 MB",
        first_label=1 if part == "letters" else 0,
        transposed=True,
    )
    for part, classes, about in (
        ("balanced", _MERGED, "131,600 digits and letters of 28×28 pixels, as many of each of 47 classes"),
        ("byclass", _ALL, "814,255 digits and letters of 28×28 pixels in 62 classes"),
        ("bymerge", _MERGED, "814,255 digits and letters of 28×28 pixels in 47 classes"),
        ("digits", _DIGITS, "280,000 digits of 28×28 pixels"),
        ("letters", tuple(_CAPITALS), "145,600 letters of 28×28 pixels, capital or small, 26 classes"),
        ("mnist", _DIGITS, "70,000 digits of 28×28 pixels, made as MNIST was"),
    )
}  # fmt: skip


def search_folders(name: str, data_dir: Path | None) -> list[Path]:
    """Where the files of a data set are looked for, in order."""
    roots = [data_dir, os.environ.get("SNOWDOME_DATA"), cache.folder() / "downloads", "/usr/share/datasets"]
    return [Path(root) / name for root in roots if root]


def find(name: str, data_dir: Path | None = None) -> Path | None:
    """The first of those folders that has all the files (gzipped or not), or None."""
    for folder in search_folders(name, data_dir):
        if all((folder / file).is_file() or (folder / file.removesuffix(".gz")).is_file()
               for file in ENTRIES[name].files):  # fmt: skip
            return folder
    return None


def check(name: str, dataset: Dataset) -> Dataset:
    """The Dataset under its catalogue name, after the payload hash of each part was found right, if it has any."""
    entry = ENTRIES[name]
    if not entry.hashes:
        return named(name, _settled(entry, dataset))
    got = part_hashes(dataset)
    for (label, found), expected in zip(got, entry.hashes, strict=False):
        if found != expected:
            raise DataError(
                f"{entry.title}: its {label} are not the published ones (payload hash {found[:16]}…, expected "
                f"{expected[:16]}…). Fetch the files again, or open the folder by its path if that is intended."
            )
    if len(got) != len(entry.hashes):
        raise DataError(
            f"{entry.title}: found {', '.join(label for label, _ in got)}; {len(entry.hashes)} such parts are "
            f"published. Leave only the published files in the folder, or open it by its path if that is intended."
        )
    return named(name, dataset)


def named(name: str, dataset: Dataset) -> Dataset:
    """The Dataset with the title, class names and licence of a catalogue entry."""
    entry = ENTRIES[name]
    return dataclasses.replace(dataset, name=entry.title, classes=entry.classes, licence=entry.licence)


def _settled(entry: Entry, dataset: Dataset) -> Dataset:
    """The Dataset with its images upright and its labels counted from 0."""
    if entry.transposed:
        dataset = arranged(dataset, Reading(transpose=True))
    codes = None if dataset.y is None else dataset.y - entry.first_label
    if codes is None or (codes.size and not 0 <= codes.min() <= codes.max() < len(entry.classes)):
        last = entry.first_label + len(entry.classes) - 1
        raise DataError(
            f"{entry.title}: its labels are not from {entry.first_label} to {last}. "
            f"Fetch the files again, or open the folder by its path if that is intended."
        )
    return dataclasses.replace(dataset, y=codes, classes=entry.classes)


def recognise(dataset: Dataset) -> Dataset:
    """The same Dataset, under its name where its payload is a known one."""
    for name, entry in ENTRIES.items():
        if entry.hashes and entry.payload_hash == dataset.payload_hash:
            return named(name, dataset)
    return dataset


def part_hashes(dataset: Dataset) -> list[tuple[str, str]]:
    """("train images", hash), ("train labels", hash), … in the order of the splits."""
    parts = dataset.split_names if dataset.split is not None else ("",)
    found = []
    for part in parts:
        rows = dataset.part(part) if part else dataset
        found.append((f"{part} images".strip(), array_hash(rows.X)))
        if rows.y is not None:
            found.append((f"{part} labels".strip(), array_hash(rows.y)))
    return found
