"""What people decide: saved at once, undone and redone, seen by others, kept with the image and not with its row."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from snowdome.core.errors import OptionError
from snowdome.data.annotated import annotated, corrected, read_patch, write_patch
from snowdome.data.dataset import Dataset
from snowdome.data.image_keys import image_keys
from snowdome.session.labels.annotations import Annotations, ConflictError

CLASSES = ("zero", "one", "two")
FIRST, SECOND = "a name that a client made", "another"


def make(n: int = 12, seed: int = 0) -> Dataset:
    """n different images of 3 × 4 pixels."""
    X = np.random.default_rng(seed).integers(0, 256, (n, 12)).astype(np.uint8)
    return Dataset(X=X, y=np.arange(n) % 3, classes=CLASSES, image_shape=(3, 4), name="made up")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Annotations]]:
    """Opens the annotations of a Dataset in one workspace, the one before being closed first."""
    there: list[Annotations] = []

    def open_(dataset: Dataset | None = None, folder: str = "workspace") -> Annotations:
        while there:
            there.pop().close()
        there.append(Annotations(make() if dataset is None else dataset, tmp_path / folder))
        return there[-1]

    yield open_
    while there:
        there.pop().close()


def said(annotations: Annotations) -> dict[int | None, tuple[str, str | None, str]]:
    return {one.row: (one.decision, one.label, one.note) for one in annotations.decisions()}


def test_what_was_decided_is_there_after_a_restart(opened: Any) -> None:
    one = opened()
    one.decide([3], "relabel", "two", "a two, clearly")
    one.decide([5, 7], "exclude")
    one.decide([4], "keep")
    assert said(opened()) == {
        3: ("relabel", "two", "a two, clearly"), 5: ("exclude", None, ""), 7: ("exclude", None, ""),
        4: ("keep", None, ""),
    }  # fmt: skip


def test_to_relabel_as_what_it_is_means_keep(opened: Any) -> None:
    one = opened()
    one.decide([0, 1], "relabel", "one")
    assert said(one) == {0: ("relabel", "one", ""), 1: ("keep", None, "")}
    assert one.decision(1).given == "one"


@pytest.mark.parametrize(
    ("rows", "decision", "label", "words"),
    [
        ([0], "burn", None, "decision got 'burn'; allowed: keep, relabel"),
        ([0], "relabel", None, "A label goes with relabel"),
        ([0], "keep", "one", "A label goes with relabel"),
        ([0], "relabel", "three", "label got 'three'; the classes are: zero, one, two"),
        ([], "keep", None, "No images"),
        ([12], "keep", None, "rows 0 to 11"),
        ([-1], "keep", None, "rows 0 to 11"),
    ],
)
def test_refused(opened: Any, rows: list[int], decision: str, label: str | None, words: str) -> None:
    one = opened()
    with pytest.raises(OptionError, match=words):
        one.decide(rows, decision, label)
    with pytest.raises(OptionError, match="A note is text"):
        one.decide([0], "keep", None, "\ud800")
    assert one.state.revision == 0


def test_undo_and_redo_of_everything_across_restarts(opened: Any) -> None:
    """P-08."""
    one = opened()
    one.decide([1], "keep")
    one.decide([1, 2, 3], "relabel", "zero", "all of them")
    assert one.state.undo == "keep and relabel 3 images as zero"
    one = opened()
    assert one.undo().rows == [1, 2, 3]
    assert said(one) == {1: ("keep", None, "")}
    assert one.state.redo == "keep and relabel 3 images as zero"
    one = opened()
    one.redo()
    assert set(said(one)) == {1, 2, 3}
    one = opened()
    one.undo()
    one.undo()
    assert said(one) == {}
    with pytest.raises(OptionError, match="nothing to undo"):
        one.undo()
    one.decide([9], "later")
    with pytest.raises(OptionError, match="nothing to redo"):
        one.redo()
    one.decide([9], "none")
    assert said(one) == {}
    one.undo()
    assert said(one) == {9: ("later", None, "")}


def test_asking_again_does_nothing_twice(opened: Any) -> None:
    one = opened()
    first = one.decide([1], "keep", token=FIRST)
    assert one.decide([1], "keep", token=FIRST).step == first.step
    assert one.undo(token=SECOND).step == one.undo(token=SECOND).step
    assert opened().undo(token=SECOND).rows == [1]
    assert one.state.revision == 2


def test_a_bulk_is_shown_before_it_is_done(opened: Any) -> None:
    one = opened()
    one.decide([0, 3], "relabel", "two")
    one.decide([6], "exclude")
    seen = one.preview([0, 1, 2, 6, 6], "relabel", "two")
    assert (seen.count, seen.relabelled, seen.overwritten, seen.unchanged) == (4, 3, 1, 1)
    assert seen.given == {"zero": 2, "one": 1, "two": 1}
    assert said(one).keys() == {0, 3, 6}, "nothing was done"
    assert one.decide([0, 1, 2, 6], "relabel", "two", seen=seen.revision).rows == [0, 1, 2, 6]


def test_two_tabs(opened: Any) -> None:
    """P-06: what others decided meanwhile is not overwritten unseen, and nothing of either vanishes."""
    one = opened()
    seen = one.state.revision
    one.decide([2], "exclude", seen=seen)
    with pytest.raises(ConflictError) as caught:
        one.decide([1, 2], "keep", seen=seen)
    conflict = caught.value.conflict
    assert conflict.rows == [2]
    assert [record.decision for record in conflict.theirs] == ["exclude"]
    assert said(one) == {2: ("exclude", None, "")}
    one.decide([3], "keep", seen=seen)  # another image is nobody's conflict
    one.decide([1, 2], "keep", seen=conflict.revision)  # mine, knowing theirs
    assert one.decision(2).decision == "keep"
    with pytest.raises(ConflictError):
        one.undo(seen=conflict.revision)  # it would take back a step that this tab has not seen
    one.undo()
    assert one.decision(2).decision == "exclude"


def test_second_opinions(opened: Any) -> None:
    one = opened()
    one.decide([0, 1, 2], "keep")
    one.decide([0], "relabel", "zero", blind=True)
    one.decide([1], "relabel", "two", blind=True)
    one.decide([5], "relabel", "one", blind=True)
    progress = one.progress(range(12))
    assert (progress.twice, progress.agree) == (2, 1)
    assert one.decision(1).decision == "keep", "a second opinion replaces no decision"
    assert one.decision(5).blind
    assert said(opened())[5] == ("relabel", "one", "")


def test_progress(opened: Any) -> None:
    one = opened()
    one.decide([0, 1], "keep")
    one.decide([2], "later")
    one.decide([11], "exclude")
    progress = one.progress([0, 1, 2, 3, 4])
    assert (progress.done, progress.of) == (2, 5)
    assert progress.by_decision == {"keep": 2, "relabel": 0, "ambiguous": 0, "exclude": 0, "later": 1}


class TestKeys:
    """P-10: decisions stay with the image."""

    def test_rows_in_another_order(self, opened: Any) -> None:
        data = make()
        opened(data).decide([3], "relabel", "two")
        order = np.random.default_rng(5).permutation(12)
        other = dataclasses.replace(data.take(order), ids=None)
        assert image_keys(other).data == image_keys(data).data
        assert said(opened(other)) == {int(np.flatnonzero(order == 3)[0]): ("relabel", "two", "")}

    def test_another_container(self, opened: Any) -> None:
        data = make()
        opened(data).decide([3], "exclude")
        floats = dataclasses.replace(data, X=data.X.astype(np.float64), image_shape=None, name="a table")
        assert said(opened(floats)) == {3: ("exclude", None, "")}

    def test_a_changed_pixel_makes_an_orphan_that_is_listed_and_not_lost(self, opened: Any) -> None:
        data = make()
        opened(data).decide([3, 4, 5], "exclude", None, "why")
        X = data.X.copy()
        X[4, 0] ^= 1
        changed = dataclasses.replace(data, X=X)
        one = opened(changed)
        assert "2 of the 3 images" in one.notices[0]
        assert said(one) == {3: ("exclude", None, "why"), None: ("exclude", None, "why"), 5: ("exclude", None, "why")}
        assert one.state.orphans == 1
        one.decide([0], "keep")
        assert set(said(opened(data))) == {0, 3, 4, 5}, "the first data have what was decided about the later state"
        assert not opened(changed).notices, "known by now"

    def test_other_data_share_nothing(self, opened: Any) -> None:
        opened().decide([3], "exclude")
        assert said(opened(make(seed=1))) == {}
        assert said(opened(dataclasses.replace(make(), X=make().X.copy(), classes=("a", "b", "c")))) == said(opened())

    def test_identical_images_are_told_apart(self, opened: Any) -> None:
        data = make()
        X = data.X.copy()
        X[7] = X[4]
        X[9] = X[4]
        y = np.arange(12) % 3
        y[9] = 2  # the same image twice as a one and once as a two
        twice = dataclasses.replace(data, X=X, y=y)
        one = opened(twice)
        one.decide([9], "relabel", "one")
        back = twice.take(np.arange(12)[::-1])
        assert said(opened(back)) == {2: ("relabel", "one", "")}

    def test_images_added(self, opened: Any) -> None:
        data = make()
        opened(data).decide([3], "exclude")
        more = dataclasses.replace(data, X=np.concatenate([make(5, 9).X, data.X]), y=np.arange(17) % 3)
        assert said(opened(more)) == {8: ("exclude", None, "")}


class TestExport:
    """P-12: what comes back is what went out."""

    def test_into_another_workspace(self, opened: Any) -> None:
        one = opened()
        one.decide([1, 2], "relabel", "zero", 'a "note", with\nlines; =1+1 𝔘 \x00 \u202e')
        one.decide([3], "ambiguous")
        one.decide([1], "keep", blind=True)
        patch = write_patch(one.exported())
        other = opened(folder="another")
        done = other.take_in(read_patch(patch))
        assert (done.taken, done.unchanged, done.orphans) == (4, 0, 0)
        assert write_patch(other.exported()) == patch
        again = other.take_in(read_patch(patch))
        assert (again.taken, again.unchanged, again.saved) == (0, 4, None)
        other.undo()
        other.undo()
        assert said(other) == {}

    def test_orphans_are_kept(self, opened: Any) -> None:
        one = opened()
        one.decide([1, 2], "exclude")
        patch = one.exported()
        few = opened(make()[:2], folder="another")
        assert few.take_in(patch).orphans == 1
        assert few.state.orphans == 1
        assert few.exported().decisions == patch.decisions

    def test_applied(self, opened: Any) -> None:
        data = make()
        one = opened(data)
        one.decide([1, 2], "relabel", "zero")
        one.decide([5], "exclude")
        one.decide([6], "ambiguous")
        made = annotated(data, one.exported())
        assert len(made) == 11
        assert made.y is not None
        assert made.y[[1, 2]].tolist() == [0, 0]
        assert made.all_ids().tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
        assert made.notes == ("annotations: 2 labels corrected, 1 images left out",)
        found = corrected(data[:3], one.exported())
        assert len(found.orphans) == 2


class Clients(RuleBasedStateMachine):
    """P-06, P-08: any order of edits, bulks, undos, redos and restarts, beside a plain list of states."""

    @initialize(folder=st.uuids())
    def start(self, folder: Any) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.data = make(6)
        self.now = Annotations(self.data, Path(self.folder.name))
        self.states: list[dict[int, str]] = [{}]
        self.seen = [0, 0]  # by two tabs: one that is told of every step, and one that is not
        self.touched: dict[int, int] = {}
        self.at = 0
        self.steps = 0

    @rule(
        rows=st.sets(st.integers(0, 5), min_size=1), decision=st.sampled_from(["ambiguous", "exclude", "none"]),
        tab=st.integers(0, 1),
    )  # fmt: skip
    def decide(self, rows: set[int], decision: str, tab: int) -> None:
        late = {row for row in rows if self.touched.get(row, 0) > self.seen[tab]}
        if late:
            with pytest.raises(ConflictError) as caught:
                self.now.decide(sorted(rows), decision, seen=self.seen[tab])
            assert set(caught.value.conflict.rows) == late
            self.seen[tab] = caught.value.conflict.revision
            return
        saved = self.now.decide(sorted(rows), decision, seen=self.seen[tab])
        self.seen[0] = self.seen[tab] = saved.state.revision
        self.touched |= dict.fromkeys(rows, saved.step)
        state = {row: what for row, what in self.states[self.at].items() if row not in rows}
        if decision != "none":
            state |= dict.fromkeys(rows, decision)
        self.states[self.at + 1 :] = [state]
        self.at += 1
        self.steps += 1

    @rule(kind=st.sampled_from(["undo", "redo"]))
    def again(self, kind: str) -> None:
        to = self.at + (1 if kind == "redo" else -1)
        if 0 <= to < len(self.states):
            saved = getattr(self.now, kind)()
            self.touched |= dict.fromkeys(saved.rows, saved.step)
            self.seen[0] = saved.step
            self.at = to
            self.steps += 1
        else:
            with pytest.raises(OptionError):
                getattr(self.now, kind)()

    @rule()
    def restart(self) -> None:
        self.now.close()
        self.now = Annotations(self.data, Path(self.folder.name))

    @invariant()
    def the_log_replayed_is_the_state(self) -> None:
        if hasattr(self, "now"):
            assert {one.row: one.decision for one in self.now.decisions()} == self.states[self.at]
            assert self.now.state.revision == self.steps, "no step vanishes"

    def teardown(self) -> None:
        if hasattr(self, "now"):
            self.now.close()
            self.folder.cleanup()


TestClients = Clients.TestCase
TestClients.settings = settings(max_examples=15, stateful_step_count=20, deadline=None, derandomize=True)
