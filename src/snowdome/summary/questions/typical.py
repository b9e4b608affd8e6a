"""The images that are most like their class."""

from dataclasses import dataclass
from typing import ClassVar

from snowdome.summary.questions.atypical import Atypical


@dataclass(frozen=True)
class Typical(Atypical):
    """label, instance (from 1), rank (1 is the nearest), rms_distance of the images nearest to their class's mean.

    `top` in each class, more where several are equally near. Cost: two passes.
    """

    title: ClassVar[str] = "Most typical images"
    says: ClassVar[str] = "The images with the smallest distance to the mean image of their class."
    formula: ClassVar[str] = "d_i = √(Σ_c (x_ic - m_c)² / p), m the mean of i's class; the smallest of each class"
    source: ClassVar[str] = "Robinson (2018)"
    furthest_first: ClassVar[bool] = False
