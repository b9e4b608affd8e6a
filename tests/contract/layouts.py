"""What the contract tests of layouts share: the members, each in its dimensions, and runs of them that are short."""

import hashlib

from snowdome.core.options import options_of
from snowdome.layout.base import Layout, layouts, make_layout

METHODS = layouts.names()


def options(method):
    """The options of a method, by name."""
    return options_of(layouts.member(method, Layout))


def dims_of(method):
    """The dimensions of a map, two and three, that a method allows."""
    option = options(method)["n_components"]
    return [dims for dims in (2, 3) if option.low <= dims <= option.high]


def pytest_generate_tests(metafunc):
    """Tests that ask for `method` run for every layout; those that ask for `dims` too, in each of its dimensions."""
    if "method" in metafunc.fixturenames:
        if "dims" in metafunc.fixturenames:
            metafunc.parametrize(("method", "dims"), [(m, d) for m in METHODS for d in dims_of(m)])
        else:
            metafunc.parametrize("method", METHODS)


def short(method, **chosen):
    """The layout with few steps, for what does not depend on how many there are."""
    few = {name: 10 for name in ("steps", "early_steps") if name in options(method)}
    return make_layout(method, **{"random_state": 0, **few, **chosen})


def digest(Y):
    """A short name for the bits of an array."""
    return hashlib.sha256(Y.tobytes()).hexdigest()
