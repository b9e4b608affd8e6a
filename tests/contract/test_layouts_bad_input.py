"""What every layout does with data that are not as they should be: a clear error, or a finite map and a note."""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from snowdome.core import memory
from snowdome.core.control import Control
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.layout.base import Layout, TooLargeError, layouts, make_layout
from tests.contract.layouts import digest, options, pytest_generate_tests, short  # noqa: F401


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, object])
def test_values_that_are_not_finite_are_counted_and_located(method, bad, kind):
    """2.7: never silent."""
    X = np.zeros((10, 4), kind)
    X[3, 2] = X[7, 0] = bad
    with pytest.raises(DataError, match=r"2 values .* row 3, column 2"):
        short(method).fit(X)


def test_values_beyond_float32_are_located(method):
    """2.7: overflow is told, not turned into infinity."""
    X = np.zeros((10, 4))
    X[4, 1] = 1e200
    with pytest.raises(DataError, match=r"1e\+200 in row 4, column 1"):
        short(method).fit(X)


@pytest.mark.parametrize("scale", [1e-30, 1e12])
def test_any_scale_within_float32_gives_a_finite_map(method, scale, digits):
    """2.7: denormal squares, large squares."""
    assert np.isfinite(short(method).fit_transform(digits.X[:100] * scale)).all()


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.zeros(5), "shape"),
        (np.zeros((2, 2, 2)), "shape"),
        (np.zeros((0, 4)), r"0 sample\(s\).*at least one row"),
        (np.zeros((4, 0)), r"0 feature\(s\)"),
        (np.full((3, 2), "a"), "numbers"),
        (np.array([["a", 1], ["b", 2]], object), "no number"),
        (np.zeros((3, 2), complex), "Complex data not supported"),
        (np.zeros((3, 2), "datetime64[s]"), "numbers"),
    ],
)
def test_wrong_shapes_and_types_are_told(method, X, words):
    with pytest.raises(DataError, match=words):
        short(method).fit(X)


def test_sparse_data_are_told(method):
    from scipy import sparse

    with pytest.raises(DataError, match="sparse"):
        short(method).fit(sparse.csr_array(np.eye(5)))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_few_rows_give_a_trivial_map(method, dims, n):
    """2.7: by the options' defaults, which ask for more neighbours than there are."""
    X = np.arange(n * 6, dtype=np.uint8).reshape(n, 6) * 7
    Y = make_layout(method, n_components=dims, random_state=0).fit_transform(X)
    assert Y.shape == (n, dims)
    assert np.isfinite(Y).all()


@pytest.mark.parametrize(
    "X",
    [
        np.full((40, 5), 3, np.uint8),
        np.zeros((40, 1)),
        np.repeat(np.eye(4), 20, axis=0),
        np.c_[np.arange(40.0), np.full((40, 3), 7.0)],
        np.arange(40.0)[:, None],
        np.ones((40, 3)) + 1e-9 * np.arange(40)[:, None],
        np.random.default_rng(0).normal(size=(12, 300)),
        np.random.default_rng(0).random((40, 6)) > 0.5,
    ],
    ids=["equal", "nothing", "repeated", "constant columns", "one column", "nearly equal", "wide", "true or false"],
)
def test_degenerate_data_give_a_finite_map(method, dims, X):
    """2.7."""
    layout = make_layout(method, n_components=dims, random_state=0)
    for frame in layout.frames(X):
        assert np.isfinite(frame.Y).all()
    assert frame.Y.shape == (len(X), dims)


def test_rows_that_are_there_twice_lie_side_by_side(method, digits):
    """2.7: half duplicates."""
    X = np.concatenate([digits.X[:150], digits.X[:150]])
    Y = make_layout(method, random_state=0).fit_transform(X)
    apart = np.sqrt(((Y[:150] - Y[150:]) ** 2).sum(1))
    assert np.median(apart) < 0.1 * np.sqrt(((Y - Y.mean(0)) ** 2).sum(1).mean())


def test_more_neighbours_than_there_are_rows_are_lowered_and_noted(method, digits):
    """2.7: k ≥ n, perplexity above (n - 1) / 3."""
    asked = {"perplexity": 500.0, "n_neighbors": 500}
    chosen = {name: value for name, value in asked.items() if name in options(method)}
    for name, value in chosen.items():
        layout = short(method, **{name: min(value, options(method)[name].high)})
        assert np.isfinite(layout.fit_transform(digits.X[:30])).all()
        assert layout.notes_, f"{name} was lowered, and nothing says so"
        assert short(method).fit(digits.X[:200]).notes_ == (), "notes of one fit do not outlive it"


def test_what_would_not_fit_into_memory_is_refused_with_an_alternative(method, digits, monkeypatch):
    """J-01: before anything is allocated."""
    layout = make_layout(method, random_state=0)
    need = layout.memory(1797, 64)
    monkeypatch.setattr(memory, "available", lambda: need // 2)
    with pytest.raises(TooLargeError, match=r"1,797 rows of 64 values .* GB .* Take "):
        layout.fit(digits.X)
    monkeypatch.setattr(memory, "available", lambda: None)
    assert short(method).fit(digits.X[:50]).embedding_.shape == (50, 2)


@pytest.fixture(scope="module")
def peaks():
    """What a map of 3,500 rows of 200 values took at its peak, in bytes, and what was estimated, by each method."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("the peak of a process can be set back on Linux alone")
    program = """
        import re
        from pathlib import Path
        import numpy as np
        from tests.contract.layouts import METHODS, short

        def kept(name):
            return 1024 * int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

        X = np.random.default_rng(0).integers(0, 256, (3500, 200), dtype=np.uint8)
        found = {}
        for method in METHODS:
            layout = short(method).fit(X[:200])
            before = kept("VmRSS")
            Path("/proc/self/clear_refs").write_text("5")
            layout.fit(X)
            found[method] = (kept("VmHWM") - before, layout.memory(*X.shape))
        print(found)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ast.literal_eval(done.stdout)


def test_a_fit_takes_no_more_memory_than_was_estimated(method, peaks):
    """J-01."""
    taken, estimated = peaks[method]
    assert taken <= 1.3 * estimated


def test_memory_grows_with_the_rows_and_the_values(method):
    """J-01: and 70,000 images of 784 pixels need less than half of 8 GB."""
    layout = make_layout(method)
    assert layout.memory(2000, 50) <= layout.memory(70_000, 50) < layout.memory(10**7, 784)
    assert layout.memory(1000, 50) < layout.memory(1000, 5000)
    assert 10**6 < layout.memory(70_000, 784) < 4e9


def test_an_attraction_beyond_reason_ends_by_naming_the_step_or_stays_finite(method, digits):
    """J-12."""

    class Pushy(Control):
        def between_steps(self):
            self.exaggeration = 1e30

    layout = short(method)
    if not layouts.member(method, Layout).exaggerates:
        return
    try:
        for frame in layout.frames(digits.X[:200], Pushy()):
            assert np.isfinite(frame.Y).all()
    except SnowdomeError as error:
        assert "step" in str(error)  # noqa: PT017 - either is right
