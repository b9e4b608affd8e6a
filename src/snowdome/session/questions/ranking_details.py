"""What else is found beside the ranking: duplicates, odd images, classes that overlap, and error rates."""

import math
from typing import TYPE_CHECKING, Any, ClassVar

from snowdome.core.control import Control
from snowdome.data.dataset import Dataset
from snowdome.session.labels.messages import (
    DetailsRecord,
    Finding,
    Findings,
    OverlapRecord,
    RateRecord,
)
from snowdome.session.labels.ranking import tables
from snowdome.session.question import Desk, Question
from snowdome.session.questions.ranking import Asked, ranked

if TYPE_CHECKING:
    import polars as pl

MOST = 500  # findings of a kind that are sent


class RankingDetails(Question[DetailsRecord], frozen=True):
    """All of it, for the ranking that is `asked` about."""

    title: ClassVar[str] = "What else was found"

    asked: Asked

    def answer(self, desk: Desk, control: Control) -> DetailsRecord:
        """See Question."""
        found = ranked(desk, self.asked, control)
        key = ("details", self.asked.split, self.asked.by, self.asked.digest)
        return desk.keep(key, lambda: record(found.dataset, tables(found)))


def record(dataset: Dataset, found: "dict[str, pl.DataFrame]") -> DetailsRecord:
    """The tables as the app shows them."""
    odd, pairs = found["oddities"], found["duplicates"]

    def of(*kinds: str) -> Findings:
        some = odd.filter(odd["kind"].is_in(kinds))
        worst = [
            Finding(rows=[one["index"]], says=one["about"] if len(kinds) == 1 else f"{one['kind']}: {one['about']}")
            for one in some.head(MOST).iter_rows(named=True)
        ]
        return Findings(total=some.height, worst=worst)

    same = [
        Finding(rows=[one["index"], one["other"]], says=_pair(dataset, one),
                marked=one["conflicting"] or one["across_splits"])
        for one in pairs.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    return DetailsRecord(
        duplicates=Findings(total=pairs.height, worst=same),
        outliers=of("outlier"),
        ambiguous=of("ambiguous"),
        blank=of("blank", "inverted"),
        overlaps=[OverlapRecord(**one) for one in found["overlaps"].head(MOST).iter_rows(named=True)],
        rates=[_rate(one) for one in found["error_rates"].iter_rows(named=True)],
    )


def _pair(dataset: Dataset, one: dict[str, Any]) -> str:
    words = ["equal" if one["exact"] else f"nearly equal, {100 * one['distance']:.1f} % of the range apart"]
    if one["conflicting"]:
        words.append(f"labelled {one['label']} and {one['other_label']}")
    if one["across_splits"] and dataset.split is not None:
        names = [dataset.split_names[int(dataset.split[one[row]])] for row in ("index", "other")]
        words.append(f"in {' and '.join(names)}")
    return ", ".join(words)


def _rate(one: dict[str, Any]) -> RateRecord:
    rate = None if math.isnan(one["rate"]) else one["rate"]
    return RateRecord(label=one["label"], n=one["n"], issues=one["issues"], rate=rate, low=one["low"], high=one["high"])
