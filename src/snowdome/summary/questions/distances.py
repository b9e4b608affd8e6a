"""Distances between images: of the same class and of others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

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

        n = min(self.images, len(data.X))
        rows = np.arange(n)
        if self.seed is not None:
            rows = np.sort(np.argsort(rng.uniform(self.seed, 0, len(data.X), 1)[:, 0], kind="stable")[:n])
        X = np.asarray(data.X[rows])
        upper = np.triu_indices(n, 1)
        between = np.sqrt(squared_distances(X, X, threads)[upper]) / self.scale
        kinds = {"all": np.ones(len(between), bool)}
        if data.y is not None:
            same = data.y[rows][upper[0]] == data.y[rows][upper[1]]
            kinds = {"same class": same, "other class": ~same} | kinds
        table = []
        for kind, some in kinds.items():
            d = between[some]
            quantiles = np.quantile(d, _QUANTILES) if len(d) else [None] * len(_QUANTILES)
            mean, deviation = (float(d.mean()), float(d.std())) if len(d) else (None, None)
            table.append((kind, len(d), mean, deviation, *quantiles))
        names = ["kind", "pairs", "mean", "deviation", *(f"q{100 * q:g}" for q in _QUANTILES)]
        kept = dict.fromkeys(names[2:], pl.Float64)
        return pl.DataFrame(table, schema={"kind": pl.String, "pairs": pl.Int64, **kept}, orient="row")
