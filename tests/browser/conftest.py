import contextlib
import functools

import pytest
from playwright.sync_api import expect, sync_playwright

from .driver import FLAGS, Tab, chromium, opened

expect.set_options(timeout=60_000)  # on a machine that does other things nothing is late, only missing

NAMES = {"MNIST": "mnist", "Digits": "digits"}  # that `snowdome open` takes, by those that data sets have


@pytest.fixture(scope="session")
def browser():
    """A real Chromium that can draw: without WebGL the tests would pass on nothing."""
    program = chromium()
    if program is None:
        pytest.skip("there is no Chromium; install one to run the browser tests")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page()
        assert page.evaluate("document.createElement('canvas').getContext('webgl2') !== null")
        page.close()
        yield browser
        browser.close()


def pytest_generate_tests(metafunc):
    chosen = any("dataset" in mark.args for mark in metafunc.definition.iter_markers("parametrize"))
    if "dataset" in metafunc.fixturenames and not chosen:
        metafunc.parametrize("dataset", ["mnist", "digits"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def dataset(request):
    """MNIST, or the digits; each test runs on both unless it chooses, and on MNIST it skips where that is not there."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def begun(request):
    """Open an app by the name of its data; its map is ended before a tab is there, unless it is to be watched."""

    @contextlib.contextmanager
    def begun(name, watched=False):
        arguments = ("--data", str(request.getfixturevalue("mnist_folder").parent)) if name == "mnist" else ()
        with opened(name, *arguments) as app:
            if not watched:  # that of the digits is there in two seconds, that of MNIST would take the cores for long
                app.end_map(early=name == "mnist")
            yield app

    return begun


@pytest.fixture(scope="session")
def shared(begun):
    """The apps that the tests of this process share, by the name of their data."""
    with contextlib.ExitStack() as stack:
        yield functools.cache(lambda name: stack.enter_context(begun(name)))


@pytest.fixture(scope="module")
def app(dataset, shared):
    """The app on that data set, for files that leave no trace but in their own tabs; its map is over."""
    return shared(NAMES[dataset.name])


@pytest.fixture(scope="module")
def own_app(dataset, begun):
    """The same for a file that starts or trains something."""
    with begun(NAMES[dataset.name]) as app:
        yield app


@pytest.fixture(scope="module")
def live_app(dataset, begun):
    """The same for a file that watches its map form."""
    with begun(NAMES[dataset.name], watched=True) as app:
        yield app


@pytest.fixture(scope="module")
def judged_app(browser, begun):
    """The digits with a nearest centroid, number 1, and their labels ranked."""
    with begun("digits") as app:
        tab = Tab(browser, app)
        tab.train("centroid", 1)
        tab.rank()
        tab.close()
        yield app
