"""How far a computation of known stages is, and how long it will take."""

import time
from collections.abc import Callable, Sequence

LEAST_SECONDS, LEAST_SHARE = 2.0, 0.04  # before that an estimate would be a guess


class Pace:
    """Told of a computation as it goes. `stages`: its stages in their order, each with its share of the time.

    A stage that is left out counts as done; one that is not listed moves nothing.
    """

    def __init__(self, stages: Sequence[tuple[str, float]], clock: Callable[[], float] = time.monotonic) -> None:
        self._stages, self._clock = stages, clock
        self._began = clock()
        self._at = 0
        self.share = 0.0

    def reached(self, stage: str, done: int, total: int) -> tuple[float, float | None]:
        """The share of the time that has gone by, which never falls, and the seconds that are left, where known."""
        ahead = [place for place in range(self._at, len(self._stages)) if self._stages[place][0] == stage]
        if ahead:
            self._at = ahead[0]
            before = sum(share for _, share in self._stages[: self._at])
            self.share = max(self.share, before + self._stages[self._at][1] * done / max(1, total))
        spent = self._clock() - self._began
        knows = spent >= LEAST_SECONDS and self.share >= LEAST_SHARE
        return self.share, spent * (1 - self.share) / self.share if knows else None
