"""Preparation: what is done to the values of rows before a model sees them, learnt from the training rows alone."""

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.core.options import check_options, option
from snowdome.space.checks import afford
from snowdome.space.pca import components

SCALES = ("range", "minmax", "standard", "raw")


@dataclasses.dataclass(frozen=True)
class Preparation:
    """Scaling, then principal components, then products: each is left out where it is not asked for.

    "range" divides by what a value can be (MNIST: by 255), "minmax" takes each value from the least to the greatest it
    has among the training rows to 0 … 1, "standard" to mean 0 and variance 1 there, "raw" leaves it. A value that is
    constant among the training rows becomes 0 by "minmax" and "standard". Of degree 2, all products of two values and
    all squares are put after the values: n values become n + n(n + 1)/2. `copies` of the training images, moved and
    turned a little, are trained on as well; see `augmentation`.
    """

    scale: str | None = option(None, "how values are scaled; none: as the kind of model is best served", choices=SCALES)
    components: int | None = option(None, "principal components that a model sees instead of pixels", low=1, high=4096)
    degree: int = option(1, "2 adds all products of two values", low=1, high=2)
    copies: int = option(0, "moved copies of each training image to train on as well", low=0, high=50)
    shift: float = option(1.0, "pixels by which copies are moved, at most", low=0.0, high=16.0)
    turn: float = option(0.0, "degrees by which copies are turned, at most", low=0.0, high=180.0)

    def with_scale(self, scale: str) -> "Preparation":
        """The same with that scale where none was chosen; OptionError for options that are not allowed."""
        check_options(self)
        return self if self.scale is not None else dataclasses.replace(self, scale=scale)

    @property
    def plain(self) -> bool:
        """Whether a model sees values one for one, so that what it says about them can be said about pixels."""
        return self.components is None and self.degree == 1

    def learn(
        self, X: NDArray[Any], value_range: tuple[float, float], threads: int = 1, control: Control | None = None
    ) -> tuple[Arrays, NDArray[Any]]:
        """What is to be known of training rows X (n, p), as arrays, and those rows prepared: (n, q)."""
        learnt = self._scaling(X, value_range)
        values = _scaled(learnt, X)
        if self.components is not None:
            if self.components > X.shape[1]:
                raise OptionError(
                    f"components got {self.components}; allowed: at most the {X.shape[1]} values of a row."
                )
            found = components(values, self.components, threads, control)
            learnt |= {"mean": found.mean, "basis": found.components}
            values = np.asarray(found.scores)
        if self.degree == 2:
            n, q = values.shape
            wide = q + q * (q + 1) // 2
            afford(4 * n * wide * 2, f"{wide:,} products for each of {n:,} rows",
                   "Take fewer components first, or fewer rows.")  # fmt: skip
            values = with_products(values)
        return learnt, values

    def apply(self, learnt: Arrays, X: NDArray[Any]) -> NDArray[Any]:
        """Rows X (m, p) as the model sees them, (m, q): float32, or as they are where nothing is asked for."""
        values = _scaled(learnt, X)
        if self.components is not None:
            values = ((values - learnt["mean"]) @ learnt["basis"].T).astype(np.float32)
        return with_products(values) if self.degree == 2 else values

    def _scaling(self, X: NDArray[Any], value_range: tuple[float, float]) -> Arrays:
        """Value j becomes (x - low[j]) · factor[j]; nothing for "raw"."""
        if self.scale == "raw":
            return {}
        low, high = (np.full(X.shape[1], end, np.float64) for end in value_range)
        if self.scale == "minmax":
            low, high = X.min(0).astype(np.float64), X.max(0).astype(np.float64)
        elif self.scale == "standard":
            low = X.mean(0, dtype=np.float64)
            high = low + np.sqrt(np.maximum(0, _mean_square(X) - low**2))
        span = high - low
        constant = span <= 1e-9 * np.maximum(np.abs(low), np.abs(high))
        return {"low": low, "factor": np.where(constant, 0, 1 / np.where(constant, 1, span))}

    def says(self) -> str:
        """What is done, in words."""
        words = {
            "range": "values scaled to 0–1", "minmax": "values scaled to 0–1 each by its own range",
            "standard": "values standardised", "raw": "values as they are", None: "values scaled as the kind asks for",
        }[self.scale]  # fmt: skip
        if self.components is not None:
            words += f", {self.components} principal components"
        words += ", all products of two of them" if self.degree == 2 else ""
        return words + (f", {self.copies} moved copies of each training image" if self.copies else "")


def _scaled(learnt: Arrays, X: NDArray[Any]) -> NDArray[Any]:
    """X scaled, float32, in one pass; itself where nothing is to be done."""
    if "low" not in learnt:
        return X if X.dtype.kind == "u" and X.itemsize == 1 else np.asarray(X, np.float32)
    values = np.subtract(X, learnt["low"].astype(np.float32), dtype=np.float32)
    values *= learnt["factor"].astype(np.float32)
    return np.asarray(values)


def _mean_square(X: NDArray[Any]) -> NDArray[np.float64]:
    total = np.zeros(X.shape[1])
    for begin in range(0, len(X), 4096):
        block = X[begin : begin + 4096].astype(np.float64)
        total += np.einsum("ij,ij->j", block, block)
    return np.asarray(total / max(1, len(X)))


def with_products(values: NDArray[Any]) -> NDArray[np.float32]:
    """(n, q) values, then the products x_i x_j with i ≤ j in scikit-learn's order: (n, q + q(q + 1)/2) float32."""
    n, q = values.shape
    wide = np.empty((n, q + q * (q + 1) // 2), np.float32)
    wide[:, :q] = values
    at = q
    for first in range(q):
        wide[:, at : at + q - first] = values[:, first, None] * values[:, first:]
        at += q - first
    return wide
