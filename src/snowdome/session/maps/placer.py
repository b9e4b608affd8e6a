"""New rows in a map that another process made."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.threads import resolve
from snowdome.layout.base import Frame, Layout, make_layout
from snowdome.layout.placing import Fitted, mean_of_nearest
from snowdome.session.question import Desk

SPACE = 50  # components in which the nearest of a row are found, for a map without a rule of its own


@dataclasses.dataclass(frozen=True)
class Placer:
    """Places rows in the map Y (n, d) of the open data, each by itself.

    By the rule of a layout's `transform`; with a Fitted alone, at the mean place of the 15 nearest.
    """

    Y: NDArray[np.float32]
    rule: Layout | Fitted

    @classmethod
    def of(cls, desk: Desk, Y: NDArray[np.float32], method: str, options: dict[str, Any]) -> "Placer":
        """By the rule of a method, for a map that is done; by the nearest where that rule needs what is not at hand."""
        layout = make_layout(method, **options)
        X = np.asarray(desk.dataset.X)
        if not layout.recall(X, desk.memo):
            return cls.by_nearest(desk, Y)
        layout.settle(X, Frame(0, 0, 0, float("nan"), 0, Y, done=True), desk.memo)
        return cls(Y, layout)

    @classmethod
    def by_nearest(cls, desk: Desk, Y: NDArray[np.float32]) -> "Placer":
        """At the mean place of the nearest, for a map that still forms."""
        X = np.asarray(desk.dataset.X)
        return cls(Y, desk.keep("fitted", lambda: Fitted.of(X, SPACE, resolve(None), desk.memo)))

    @property
    def settles(self) -> bool:
        """Whether rows come to rest by the method's own rule."""
        return isinstance(self.rule, Layout)

    def places(self, new: NDArray[np.float32]) -> list[list[float]]:
        """The places of rows (m, p), (m, d)."""
        if isinstance(self.rule, Layout):
            found = self.rule.transform(new)
        else:
            found = mean_of_nearest(new, self.rule, self.Y, resolve(None))
        places: list[list[float]] = np.asarray(found).tolist()
        return places
