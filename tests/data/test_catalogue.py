"""The data sets known by name: found in order, checked part by part, recognised under any name."""

import dataclasses
import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.errors import DataError
from snowdome.data import catalogue
from snowdome.data.catalogue import ENTRIES, Entry
from snowdome.data.dataset import Dataset
from snowdome.data.mirrors import SOURCES
from snowdome.data.source import open_dataset

PARTS = ["train images", "train labels", "test images", "test labels"]


@pytest.fixture
def tiny(pixels: Any, codes: Any, write_pair: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up catalogue entry "tiny", and the folder of its files, named tiny too."""
    write_pair(pixels[:8], codes[:8], "train", folder="tiny")
    folder: Path = write_pair(pixels[8:], codes[8:], "t10k", folder="tiny")
    as_found = open_dataset(folder)
    hashes = tuple(found for _, found in catalogue.part_hashes(as_found))
    entry = Entry("Tiny set", "made up", ("zero", "one", "two"), "public domain", hashes, ENTRIES["mnist"].files)
    monkeypatch.setitem(ENTRIES, "tiny", entry)
    return folder


@pytest.mark.parametrize("name", list(ENTRIES))
def test_every_entry_is_complete(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.title
    assert entry.about
    assert entry.licence
    assert len(set(entry.classes)) == len(entry.classes) >= 10
    assert len(set(entry.hashes)) == len(entry.hashes)
    assert len(entry.hashes) in ((4, 0) if entry.files else (2,))  # none where nobody has published or computed them
    assert all(len(found) == 64 for found in entry.hashes)
    assert len(entry.files) in (0, 4)
    assert bool(entry.size) == bool(entry.files) == (name in SOURCES)


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_download_is_pinned(name: str) -> None:
    entry, source = ENTRIES[name], SOURCES[name]
    assert source.mirrors
    assert all(re.match(r"https?://[a-z0-9.-]+/(.*/)?$", mirror) for mirror in source.mirrors)
    for file in source.files:
        assert file.size > 1000
        assert file.digests
        assert all(re.fullmatch("[0-9a-f]{32}|[0-9a-f]{64}", digest) for digest in file.digests)
    if source.members:
        assert len(source.files) == 1
    else:
        assert {file.name for file in source.files} == set(entry.files)
    assert len({digest for file in source.files for digest in file.digests}) == sum(
        len(file.digests) for file in source.files
    )


def test_the_pins_are_those_of_the_real_files(mnist_folder: Path) -> None:
    """Where the published files are at hand: others may have zipped theirs anew."""
    seen = 0
    for name in ("mnist", "fashion-mnist"):
        for file in SOURCES[name].files:
            content = (mnist_folder.parent / name / file.name).read_bytes()
            if len(content) == file.size:
                assert hashlib.sha256(content).hexdigest() == file.digests[0]
                seen += 1
    if not seen:
        pytest.skip("none of the files is as it was published")


def test_found_in_order(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path) -> None:
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    assert catalogue.find("tiny") is None
    monkeypatch.setenv("SNOWDOME_DATA", str(tmp_path))
    assert catalogue.find("tiny") == tiny
    assert catalogue.find("tiny", tmp_path / "elsewhere") == tiny
    shutil.copytree(tiny, tmp_path / "first" / "tiny")
    assert catalogue.find("tiny", tmp_path / "first") == tmp_path / "first" / "tiny"
    folders = catalogue.search_folders("tiny", tmp_path / "first")
    assert folders[:2] == [tmp_path / "first" / "tiny", tmp_path / "tiny"]
    assert folders[2].is_relative_to(cache_folder)
    assert folders[3] == Path("/usr/share/datasets/tiny")


def test_a_folder_with_a_file_too_few_is_passed_over(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny, tmp_path / "first" / "tiny")
    (tmp_path / "first" / "tiny" / "t10k-labels-idx1-ubyte.gz").unlink()
    assert catalogue.find("tiny", tmp_path / "first") is None
    (tmp_path / "first" / "tiny" / "t10k-labels-idx1-ubyte").write_bytes(b"unpacked")
    assert catalogue.find("tiny", tmp_path / "first") == tmp_path / "first" / "tiny"


def test_opened_by_name(tiny: Path, tmp_path: Path) -> None:
    dataset = open_dataset("tiny", tmp_path)
    assert (dataset.name, dataset.classes, dataset.licence) == ("Tiny set", ("zero", "one", "two"), "public domain")
    assert dataset.payload_hash == ENTRIES["tiny"].payload_hash


def test_recognised_under_any_name(tiny: Path, tmp_path: Path) -> None:
    dataset = open_dataset(shutil.copytree(tiny, tmp_path / "my scans"))
    assert (dataset.name, dataset.classes, dataset.licence) == ("Tiny set", ("zero", "one", "two"), "public domain")


def test_recognised_whatever_type_holds_the_values(digits: Dataset) -> None:
    loose = Dataset(X=digits.X.astype(float), y=digits.y, classes=digits.classes, image_shape=(8, 8), name="loose")
    assert catalogue.recognise(loose).name == "Digits"
    assert catalogue.recognise(loose[:1000]).name == "loose"


@pytest.mark.parametrize("part", range(4))
def test_a_wrong_part_is_named(tiny: Path, pixels: Any, codes: Any, write_pair: Any, tmp_path: Path, part: int) -> None:
    images, labels = pixels.copy(), codes.copy()
    row = 0 if part < 2 else 11
    if part % 2:
        labels[row] = (labels[row] + 1) % 3
    else:
        images[row, 0, 0] ^= 1
    write_pair(images[:8], labels[:8], "train", folder="tiny")
    write_pair(images[8:], labels[8:], "t10k", folder="tiny")
    with pytest.raises(DataError, match=f"^Tiny set: its {PARTS[part]} are not the published ones"):
        open_dataset("tiny", tmp_path)
    by_path = open_dataset(tiny)  # by its path it is what it is, under its own name
    assert by_path.name == "tiny"
    assert np.array_equal(by_path.X, images.reshape(12, 12))


def test_parts_that_changed_places_are_found_out(tiny: Path, tmp_path: Path) -> None:
    for kind in ("images-idx3", "labels-idx1"):
        train, test = (tiny / f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k"))
        kept = train.read_bytes()
        train.write_bytes(test.read_bytes())
        test.write_bytes(kept)
    with pytest.raises(DataError, match="its train images are not the published ones"):
        open_dataset("tiny", tmp_path)


def test_a_part_too_many_is_found_out(tiny: Path, pixels: Any, codes: Any, write_pair: Any, tmp_path: Path) -> None:
    """A folder with the published files and a pair more does not hold the published data."""
    write_pair(pixels[:2], codes[:2], "extra", folder="tiny")
    with pytest.raises(DataError, match="Tiny set"):
        open_dataset("tiny", tmp_path)


def test_a_part_too_few_is_found_out(tiny: Path) -> None:
    whole = open_dataset(tiny)
    assert catalogue.recognise(dataclasses.replace(whole.train, name="half")).name == "half"
    with pytest.raises(DataError, match="Tiny set"):
        catalogue.check("tiny", whole.train)
