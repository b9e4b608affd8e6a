"""What is seen on a photo."""

from typing import ClassVar

from snowdome.core.control import Control
from snowdome.session.models.handwriting import PhotoSeen, Reader
from snowdome.session.question import Desk, Question


class Photo(Question[PhotoSeen], frozen=True):
    """The digits on a photo, left to right; `blob` are the bytes of its file."""

    title: ClassVar[str] = "The photo"

    blob: bytes

    def answer(self, desk: Desk, control: Control) -> PhotoSeen:
        """DataError where the data are no grey images, the file is no picture, or there is no ink on it."""
        return Reader.at(desk, control).of_photo(self.blob, control)
