"""Estimator: scikit-learn's manners, kept without importing it.

scikit-learn is only loaded where one of its own objects is asked for: its tags, its NotFittedError. So
`import snowdome` stays quick, and scikit-learn's checks of estimators pass all the same.
"""

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.errors import DataError, OptionError, SnowdomeError
from snowdome.core.options import check_options, options_of, unknown_option

_LARGEST = 1e15  # a value, at most: the square of 1e19 is beyond float32, and many squares are summed
_ROWS = 4096
_CONTAINERS = ("default", "pandas", "polars")


class Estimator:
    """Base of estimators that are dataclasses whose fields are their options.

    Fitted attributes: `n_features_in_`, and `feature_names_in_` (p,) where the rows came with names of their columns.
    """

    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    _sklearn_output_config: dict[str, str]  # scikit-learn's `clone` carries it over by this name

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

    def set_output(self, *, transform: str | None = None) -> Self:
        """What `transform` and `fit_transform` return: "default" (an array), "pandas", "polars"; None: as it was."""
        if transform is not None:
            if transform not in _CONTAINERS:
                raise OptionError(
                    f"{type(self).__name__}: set_output got transform={transform!r}; allowed: one of "
                    f"{', '.join(map(repr, _CONTAINERS))}, or None."
                )
            self._sklearn_output_config = {"transform": transform}
        return self

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn wants to know of an estimator: this one transforms, and gives float32."""
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type="transformer",
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(preserves_dtype=["float32"]),
            input_tags=InputTags(),
        )

    def checked(self, X: ArrayLike) -> NDArray[Any]:
        """`X` as an array (n, p), after the options and X itself were found to be in order."""
        check_options(self)
        return checked_rows(X, type(self).__name__)

    def _learn_features(self, X: Any, values: NDArray[Any]) -> None:
        """Keep how many values a row has, and their names."""
        self.n_features_in_ = int(values.shape[1])
        self.__dict__.pop("feature_names_in_", None)
        names = column_names(X, type(self).__name__)
        if names is not None:
            self.feature_names_in_ = names

    def _check_features(self, X: Any, values: NDArray[Any]) -> None:
        """Raise DataError where X has not the columns that the fit had; the words are those of scikit-learn."""
        owner = type(self).__name__
        fitted, names = getattr(self, "feature_names_in_", None), column_names(X, owner)
        if fitted is not None and names is not None and list(fitted) != list(names):
            raise DataError(_other_names(list(fitted), list(names)))
        if values.shape[1] != self.n_features_in_:
            raise DataError(
                f"X has {values.shape[1]} features, but {owner} is expecting {self.n_features_in_} features as input: "
                f"as many as it was fitted on. Prepare the rows in the same way."
            )
        if (fitted is None) != (names is None):
            having = "X has feature names, but %s was fitted without" if fitted is None else (
                "X does not have valid feature names, but %s was fitted with"
            )  # fmt: skip
            warnings.warn(f"{having % owner} feature names", UserWarning, stacklevel=3)

    def _dressed(self, Y: NDArray[np.float32], X: Any, names: NDArray[np.object_]) -> Any:
        """Y (n, d) in the container that `set_output`, else scikit-learn's own configuration, asks for."""
        kind = getattr(self, "_sklearn_output_config", {}).get("transform")
        if kind is None and "sklearn" in sys.modules:  # where it is not loaded, nobody has configured it
            from sklearn import get_config

            kind = get_config()["transform_output"]
        if kind == "pandas":
            import pandas as pd  # type: ignore[import-untyped]

            index = X.index if isinstance(X, (pd.DataFrame, pd.Series)) else None
            return pd.DataFrame(Y, index=index, columns=names, copy=False)
        if kind == "polars":
            import polars as pl

            return pl.DataFrame(Y, schema=list(names), orient="row")
        return Y


@functools.cache
def not_fitted_error() -> type[SnowdomeError]:
    """Our error that is scikit-learn's NotFittedError as well."""
    from sklearn.exceptions import NotFittedError

    return type("NotFittedError", (SnowdomeError, NotFittedError), {"__doc__": "The layout has no map yet."})


def checked_rows(X: Any, owner: str) -> NDArray[Any]:
    """`X` as an array (n, p) of real and finite numbers; a DataError says what is wrong with it, and where.

    An array of Python objects becomes float64.
    """
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise DataError(f"{owner}: X is sparse; expected a dense array. X.toarray() makes one.")
    values = np.asarray(X)
    if values.dtype.kind == "O":
        try:
            values = values.astype(np.float64)
        except TypeError as error:  # scikit-learn's checks want a TypeError here, and float()'s own words
            raise NotNumbersError(f"{owner}: X holds a thing that is no number: {error}.") from error
        except ValueError as error:
            raise DataError(f"{owner}: X holds a thing that is no number: {error}.") from error
    if values.dtype.kind == "c":
        raise DataError(f"{owner}: Complex data not supported: X holds {values.dtype}. Take its real part, say.")
    if values.dtype.kind not in "buif":
        raise DataError(f"{owner}: X holds {values.dtype}; expected real numbers.")
    if values.ndim != 2:
        raise DataError(
            f"{owner}: X has shape {values.shape}; expected (rows, values). Reshape your data: X.reshape(-1, 1) for "
            f"rows of one value, X.reshape(1, -1) for one row."
        )
    n, p = values.shape
    if n < 1 or p < 1:
        got = f"{n} sample(s)" if n < 1 else f"{p} feature(s)"
        raise DataError(
            f"{owner}: X has {got} (shape=({n}, {p})) while a minimum of 1 is required. Expected at least one row and "
            f"one value."
        )
    _check_values(values, owner)
    return values


def _check_values(values: NDArray[Any], owner: str) -> None:
    """Raise DataError where a value is not finite, or so large that squared distances are not in float32."""
    if values.dtype.kind == "f":
        count, row, column = _located(values, lambda block: ~np.isfinite(block))
        if count:
            raise DataError(
                f"{owner}: X has {count} values that are NaN or infinite (inf), the first in row {row}, "
                f"column {column}. Drop those rows or fill them in first."
            )
    if values.dtype.itemsize > 2:
        count, row, column = _located(values, lambda block: (block > _LARGEST) | (block < -_LARGEST))
        if count:
            raise DataError(
                f"{owner}: X has {float(values[row, column]):g} in row {row}, column {column}; allowed: values up to "
                f"{_LARGEST:g}, whose distances float32 can hold. Divide X by its scale first."
            )


def _located(values: NDArray[Any], wrong: Callable[[NDArray[Any]], NDArray[np.bool_]]) -> tuple[int, int, int]:
    """How many values are wrong, and the row and column of the first; in blocks, as X may be larger than the memory."""
    count, row, column = 0, 0, 0
    for begin in range(0, len(values), _ROWS):
        bad = wrong(values[begin : begin + _ROWS])
        if bad.any():
            if not count:
                row, column = (int(i) for i in np.argwhere(bad)[0])
                row += begin
            count += int(bad.sum())
    return count, row, column


class NotNumbersError(DataError, TypeError):
    """The data hold things that no number can be made of."""


def column_names(X: Any, owner: str) -> NDArray[np.object_] | None:
    """The names of the columns of a dataframe of any library, (p,); None where there are none that are text."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    text = [isinstance(name, str) for name in names]
    if any(text) and not all(text):
        raise NotNumbersError(f"{owner}: some names of X's columns are text and some are not. Make all of them text.")
    return np.array(names, dtype=object) if names and all(text) else None


def _other_names(fitted: list[str], names: list[str]) -> str:
    """The sentence for columns that are not those of the fit, in scikit-learn's words."""
    said = "The feature names should match those that were passed during fit.\n"
    unseen, missing = sorted(set(names) - set(fitted)), sorted(set(fitted) - set(names))
    headings = ("Feature names unseen at fit time", "Feature names seen at fit time, yet now missing")
    for heading, some in zip(headings, (unseen, missing), strict=True):
        if some:
            said += f"{heading}:\n" + "".join(f"- {name}\n" for name in some[:5]) + "- ...\n" * (len(some) > 5)
    if not unseen and not missing:
        said += "Feature names must be in the same order as they were in fit.\n"
    return said
