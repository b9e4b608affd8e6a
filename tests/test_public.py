"""The library as a person meets it: `import snowdome`, its names, and the estimators by scikit-learn's rules."""

import ast
import importlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

import snowdome
from snowdome.core.options import options_of
from snowdome.layout.base import Layout, layouts, make_layout

Run = Callable[..., subprocess.CompletedProcess[str]]
STUB = Path(snowdome.__file__).with_suffix(".pyi")
HEAVY = "{'numba', 'llvmlite', 'sklearn', 'polars', 'scipy', 'PIL', 'starlette', 'uvicorn', 'rich'}"


def test_import_is_light(python: Run) -> None:
    """Only a sanity check of the time: the benchmark measures it."""
    done = python(f"""
        import sys, time
        began = time.process_time()
        import snowdome
        seconds = time.process_time() - began
        assert seconds < 0.5, seconds
        assert not ({HEAVY} | {{'numpy'}}) & set(sys.modules), sorted(({HEAVY} | {{'numpy'}}) & set(sys.modules))
    """)
    assert done.returncode == 0, done.stderr


def test_listing_every_plugin_with_its_options_is_light(python: Run) -> None:
    done = python(f"""
        import sys
        from snowdome.chart.spec import charts
        from snowdome.core.options import options_of
        from snowdome.data.source import readers
        from snowdome.layout.base import Layout, layouts
        seen = []
        for method in layouts.names():
            member = layouts.member(method, Layout)
            assert member.title and member.says
            seen += [option.help for option in options_of(member).values()]
        assert len(seen) >= 10 and all(seen)
        for registry in (charts, readers):
            assert registry.names()
            for name in registry.names():
                assert registry.module(name).__doc__
        assert not {HEAVY} & set(sys.modules), sorted({HEAVY} & set(sys.modules))
    """)
    assert done.returncode == 0, done.stderr


def test_stub_and_lazy_names_are_the_same() -> None:
    stubbed = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            for alias in node.names:
                stubbed[alias.asname or alias.name] = (node.module, alias.name)
    assert stubbed == snowdome._HOMES
    for name, (module, attribute) in stubbed.items():
        assert module is not None
        assert getattr(snowdome, name) is getattr(importlib.import_module(module), attribute)


def test_names() -> None:
    assert set(dir(snowdome)) == set(snowdome.__all__) == {*snowdome._HOMES, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'UMAP'"):
        snowdome.UMAP  # noqa: B018 - the access is the test
    assert issubclass(snowdome.MissingDataError, snowdome.DataError)
    assert issubclass(snowdome.DataError, snowdome.SnowdomeError)
    assert issubclass(snowdome.OptionError, snowdome.SnowdomeError)


def test_opening_and_indexing(digits: snowdome.Dataset) -> None:
    assert len(digits) == 1797
    assert digits.X.shape == (1797, 64)
    assert digits.X.dtype == np.uint8
    assert digits.y is not None
    assert digits.y.dtype == np.int64
    first, last = digits[0], digits[-1]
    assert (first.id, first.label, first.image.shape) == (0, 0, (8, 8))
    assert (last.id, last.label) == (1796, 8)
    assert np.array_equal(last.image.ravel(), digits.X[1796])
    assert isinstance(first.label, int)
    part = digits[10:20]
    assert isinstance(part, snowdome.Dataset)
    assert (len(part), part[0].id, part[-1].id) == (10, 10, 19)
    chosen = digits[[1, 5, -1]]
    assert [chosen[row].id for row in range(3)] == [1, 5, 1796]
    threes = digits[digits.y == 3]
    assert set(np.asarray(threes.y)) == {3}
    with pytest.raises(IndexError, match="0 to 1796, not 1797"):
        digits[1797]


@pytest.mark.parametrize("method", layouts.names())
def test_estimators_follow_scikit_learn(method: str) -> None:
    layout = make_layout(method, random_state=3, n_jobs=1)
    assert layout.get_params() == {name: getattr(layout, name) for name in options_of(type(layout))}
    assert layout.get_params()["random_state"] == 3
    copy = clone(layout)
    assert copy is not layout
    assert type(copy) is type(layout)
    assert copy.get_params() == layout.get_params()
    assert copy.set_params(random_state=4) is copy
    assert (copy.random_state, layout.random_state) == (4, 3)  # type: ignore[attr-defined]
    with pytest.raises(snowdome.OptionError, match=r"has no option 'random_stat'\. Did you mean 'random_state'"):
        copy.set_params(random_stat=1)


@pytest.mark.parametrize("method", layouts.names())
def test_the_constructor_only_stores(method: str) -> None:
    """scikit-learn's rule: what is wrong is found by fit, not by the constructor."""
    cls = layouts.member(method, Layout)
    layout = cls(n_components=-1)
    assert layout.n_components == -1
    with pytest.raises(snowdome.OptionError, match="option 'n_components' got -1; allowed: a whole number"):
        layout.fit(np.zeros((4, 3)))


def test_pca_as_in_the_readme(digits: snowdome.Dataset) -> None:
    pca = snowdome.PCA(2)
    places = pca.fit_transform(digits.X)
    assert places.shape == (1797, 2)
    assert places.dtype == np.float32
    assert pca.n_features_in_ == 64
    assert np.allclose(places.mean(0), 0, atol=1e-3)
    assert places[:, 0].var() > places[:, 1].var() > 0


@pytest.mark.parametrize("number", [2.0, np.int64(2), np.float64(2.0)])
def test_a_whole_number_of_another_type_is_taken_or_refused_in_words(number: float) -> None:
    X = np.arange(30, dtype=np.uint8).reshape(10, 3)
    try:
        places = snowdome.PCA(number).fit_transform(X)  # type: ignore[arg-type]
    except snowdome.OptionError:
        return
    assert places.shape == (10, 2)
