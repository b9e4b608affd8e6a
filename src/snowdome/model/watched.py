"""scikit-learn's fits, watched: they can be stopped, and what they warn of is told in other words."""

import threading
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control, Stopped

_LOOK = 0.05  # seconds between two looks at whether to stop


def watched_fit(estimator: Any, X: NDArray[Any], y: NDArray[np.int64], control: Control) -> Any:
    """The estimator, fitted. Where a stop is asked for, the fit is left by `Stopped` within a tenth of a second.

    Most of scikit-learn's fits cannot be interrupted: they run on a thread of their own, which is left to itself then
    and ends with the process at the latest. What it makes is thrown away.
    """
    raised: list[BaseException] = []

    def fit() -> None:
        try:
            estimator.fit(X, y)
        except BaseException as error:
            raised.append(error)

    control.check("fitting", 0, 1)
    thread = threading.Thread(target=fit, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK)
        if control.stopping and thread.is_alive():
            raise Stopped("fitting")
    if raised:
        raise raised[0]
    control.report("fitting", 1, 1)
    return estimator


def explained(caught: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """What the warnings of a fit mean, each once; those that are no ConvergenceWarning are given on as they are."""
    from sklearn.exceptions import ConvergenceWarning

    notes = []
    for warning in caught:
        if issubclass(warning.category, ConvergenceWarning):
            notes.append(
                f"ConvergenceWarning: the solver stopped at its limit of steps before the weights had settled: they "
                f"would still change a little. The scores are those of the weights as they are. Values of one scale "
                f"(scale=minmax, not raw 0–255) let it settle in fewer steps; max_iter allows more of them. "
                f"({str(warning.message).strip().splitlines()[0]})"
            )
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return tuple(dict.fromkeys(notes))
