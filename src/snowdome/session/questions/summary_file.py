"""A summary's table or chart as a file."""

import io
from typing import ClassVar, Literal

from snowdome.chart.of_summary import chart_of
from snowdome.chart.vega import encoded
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.session.messages import OptionValue
from snowdome.session.question import Desk, Question
from snowdome.session.questions.summary import found_at

MOST_CELLS = 10_000_000  # of a table that is made into a file in memory

Ending = Literal["csv", "parquet", "png", "svg"]


class SummaryFile(Question[bytes], frozen=True):
    """The bytes of the file."""

    title: ClassVar[str] = "The file"

    summary: str
    options: dict[str, OptionValue]
    ending: Ending
    dark: bool

    def answer(self, desk: Desk, control: Control) -> bytes:
        """DataError for a table that is too large, and what the summary and its chart raise."""
        found = found_at(desk, self.summary, self.options, control)
        if self.ending in ("png", "svg"):
            return encoded(chart_of(found.asked, found.table, desk.dataset, dark=self.dark), f".{self.ending}")
        if found.table.height * found.table.width > MOST_CELLS:
            raise DataError(
                f"A table of {found.table.height:,} rows is too large to be sent. Write it with "
                f"`snowdome explore … {self.summary} --out FILE.{self.ending}` instead."
            )
        file = io.BytesIO()
        if self.ending == "csv":
            found.table.write_csv(file)
        else:
            found.table.write_parquet(file)
        return file.getvalue()
