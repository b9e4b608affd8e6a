"""What a model takes rows for that are handed in."""

from typing import ClassVar

import numpy as np

from snowdome.core.control import Control
from snowdome.session.models.judged import ModelFile, model_at
from snowdome.session.models.messages import PredictionsRecord
from snowdome.session.question import Desk, Question


class ModelPredictions(Question[PredictionsRecord], frozen=True):
    """`values` are rows of the model's own form, float32, one after the other; DataError where they are not."""

    title: ClassVar[str] = "The prediction"
    quick: ClassVar[bool] = True

    file: ModelFile
    model: str
    values: bytes
    rows: int

    def answer(self, desk: Desk, control: Control) -> PredictionsRecord:  # noqa: ARG002
        """See Question."""
        model = model_at(desk, self.file)
        values = np.frombuffer(self.values, "<f4").reshape(self.rows, -1)
        predicted, proba = model.predict_both(values)
        return PredictionsRecord(
            model=self.model, classes=list(model.classes), predicted=predicted.tolist(), probability=proba.tolist()
        )
