"""Distances between images: of the same class and of others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core import rng
from snowdome.core.fold import Answers
from snowdome.core.options import option
from snowdome.data.tidy import Labelled
from snowdome.space.distance import squared_distances
from snowdome.summary.base import Summary

if TYPE_CHECKING:
    import polars as pl

_QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True)
class Distances(Summary):
    """pairs, kind, mean, deviation, q0, q5, q25, q50, q75, q95, q100: Euclidean distances of all pairs of a sample.

    `kind` is "same class", "other class" or "all" (the only one without labels). The sample is the first rows or a
    seeded one. `scale` divides the values: 255 for 0 to 1, 256 as in Olah (2014), whose 4.53 and 12.0 it gives.
    Cost: images² p / 2 multiplications.
    """

    title: ClassVar[str] = "How far apart images are"
    says: ClassVar[str] = "Euclidean distances of pairs of images; same and other classes differ less than one thinks."
    formula: ClassVar[str] = "‖x_i - x_j‖ / scale for all i < j"
    source: ClassVar[str] = "Olah (2014)"

    images: int = option(1000, "images in the sample", low=2, high=20000)
    seed: int | None = option(None, "None for the first images, else a random sample", low=0, high=2**31 - 1)
    scale: float = option(1.0, "what the values are divided by", low=1e-30, high=1e30)

    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":  # noqa: ARG002
        """See Summary."""
        import polars as pl

        table = [row_of(kind, found / self.scale) for kind, found in self.measured(data, threads).items()]
        kept = dict.fromkeys(table[0], pl.Float64)
        return pl.DataFrame(table, schema={**kept, "kind": pl.String, "pairs": pl.Int64})

    def measured(self, data: Labelled, threads: int) -> dict[str, NDArray[np.float64]]:
        """The distances of the pairs of each kind, on the scale of the data."""
        n = min(self.images, len(data.X))
        rows = np.arange(n)
        if self.seed is not None:
            rows = np.sort(np.argsort(rng.uniform(self.seed, 0, len(data.X), 1)[:, 0], kind="stable")[:n])
        X = np.asarray(data.X[rows])
        upper = np.triu_indices(n, 1)
        between = np.sqrt(squared_distances(X, X, threads)[upper])
        if data.y is None:
            return {"all": between}
        same = data.y[rows][upper[0]] == data.y[rows][upper[1]]
        return {"same class": between[same], "other class": between[~same], "all": between}


def row_of(kind: str, found: NDArray[np.float64]) -> dict[str, str | float | None]:
    """A kind's line of the table: how many pairs, mean, deviation and quantiles of their distances."""
    names = [f"q{100 * q:g}" for q in _QUANTILES]
    if not len(found):
        return {"kind": kind, "pairs": 0, **dict.fromkeys(("mean", "deviation", *names))}
    quantiles = dict(zip(names, np.quantile(found, _QUANTILES).tolist(), strict=True))
    return {
        "kind": kind,
        "pairs": len(found),
        "mean": float(found.mean()),
        "deviation": float(found.std()),
        **quantiles,
    }
