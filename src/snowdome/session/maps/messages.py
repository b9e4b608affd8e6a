"""The records of the kept maps, and what can be asked of them.

The browser's types are generated from here (`scripts/wire_types.py`).
"""

import msgspec

from snowdome.session.messages import OptionValue, ScoreRecord


class KeptRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One map that is kept: `id` is the same for the same data, method, options, seed and version of the program.

    It was made after `steps` steps, at the cost `cost`, at the time `made` (seconds since 1970) in `seconds`, on so
    many `threads`, by these `versions`. `scores` and `points` are empty where it has not been judged.
    """

    id: str
    method: str
    title: str
    says: str
    cost_name: str
    seed: int | None
    options: dict[str, OptionValue]
    steps: int
    cost: float | None
    n: int
    dim: int
    made: float
    seconds: float
    threads: int
    versions: dict[str, str]
    notes: list[str] = []
    name: str = ""
    scores: list[ScoreRecord] = []
    points: list[str] = []


class KeptMaps(msgspec.Struct, kw_only=True, frozen=True):
    """All maps of the open data that are kept, the newest first."""

    maps: list[KeptRecord] = []


class MapRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The map of a method with that seed and these options: the kept one, or else a run.

    With `waits` a run begins when all that was asked for before is over.
    """

    method: str
    seed: int
    options: dict[str, OptionValue] = {}
    waits: bool = False


class RunGiven(msgspec.Struct, kw_only=True, frozen=True):
    """The run that has the map which was asked for, or is going to have it."""

    run: int


class NameRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Call a kept map by that name; the empty one takes its name away."""

    name: str
