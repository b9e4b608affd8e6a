"""How far a computation is, and how long it will take."""

from snowdome.session.pace import Pace

STAGES = (("reading", 0.25), ("fitting", 0.5), ("reading", 0.25))


def test_the_share_never_falls_and_the_time_left_follows_from_it() -> None:
    """J-05."""
    now = [0.0]
    pace = Pace(STAGES, lambda: now[0])
    told = []
    for second, stage, done in [(1, "reading", 1), (2, "reading", 2), (3, "fitting", 0), (5, "fitting", 2),
                                (6, "odd", 1), (7, "reading", 1), (7, "fitting", 1), (8, "reading", 2)]:  # fmt: skip
        now[0] = second
        told.append(pace.reached(stage, done, 2))
    assert [share for share, _ in told] == [0.125, 0.25, 0.25, 0.75, 0.75, 0.875, 0.875, 1.0]
    assert told[0][1] is None, "nothing is known yet"
    assert [left for _, left in told[1:]] == [6, 9, 5 / 3, 2, 1, 1, 0]


def test_stages_that_are_left_out_count_as_done() -> None:
    pace = Pace(STAGES)
    assert pace.reached("fitting", 1, 2)[0] == 0.5
    assert pace.reached("reading", 0, 0)[0] == 0.75
