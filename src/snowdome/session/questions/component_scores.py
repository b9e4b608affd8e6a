"""The scores of all rows in one principal component."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.question import Desk, Question
from snowdome.session.spaces import leading, score_bytes


class ComponentScores(Question[bytes], frozen=True):
    """(n,) float32: the scores in component number `component`, counted from 0."""

    title: ClassVar[str] = "The scores"

    component: int

    def answer(self, desk: Desk, control: Control) -> bytes:
        """See Question."""
        found = desk.keep("components", lambda: leading(desk.dataset, desk.memo, control))
        return score_bytes(found, self.component)
