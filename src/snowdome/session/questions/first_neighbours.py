"""The nearest of each of the first rows among these."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session import spaces
from snowdome.session.question import Desk, Question


class FirstNeighbours(Question[bytes], frozen=True):
    """(m, 10) u16: the ten nearest of each of the first m = 1,000 rows, in the values themselves."""

    title: ClassVar[str] = "The neighbours of the first rows"

    def answer(self, desk: Desk, control: Control) -> bytes:  # noqa: ARG002
        """See Question."""
        return desk.keep("first neighbours", lambda: spaces.first_neighbours(desk.dataset))
