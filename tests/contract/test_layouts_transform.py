"""What every layout must do as an estimator of scikit-learn: its own checks, and new rows in a map that is done."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from snowdome.core.errors import DataError, OptionError, SnowdomeError
from snowdome.layout.base import make_layout
from tests.contract.layouts import (  # noqa: F401 - pytest asks for one
    METHODS,
    dims_of,
    options,
    pytest_generate_tests,
    short,
)

with warnings.catch_warnings():
    # Ours keep scikit-learn's manners without being made of its parts, so that `import snowdome` need not load it.
    warnings.filterwarnings("ignore", "Estimator .* does not inherit from `sklearn.base.BaseEstimator`")
    _checks = parametrize_with_checks([short(method) for method in METHODS])


@_checks
def test_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def fitted(digits):
    """A map of 600 digits by each method, made once."""
    made = {}

    def fit(method, dims=2):
        if (method, dims) not in made:
            made[method, dims] = make_layout(method, n_components=dims, random_state=0).fit(digits.X[:600])
        return made[method, dims]

    return fit


def test_a_row_of_the_fit_has_its_own_point(method, dims, fitted, digits):
    layout = fitted(method, dims)
    Y = layout.embedding_
    rows = np.array([5, 599, 0, 5, 77])
    for same in (digits.X[rows], digits.X[rows].astype(np.float64), np.asfortranarray(digits.X[rows].astype(">i2"))):
        got = layout.transform(same)
        assert got.dtype == np.float32
        assert got.tobytes() == Y[rows].tobytes()
    assert layout.transform(digits.X[:600]).tobytes() == Y.tobytes()


def test_equal_rows_of_the_fit_stand_for_the_first_of_them(method, digits):
    X = np.concatenate([digits.X[:100], digits.X[:50]])
    layout = short(method).fit(X)
    got = layout.transform(X)
    assert got.tobytes() == layout.embedding_[np.r_[:100, :50]].tobytes()


def test_a_new_row_is_placed_by_itself(method, dims, fitted, digits):
    """The same bits alone, in another order, in other company, by another number of threads."""
    layout = fitted(method, dims)
    new = digits.X[700:900]
    together = layout.transform(new)
    assert together.shape == (200, dims)
    assert layout.transform(new[::-1])[::-1].tobytes() == together.tobytes()
    assert layout.transform(np.concatenate([digits.X[:100], new]))[100:].tobytes() == together.tobytes()
    for i in (0, 57, 199):
        assert layout.transform(new[i : i + 1]).tobytes() == together[i].tobytes()
    other = pickle.loads(pickle.dumps(layout)).set_params(n_jobs=1)  # noqa: S301 - our own bytes
    assert other.transform(new).tobytes() == together.tobytes()


def test_new_rows_come_to_their_own_kind(method, dims, fitted, digits):
    """They find their label among the rows of the fit about as often as those do among each other."""
    layout = fitted(method, dims)
    before = layout.embedding_.copy()
    known, y = layout.embedding_, digits.y
    new = layout.transform(digits.X[600:1200])
    told = KNeighborsClassifier(10).fit(known, y[:600]).score(new, y[600:1200])
    half = KNeighborsClassifier(10).fit(known[::2], y[:600:2]).score(known[1::2], y[1:600:2])
    assert told > half - 0.08
    assert layout.embedding_.tobytes() == before.tobytes()


def test_a_map_on_a_line(method, digits):
    """One dimension, which scikit-learn's checks ask for: an order of the rows, and new ones among them."""
    X, y = digits.X[:600], digits.y
    layout = make_layout(method, n_components=1, random_state=0, n_jobs=1).fit(X)
    line = layout.embedding_
    assert line.shape == (600, 1)
    assert np.isfinite(line).all()
    assert KNeighborsClassifier(10).fit(line[::2], y[:600:2]).score(line[1::2], y[1:600:2]) > 0.25  # chance is .1
    told = KNeighborsClassifier(10).fit(line, y[:600]).score(layout.transform(digits.X[600:900]), y[600:900])
    assert told > 0.25
    assert clone(layout).set_params(n_jobs=2).fit_transform(X).tobytes() == line.tobytes()


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_new_rows_in_a_map_of_few(method, n, digits):
    layout = short(method).fit(digits.X[:n])
    got = layout.transform(digits.X[100:110])
    assert got.shape == (10, 2)
    assert np.isfinite(got).all()


def test_new_rows_far_off_and_among_equal_ones_stay_finite(method, digits):
    layout = short(method).fit(np.repeat(digits.X[:2], 40, axis=0))
    far = digits.X[100:104].astype(np.float64) * [[1], [1e3], [1e6], [0]]
    got = layout.transform(far)
    assert np.isfinite(got).all()


def test_before_the_fit_there_is_no_map(method, digits):
    for ask in (lambda: short(method).transform(digits.X[:5]), lambda: short(method).get_feature_names_out()):
        with pytest.raises(NotFittedError, match="fit") as told:
            ask()
        assert isinstance(told.value, SnowdomeError)


def test_rows_of_another_width_are_told(method, fitted, digits):
    with pytest.raises(DataError, match=r"63 features, but .* is expecting 64"):
        fitted(method).transform(digits.X[:5, :63])
    with pytest.raises(DataError, match="1 values that are NaN"):
        fitted(method).transform(np.r_[np.nan, np.zeros(63)][None])


def test_a_run_that_was_watched_is_settled_as_if_fitted(method, digits):
    X, new = digits.X[:300], digits.X[300:320]
    layout, kept = short(method), {}

    def memo(name, compute):
        return kept[name] if name in kept else kept.setdefault(name, compute())

    last = list(layout.frames(X, memo=memo))[-1]
    layout.settle(X, last, memo)
    twin = short(method).fit(X)
    assert layout.embedding_.tobytes() == twin.embedding_.tobytes()
    assert (layout.n_iter_, layout.n_features_in_) == (twin.n_iter_, twin.n_features_in_)
    assert layout.transform(new).tobytes() == twin.transform(new).tobytes()


def test_gives_dataframes_where_asked(method, digits):
    import pandas as pd
    import polars as pl

    names = [f"pixel{i}" for i in range(64)]
    index = [f"row{i}" for i in range(60)]
    X = pd.DataFrame(np.array(digits.X[:60]), columns=names, index=index)
    layout = short(method).set_output(transform="pandas")
    got = layout.fit_transform(X)
    title = type(layout).__name__.lower()
    assert list(got.columns) == list(layout.get_feature_names_out()) == [f"{title}0", f"{title}1"]
    assert list(got.index) == index
    assert list(layout.feature_names_in_) == names
    pd.testing.assert_frame_equal(clone(layout).fit_transform(X), got)
    frame = layout.set_output(transform="polars").transform(pl.DataFrame(np.array(digits.X[:60]), schema=names))
    assert isinstance(frame, pl.DataFrame)
    np.testing.assert_array_equal(frame.to_numpy(), got.to_numpy())
    assert isinstance(layout.set_output(transform="default").transform(X), np.ndarray)
    with pytest.raises(OptionError, match="set_output got transform='arrow'"):
        layout.set_output(transform="arrow")
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        layout.transform(np.array(digits.X[:3]))


def test_is_the_end_of_a_pipeline(method, digits):
    X, new = digits.X[:80].astype(np.float64), digits.X[80:90].astype(np.float64)
    pipeline = make_pipeline(StandardScaler(), short(method)).fit(X)
    scaler = StandardScaler().fit(X)
    alone = short(method).fit(scaler.transform(X))
    assert pipeline.transform(new).tobytes() == alone.transform(scaler.transform(new)).tobytes()
    assert list(pipeline.get_feature_names_out()) == list(alone.get_feature_names_out())


def test_is_cloned_printed_and_searched_by_scikit_learn(method):
    layout = make_layout(method, random_state=3)
    assert clone(layout).get_params() == layout.get_params()
    assert layout.set_params(random_state=4).random_state == 4
    assert repr(layout).startswith(f"{type(layout).__name__}(n_components=2")
    with pytest.raises(OptionError, match="no option"):
        layout.set_params(perplexitty=3)
    assert dims_of(method)
