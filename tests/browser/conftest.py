import pytest
from playwright.sync_api import sync_playwright

from .driver import FLAGS, chromium, opened


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


@pytest.fixture(scope="module")
def app(dataset, request):
    """The app on that data set; a file that opens other data has a fixture of its own."""
    name = {"MNIST": "mnist", "Digits": "digits"}[dataset.name]
    arguments = ()
    if name == "mnist":
        arguments = ("--data", str(request.getfixturevalue("mnist_folder").parent))
    with opened(name, *arguments) as app:
        yield app
