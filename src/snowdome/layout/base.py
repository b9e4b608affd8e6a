"""Layout, the estimator that places rows on a map, and Frame, one instant of its run."""

import collections
import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core import memory
from snowdome.core.cache import Arrays, Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.options import check_options
from snowdome.core.registry import Registry
from snowdome.core.threads import resolve
from snowdome.layout.estimator import Estimator, checked_rows, not_fitted_error

if TYPE_CHECKING:
    from snowdome.layout.placing import Fitted

layouts = Registry("layout", "snowdome.layout.methods")

_SHARE = 0.6  # of the free memory that a fit may take


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


@dataclasses.dataclass(frozen=True)
class Phase:
    """A stretch of a run: how many steps, how the attraction is exaggerated, and how large the steps are.

    `rate` is for an exaggeration of 1; it is divided by the exaggeration, which makes the gradient so much steeper.
    """

    steps: int
    exaggeration: float
    momentum: float
    rate: float


class TooLargeError(DataError):
    """The data would not fit into the memory that there is."""


class Layout(Estimator, ABC):
    """Base of the estimators: a dataclass whose fields are its options.

    Fitted attributes: `embedding_` (n, n_components) float32, `cost_`, `n_iter_`, `notes_`, `n_features_in_`, and
    `feature_names_in_` where the columns had names. For `transform` it keeps a reference to X, not a copy, and the
    components of the space that it looked for neighbours in, with the scores of X (n, space) float32.
    """

    title: ClassVar[str]  # how people write its name: "t-SNE"
    says: ClassVar[str]  # one sentence: what the map can and cannot show
    cost_name: ClassVar[str] = ""  # "KL", "stress"; "" where there is no cost
    exaggerates: ClassVar[bool] = False  # whether the factor on the attraction can be changed while it runs

    n_components: int
    random_state: int | None
    n_jobs: int | None

    embedding_: NDArray[np.float32]
    cost_: float
    n_iter_: int
    notes_: tuple[str, ...] = ()  # what was not done as asked, in words: a value lowered, an early end

    @abstractmethod
    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """Run, and yield a Frame wherever the cost was computed, where the control wants one, and at the end.

        `X` is (n, p), real and finite. `memo` keeps components, neighbours and affinities between runs.
        """

    def phases(self, n: int) -> list[Phase]:  # noqa: ARG002
        """The stretches of a run with n rows; none where a method does not descend in phases."""
        return []

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Lay out the rows of `X` (n, p). `y` is ignored."""
        memo = _Components()
        (last,) = collections.deque(self.frames(X, memo=memo), maxlen=1)
        return self.settle(X, last, memo)

    def settle(self, X: ArrayLike, last: Frame, memo: Memo = forget) -> Self:
        """Take the last Frame of a run over `X`, which was watched, for what `fit` would have found.

        `memo` is that of the run: the components are there.
        """
        from snowdome.layout.placing import Fitted

        values = checked_rows(X, type(self).__name__)
        self.embedding_, self.cost_, self.n_iter_ = last.Y, last.cost, last.step
        self._learn_features(X, values)
        self._fitted = Fitted.of(values, getattr(self, "space", None), resolve(self.n_jobs), memo)
        return self

    def recall(self, X: NDArray[Any], memo: Memo = forget) -> bool:  # noqa: ARG002
        """Find again what `transform` needs of a run over X beside its map, where that is quick; whether it could.

        So a map that another process made can take new rows: `recall`, then `settle`. Most methods need nothing.
        """
        return True

    def fit_transform(self, X: ArrayLike, y: Any = None) -> Any:
        """Lay out the rows of `X` (n, p) and return their places (n, n_components) float32.

        They are in another container where `set_output` asked for one.
        """
        return self._dressed(self.fit(X, y).embedding_, X, self.get_feature_names_out())

    def transform(self, X: ArrayLike) -> Any:
        """The places (m, n_components) float32 of the rows of X (m, p) in the fitted map, which does not change.

        Each row is placed by itself: what else is in X has no influence. A row that equals a row of the fit has the
        place of that row (of the first such one). A method without a rule of its own gives a row the mean of the places
        of its nearest rows in the space of the fit. Cost: m n multiplications for each dimension of that space.

        Raises:
            DataError: X is not (m, n_features_in_), or not real and finite.
            NotFittedError: there was no fit.
        """
        if not hasattr(self, "embedding_"):
            raise not_fitted_error()(f"{type(self).__name__} is not fitted: it has no map yet. Call fit(X) first.")
        check_options(self)
        values = checked_rows(X, type(self).__name__)
        self._check_features(X, values)
        known = self._fitted.rows_equal_to(values)
        places = np.empty((len(values), self.embedding_.shape[1]), np.float32)
        places[known >= 0] = self.embedding_[known[known >= 0]]
        if (known < 0).any():
            places[known < 0] = self._place(values[known < 0], self._fitted)
        return self._dressed(places, X, self.get_feature_names_out())

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002
        """The names of the map's coordinates: "tsne0", "tsne1"; NotFittedError before the fit."""
        if not hasattr(self, "embedding_"):
            raise not_fitted_error()(f"{type(self).__name__} is not fitted: it has no map yet. Call fit(X) first.")
        count = self.embedding_.shape[1]
        return np.array([f"{type(self).__name__.lower()}{i}" for i in range(count)], dtype=object)

    def _place(self, new: NDArray[Any], fitted: "Fitted") -> NDArray[np.float32]:
        """The places (m, d) of rows (m, p) that are none of the fit's, each by itself."""
        from snowdome.layout.placing import mean_of_nearest

        return mean_of_nearest(new, fitted, self.embedding_, resolve(self.n_jobs))

    def memory(self, n: int, p: int) -> int:
        """The bytes that a fit of n rows of p values takes at its peak beside X, about. Here: for the components."""
        from snowdome.space import pca

        count = self.n_components if self._raw(p) else int(getattr(self, "space", None) or 0)
        return pca.memory_needed(n, p, count)

    def checked(self, X: ArrayLike) -> NDArray[Any]:
        """`X` as an array (n, p), after the options, X itself and the memory were found to be in order.

        Raises:
            OptionError: an option has a value that is not allowed.
            DataError: X is not two-dimensional, real and finite.
            TooLargeError: the fit would take more than 60 % of the memory that is free.
        """
        values = super().checked(X)
        n, p = values.shape
        free = memory.available()
        if free is not None and self.memory(n, p) > _SHARE * free:
            raise TooLargeError(self._too_large(n, p, free))
        return values

    def _raw(self, p: int) -> bool:
        """Whether rows of p values are compared as they are."""
        space = getattr(self, "space", None)
        return space is None or space >= p

    def _too_large(self, n: int, p: int, free: int) -> str:
        fewer = n
        while fewer > 1 and self.memory(fewer, p) > _SHARE * free:
            fewer = fewer * 9 // 10
        said = (
            f"{type(self).__name__}: {n:,} rows of {p:,} values would take about {self.memory(n, p) / 1e9:.3g} GB of "
            f"memory; {free / 1e9:.3g} GB are free, of which a map may take {_SHARE:.0%}. "
        )
        if self.memory(fewer, p) <= _SHARE * free:
            digits = 10 ** max(0, len(str(fewer)) - 2)
            return said + f"Take about {fewer // digits * digits:,} of the rows, or free some memory."
        return said + "Take rows of fewer values (smaller images), or free some memory."


class _Components(dict[str, Arrays]):
    """The memo of one fit: the components, which `settle` asks for again."""

    def __call__(self, name: str, compute: Callable[[], Arrays]) -> Arrays:
        """See Memo."""
        if not name.startswith("pca"):
            return compute()
        return self[name] if name in self else self.setdefault(name, compute())


def make_layout(method: str, **options: Any) -> Layout:
    """The layout of that id with those options; OptionError where either is not there or not allowed."""
    layout: Layout = layouts.make(method, Layout, options)
    return layout
