"""The leading principal components of all rows."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.question import Desk, Question
from snowdome.session.spaces import Space, leading, space_of


class LeadingComponents(Question[Space], frozen=True):
    """Their shares of the variance, the mean row, and the components themselves."""

    title: ClassVar[str] = "The principal components"

    def answer(self, desk: Desk, control: Control) -> Space:
        """See Question."""
        return space_of(desk.keep("components", lambda: leading(desk.dataset, desk.memo, control)))
