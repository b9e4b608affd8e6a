"""Probabilities of scores that are none: the softmax of the scores over one temperature.

The temperature is the one by which the training labels are most probable (C. Guo et al., "On calibration of modern
neural networks", ICML 2017): one number, so that hardly anything is fitted to them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_REACH = 9.2  # of the temperature's logarithm, to either side of that of the spread
_STEPS = 60
_SETTLED = 1e-7  # a step of that logarithm


def softmax(scores: Floats) -> Floats:
    """Each row of (n, c) as probabilities."""
    shifted = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))


def log_loss(scores: Floats, y: NDArray[np.int64]) -> float:
    """The mean of -log softmax(scores)[y] over rows (n, c) of classes y (n,)."""
    shifted = scores - scores.max(1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(y)), y]))


def temperature(scores: Floats, y: NDArray[np.int64]) -> float:
    """The number by which scores (n, c) are divided so that the loss of their softmax is least: 10,000 rows at most.

    Between 1e-4 and 1e4 times the spread of the scores: by Newton's method on the logarithm of its inverse, in which
    the loss has one minimum; where a step would leave what is known to hold it, that is halved.
    """
    some = slice(None, None, -(-len(y) // 10_000))
    scores, y = np.asarray(scores[some], np.float64), y[some]
    margins = scores - scores[np.arange(len(y)), y][:, None]
    top = margins.max(1, keepdims=True)
    spread = float(scores.std()) or 1.0
    at = -np.log(spread)
    low, high = at - _REACH, at + _REACH
    for _ in range(_STEPS):
        inverse = np.exp(at)
        shares = np.exp(inverse * (margins - top))
        shares /= shares.sum(1, keepdims=True)
        means = (shares * margins).sum(1)
        slope, bend = float(means.mean()), float(((shares * margins**2).sum(1) - means**2).mean())
        low, high = (at, high) if slope < 0 else (low, at)
        step = -slope / (inverse * bend + slope) if inverse * bend + slope > 0 else np.inf
        following = at + step if low < at + step < high else (low + high) / 2
        if abs(following - at) <= _SETTLED:
            break
        at = following
    return float(np.exp(-at))
