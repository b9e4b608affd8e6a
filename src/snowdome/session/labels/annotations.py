"""A session's annotations: what people decide about images, saved as they decide it. The verbs of every front door."""

import datetime as dt
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from snowdome.core.errors import OptionError, SnowdomeError
from snowdome.data.annotated import Decided, Patch
from snowdome.data.dataset import Dataset
from snowdome.data.image_keys import Key, image_keys
from snowdome.session.labels.annotations_file import AnnotationsFile
from snowdome.session.labels.annotations_records import (
    Operation,
    Step,
    Version,
    insert_step,
    insert_version,
    read_steps,
    read_versions,
)
from snowdome.session.labels.history import CLEARED, History, key_of
from snowdome.session.labels.messages import (
    AnnotationState,
    BulkPreview,
    Changes,
    Conflict,
    DecisionName,
    DecisionRecord,
    Imported,
    Progress,
    Saved,
)

DECISIONS: tuple[str, ...] = get_args(DecisionName)
_LONGEST_NOTE = 10_000
_LONGEST_TOKEN = 64


class ConflictError(SnowdomeError):
    """Others decided about the same images in the meantime; nothing was saved. `conflict` says what they decided."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.text)
        self.conflict = conflict


def workspace() -> Path:
    """The folder of what people made, which no cleaning touches: $SNOWDOME_WORKSPACE, else the user's own."""
    import platformdirs

    chosen = os.environ.get("SNOWDOME_WORKSPACE")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("snowdome", appauthor=False))


class Annotations:
    """The decisions about the images of one Dataset, in a workspace.

    Every change is one step of an append-only log; when a verb returns, its step is on the disk. `token` is the
    caller's own name for a change, so that asking again for one whose answer was lost does nothing twice. `seen` is
    the last revision that the caller knew of: what others changed after it is not overwritten but raises
    ConflictError. Safe to use from several threads, one call at a time for each Dataset.

    Raises NotSavedError where nothing was saved, and ReadOnlyError where nothing can be.
    """

    def __init__(self, dataset: Dataset, folder: Path | None = None, address: str = "") -> None:
        self.dataset = dataset
        self.keys = image_keys(dataset)
        self.file = AnnotationsFile(folder or workspace(), address)
        self.notices = list(self.file.notices)
        versions = self.file.read(read_versions)
        self._collection, self._known = self._joined(versions)
        self._history = History()
        self._read_up_to = 0
        self._foreign = self.file.changed_elsewhere()
        self._read()

    def _joined(self, versions: list[Version]) -> tuple[str, bool]:
        """The collection these data belong to, and whether they are known: other data may be an earlier state of them.

        They are where at least half of the images that were annotated there are here, and the classes of one are among
        those of the other.
        """
        own = next((version for version in versions if version.data == self.keys.data), None)
        if own is not None:
            return own.collection, True
        collections = {version.data: version.collection for version in versions}
        images: dict[str, set[Key]] = {}
        for step in self.file.read(read_steps):
            if step.data in collections:
                images.setdefault(collections[step.data], set()).update(map(key_of, step.operations))
        classes = set(self.dataset.classes)
        best, most = "", 0.0
        for version in versions:
            keys = images.get(version.collection, set())
            alike = classes <= set(version.classes) or classes >= set(version.classes)
            share = sum(key in self.keys.rows for key in keys) / len(keys) if keys and alike else 0.0
            if share >= 0.5 and share >= most:
                best, most = version.collection, share
                name, all_keys = version.name, len(keys)
        if not best:
            return self.keys.data, False
        here = round(most * all_keys)
        self.notices.append(f"These data are another state of {name}: {here} of the {all_keys} images that were "
                            f"decided about there are here.")  # fmt: skip
        return best, False

    def _read(self) -> set[Key]:
        """Take in what others wrote since; the images that it was about."""

        def ask(connection: sqlite3.Connection) -> tuple[list[Step], list[Version]]:
            return read_steps(connection, self._read_up_to), read_versions(connection)

        steps, versions = self.file.read(ask)
        mine = {version.data for version in versions if version.collection == self._collection}
        touched: set[Key] = set()
        for step in steps:
            self._read_up_to = step.id
            if step.data in mine:
                touched |= self._take(step)
        return touched

    def _take(self, step: Step) -> set[Key]:
        self._history.take(step)
        about = step if step.kind == "edit" else self._history.step(step.target or 0)
        return set() if about is None else set(map(key_of, about.operations))

    # What is there.

    @property
    def state(self) -> AnnotationState:
        """Where the annotations stand."""
        undo, redo = self._history.to_undo, self._history.to_redo
        live = self._history.live
        return AnnotationState(
            revision=self._history.revision, count=len(live), undo=_told(undo), redo=_told(redo),
            undo_step=0 if undo is None else undo.id, redo_step=0 if redo is None else redo.id,
            read_only=self.file.read_only, notices=self.notices,
            orphans=len(live - self.keys.rows.keys()),
        )  # fmt: skip

    def refresh(self) -> list[int]:
        """Take in what another process wrote; the rows whose decision may be another now. Cheap where nothing was."""
        number = self.file.changed_elsewhere()
        if number == self._foreign:
            return []
        self._foreign = number
        return self._rows(self._read())

    def changes(self, since: int) -> Changes:
        """What became of the decisions after a step of the log; after 0, all there is."""
        rows = self._rows(self._history.touched_after(since))
        twice = self.progress(self._rows(self._history.live))
        return Changes(
            state=self.state, rows=rows, decisions=[one for row in rows if (one := self.decision(row)) is not None],
            twice=twice.twice, agree=twice.agree,
        )  # fmt: skip

    def decision(self, row: int) -> DecisionRecord | None:
        """What holds for a row."""
        return self._record(self.keys.keys[row])

    def decisions(self) -> list[DecisionRecord]:
        """All decisions by row; those about images that the data does not have come last."""
        records = [record for key in self._history.images() if (record := self._record(key)) is not None]
        return sorted(records, key=lambda record: len(self.dataset) if record.row is None else record.row)

    def progress(self, rows: Iterable[int]) -> Progress:
        """How many of these rows were decided about."""
        keys = [self.keys.keys[row] for row in rows]
        found = [one.decision for key in keys if (one := self._history.decision(key)) is not None]
        counts = Counter(found)
        pairs = [(self._history.first(key), self._history.second(key)) for key in keys]
        twice = [(_label(one), _label(other)) for one, other in pairs if one is not None and other is not None]
        return Progress(
            done=len(found) - counts["later"], of=len(keys), by_decision={name: counts[name] for name in DECISIONS},
            twice=len(twice), agree=sum(one == other for one, other in twice),
        )  # fmt: skip

    def preview(self, rows: Sequence[int], decision: str, label: str | None = None) -> BulkPreview:
        """What `decide` with the same arguments would do."""
        operations = self._operations(rows, decision, label, "", blind=False)
        before = [self._history.decision(key_of(one)) for one in operations]
        same = [one is not None and (one.decision, one.label) == (new.decision, new.label)
                for one, new in zip(before, operations, strict=True)]  # fmt: skip
        given = Counter(one.given for one in operations if one.given is not None)
        return BulkPreview(
            count=len(operations), relabelled=sum(one.decision == "relabel" for one in operations),
            overwritten=sum(one is not None and not equal for one, equal in zip(before, same, strict=True)),
            unchanged=sum(same), given=dict(given.most_common()), revision=self._history.revision,
        )  # fmt: skip

    # What people do.

    def decide(
        self,
        rows: Sequence[int],
        decision: str,
        label: str | None = None,
        note: str = "",
        *,
        token: str = "",
        seen: int | None = None,
        blind: bool = False,
    ) -> Saved:
        """Decide about one image or many, in one step.

        `decision` is one of keep, relabel (to the class `label`; to the label that an image has, that is keep),
        ambiguous, exclude, later, or none, which takes a decision back.
        """
        operations = self._operations(rows, decision, label, note, blind=blind)
        self.refresh()
        if (known := self._saved_before(token)) is not None:
            return known
        self._require_seen([key_of(one) for one in operations], seen)
        return self._append("edit", operations, token)

    def undo(self, *, step: int = 0, token: str = "", seen: int | None = None) -> Saved:
        """Take a step back (0: the last), also one made before a restart. OptionError where there is none."""
        return self._again("undo", step, token, seen)

    def redo(self, *, step: int = 0, token: str = "", seen: int | None = None) -> Saved:
        """Bring a step back (0: the one that was taken back last). OptionError where there is none."""
        return self._again("redo", step, token, seen)

    def _again(self, kind: str, number: int, token: str, seen: int | None) -> Saved:
        self.refresh()
        if (known := self._saved_before(token)) is not None:
            return known
        step = self._history.to_undo if kind == "undo" else self._history.to_redo
        if number:
            step = self._history.step(number) if self._history.can(kind, number) else None
        if step is None:
            why = {"undo": "That was taken back already.", "redo": "Something else was decided since; it stays undone."}
            raise OptionError(why[kind] if number else f"There is nothing to {kind}.")
        self._require_seen([key_of(one) for one in step.operations], seen)
        return self._append(kind, (), token, step.id)

    def exported(self) -> Patch:
        """All decisions as a patch, sorted by image: the same decisions give the same bytes."""
        found = []
        for key in self._history.images():
            said = (self._history.first(key), self._history.second(key))
            found += [_decided(one) for one in said if one is not None]
        dataset = self.dataset
        return Patch(name=dataset.name, data=self._collection, classes=list(dataset.classes), decisions=found)

    def take_in(self, patch: Patch, *, token: str = "") -> Imported:
        """Import the decisions of a patch, in one step; those of images that are not here are kept and listed."""
        self.refresh()
        operations, same = [], 0
        for one in {(one.key, one.blind): one for one in patch.decisions}.values():
            operation = Operation(*one.key, one.decision, one.label, one.given, one.note, one.at, one.blind)
            before = self._history.second(one.key) if one.blind else self._history.first(one.key)
            same += operation == before
            if operation != before:
                operations.append(operation)
        orphans = sum(one.key not in self.keys.rows for one in patch.decisions)
        # A step has one operation for an image: where there are second opinions too, they are a step of their own.
        parts = [[one for one in operations if one.blind == blind] for blind in (False, True)]
        each = [self._append("edit", part, f"{token}{number}" if token else "")
                for number, part in enumerate(parts) if part]  # fmt: skip
        steps, rows = [one.step for one in each], sorted({row for one in each for row in one.rows})
        saved = Saved(step=steps[-1], rows=rows, state=self.state) if each else None
        return Imported(taken=len(operations), unchanged=same, orphans=orphans, saved=saved, steps=steps)

    def close(self) -> None:
        """Let go of the workspace."""
        self.file.close()

    # How it is done.

    def _operations(
        self, rows: Sequence[int], decision: str, label: str | None, note: str, *, blind: bool
    ) -> list[Operation]:
        """The decision about each row; OptionError for what is not allowed."""
        classes, y = self.dataset.classes, self.dataset.y
        if decision not in (*DECISIONS, CLEARED):
            raise OptionError(f"decision got {decision!r}; allowed: {', '.join((*DECISIONS, CLEARED))}.")
        if (decision == "relabel") != (label is not None):
            raise OptionError("A label goes with relabel, and with nothing else.")
        if label is not None and label not in classes:
            raise OptionError(f"label got {label!r}; the classes are: {', '.join(classes)}.")
        if not rows:
            raise OptionError("No images: choose at least one.")
        if len(note) > _LONGEST_NOTE or _has_surrogates(note):
            raise OptionError(f"A note is text of at most {_LONGEST_NOTE:,} characters.")
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        found = []
        for row in dict.fromkeys(int(row) for row in rows):
            if not 0 <= row < len(self.dataset):
                raise OptionError(f"row got {row}; {self.dataset.name} has rows 0 to {len(self.dataset) - 1}.")
            given = None if y is None else classes[int(y[row])]
            same = decision == "relabel" and label == given
            said = ("keep", None) if same else (decision, label)
            found.append(Operation(*self.keys.keys[row], *said, given, note, now, blind))
        return found

    def _require_seen(self, keys: Iterable[Key], seen: int | None) -> None:
        late = [] if seen is None else [key for key in keys if self._history.touched(key) > seen]
        if late:
            theirs = [record for key in late if (record := self._record(key)) is not None]
            text = f"{len(late)} of these images were decided about elsewhere in the meantime. Nothing was changed."
            raise ConflictError(
                Conflict(text=text, rows=self._rows(late), theirs=theirs, revision=self._history.revision)
            )

    def _append(self, kind: str, operations: Sequence[Operation], token: str, target: int | None = None) -> Saved:
        if len(token) > _LONGEST_TOKEN:
            raise OptionError(f"token: at most {_LONGEST_TOKEN} characters.")
        if (known := self._saved_before(token)) is not None:
            return known
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        version = Version(self.keys.data, self._collection, self.dataset.name, self.dataset.classes,
                          len(self.dataset), now)  # fmt: skip

        def add(connection: sqlite3.Connection) -> int:
            if not self._known:
                insert_version(connection, version)
            number = int(connection.execute("SELECT ifnull(max(id), 0) + 1 FROM steps").fetchone()[0])
            step = Step(number, self.keys.data, kind, target, token or f"step {number}", now, tuple(operations))
            insert_step(connection, step)
            return number

        number = self.file.write(add)
        self._known = True
        return Saved(step=number, rows=self._rows(self._read()), state=self.state)

    def _saved_before(self, token: str) -> Saved | None:
        """What was saved under this token, so that it is not done twice."""
        if not token:
            return None
        found = self.file.read(lambda db: db.execute("SELECT id FROM steps WHERE token = ?", (token,)).fetchone())
        if found is None:
            return None
        (step,) = self.file.read(lambda db: read_steps(db, only=found[0]))
        about = step if step.kind == "edit" else self._history.step(step.target or 0)
        keys = [] if about is None else map(key_of, about.operations)
        return Saved(step=step.id, rows=self._rows(keys), state=self.state)

    def _rows(self, keys: Iterable[Key]) -> list[int]:
        return sorted(self.keys.rows[key] for key in keys if key in self.keys.rows)

    def _record(self, key: Key) -> DecisionRecord | None:
        one = self._history.decision(key)
        if one is None:
            return None
        decision: DecisionName = one.decision  # type: ignore[assignment]
        second = self._history.second(key)
        return DecisionRecord(row=self.keys.rows.get(key), decision=decision, label=one.label, given=one.given,
                              note=one.note, at=one.at, blind=one.blind,
                              second=None if second is None else _label(second))  # fmt: skip


def _decided(one: Operation) -> Decided:
    decision: DecisionName = one.decision  # type: ignore[assignment]
    return Decided(image=one.image.hex(), occurrence=one.occurrence, decision=decision, label=one.label,
                   given=one.given, note=one.note, at=one.at, blind=one.blind)  # fmt: skip


def _label(one: Operation) -> str | None:
    """The label that a decision leaves an image with; for those that leave it with none, what was decided."""
    return one.label if one.decision == "relabel" else one.given if one.decision == "keep" else f"({one.decision})"


def _told(step: Step | None) -> str:
    """A step in words: relabel 3 images as 7."""
    if step is None:
        return ""
    names = sorted({one.decision for one in step.operations})
    labels = sorted({one.label for one in step.operations if one.label is not None})
    count = len(step.operations)
    as_what = f" as {labels[0]}" if len(labels) == 1 else ""
    return f"{' and '.join(names)} {count} image{'' if count == 1 else 's'}{as_what}"


def _has_surrogates(text: str) -> bool:
    return bool(np.any([0xD800 <= ord(character) <= 0xDFFF for character in text]))
