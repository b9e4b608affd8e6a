"""What one who watches has not been told yet.

Nothing is queued: costs and records are looked up where the feed left off, and of frames only the newest
counts. So a client that is behind loses frames but no cost and no change, and it costs no memory.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Protocol

import msgspec

from snowdome.session.messages import Costs, Notice, Opening, Refusal, RunRecord, Snapshot
from snowdome.session.protocol import Positions
from snowdome.session.run import Run

IN_FLIGHT = 2
MOST_NOTICES = 100

Bulletin = msgspec.Struct
"""What holds now of something that all who watch should know: the newest counts, those before it do not."""

Event = RunRecord | Costs | Notice | Opening | Refusal | Bulletin


class Source(Protocol):
    """What a feed looks at: a session."""

    @property
    def runs(self) -> Mapping[int, Run]: ...
    @property
    def opening(self) -> Opening: ...
    @property
    def bulletins(self) -> Mapping[str, Bulletin]: ...
    @property
    def newest_number(self) -> int: ...
    def run(self, number: int) -> Run: ...
    def picture(self) -> Run | None: ...
    def want(self, run: Run | None = None) -> None: ...
    def snapshot(self) -> Snapshot: ...


class Feed:
    """One viewer's place in the session. `notices` wait to be told; `wake` is set where there may be something new."""

    def __init__(self, session: Source) -> None:
        self._session = session
        self.wake = asyncio.Event()
        self.wake.set()
        self.notices: deque[Notice | Refusal] = deque(maxlen=MOST_NOTICES)
        self._versions: dict[int, int] = {}
        self._costs: dict[int, int] = {}
        self._opening = Opening()
        self._bulletins: dict[str, Bulletin] = {}
        self._viewing: int | None = None
        self._last: Positions | None = None
        self._in_flight: deque[tuple[int, int]] = deque()

    def hello(self) -> Snapshot:
        """Everything so far; `events` goes on from here."""
        for number, run in self._session.runs.items():
            self._versions[number] = run.version
            self._costs[number] = len(run.costs)
        return self._session.snapshot()

    def events(self) -> list[Event]:
        """Records that changed, costs that came, how far an opening is, bulletins and notices, since the last time."""
        found: list[Event] = []
        for number, run in self._session.runs.items():
            told = self._costs.get(number, 0)
            if len(run.costs) > told:
                found.append(run.costs_from(told))
                self._costs[number] = len(run.costs)
            if self._versions.get(number) != run.version:
                found.append(run.record)
                self._versions[number] = run.version
        if self._session.opening != self._opening:
            self._opening = self._session.opening
            found.append(self._opening)
        for name, bulletin in self._session.bulletins.items():
            if self._bulletins.get(name) is not bulletin:
                self._bulletins[name] = bulletin
                found.append(bulletin)
        while self.notices:
            found.append(self.notices.popleft())
        return found

    def frame(self) -> Positions | None:
        """The newest frame to send, if there is one that was not sent and two are not on their way already.

        Where the viewer could take one and there is none, the run is asked for one.
        """
        if len(self._in_flight) >= IN_FLIGHT:
            return None
        chosen = None if self._viewing is None else self._session.runs.get(self._viewing)
        shown = chosen or self._session.picture()
        newest = None if shown is None else shown.newest
        if newest is None or newest is self._last:
            self._session.want(chosen)
            return None
        self._last = newest
        self._in_flight.append((newest.run, newest.step))
        return newest

    def ack(self, run: int, step: int) -> None:
        """The viewer has drawn that frame, and is done with all sent before it."""
        if (run, step) in self._in_flight:
            while self._in_flight.popleft() != (run, step):
                pass
            self.wake.set()

    def view(self, number: int) -> None:
        """Show that run from now on; the newest run stands for whichever is the newest."""
        self._session.run(number)
        self._viewing = None if number == self._session.newest_number else number
        self.wake.set()

    def follow(self) -> None:
        """Show the newest run from now on."""
        self._viewing = None
