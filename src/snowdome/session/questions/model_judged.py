"""How far a model can be believed on its test rows."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.model.evaluate import calibration, calibration_error, confusion_matrix, interval, scores_of_matrix
from snowdome.session.models.judged import ModelFile, judged_at
from snowdome.session.models.messages import CalibrationBin, ClassScores, JudgedRecord
from snowdome.session.question import Desk, Question


class ModelJudged(Question[JudgedRecord], frozen=True):
    """Confusion matrix, precision, recall and F1 of each class, and calibration."""

    title: ClassVar[str] = "The judging of the model"

    file: ModelFile

    @classmethod
    def warm(cls) -> None:
        """Tables."""
        import polars as pl  # noqa: F401

    def answer(self, desk: Desk, control: Control) -> JudgedRecord:  # noqa: ARG002
        """See Question."""
        verdict = judged_at(desk, self.file).on_test().verdict
        matrix, n = confusion_matrix(verdict), len(verdict)
        low, high = interval(int(verdict.correct.sum()), n)
        support = matrix.sum(1)
        scores = [
            ClassScores(precision=float(p), recall=float(r), f1=float(f), support=int(support[code]))
            for code, (p, r, f) in enumerate(scores_of_matrix(matrix))
        ]
        return JudgedRecord(
            n=n, accuracy=verdict.accuracy, low=low, high=high, classes=list(verdict.classes), matrix=matrix.tolist(),
            scores=scores, calibration=[CalibrationBin(**row) for row in calibration(verdict).rows(named=True)],
            error=calibration_error(verdict), about=verdict.about, warning=self.file.warning,
        )  # fmt: skip
