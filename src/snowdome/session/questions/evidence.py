"""What speaks for and against the label of one image."""

from typing import ClassVar

import msgspec

from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.session.labels.messages import EvidenceRecord
from snowdome.session.labels.ranking import NotKeptError, evidence
from snowdome.session.question import Desk, Question
from snowdome.session.questions.ranking import Asked, ranked


class Evidence(Question[EvidenceRecord], frozen=True):
    """The evidence about any row of the data, by the ranking that is `asked` about."""

    title: ClassVar[str] = "The evidence"
    quick: ClassVar[bool] = True

    row: int
    asked: Asked

    def answer(self, desk: Desk, control: Control) -> EvidenceRecord:
        """See Question; OptionError where nothing is ranked."""
        # Of all rows: what is evidence is the same for every split, and images in another one are asked about too.
        whole = msgspec.structs.replace(self.asked, split=None, by="combined")
        try:
            return evidence(ranked(desk, whole, control, only_kept=True), self.row)
        except NotKeptError:
            raise OptionError("The labels are not ranked, so that there is no evidence yet.") from None
