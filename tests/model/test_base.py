"""The registry of classifiers: light to list, and stopped while scikit-learn fits."""

import threading
import time

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import MissingPackageError
from snowdome.model import network
from snowdome.model.watched import watched_fit


def test_listing_every_kind_with_its_options_is_light(python):
    done = python("""
        import sys
        import snowdome.cli.main
        from snowdome.core.options import options_of
        from snowdome.model.base import Classifier, classifiers
        for name in classifiers.names():
            kind = classifiers.member(name, Classifier)
            assert kind.title and kind.says and all(option.help for option in options_of(kind).values())
        heavy = {'numba', 'sklearn', 'polars', 'scipy', 'torch', 'starlette', 'safetensors'} & set(sys.modules)
        assert not heavy, heavy
    """)
    assert done.returncode == 0, done.stderr


class Slow:
    """An estimator whose fit takes as long as it is let."""

    def __init__(self):
        self.go = threading.Event()

    def fit(self, X, y):
        self.go.wait(10)
        return self


def test_a_fit_that_cannot_be_interrupted_is_left_at_once():
    control, estimator = Control(), Slow()
    threading.Timer(0.1, lambda: setattr(control, "stopping", True)).start()
    began = time.perf_counter()
    with pytest.raises(Stopped):
        watched_fit(estimator, np.ones((2, 1)), np.arange(2), control)
    assert time.perf_counter() - began < 5
    estimator.go.set()


def test_what_a_fit_raises_is_raised():
    class Broken:
        def fit(self, X, y):
            raise ZeroDivisionError("in the fit")

    with pytest.raises(ZeroDivisionError, match="in the fit"):
        watched_fit(Broken(), np.ones((2, 1)), np.arange(2), Control())


def test_without_torch_the_extra_is_named(monkeypatch):
    import builtins

    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "torch":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPackageError, match=r"pip install 'snowdome\[deep\]'"):
        network.torch()
