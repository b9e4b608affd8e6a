"""A summary's table and chart, as the app shows them."""

import dataclasses
import time
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from snowdome.chart.captions import of_what
from snowdome.chart.of_summary import chart_of, has_chart, python_of
from snowdome.core.control import Control
from snowdome.core.errors import SnowdomeError
from snowdome.session.messages import OptionValue, SummaryAnswer, TableColumn, TableRecord
from snowdome.session.question import Desk, Question
from snowdome.summary.base import Summary, id_of, make_summary, summarise

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS, MOST_CELLS = 100_000, 1_000_000  # of a table that the app is sent
NAMES_ROWS, NAMES_CLASSES = ("instance",), ("label", "compare1", "compare2")
NOTHING = msgspec.Raw(b"null")

_encode = msgspec.json.Encoder().encode


class Shown(msgspec.Struct, frozen=True):
    """Where the data came from, for the Python that makes the same again: a name or a path, and how it was read."""

    thing: str
    reading: dict[str, OptionValue] = {}


@dataclasses.dataclass(frozen=True)
class Found:
    """The answer to one summary, and how many seconds it took."""

    asked: Summary
    table: "pl.DataFrame"
    seconds: float


class SummaryQuestion(Question[bytes], frozen=True):
    """The JSON of a SummaryAnswer; without the rows of the table where only the picture is to be drawn anew."""

    title: ClassVar[str] = "The summary"

    summary: str
    options: dict[str, OptionValue]
    dark: bool
    rows: bool
    shown: Shown

    @classmethod
    def warm(cls) -> None:
        """Tables and charts."""
        import altair as alt  # noqa: F401
        import polars as pl  # noqa: F401

    def answer(self, desk: Desk, control: Control) -> bytes:
        """Raises what the summary raises."""
        found = found_at(desk, self.summary, self.options, control)
        chart, problem = None, ""
        if has_chart(self.summary):
            control.check("drawing", 0, 0)
            try:
                chart = chart_of(found.asked, found.table, desk.dataset, dark=self.dark)
            except SnowdomeError as error:
                problem = str(error)
        answer = SummaryAnswer(
            title=chart.title if chart else found.asked.title,
            caption=chart.caption if chart else of_what(desk.dataset),
            table=table_record(found.table) if self.rows else None,
            spec=NOTHING if chart is None else msgspec.Raw(_encode(chart.spec)),
            problem=problem,
            seconds=found.seconds,
            python=python_of(found.asked, self.shown.thing, reading=self.shown.reading),
        )
        return _encode(answer)


def found_at(desk: Desk, summary: str, options: dict[str, Any], control: Control) -> Found:
    """The table, computed or kept; OptionError and DataError as the summary raises them."""
    asked = make_summary(summary, **options)

    def compute() -> Found:
        begun = time.perf_counter()
        (table,) = summarise(desk.dataset, [asked], control=control)
        return Found(asked, table, time.perf_counter() - begun)

    return desk.keep((id_of(asked), asked), compute)


def table_record(table: "pl.DataFrame") -> TableRecord:
    """The table within the bounds of what is sent."""
    head = table.head(min(MOST_ROWS, MOST_CELLS // max(1, table.width)))
    return TableRecord(
        columns=[_column(name, table) for name in table.columns],
        values=[series.to_list() for series in head],
        rows=table.height,
    )


def _column(name: str, table: "pl.DataFrame") -> TableColumn:
    kind = table[name].dtype
    return TableColumn(
        name=name,
        kind="number" if kind.is_numeric() else "flag" if str(kind) == "Boolean" else "text",
        names="rows" if name in NAMES_ROWS else "classes" if name in NAMES_CLASSES else "",
    )
