"""Classifier: one kind of model. scikit-learn fits it; what was fitted is kept as plain arrays.

All predictions are made from those arrays by our own few lines, so that a model that was read from a file predicts as
the one that was written, and no file of a model ever runs code.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.registry import Registry
from snowdome.model.watched import watched_fit

classifiers = Registry("kind of classifier", "snowdome.model.kinds")

Floats = NDArray[np.floating[Any]]


class Classifier(ABC):
    """A kind of classifier: a dataclass whose fields are its options.

    Labels are codes 0 … c - 1 of the c classes that the training rows have, all of them present.
    """

    title: ClassVar[str]
    says: ClassVar[str]  # one sentence: how it decides
    extra: ClassVar[str] = ""  # of the package, without which the kind cannot be had
    scale: ClassVar[str] = "range"  # what is done to the values where nobody says; see `preparation`
    parallel: ClassVar[bool] = False  # whether the estimator takes `n_jobs`
    large_products: ClassVar[bool] = False  # whether more threads of BLAS fit it quicker, to other bits
    together: ClassVar[bool] = False  # whether all rows are scored in one call, which takes the threads
    of_images: ClassVar[bool] = False  # whether `fit` and `proba` get images (n, height, width, channels)

    @abstractmethod
    def make(self) -> Any:
        """The estimator, not fitted."""

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:
        """The estimator, fitted on rows X (n, p) of codes y (n,); `Stopped` where the control asks for it."""
        estimator = self.make()
        if self.parallel:
            estimator.set_params(n_jobs=threads)
        return watched_fit(estimator, X, y, control or Control())

    @abstractmethod
    def state(self, fitted: Any) -> Arrays:
        """All that predictions need of a fitted estimator, as arrays of numbers."""

    @abstractmethod
    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:
        """What is compared to decide: (n, c), the class of the greatest is predicted, of equal ones the first."""

    @abstractmethod
    def proba(self, state: Arrays, scores: Floats) -> Floats:
        """Probabilities (n, c) of rows with these scores, each row summing to 1."""

    def weights(self, state: Arrays) -> NDArray[np.float64] | None:  # noqa: ARG002
        """How much each value speaks for each class, (c, p), where that is a sum; None where it is not."""
        return None


def make_classifier(name: str, **options: Any) -> Classifier:
    """The kind of that id with those options; OptionError where either is not there or not allowed."""
    made: Classifier = classifiers.make(name, Classifier, options)
    return made


def name_of(classifier: Classifier) -> str:
    """The id of a classifier's kind."""
    return type(classifier).__module__.rpartition(".")[2]
