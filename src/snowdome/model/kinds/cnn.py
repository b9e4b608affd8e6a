"""Convolutional network: weighs small windows of pixels, and windows of those."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.model.base import Classifier, Floats
from snowdome.model.network import Network, score
from snowdome.model.tempered import softmax


@dataclass(frozen=True)
class Cnn(Classifier):
    """Three convolutions and two dense layers, trained by AdamW in one cycle on images moved by up to two pixels.

    Cost: about 15 million multiplications for an image of 28 × 28 and epoch. Y. LeCun et al., "Gradient-based learning
    applied to document recognition", 1998; L. N. Smith, "Super-convergence", 2018.
    """

    title: ClassVar[str] = "Convolutional network"
    says: ClassVar[str] = "Looks for small patterns anywhere in the image, and for patterns of those."
    extra: ClassVar[str] = "deep"
    together: ClassVar[bool] = True
    of_images: ClassVar[bool] = True

    epochs: int = option(12, "passes over the training images", low=1, high=1000)
    batch: int = option(128, "images between two steps", low=4, high=100_000)
    rate: float = option(3e-3, "the longest step of the cycle", low=1e-8, high=1.0)
    shift: int = option(2, "pixels by which training images are moved, at most", low=0, high=8)
    random_state: int = option(0, "seed of the first weights, the order and the moves", low=0, high=2**31 - 1)

    def make(self) -> Any:
        """See Classifier: what trains it is no estimator of scikit-learn's, but has its manners."""
        return _Estimator(self)

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:
        """See Classifier: the weights."""
        network = Network(
            epochs=self.epochs, batch=self.batch, rate=self.rate, shift=self.shift, seed=self.random_state
        )
        return network.train(X, y, threads, control or Control())

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: conv0 (24, channels, 3, 3), bias0 (24,) …, dense4 (c, 128), bias4 (c,)."""
        weights: Arrays = fitted
        return weights

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:
        """See Classifier."""
        return score(state, X, threads)

    def proba(self, state: Arrays, scores: Floats) -> Floats:  # noqa: ARG002
        """See Classifier."""
        return softmax(np.asarray(scores, np.float64))


class _Estimator:
    """fit, predict, get_params and set_params around the kind, for images (n, height, width, channels)."""

    def __init__(self, kind: Cnn) -> None:
        self.kind = kind

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001
        """The kind."""
        return {"kind": self.kind}

    def set_params(self, **params: Any) -> "_Estimator":
        """Another kind."""
        self.kind = params.get("kind", self.kind)
        return self

    def fit(self, X: NDArray[Any], y: NDArray[np.int64]) -> "_Estimator":
        """Train; y are codes from 0."""
        self.weights_ = self.kind.fit(X, y)
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """The codes."""
        return np.asarray(self.kind.scores(self.weights_, X).argmax(1))
