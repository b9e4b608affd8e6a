"""The ranking as the app shows it: pages, evidence, and ranking again with the decisions taken in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import OptionError
from snowdome.data.dataset import Dataset
from snowdome.model import leave_one_out
from snowdome.session.labels.annotations import Annotations
from snowdome.session.labels.ranking import evidence, page, rank


@pytest.fixture
def wrong(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """300 digits, the first of which has a wrong label."""
    import dataclasses

    monkeypatch.setattr(leave_one_out, "FEATURES", 200)
    y = np.array(digits.y[:300] if digits.y is not None else [])
    y[0] = 7
    return dataclasses.replace(digits[:300], y=y)


@pytest.fixture
def annotations(wrong: Dataset, tmp_path: Path) -> Iterator[Annotations]:
    made = Annotations(wrong, tmp_path / "workspace")
    yield made
    made.close()


def test_pages(wrong: Dataset, annotations: Annotations) -> None:
    annotations.decide([0], "later")
    found = rank(wrong)
    first = page(found, annotations, 0, 5)
    assert [one.rank for one in first] == [1, 2, 3, 4, 5]
    assert (first[0].row, first[0].given_label, first[0].predicted_label) == (0, "7", "0")
    assert first[0].decision is not None
    assert first[0].decision.decision == "later"
    assert first[1].decision is None
    assert page(found, None, 298, 100)[-1].rank == 300
    assert sorted(one.row for one in page(found, None, 0, 300)) == list(range(300))
    with pytest.raises(OptionError):
        page(found, None, -1, 5)


def test_evidence(wrong: Dataset) -> None:
    found = rank(wrong)
    said = evidence(found, 0)
    assert int(np.argmax(said.proba)) == 0
    assert int(np.argmin(said.centroid)) == 0
    assert [one.label for one in said.neighbours].count("0") >= 8
    assert 0 not in [one.row for one in said.neighbours]
    assert np.all(np.diff([one.distance for one in said.neighbours]) >= 0)
    with pytest.raises(OptionError):
        evidence(found, 300)


def test_again_with_the_decisions(wrong: Dataset, annotations: Annotations) -> None:
    annotations.decide([0], "relabel", "0")
    annotations.decide([1], "ambiguous")
    found = rank(wrong, decisions=annotations.exported())
    assert found.verdict.labels[0] == 0
    assert "learnt from 299" in found.about
    assert page(found, None, 0, 1)[0].row != 0


def test_it_is_kept(wrong: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rank(wrong)

    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("snowdome.model.witnesses.leave_one_out", fail)
    assert rank(wrong, by="neighbours").dataset is wrong
    assert rank(wrong).table().equals(before.table())


def test_it_can_be_stopped(wrong: Dataset) -> None:
    """J-03."""
    control = Control()
    control.stopping = True
    with pytest.raises(Stopped):
        rank(wrong, control=control)
