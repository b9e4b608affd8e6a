"""The graph of the nearest neighbours of all rows, to be drawn as edges on a map."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session import spaces
from snowdome.session.question import Desk, Question


class Edges(Question[bytes], frozen=True):
    """(n, 3) u32: the three nearest of each row in `space` leading components, or in the values where that is None."""

    title: ClassVar[str] = "The nearest neighbours"

    space: int | None

    def answer(self, desk: Desk, control: Control) -> bytes:
        """See Question."""
        return desk.keep(("edges", self.space), lambda: spaces.edge_bytes(desk.dataset, self.space, desk.memo, control))
