"""The quality of maps, measured while nothing else is to be done, and left at once when something is."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo
from snowdome.core.control import Control, Stopped
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.layout import quality
from snowdome.layout.base import Layout
from snowdome.session.messages import ScoreRecord
from snowdome.session.protocol import Measured, Measuring, Report

MOST_WAITING = 10
SPACE = 50  # components in which the maps of layouts are judged that name no space of their own
STAGE_SECONDS = 0.1


@dataclass(frozen=True)
class Map:
    """A map that was made: of which data, by what, and the places Y (n, d) of the rows."""

    run: int
    data: str
    layout: Layout
    Y: NDArray[np.float32]


class Bench:
    """The maps that wait to be judged, the newest first. `interrupt` may be called from any thread."""

    def __init__(self, send: Callable[[Report], None]) -> None:
        self._send = send
        self._waiting: deque[Map] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._control: Control | None = None

    def add(self, made: Map) -> None:
        """Have a map judged when there is time."""
        self._waiting.append(made)

    def interrupt(self) -> None:
        """Leave the one that is being judged, if one is; it is taken up again later."""
        with self._lock:
            if self._control is not None:
                self._control.stopping = True

    def judge_next(self, judge: Callable[[Map, Control], Measured], may_begin: Callable[[], bool]) -> bool:
        """Judge the newest map that waits; False where none does, or it may not begin, or it was left."""
        with self._lock:  # whoever interrupts comes before this look or finds the control
            if not self._waiting or not may_begin():
                return False
            made = self._waiting.pop()
            control = self._control = _Telling(made.run, self._send)
        try:
            self._send(judge(made, control))
        except Stopped:
            self._waiting.append(made)
            self._send(Measuring(made.run, "waiting until nothing else runs", 0, 0))
            return False
        finally:
            with self._lock:
                self._control = None
        return True


class _Telling(Control):
    """Tells how far the judging is, at most ten times a second."""

    def __init__(self, run: int, send: Callable[[Report], None]) -> None:
        super().__init__()
        self._run, self._send = run, send
        self._last = ("", -math.inf)

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell a stage's first step, and others now and then."""
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] >= STAGE_SECONDS:
            self._last = (stage, now)
            self._send(Measuring(self._run, stage, done, total))


Judge = Callable[[Layout, Dataset, NDArray[np.float32], Control, Memo], quality.Quality]


def judge_map(
    layout: Layout, dataset: Dataset, Y: NDArray[np.float32], control: Control, memo: Memo
) -> quality.Quality:
    """The quality of a map of the rows of `dataset`, in the space in which its layout looked at them.

    Rows whose label is missing count as rows without one. The cost is that of `layout.quality.judge`.
    """
    return quality.judge(
        dataset.X, Y, labels(dataset), threads=resolve(None), control=control, memo=memo,
        space=getattr(layout, "space", SPACE),
    )  # fmt: skip


def labels(dataset: Dataset) -> NDArray[np.int64] | None:
    """The codes of the classes, -1 for rows without a label; None where no row has one."""
    if dataset.y is None:
        return None
    codes = np.asarray(dataset.y, np.int64)
    nameless = [code for code, name in enumerate(dataset.classes) if not name]
    return np.where(np.isin(codes, nameless), -1, codes) if nameless else codes


def measured(run: int, found: quality.Quality) -> Measured:
    """What was found, as it leaves the worker. A value that is not finite is none."""
    scores = [
        ScoreRecord(
            name=score.name,
            value=float(score.value) if math.isfinite(score.value) else None,
            of=score.of,
            better=score.better,
        )
        for score in found.rows
    ]
    points = {"recall": found.recall, "distortion": found.distortion}
    return Measured(run, scores, {name: np.asarray(values, "<f4").tobytes() for name, values in points.items()})
