"""One value of every row."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.question import Desk, Question
from snowdome.session.spaces import column_bytes


class Column(Question[bytes], frozen=True):
    """Column `index` of X: a byte for each row where the data are bytes, else a float32."""

    title: ClassVar[str] = "The column"
    quick: ClassVar[bool] = True

    index: int

    def answer(self, desk: Desk, control: Control) -> bytes:  # noqa: ARG002
        """See Question."""
        return column_bytes(desk.dataset, self.index)
