"""Where new rows go in a map."""

from typing import ClassVar

import msgspec
import numpy as np

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.session.maps.placer import Placer
from snowdome.session.messages import OptionValue
from snowdome.session.question import Desk, Question


class Placed(msgspec.Struct, frozen=True):
    """The place of each row: x, y and, where there is one, z; none where the map has to be sent first.

    `settled`: by the method's own rule; else at the mean place of its nearest rows.
    """

    places: list[list[float]]
    settled: bool


class _UnknownMapError(Exception):
    """The map was not sent, or long ago."""


class Place(Question[Placed], frozen=True):
    """The places of `rows`, m · p float32, in the map of a run: `values`, n · dim float32, of a map that is done once.

    One that still forms is sent each time.
    """

    title: ClassVar[str] = "The place on the map"
    quick: ClassVar[bool] = True

    rows: bytes
    run: int
    method: str
    options: dict[str, OptionValue]
    dim: int
    done: bool
    values: bytes | None = None

    def answer(self, desk: Desk, control: Control) -> Placed:
        """DataError where the map is not one of the open data."""
        try:
            made = desk.keep(("map", self.run), lambda: self._placer(desk)) if self.done else self._placer(desk)
        except _UnknownMapError:
            return Placed([], settled=False)
        control.check("placing the row", 0, 1)
        rows = np.frombuffer(self.rows, "<f4").reshape(-1, desk.dataset.X.shape[1])
        return Placed(made.places(rows), made.settles)

    def _placer(self, desk: Desk) -> Placer:
        if self.values is None:
            raise _UnknownMapError
        Y = np.frombuffer(self.values, "<f4").reshape(-1, self.dim)
        if len(Y) != len(desk.dataset):
            raise DataError(f"The map has {len(Y):,} places for {len(desk.dataset):,} rows.")
        return Placer.of(desk, Y, self.method, self.options) if self.done else Placer.by_nearest(desk, Y)
