"""What a session tells those who watch it: records of runs, their costs, and notices.

The browser's types are generated from here (`scripts/wire_types.py`).
"""

from typing import Literal

import msgspec

Status = Literal["queued", "preparing", "running", "paused", "done", "stopped", "failed"]
OptionValue = bool | int | float | str | list[str] | None

ENDED: frozenset[Status] = frozenset({"done", "stopped", "failed"})


class OptionRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One option as its method declares it: null is allowed where it is optional; `choices` is empty where any is."""

    name: str
    kind: Literal["whole", "number", "text", "texts", "flag"]
    optional: bool
    default: OptionValue
    help: str
    low: float | None
    high: float | None
    choices: list[OptionValue]


class MethodRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One kind of map. `exaggerates`: the factor on its attraction can be changed while it runs."""

    id: str
    title: str
    says: str
    cost_name: str
    exaggerates: bool
    options: list[OptionRecord]


class ScoreRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One measure of how good a map is: `of` says what it was computed on; null is a value that there is not."""

    name: str
    value: float | None
    of: str
    better: Literal["high", "low"]


class SummaryRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One summary. `group` is what it is about; `of_images`: plain vectors have no answer; `has_chart`: it is drawn."""

    id: str
    title: str
    says: str
    formula: str
    source: str
    group: str
    of_images: bool
    has_chart: bool
    options: list[OptionRecord]


class TableColumn(msgspec.Struct, kw_only=True, frozen=True):
    """One column of a table. `names`: its numbers are those of rows, from 1, or the codes of classes."""

    name: str
    kind: Literal["number", "text", "flag"]
    names: Literal["", "rows", "classes"]


class TableRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A table, column by column: the first of its `rows` rows, all where there are not too many."""

    columns: list[TableColumn]
    values: list[list[OptionValue]]
    rows: int


class SummaryAnswer(msgspec.Struct, kw_only=True, frozen=True):
    """What a summary answers. `spec` is its chart as Vega-Lite; null without one, and `problem` says why it is missing.

    `seconds` is how long the table took. `python` makes the same table and picture.

    What a mark of the chart stands for is in its data: `instance` is the number of a row, from 1, and `codes` are
    classes.
    """

    title: str
    caption: str
    table: TableRecord | None
    spec: msgspec.Raw
    problem: str
    seconds: float
    python: str


class RunRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One run as people see it.

    `seed` is null for a method that uses none. `stage` names what is prepared ("finding neighbours"), with
    `stage_done` of `stage_total`. `steps` is 0 until the plan is known, and for a method with a closed form.
    `message` says why a run failed or stopped, or what it waits for. `factors` are those on the attraction, phase by
    phase, and `exaggeration` the one that a person chose in their place; null is none. `speed` is the most steps a
    second that a person chose; null is as fast as it goes. `notes` say what was not done as asked. After the run,
    `measuring` says what of its quality is being measured, `scores` are the measures, and `points` names the values
    that each row then has. `kept` is the id of its map among the kept ones, or none, and `reused` says that the map
    was taken from there.
    """

    id: int
    method: str
    title: str
    says: str
    cost_name: str
    seed: int | None
    options: dict[str, OptionValue]
    status: Status = "queued"
    stage: str = ""
    stage_done: int = 0
    stage_total: int = 0
    step: int = 0
    steps: int = 0
    phase: int = 0
    iterations_per_second: float | None = None
    seconds_left: float | None = None
    message: str = ""
    exaggerates: bool = False
    factors: list[float] = []
    exaggeration: float | None = None
    speed: float | None = None
    notes: list[str] = []
    measuring: str = ""
    scores: list[ScoreRecord] = []
    points: list[str] = []
    kept: str = ""
    reused: bool = False


class Costs(msgspec.Struct, kw_only=True, frozen=True):
    """Costs of one run: `costs[i]` was computed after step `steps[i]`. No value is ever left out."""

    run: int
    steps: list[int]
    costs: list[float]


class AskedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """A run that was asked for: its method by id and as people write it, its seed and its options."""

    method: str
    title: str
    seed: int
    options: dict[str, OptionValue]


class Snapshot(msgspec.Struct, kw_only=True, frozen=True):
    """Everything there is to know about a session but its frames.

    `session` is another one for each start of the program: a page that sees it change has to load again.
    `unfinished` is the run that was cut off when the program ended the last time, until another is asked for.
    """

    session: str
    runs: list[RunRecord]
    costs: list[Costs]
    unfinished: AskedRecord | None = None


class Opening(msgspec.Struct, kw_only=True, frozen=True):
    """Another data set on its way in: its name, and how far the reading of it has come. No name: there is none."""

    name: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0


class Refusal(msgspec.Struct, kw_only=True, frozen=True):
    """A run that was asked for and not begun: the option at fault, or none, and the sentence."""

    option: str
    text: str


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """A sentence for the person."""

    level: Literal["info", "warning", "error"]
    text: str


class ComponentsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """The leading components of all n rows: each one's share of the total variance, and how far the rows reach.

    `shares[c]` is of `total_variance`, which has n - 1 in the denominator; `low[c]` and `high[c]` are the least and the
    greatest score.
    """

    n: int
    count: int
    total_variance: float
    shares: list[float]
    low: list[float]
    high: list[float]
