"""What a model thinks of each row that it was not trained on."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.models.judged import ModelFile, judged_at, verdicts_of
from snowdome.session.models.messages import Verdicts
from snowdome.session.question import Desk, Question


class ModelVerdicts(Question[Verdicts], frozen=True):
    """Row, prediction, confidence: of the test rows, and of the training rows that folds held out."""

    title: ClassVar[str] = "What the model thinks of the rows"

    file: ModelFile

    def answer(self, desk: Desk, control: Control) -> Verdicts:  # noqa: ARG002
        """See Question."""
        return verdicts_of(judged_at(desk, self.file))
