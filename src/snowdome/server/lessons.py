"""The routes of the lessons: their pages, and the simulation that one of them draws."""

import asyncio
import dataclasses
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.options import options_of
from snowdome.model.base import make_classifier
from snowdome.model.lessons import LESSONS, PAGES, Lesson, Page, python_of, simulated_predictions
from snowdome.server.answers import Json
from snowdome.server.near import whole
from snowdome.server.ways_in import WaysIn
from snowdome.session.host import Host
from snowdome.session.messages import OptionValue

MOST_SAMPLES, MOST_FEATURES, MOST_SEED = 2000, 50, 10**9 - 1
DRAWN: dict[str, OptionValue] = {"test": 0.2, "split_seed": 42}  # train_test_split(test_size=0.2, random_state=42)
THEIRS = "mnist"  # the data of the documents


class LessonRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One score of a document: what it printed, and what scikit-learn 1.9.1 gives, null where that is not known.

    The model is asked for by `kind`, `options`, `preparation` and `rows`, as TrainRequest has them.
    """

    id: str
    says: str
    printed: float | None
    recomputed: float | None
    kind: str
    options: dict[str, OptionValue]
    preparation: dict[str, OptionValue]
    rows: dict[str, OptionValue]


class PageRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Lessons that are told together, with the Python that gives their numbers."""

    id: str
    title: str
    source: str
    says: str
    python: str
    lessons: list[LessonRecord]


class LessonsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Every page, in the order in which they are read. `own`: the open data are those of the documents."""

    pages: list[PageRecord]
    own: bool


class SimulationRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Samples of a simulated logistic regression: their sums z, and the Python that draws the same."""

    z: list[float]
    python: str


class Lessons:
    """What the documents teach, on the data that are open."""

    def __init__(self, host: Host, ways_in: WaysIn) -> None:
        self._host, self._ways_in = host, ways_in

    def routes(self) -> list[BaseRoute]:
        """Both."""
        return [Route("/api/lessons", self.all), Route("/api/lessons/simulation", self.simulation)]

    async def all(self, request: Request) -> Response:  # noqa: ARG002
        """Every page."""
        shown = self._ways_in.shown
        words = "".join(f", {name}={value!r}" for name, value in shown.reading.items())
        opening = f"snowdome.open({shown.thing!r}{words})"
        own = self._host.session.dataset.name.lower() == THEIRS
        pages = [_page(name, page, opening) for name, page in PAGES.items()]
        return Json(LessonsRecord(pages=pages, own=own))

    async def simulation(self, request: Request) -> Response:
        """The sums of `n` samples with that many `features`, drawn by a `seed`."""
        asked = request.query_params
        n = max(1, whole(asked.get("n", "100"), MOST_SAMPLES))
        features = max(1, whole(asked.get("features", "3"), MOST_FEATURES))
        seed = whole(asked.get("seed", "0"), MOST_SEED)
        table = await asyncio.to_thread(simulated_predictions, n, features, seed)
        call = f"simulated_predictions(n={n}, features={features}, seed={seed}, threshold=0.5)"
        python = python_of(dataclasses.replace(PAGES["threshold"], call=call), "")
        return Json(SimulationRecord(z=table["z"].to_list(), python=python))


def _page(name: str, page: Page, opening: str) -> PageRecord:
    return PageRecord(
        id=name,
        title=page.title,
        source=page.source,
        says=page.says,
        python=python_of(page, opening),
        lessons=[_lesson(lesson, LESSONS[lesson]) for lesson in page.lessons],
    )


def _lesson(name: str, lesson: Lesson) -> LessonRecord:
    kind = make_classifier(lesson.kind, **lesson.options)
    return LessonRecord(
        id=name,
        says=lesson.says,
        printed=lesson.printed,
        recomputed=lesson.recomputed,
        kind=lesson.kind,
        options=_all_options(kind),
        preparation=_all_options(lesson.preparation.with_scale(kind.scale)),
        rows=DRAWN if lesson.drawn else {},
    )


def _all_options(thing: Any) -> dict[str, Any]:
    """Those that are not as declared among them: by all of them a model is known for one of this lesson."""
    return {option: getattr(thing, option) for option in options_of(type(thing))}
