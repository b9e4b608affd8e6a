"""Random images look like noise, and lie far from every real one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.fold import Answers, Fold
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.distance import squared_distances
from snowdome.summary.base import Summary, needs_rows
from snowdome.summary.folds import Extent

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Noise(Summary):
    """what, images, mean_value, nearest, furthest: random images and real ones, and their distances to real ones.

    Each pixel of a random image is uniform between the least and the greatest value of the data (Olah 2014).
    `nearest` is the mean Euclidean distance to the nearest of the first `images` other images, `furthest` to the
    furthest, both on the scale of the data. Cost: one pass, and 2 · shown · images · p multiplications.
    """

    title: ClassVar[str] = "Random images are noise"
    says: ClassVar[str] = "How far random images lie from real ones, beside how far real ones lie from each other."
    formula: ClassVar[str] = "u uniform in every pixel; mean of min_i ‖u - x_i‖ beside mean of min_j ‖x_i - x_j‖, j ≠ i"
    source: ClassVar[str] = "Olah (2014)"

    shown: int = option(100, "random images", low=1, high=10000)
    images: int = option(10000, "real images they are compared with, the first ones", low=2, high=1_000_000)
    seed: int = option(0, "seed of the random images", low=0, high=2**31 - 1)

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """The range of the values."""
        return (Extent(),)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """See Summary."""
        import polars as pl

        needs_rows(data, "Comparing with real images")
        low, high = answers[Extent()]
        real = np.asarray(data.X[: min(self.images, len(data.X))])
        invented = random_images(self.shown, real.shape[1], low, high, self.seed)
        to_real = np.sqrt(squared_distances(real, invented, threads))
        few = real[: self.shown]
        own = np.sqrt(squared_distances(real, few, threads))
        itself = np.arange(len(few))
        own[itself, itself] = np.inf
        near = own.min(0)
        own[itself, itself] = -np.inf
        facts = [
            ("random", len(invented), invented.mean(), to_real.min(0).mean(), to_real.max(0).mean()),
            ("real", len(few), few.mean(), near.mean(), own.max(0).mean()),
        ]
        rows = [(what, n, *(float(x) if np.isfinite(x) else None for x in numbers)) for what, n, *numbers in facts]
        names = {"what": pl.String, "images": pl.Int64}
        kept = dict.fromkeys(("mean_value", "nearest", "furthest"), pl.Float64)
        return pl.DataFrame(rows, schema={**names, **kept}, orient="row")


def random_images(n: int, p: int, low: float, high: float, seed: int) -> NDArray[np.float64]:
    """(n, p) float64, uniform from low to high."""
    return low + (high - low) * rng.uniform(seed, 0, n, p)
