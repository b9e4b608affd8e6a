"""What every layout must do. A new member of the kind is tested here before its author writes a test."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.core.options import options_of
from snowdome.layout.base import Layout, layouts, make_layout

METHODS = layouts.names()


@pytest.fixture(params=METHODS)
def method(request):
    return request.param


def places(method, X, **options):
    return make_layout(method, n_components=2, random_state=0, **options).fit_transform(X)


def digest(Y):
    return hashlib.sha256(Y.tobytes()).hexdigest()


def test_has_a_title_and_says_what_it_can_show(method):
    cls = layouts.member(method, Layout)
    assert cls.title
    assert cls.says.endswith(".")
    assert {"n_components", "random_state", "n_jobs"} <= set(options_of(cls))
    assert all(option.help for option in options_of(cls).values())


def test_gives_finite_float32_places_and_fitted_attributes(method, digits):
    layout = make_layout(method, random_state=0)
    Y = layout.fit_transform(digits.X)
    assert Y.shape == (1797, 2)
    assert Y.dtype == np.float32
    assert np.isfinite(Y).all()
    assert layout.embedding_ is Y
    assert layout.n_features_in_ == 64


def test_same_seed_same_bits_for_any_number_of_threads(method, digits):
    """J-11."""
    X = digits.X[:900]
    assert len({digest(places(method, X, n_jobs=jobs)) for jobs in (1, 2, 2)}) == 1


def test_same_bits_in_another_process(method, digits):
    program = (
        "import sys, hashlib, snowdome; from snowdome.layout.base import make_layout;"
        f"Y = make_layout({method!r}, random_state=0).fit_transform(snowdome.open('digits').X[:300]);"
        "print(hashlib.sha256(Y.tobytes()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(places(method, digits.X[:300]))


def test_beats_random_places(method, digits):
    """Ten nearest neighbours on the map share the label more often than chance, which is one in ten."""
    Y = places(method, digits.X)
    squared = ((Y[:, None] - Y[None]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    nearest = np.argsort(squared, axis=1)[:, :10]
    assert (digits.y[nearest] == digits.y[:, None]).mean() > 0.45


def test_layout_does_not_depend_on_the_container(method, digits):
    X = digits.X[:200]
    wanted = digest(places(method, X))
    read_only = X.copy()
    read_only.flags.writeable = False
    strided = np.empty((400, 64), np.uint8)[::2]
    strided[:] = X
    for same in (np.asfortranarray(X), read_only, strided, X.tolist()):
        got = places(method, np.asarray(same, np.uint8) if isinstance(same, list) else same)
        assert digest(got) == wanted


def test_streams_frames_and_ends_with_a_done_one(method, digits):
    frames = list(make_layout(method, random_state=0).frames(digits.X[:300]))
    assert [f.done for f in frames] == [False] * (len(frames) - 1) + [True]
    assert frames[-1].step == frames[-1].steps
    assert sorted(f.step for f in frames) == [f.step for f in frames]


def test_a_stopped_run_ends_and_keeps_what_it_has(method, digits):
    class Impatient(Control):
        def between_steps(self):
            self.stopping = True

    frames = list(make_layout(method, random_state=0).frames(digits.X[:300], Impatient()))
    assert frames[-1].done
    assert np.isfinite(frames[-1].Y).all()
    assert frames[-1].step <= 1


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_few_rows_give_a_trivial_map(method, n):
    Y = places(method, np.arange(n * 6, dtype=np.uint8).reshape(n, 6) * 7)
    assert Y.shape == (n, 2)
    assert np.isfinite(Y).all()


@pytest.mark.parametrize("X", [np.full((40, 5), 3, np.uint8), np.zeros((40, 1)), np.repeat(np.eye(4), 20, axis=0)])
def test_equal_rows_and_constant_columns_stay_finite(method, X):
    assert np.isfinite(places(method, X)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_counted_and_located(method, bad):
    X = np.zeros((10, 4))
    X[3, 2] = X[7, 0] = bad
    with pytest.raises(DataError, match=r"2 values .* row 3, column 2"):
        places(method, X)


@pytest.mark.parametrize(
    ("X", "words"), [(np.zeros(5), "shape"), (np.zeros((0, 4)), "at least one row"), (np.full((3, 2), "a"), "numbers")]
)
def test_wrong_shapes_and_types_are_told(method, X, words):
    with pytest.raises(DataError, match=words):
        places(method, X)


def test_every_bound_of_every_option_is_checked(method):
    for name, option in options_of(layouts.member(method, Layout)).items():
        beyond = [("text", "something else")]
        if option.low is not None:
            beyond.append((option.low - 1, "below"))
        if option.high is not None:
            beyond.append((option.high + 1, "above"))
        for value, _ in beyond:
            if option.kind is not str:
                with pytest.raises(OptionError, match=name):
                    make_layout(method, **{name: value})


def test_unknown_options_are_told(method):
    with pytest.raises(OptionError, match=r"no option .n_component.\. Did you mean .n_components."):
        make_layout(method, n_component=2)


def test_is_cloned_by_scikit_learn(method):
    from sklearn.base import clone

    layout = make_layout(method, random_state=3)
    assert clone(layout).get_params() == layout.get_params()
    assert layout.set_params(random_state=4).random_state == 4
