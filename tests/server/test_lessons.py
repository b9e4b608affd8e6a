"""The routes of the lessons."""

from typing import Any

import msgspec
import numpy as np

from snowdome.model import lessons
from snowdome.model.base import make_classifier
from snowdome.server.lessons import LessonsRecord, SimulationRecord


def test_every_lesson_is_on_one_page_with_all_its_settings(door: Any) -> None:
    told = msgspec.json.decode(door("/api/lessons").body, type=LessonsRecord)
    assert [page.id for page in told.pages] == list(lessons.PAGES)
    assert sorted(lesson.id for page in told.pages for lesson in page.lessons) == sorted(lessons.LESSONS)
    assert not told.own
    for page in told.pages:
        compile(page.python, page.id, "exec")
        assert "snowdome.open('fake')" in page.python or not page.lessons
        for lesson in page.lessons:
            declared = lessons.LESSONS[lesson.id]
            assert make_classifier(lesson.kind, **lesson.options) == make_classifier(lesson.kind, **declared.options)
            assert (lesson.printed, lesson.recomputed) == (declared.printed, declared.recomputed)
            assert lesson.preparation["components"] == declared.preparation.components
            assert lesson.preparation["scale"] is not None
            assert lesson.rows == ({"test": 0.2, "split_seed": 42} if declared.drawn else {})


def test_the_python_of_a_simulation_draws_the_same(door: Any) -> None:
    """D7."""
    told = msgspec.json.decode(door("/api/lessons/simulation?n=50&features=5&seed=9").body, type=SimulationRecord)
    names: dict[str, Any] = {}
    exec(told.python, names)  # noqa: S102 - what a person would copy
    np.testing.assert_array_equal(names["table"]["z"], told.z)
    usual = msgspec.json.decode(door("/api/lessons/simulation").body, type=SimulationRecord)
    assert usual.z == lessons.simulated_predictions()["z"].to_list()


def test_a_simulation_is_bounded(door: Any) -> None:
    for query in ("n=2001", "features=51", "seed=-1", "seed=1e9", "n=x"):
        assert door(f"/api/lessons/simulation?{query}").status == 404
