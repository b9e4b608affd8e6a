"""What a class loses where a part of one image is covered."""

from typing import ClassVar

import numpy as np

from snowdome.core.control import Control
from snowdome.model.explain import occlusion
from snowdome.session.models.judged import ModelFile, model_at
from snowdome.session.question import Desk, Question


class ModelOcclusion(Question[bytes], frozen=True):
    """(height, width) float32, by the log probability of `label` against that of `other`; for any kind of model."""

    title: ClassVar[str] = "The occlusion map"

    file: ModelFile
    row: int
    label: str
    other: str

    def answer(self, desk: Desk, control: Control) -> bytes:  # noqa: ARG002
        """See Question."""
        model, image = model_at(desk, self.file), np.asarray(desk.dataset.X[self.row])
        height, width = model.asked.image_shape or (1, 1)
        size = max(1, round(min(height, width) / 7))
        found = occlusion(model, image, self.label, self.other, size)
        return found.astype("<f4").tobytes()
