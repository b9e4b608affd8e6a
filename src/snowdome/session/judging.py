"""The quality of maps, measured while nothing else is to be done, and left at once when something is."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo
from snowdome.core.control import Control, Stopped
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Layout
from snowdome.session.messages import ScoreRecord
from snowdome.session.protocol import Measured, Measuring, Report

MOST_WAITING = 10
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
            self._send(Measuring(made.run, "measured when nothing else runs", 0, 0))
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


class Score(Protocol):
    """One measure of a map."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def of(self) -> str: ...
    @property
    def better(self) -> Literal["high", "low"]: ...


class Quality(Protocol):
    """What a judge finds: measures of the map, and for each row how far its place can be believed."""

    @property
    def rows(self) -> Sequence[Score]: ...
    @property
    def recall(self) -> NDArray[np.float32]: ...
    @property
    def distortion(self) -> NDArray[np.float32]: ...


Judge = Callable[[Layout, Dataset, NDArray[np.float32], Control, Memo], Quality]


def measured(run: int, quality: Quality) -> Measured:
    """What was found, as it leaves the worker. A value that is not finite is none."""
    scores = [
        ScoreRecord(
            name=score.name,
            value=float(score.value) if math.isfinite(score.value) else None,
            of=score.of,
            better=score.better,
        )
        for score in quality.rows
    ]
    points = {"recall": quality.recall, "distortion": quality.distortion}
    return Measured(run, scores, {name: np.asarray(values, "<f4").tobytes() for name, values in points.items()})
