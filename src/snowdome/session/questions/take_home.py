"""The data with their corrected labels as a file, and the report of what changed."""

import tempfile
from pathlib import Path
from typing import ClassVar, Literal

from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.data.annotated import corrected, read_patch
from snowdome.data.take_home import report, write_corrected
from snowdome.session.labels.ranking import NotKeptError, reasons
from snowdome.session.question import Desk, Question
from snowdome.session.questions.ranking import Asked, ranked

FileKind = Literal["csv", "npz", "parquet", "md"]


class TakeHome(Question[bytes], frozen=True):
    """The bytes of the file. `decisions` are a patch; of data with splits, a parquet file holds one `split`."""

    title: ClassVar[str] = "The file"

    kind: FileKind
    decisions: bytes
    split: str | None = None

    def answer(self, desk: Desk, control: Control) -> bytes:
        """See Question; DataError for data without labels, OptionError for a split that there is not."""
        dataset = desk.dataset
        found = corrected(dataset, read_patch(self.decisions))
        if self.kind == "md":
            rows = [row for row, one in enumerate(found.decided) if one is not None]
            try:
                why = reasons(ranked(desk, Asked(), control, only_kept=True), rows)
            except NotKeptError:  # a report need not wait a minute for the reasons
                why = {}
            return report(dataset, found, why).encode()
        if self.kind == "parquet" and dataset.split_names and self.split not in dataset.split_names:
            raise OptionError(f"split got {self.split!r}; there is: {', '.join(dataset.split_names)}.")
        with tempfile.TemporaryDirectory() as here:
            only = self.split if self.kind == "parquet" and dataset.split_names else None
            (path,) = write_corrected(Path(here) / f"labels.{self.kind}", dataset, found, only=only)
            return path.read_bytes()
