"""One class against the rest, by a threshold of its probability."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.model.evaluate import thresholds
from snowdome.session.models.judged import ModelFile, judged_at
from snowdome.session.models.messages import ThresholdsRecord
from snowdome.session.question import Desk, Question


class ModelThresholds(Question[ThresholdsRecord], frozen=True):
    """What is counted for each threshold from 0 to 1; DataError for a class that there is not."""

    title: ClassVar[str] = "The thresholds"

    file: ModelFile
    label: str

    def answer(self, desk: Desk, control: Control) -> ThresholdsRecord:  # noqa: ARG002
        """See Question."""
        table = thresholds(judged_at(desk, self.file).on_test().verdict, self.label)
        return ThresholdsRecord(label=self.label, **table.to_dict(as_series=False))
