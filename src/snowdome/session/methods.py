"""The maps and summaries there are, as their classes declare them: the app makes its forms from this alone."""

from typing import Literal

from snowdome.chart.of_summary import has_chart
from snowdome.core.options import Option, options_of
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Layout, layouts
from snowdome.session.messages import MethodRecord, OptionRecord, SummaryRecord
from snowdome.session.run import SET_BY_THE_SESSION
from snowdome.summary.base import GROUPS, Summary, summaries

_KINDS: dict[type, Literal["whole", "number", "text", "flag"]] = {
    int: "whole",
    float: "number",
    str: "text",
    bool: "flag",
}


def method_records() -> list[MethodRecord]:
    """All layouts that are registered, with the options that a person may choose."""
    return [_record(name, layouts.member(name, Layout)) for name in layouts.names()]


def _record(name: str, cls: type[Layout]) -> MethodRecord:
    return MethodRecord(
        id=name,
        title=cls.title,
        says=cls.says,
        cost_name=cls.cost_name,
        exaggerates=cls.exaggerates,
        options=[option_record(each) for each in options_of(cls).values() if each.name not in SET_BY_THE_SESSION],
    )


def summary_records(dataset: Dataset) -> list[SummaryRecord]:
    """All summaries that are registered, those of a group together, with their options as they are for these data."""
    found = [(name, summaries.member(name, Summary)) for name in summaries.names()]
    return [_summary_record(name, cls, dataset) for group in GROUPS for name, cls in found if cls.group == group]


def _summary_record(name: str, cls: type[Summary], dataset: Dataset) -> SummaryRecord:
    return SummaryRecord(
        id=name,
        title=cls.title,
        says=cls.says,
        formula=cls.formula,
        source=cls.source,
        group=cls.group,
        of_images=cls.of_images,
        has_chart=has_chart(name),
        options=[option_record(each.of(dataset)) for each in options_of(cls).values()],
    )


def option_record(declared: Option) -> OptionRecord:
    """One declared option as the app is told of it."""
    return OptionRecord(
        name=declared.name,
        kind="texts" if declared.several else _KINDS[declared.kind],
        optional=declared.optional,
        default=list(declared.default) if declared.several else declared.default,
        help=declared.help,
        low=declared.low,
        high=declared.high,
        choices=list(declared.choices),
    )
