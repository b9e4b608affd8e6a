"""What the marks of the charts stand for: the app leads from a mark to its row or to the rows of its classes."""

from typing import Any

import numpy as np
import pytest

from snowdome.chart.of_summary import picture
from snowdome.data.dataset import Dataset


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Three classes of 4 × 4 images."""
    rng = np.random.default_rng(3)
    return Dataset(rng.integers(0, 256, (30, 16)).astype(np.uint8), np.arange(30) % 3, ("a", "b", "c"), (4, 4))


def rows_in(spec: Any) -> list[dict[str, Any]]:
    """The rows of data that a spec carries, wherever in it."""
    if isinstance(spec, list):
        return [row for part in spec for row in rows_in(part)]
    if not isinstance(spec, dict):
        return []
    here = spec["data"]["values"] if isinstance(spec.get("data"), dict) and "values" in spec["data"] else []
    kept = [row for rows in spec.get("datasets", {}).values() for row in rows]
    return [*here, *kept, *(row for name, part in spec.items() if name != "datasets" for row in rows_in(part))]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("centroids", {(0,), (1,), (2,)}),
        ("boxes", {(0,), (1,), (2,)}),
        ("separation", {(a, b) for a in range(3) for b in range(3) if a != b}),
        ("contrast", {(a, b) for a in range(3) for b in range(3) if a != b}),
    ],
)
def test_marks_of_classes_carry_their_codes(data: Dataset, name: str, codes: set[tuple[int, ...]]) -> None:
    assert {tuple(row["codes"]) for row in rows_in(picture(data, name).spec) if "codes" in row} == codes


@pytest.mark.parametrize("name", ["atypical", "typical", "gallery", "pair"])
def test_marks_of_images_carry_their_number(data: Dataset, name: str) -> None:
    found = {row["instance"] for row in rows_in(picture(data, name).spec) if "instance" in row}
    assert found
    assert found <= set(range(1, 31))


def test_without_labels_marks_of_classes_stand_for_nothing(data: Dataset) -> None:
    bare = Dataset(data.X, None, (), (4, 4))
    assert all(row["codes"] == [] for row in rows_in(picture(bare, "centroids").spec) if "codes" in row)
