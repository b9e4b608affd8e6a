"""One column of what a model says of the rows."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.columns import ColumnValues
from snowdome.session.models.columns import values_of
from snowdome.session.models.judged import ModelFile, judged_at
from snowdome.session.question import Desk, Question


class ModelColumn(Question[ColumnValues], frozen=True):
    """`what` is predicted, correct or confidence."""

    title: ClassVar[str] = "The column of the model"

    file: ModelFile
    what: str

    def answer(self, desk: Desk, control: Control) -> ColumnValues:  # noqa: ARG002
        """See Question."""
        return values_of(judged_at(desk, self.file), self.what, len(desk.dataset))
