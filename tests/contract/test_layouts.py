"""What every layout must do. A new member of the kind is tested here before its author writes a test."""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from snowdome.core.control import Control
from snowdome.core.errors import OptionError
from snowdome.layout.base import Layout, layouts, make_layout
from tests.contract.layouts import digest, options, pytest_generate_tests, short  # noqa: F401 - pytest asks for one


def purity(Y, y):
    """The share of each point's ten nearest on the map that have its label."""
    squared = ((Y[:, None] - Y[None]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    return (y[np.argsort(squared, axis=1)[:, :10]] == y[:, None]).mean()


def test_has_a_title_and_says_what_it_can_show(method):
    cls = layouts.member(method, Layout)
    assert cls.title
    assert cls.says.endswith(".")
    assert {"n_components", "random_state", "n_jobs"} <= set(options(method))
    assert all(option.help for option in options(method).values())


def test_gives_finite_float32_places_and_beats_random_ones(method, dims, digits):
    """Ten nearest neighbours on the map share the label more often than chance, which is one in ten."""
    layout = make_layout(method, n_components=dims, random_state=0)
    Y = layout.fit_transform(digits.X[:900])
    assert Y.shape == (900, dims)
    assert Y.dtype == np.float32
    assert np.isfinite(Y).all()
    assert layout.embedding_ is Y
    assert layout.n_features_in_ == 64
    assert isinstance(layout.notes_, tuple)
    assert purity(Y, digits.y[:900]) > 0.40


def test_cost_of_the_end_is_below_that_of_the_start(method, dims, digits):
    frames = list(make_layout(method, n_components=dims, random_state=0).frames(digits.X[:200]))
    if layouts.member(method, Layout).cost_name:
        costs = [frame.cost for frame in frames if np.isfinite(frame.cost)]
        assert costs[-1] < costs[0]
        assert frames[-1].cost_step == frames[-1].step
    else:
        assert all(np.isnan(frame.cost) for frame in frames)


def test_same_seed_same_bits_for_any_number_of_threads(method, dims, digits):
    """J-11."""
    X = digits.X[:900]
    maps = [short(method, n_components=dims, n_jobs=jobs).fit_transform(X) for jobs in (1, 2, 3)]
    assert len({digest(Y) for Y in maps}) == 1


@pytest.fixture(scope="module")
def elsewhere():
    """The bits of each method's map of 300 digits, as another process makes them."""
    program = """
        import snowdome
        from tests.contract.layouts import METHODS, digest, short
        X = snowdome.open("digits").X[:300]
        print({method: digest(short(method).fit_transform(X)) for method in METHODS})
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ast.literal_eval(done.stdout)


def test_same_bits_in_another_process(method, digits, elsewhere):
    """J-11."""
    assert elsewhere[method] == digest(short(method).fit_transform(digits.X[:300]))


def test_another_seed_gives_another_map_or_the_option_says_that_it_is_not_used(method, digits):
    maps = {digest(short(method, random_state=seed).fit_transform(digits.X[:200])) for seed in (0, 1)}
    assert len(maps) == (1 if "not used" in options(method)["random_state"].help else 2)


def test_no_seed_is_another_one_each_time_and_is_told(method, digits):
    if "not used" in options(method)["random_state"].help:
        return
    layout = short(method, random_state=None)
    Y = layout.fit_transform(digits.X[:100])
    assert digest(short(method, random_state=layout.seed_).fit_transform(digits.X[:100])) == digest(Y)


def test_layout_does_not_depend_on_the_container(method, digits, tmp_path):
    """2.7: read-only memory maps, Fortran's order, strides, the other byte order, other types of the same values."""
    X = digits.X[:200]
    wanted = digest(short(method).fit_transform(X))
    read_only = X.copy()
    read_only.flags.writeable = False
    strided = np.empty((400, 128), np.uint8)[::2, ::2]
    strided[:] = X
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    for same in (np.asfortranarray(X), read_only, strided, mapped, np.asarray(X.tolist(), np.uint8)):
        assert digest(short(method).fit_transform(same)) == wanted
    values = X.astype(np.float64)
    wanted = digest(short(method).fit_transform(values))
    for same in (values.astype(">f8"), np.asfortranarray(values), X.tolist(), X.astype(object), X.astype(">i4")):
        assert digest(short(method).fit_transform(same)) == wanted


def test_streams_frames_and_ends_with_a_done_one(method, dims, digits):
    """J-12: and no Frame holds a value that is not finite."""
    layout = short(method, n_components=dims)
    frames = list(layout.frames(digits.X[:300]))
    assert [f.done for f in frames] == [False] * (len(frames) - 1) + [True]
    assert frames[0].step == 0
    assert frames[-1].step == frames[-1].steps
    assert sorted(f.step for f in frames) == [f.step for f in frames]
    assert all(f.Y.shape == (300, dims) and f.Y.dtype == np.float32 and np.isfinite(f.Y).all() for f in frames)
    assert len({id(f.Y) for f in frames}) == len(frames), "a Frame does not change when the run goes on"
    again = short(method, n_components=dims).fit_transform(digits.X[:300])
    assert digest(again) == digest(frames[-1].Y)


def test_gives_a_frame_wherever_one_is_wanted(method, digits):
    class Curious(Control):
        def wants_frame(self, step):
            return True

    frames = list(short(method).frames(digits.X[:300], Curious()))
    assert {frame.step for frame in frames} == set(range(frames[-1].steps + 1))


def test_a_stopped_run_ends_and_keeps_what_it_has(method, digits):
    """J-03."""

    class Impatient(Control):
        def between_steps(self):
            self.stopping = True

    frames = list(make_layout(method, random_state=0).frames(digits.X[:300], Impatient()))
    assert frames[-1].done
    assert np.isfinite(frames[-1].Y).all()
    assert frames[-1].step <= 1


def test_names_the_stages_before_the_first_step(method, digits):
    """J-05: and each stage is told from the thread that runs the layout, its progress never beyond its total."""
    import threading

    told, threads = [], set()

    class Watcher(Control):
        def report(self, stage, done, total):
            told.append((stage, done, total))
            threads.add(threading.get_ident())

    list(short(method).frames(digits.X[:300], Watcher()))
    assert all(stage and 0 <= done <= total for stage, done, total in told)
    assert threads <= {threading.get_ident()}


def test_every_bound_of_every_option_is_checked(method):
    for name, option in options(method).items():
        beyond = ["\N{SNOWMAN}"] if option.kind is str else ["text"]
        if option.low is not None:
            beyond.append(option.low - 1)
        if option.high is not None:
            beyond.append(option.high + 1)
        for value in beyond:
            with pytest.raises(OptionError, match=name):
                make_layout(method, **{name: value})


def test_unknown_options_are_told(method):
    with pytest.raises(OptionError, match=r"no option .n_component.\. Did you mean .n_components."):
        make_layout(method, n_component=2)
