"""Maps of one dimension. What computes knows two and three: a line is one in the plane, and stays at height 0."""

import numpy as np

from snowdome.layout.energy import Forces, Positions


def lifted(places: Positions) -> Positions:
    """Places (1, n) on a line as (2, n) in the plane; those in more dimensions as they are."""
    return np.concatenate([places, np.zeros_like(places)]) if len(places) == 1 else places


def hold(forces: Forces) -> None:
    """Take away what would move points off the line: rounding is enough, and repulsion would make it grow."""
    forces.pull[1:] = 0
    forces.push[1:] = 0
