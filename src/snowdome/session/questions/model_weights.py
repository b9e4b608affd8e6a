"""How much each value speaks for each class."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.model.explain import weight_images
from snowdome.session.models.judged import ModelFile, model_at
from snowdome.session.question import Desk, Question


class ModelWeights(Question[bytes], frozen=True):
    """(k, p) float32; DataError for kinds that are no weighted sums of values."""

    title: ClassVar[str] = "The weights of the model"

    file: ModelFile

    def answer(self, desk: Desk, control: Control) -> bytes:  # noqa: ARG002
        """See Question."""
        return weight_images(model_at(desk, self.file)).astype("<f4").tobytes()
