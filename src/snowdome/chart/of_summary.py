"""The chart of a summary: the kind of the same name; and the Python that makes both again."""

from typing import TYPE_CHECKING, Any

from snowdome.chart.spec import charts
from snowdome.chart.vega import Chart
from snowdome.core.errors import OptionError
from snowdome.core.options import fitted, options_of
from snowdome.summary.base import Summary, id_of, make_summary, summarise

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset


def picture(data: "Dataset", summary: str, *, dark: bool = False, **options: Any) -> Chart:
    """The picture of the summary of that id: `snowdome.picture(ds, "values", bins=10)`. A notebook draws it.

    OptionError for an id or an option that there is not and for a summary that is a table alone, DataError where the
    data have not what is asked about.
    """
    asked = make_summary(summary, **options)
    (table,) = summarise(data, [asked])
    return chart_of(asked, table, data, dark=dark)


def chart_of(asked: Summary, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """The picture of that summary's table; OptionError for one that is a table alone."""
    name = id_of(asked)
    if not has_chart(name):
        raise OptionError(f"{asked.title} is a table; it has no picture.")
    chart: Chart = charts.module(name).chart(fitted(asked, dataset), table, dataset, dark=dark)
    return chart


def has_chart(name: str) -> bool:
    """Whether the summary of that id has a picture."""
    return name in charts.names()


def python_of(asked: Summary, thing: str, head: int | None = None, reading: dict[str, Any] | None = None) -> str:
    """The lines of Python that make the table of `asked` about `thing`, and its picture where it has one.

    thing: a name or a path, as `snowdome.open` takes it. head: of the first rows alone. reading: how the source was
    told to be read, the options of `Reading`.
    """
    declared = options_of(type(asked))
    changed = {name: getattr(asked, name) for name in declared if getattr(asked, name) != declared[name].default}
    words = f"ds, {id_of(asked)!r}{_keywords(changed)}"
    lines = [
        "import snowdome",
        "",
        f"ds = snowdome.open({thing!r}{_keywords(reading or {})})" + (f"[:{head}]" if head else ""),
        f"table = snowdome.explore({words})",
    ]
    return "\n".join([*lines, f"picture = snowdome.picture({words})"] if has_chart(id_of(asked)) else lines)


def _keywords(options: dict[str, Any]) -> str:
    return "".join(f", {name}={value!r}" for name, value in options.items())
