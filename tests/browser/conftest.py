import contextlib
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect, sync_playwright

from ..conftest import scheduler
from .driver import FLAGS, Tab, chromium, opened

expect.set_options(timeout=120_000)  # on a machine that does other things nothing is late, only missing

NAMES = {"MNIST": "mnist", "Digits": "digits"}  # that `snowdome open` takes, by those that data sets have
FEW = 2000
# The data of the app that a file shares with others; "own": of the data set that a test is on.
SHARED = {
    **dict.fromkeys(("test_explorers", "test_gallery", "test_history", "test_look", "test_pictures_saved"), "own"),
    **dict.fromkeys(("test_draw", "test_selection", "test_touch"), "mnist"),
    **dict.fromkeys(
        ("test_accessible", "test_classes_and_colours", "test_judged", "test_keyboard", "test_linked"), "few"
    ),
    **dict.fromkeys(("test_lessons",), "digits"),
}
FIRST = ("mnist", "few", "digits", "test_tour mnist", "test_live_map mnist", "test_troubles", "test_labels")
LAST = ("test_judged",)  # of those that share an app: it leaves models there


def group_of(file, name):
    """What is done in one process: all that share an app, or one file on one data set."""
    stem, data = Path(file).stem, (re.findall(r"\[(mnist|digits)\b", name) or [""])[0]
    shared = SHARED.get(stem)
    return data if data and shared == "own" else shared or f"{stem} {data}".strip()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return scheduler(config, log, group_of)


def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that in the end no process waits for another."""

    def place(item):
        group = group_of(*item.nodeid.split("::", 1)) if item.path.parent == Path(__file__).parent else None
        return FIRST.index(group) if group in FIRST else len(FIRST), item.path.stem in LAST

    items.sort(key=place)


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
        metafunc.parametrize("dataset", ["mnist"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def dataset(request):
    """MNIST, where it is there, unless a test chooses: also the digits where it matters how large an image is."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def few(mnist):
    """The first 2,000 images of MNIST, whose map is there in seconds."""
    return mnist[:FEW]


@pytest.fixture(scope="session")
def few_file(few, tmp_path_factory):
    file = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(file, X=few.X.reshape(-1, 28, 28), y=few.y)
    return file


@pytest.fixture(scope="session")
def begun(request, tmp_path_factory):
    """Open an app by the name of its data; its map is ended before a tab is there, unless it is to be watched.

    It has a workspace of its own, so that no app finds the models and maps that another one has kept.
    """

    @contextlib.contextmanager
    def begun(name, watched=False, environment=None):
        arguments = ("--data", str(request.getfixturevalue("mnist_folder").parent)) if name == "mnist" else ()
        thing = str(request.getfixturevalue("few_file")) if name == "few" else name
        own = {"SNOWDOME_WORKSPACE": str(tmp_path_factory.mktemp("workspace"))}
        with opened(thing, *arguments, environment={**own, **(environment or {})}) as app:
            if not watched:  # that of few images is there in two seconds, that of MNIST would take the cores for long
                app.end_map(early=name == "mnist")
            yield app

    return begun


@pytest.fixture(scope="session")
def mnist_app(begun):
    """The app on all of MNIST, for files that leave no trace but in their own tabs; its map was stopped at once."""
    with begun("mnist") as app:
        yield app


@pytest.fixture(scope="session")
def few_app(begun):
    """The same on the first images of MNIST; its map is done."""
    with begun("few") as app:
        yield app


@pytest.fixture(scope="session")
def digits_app(begun):
    """The same on the digits."""
    with begun("digits") as app:
        yield app


@pytest.fixture(scope="module")
def app(dataset, request):
    """The one of these that has the data set of the test."""
    return request.getfixturevalue(f"{NAMES[dataset.name]}_app")


@pytest.fixture(scope="session")
def judged_app(browser, few_app):
    """The app on the first images of MNIST with a nearest centroid, number 1, and their labels ranked."""
    tab = Tab(browser, few_app)
    tab.train("centroid", 1)
    tab.rank()
    tab.close()
    return few_app


@pytest.fixture(scope="module")
def own_app(dataset, begun):
    """An app on the data set of the test for a file that starts or trains something; its map is over."""
    with begun(NAMES[dataset.name]) as app:
        yield app


@pytest.fixture(scope="module")
def own_few_app(begun):
    """The same on the first images of MNIST."""
    with begun("few") as app:
        yield app


@pytest.fixture(scope="module")
def live_app(dataset, begun):
    """The same for a file that watches its map form."""
    with begun(NAMES[dataset.name], watched=True) as app:
        yield app
