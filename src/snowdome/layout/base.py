"""Layout, the estimator that places rows on a map, and Frame, one instant of its run."""

import collections
import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.options import check_options, options_of, unknown_option
from snowdome.core.registry import Registry

layouts = Registry("layout", "snowdome.layout.methods")


@dataclasses.dataclass(frozen=True)
class Frame:
    """One instant of a run.

    Attributes:
        step: steps done so far; 0 is the start.
        steps: steps planned in all.
        phase: the number of the phase, from 0.
        cost: the last cost computed (nan before the first, and for a method without one).
        cost_step: the step that `cost` belongs to.
        Y: (n, n_components) float32, rows in the order of X.
        done: True for the last frame, whether all steps were done or the run was stopped.
    """

    step: int
    steps: int
    phase: int
    cost: float
    cost_step: int
    Y: NDArray[np.float32]
    done: bool = False


class Layout(ABC):
    """Base of the estimators: a dataclass whose fields are its options.

    Fitted attributes: `embedding_` (n, n_components) float32, `cost_`, `n_iter_`, `n_features_in_`, `notes_`.
    """

    title: ClassVar[str]  # how people write its name: "t-SNE"
    says: ClassVar[str]  # one sentence: what the map can and cannot show
    cost_name: ClassVar[str] = ""  # "KL", "stress"; "" where there is no cost
    exaggerates: ClassVar[bool] = False  # whether the factor on the attraction can be changed while it runs

    embedding_: NDArray[np.float32]
    cost_: float
    n_iter_: int
    n_features_in_: int
    notes_: tuple[str, ...] = ()  # what was not done as asked, in words: a value lowered, an early end

    @abstractmethod
    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """Run, and yield a Frame wherever the cost was computed, where the control wants one, and at the end.

        `X` is (n, p), real and finite. `memo` keeps components, neighbours and affinities between runs.
        """

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Lay out the rows of `X` (n, p). `y` is ignored."""
        (last,) = collections.deque(self.frames(X), maxlen=1)
        self.embedding_, self.cost_, self.n_iter_ = last.Y, last.cost, last.step
        self.n_features_in_ = int(np.shape(X)[1])
        return self

    def fit_transform(self, X: ArrayLike, y: Any = None) -> NDArray[np.float32]:
        """Lay out the rows of `X` (n, p) and return their places (n, n_components)."""
        return self.fit(X, y).embedding_

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001
        """The options, as scikit-learn's `clone` and searches expect."""
        return {name: getattr(self, name) for name in options_of(type(self))}

    def set_params(self, **params: Any) -> Self:
        """Change options; OptionError for one that there is not."""
        allowed = list(options_of(type(self)))
        for name, value in params.items():
            if name not in allowed:
                raise unknown_option(type(self).__name__, name, allowed)
            setattr(self, name, value)
        return self

    def checked(self, X: ArrayLike) -> NDArray[Any]:
        """`X` as an array, after the options and X itself were found to be in order."""
        check_options(self)
        values = np.asarray(X)
        owner = type(self).__name__
        if values.ndim != 2:
            raise DataError(f"{owner}: X has shape {values.shape}; expected (rows, values). Reshape it.")
        if values.dtype.kind not in "buif":
            raise DataError(f"{owner}: X holds {values.dtype}; expected real numbers.")
        if values.shape[0] < 1 or values.shape[1] < 1:
            raise DataError(f"{owner}: X has shape {values.shape}; expected at least one row and one value.")
        if values.dtype.kind == "f":
            bad = np.argwhere(~np.isfinite(values))
            if bad.size:
                row, column = bad[0]
                raise DataError(
                    f"{owner}: X has {len(bad)} values that are NaN or infinite, the first in row {row}, "
                    f"column {column}. Drop those rows or fill them in first."
                )
        return values


def make_layout(method: str, **options: Any) -> Layout:
    """The layout of that id with those options; OptionError where either is not there or not allowed."""
    cls = layouts.member(method, Layout)
    allowed = options_of(cls)
    for name in options:
        if name not in allowed:
            raise unknown_option(cls.__name__, name, list(allowed))
    layout: Layout = cls(**options)
    check_options(layout)
    return layout
