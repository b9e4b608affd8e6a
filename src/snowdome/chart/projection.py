"""How a map is seen: a flat one as it is, one of three dimensions in perspective, from where the app begins."""

import dataclasses

import numpy as np
from numpy.typing import NDArray

# The same as HOME, FIELD_OF_VIEW and HAZE in web/src/map.
ASIDE, ABOVE, FIELD_OF_VIEW = 30.0, 20.0, 50.0  # degrees
HAZE = 0.62  # how far the colour of what is farthest goes over to the ground's
STATED = (
    f"Seen in perspective from {ASIDE:g}° to the right of axis z and {ABOVE:g}° above it; "
    f"what is farther is smaller and paler."
)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one sees of n rows.

    Attributes:
        places: (n, 2) to the right and upward, in units of the map at the depth of its centre.
        nearness: (n,) from -1, the farthest that a row could be, to 1; 0 everywhere on a flat map.
        size: (n,) how much larger than at the centre's depth a dot is.
        axes: (d, 3) the map's axes as one sees them: to the right, upward, towards the eye.
    """

    places: NDArray[np.float64]
    nearness: NDArray[np.float64]
    size: NDArray[np.float64]
    axes: NDArray[np.float64]


def seen(positions: NDArray[np.floating]) -> Seen:
    """The rows (n, 2) or (n, 3) as they are seen; the eye is as far away as the ball around all of them asks for."""
    wide = positions.astype(np.float64)
    n, d = wide.shape
    if d == 2:
        return Seen(wide, np.zeros(n), np.ones(n), np.eye(2, 3))
    low, high = wide.min(0), wide.max(0)
    axes = _orientation().T
    away = (wide - (low / 2 + high / 2)) @ axes
    longest = np.abs(away).max() or 1.0  # squares of float32's largest numbers are within float64's
    radius = float(np.sqrt(((away / longest) ** 2).sum(1).max())) * longest or 1.0
    distance = radius / np.sin(np.radians(FIELD_OF_VIEW / 2))
    size = 1 / (1 - away[:, 2] / distance)
    return Seen(away[:, :2] * size[:, None], away[:, 2] / radius, size, axes)


def _orientation() -> NDArray[np.float64]:
    """The rows are the directions to the right, upward and towards the eye, in the map's own axes."""
    (c, s), (a, b) = ((np.cos(angle), np.sin(angle)) for angle in np.radians([ASIDE, ABOVE]))
    aside = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    above = np.array([[1, 0, 0], [0, a, -b], [0, b, a]])
    orientation: NDArray[np.float64] = above @ aside
    return orientation
