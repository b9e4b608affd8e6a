"""The mean row of each class and of all."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.question import Desk, Question
from snowdome.session.spaces import mean_bytes


class ClassMeans(Question[bytes], frozen=True):
    """(k + 1, p) float32: the mean row of each class, NaN for an empty one, then that of all rows."""

    title: ClassVar[str] = "The mean images"

    def answer(self, desk: Desk, control: Control) -> bytes:
        """See Question."""
        return mean_bytes(desk.dataset, desk.memo, control)
