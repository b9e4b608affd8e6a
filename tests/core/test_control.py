"""The control that never interferes, and how a stop leaves a computation that has nothing to show."""

import pytest

from snowdome.core.control import Control, Stopped


def test_it_never_interferes() -> None:
    control = Control()
    control.between_steps()
    control.check("finding neighbours", 1, 5)
    assert not control.stopping
    assert not control.wants_frame(0)


def test_check_reports_and_leaves_by_name_of_the_stage() -> None:
    heard = []

    class Listening(Control):
        def report(self, stage: str, done: int, total: int) -> None:
            heard.append((stage, done, total))

    control = Listening()
    control.check("finding neighbours", 1, 5)
    control.stopping = True
    with pytest.raises(Stopped, match=r"^projecting$"):
        control.check("projecting", 0, 1)
    assert heard == [("finding neighbours", 1, 5), ("projecting", 0, 1)]


def test_stopped_is_not_an_error_of_the_person() -> None:
    from snowdome.core.errors import SnowdomeError

    assert not issubclass(Stopped, SnowdomeError)
