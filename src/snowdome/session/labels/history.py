"""What the steps of the log come to: the decision about each image, and what can be undone and redone."""

from snowdome.data.image_keys import Key
from snowdome.session.labels.annotations_records import Operation, Step

CLEARED = "none"  # the operation that takes a decision back


class History:
    """The state after the steps that it was given, in the order of the log.

    An undo takes back the step it names and a redo brings it back, wherever that is in the log; a new edit ends what
    could be redone. Second opinions ("blind") are kept beside the decisions and replace none.
    """

    def __init__(self) -> None:
        self.revision = 0
        self._steps: dict[int, Step] = {}
        self._done: list[int] = []
        self._undone: list[int] = []
        self._said: tuple[dict[Key, list[int]], dict[Key, list[int]]] = ({}, {})
        self._operations: dict[tuple[int, Key], Operation] = {}
        self._touched: dict[Key, int] = {}
        self.live: set[Key] = set()  # the images with a decision or a second opinion

    def take(self, step: Step) -> None:
        """One more step of the log."""
        self.revision = max(self.revision, step.id)
        if step.kind == "edit":
            self._undone.clear()
            self._steps[step.id] = step
            for operation in step.operations:
                self._operations[step.id, key_of(operation)] = operation
            self._set(step.id, step.id)
        elif step.target in self._steps:
            if step.kind == "undo" and step.target in self._done:
                self._done.remove(step.target)
                self._undone.append(step.target)
                self._unset(step.target, step.id)
            elif step.kind == "redo" and step.target in self._undone:
                self._undone.remove(step.target)
                self._set(step.target, step.id)

    def _set(self, number: int, by: int) -> None:
        self._done.append(number)
        for operation in self._steps[number].operations:
            key = key_of(operation)
            self._said[operation.blind].setdefault(key, []).append(number)
            self._touch(key, by)

    def _unset(self, number: int, by: int) -> None:
        for operation in self._steps[number].operations:
            key = key_of(operation)
            self._said[operation.blind][key].remove(number)
            self._touch(key, by)

    def _touch(self, key: Key, by: int) -> None:
        self._touched[key] = by
        if self.decision(key) is None:
            self.live.discard(key)
        else:
            self.live.add(key)

    def decision(self, key: Key) -> Operation | None:
        """What holds for an image: the last decision, or the last second opinion where there is no other."""
        return self._last(key, blind=False) or self._last(key, blind=True)

    def second(self, key: Key) -> Operation | None:
        """The last second opinion on an image."""
        return self._last(key, blind=True)

    def first(self, key: Key) -> Operation | None:
        """The last decision on an image that is no second opinion."""
        return self._last(key, blind=False)

    def _last(self, key: Key, *, blind: bool) -> Operation | None:
        numbers = self._said[blind].get(key)
        if not numbers:
            return None
        operation = self._operations[numbers[-1], key]
        return None if operation.decision == CLEARED else operation

    def images(self) -> list[Key]:
        """The images with a decision or a second opinion, sorted."""
        return sorted(self.live)

    def touched_after(self, step: int) -> list[Key]:
        """The images for which something else may hold than after that step."""
        return [key for key, by in self._touched.items() if by > step]

    def touched(self, key: Key) -> int:
        """The step that last changed what holds for an image, 0 for none."""
        return self._touched.get(key, 0)

    @property
    def to_undo(self) -> Step | None:
        """The step that an undo would take back."""
        return self._steps[self._done[-1]] if self._done else None

    @property
    def to_redo(self) -> Step | None:
        """The step that a redo would bring back."""
        return self._steps[self._undone[-1]] if self._undone else None

    def can(self, kind: str, number: int) -> bool:
        """Whether that edit can be taken back ("undo"), or brought back ("redo")."""
        return number in (self._done if kind == "undo" else self._undone)

    def step(self, number: int) -> Step | None:
        """An edit by its number."""
        return self._steps.get(number)


def key_of(operation: Operation) -> Key:
    """The image that an operation is about."""
    return operation.image, operation.occurrence
