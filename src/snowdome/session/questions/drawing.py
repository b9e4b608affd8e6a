"""What is seen in a drawing."""

from typing import ClassVar

import numpy as np

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.session.models.handwriting import Reader, Seen
from snowdome.session.question import Desk, Question


class Drawing(Question[Seen], frozen=True):
    """The image that the ink becomes, and its nearest: `ink` is a byte for each pixel, row by row, 0 for paper."""

    title: ClassVar[str] = "The drawing"
    quick: ClassVar[bool] = True

    ink: bytes
    width: int

    def answer(self, desk: Desk, control: Control) -> Seen:
        """DataError where the data are no grey images, or the drawing is empty."""
        if self.width < 1 or len(self.ink) % self.width:
            raise DataError(f"The drawing: {len(self.ink)} pixels are no whole number of lines of {self.width}.")
        return Reader.at(desk, control).of_drawing(np.frombuffer(self.ink, np.uint8).reshape(-1, self.width))
