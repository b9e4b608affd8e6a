"""Verdict: what a model thinks of each row it was not trained on."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError

if TYPE_CHECKING:
    import polars as pl


@dataclasses.dataclass(frozen=True, eq=False)
class Verdict:
    """What a model thinks of n rows that it was not trained on.

    Attributes:
        proba: (n, k) float32, the probability of each class; each row sums to 1.
        predicted: (n,) int64, the codes that the model decides for.
        given: (n,) int64, the codes of the labels that the rows have, or None.
        classes: the names of the k classes.
        ids: (n,) the ids of the rows.
        fold: (n,) int64, the fold that the row was held out in; None where one model judged all.
        about: what it was computed on, in words: kind, space, folds, seed, rows.
    """

    proba: NDArray[np.float32]
    predicted: NDArray[np.int64]
    given: NDArray[np.int64] | None
    classes: tuple[str, ...]
    ids: NDArray[np.generic]
    fold: NDArray[np.int64] | None = None
    about: str = ""

    def __len__(self) -> int:
        return len(self.proba)

    def __repr__(self) -> str:
        return f"<Verdict on {len(self):,} rows: {self.about}>"

    @property
    def labels(self) -> NDArray[np.int64]:
        """The given labels; DataError where there are none."""
        if self.given is None:
            raise DataError("These rows have no labels: what is predicted cannot be compared with anything.")
        return self.given

    @property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of the predicted class, (n,)."""
        return np.asarray(self.proba[np.arange(len(self)), self.predicted])

    @property
    def margin(self) -> NDArray[np.float32]:
        """How far the most probable class is before the next, (n,), from 0 to 1."""
        if self.proba.shape[1] < 2:
            return np.ones(len(self), np.float32)
        top = np.partition(self.proba, -2, axis=1)[:, -2:]
        return np.asarray(top[:, 1] - top[:, 0])

    @property
    def self_confidence(self) -> NDArray[np.float32]:
        """The probability of the given label, (n,)."""
        return np.asarray(self.proba[np.arange(len(self)), self.labels])

    @property
    def given_margin(self) -> NDArray[np.float32]:
        """The probability of the given label less that of the most probable other, (n,), from -1 to 1."""
        others = self.proba.copy()
        others[np.arange(len(self)), self.labels] = -np.inf
        best = others.max(1) if others.shape[1] > 1 else np.zeros(len(self), np.float32)
        return np.asarray(self.self_confidence - best)

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the prediction is the given label, (n,)."""
        return np.asarray(self.predicted == self.labels)

    @property
    def accuracy(self) -> float:
        """The share of predictions that are the given label."""
        return float(self.correct.mean())

    def table(self) -> "pl.DataFrame":
        """id, given_label, predicted_label (names), confidence, margin, and given_margin: a row for each."""
        import polars as pl

        names = np.array(self.classes, dtype=object)
        known = self.given is not None
        columns = {"given_label": [names[code] for code in self.labels]} if known else {}
        return pl.DataFrame({
            "id": self.ids,
            **columns,
            "predicted_label": [names[code] for code in self.predicted],
            "confidence": self.confidence,
            "margin": self.margin,
            **({"given_margin": self.given_margin} if known else {}),
        })  # fmt: skip
