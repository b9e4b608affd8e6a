"""The tour: his runs as they form, with their end costs, and whether what he says of them holds; C8 to C17.

On MNIST; on the digits, too, what is said where something he says does not hold.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import snowdome
from snowdome.session.spaces import first_neighbours
from snowdome.space.pca import components

from .driver import Tab, until

ON_BOTH = pytest.mark.parametrize("dataset", ["mnist", "digits"], indirect=True, scope="module")
# How many players still go or wait; they are asked to end.
STOP_ALL = """() => {
    for (const button of document.querySelectorAll(".player [data-does=stop]:enabled")) button.click();
    return document.querySelectorAll(".player [data-does=stop]:enabled").length;
}"""


@pytest.fixture(scope="module")
def tab(browser, own_app):
    """The tour, with the map's own run ended, so that nothing is waited for."""
    tab = Tab(browser, own_app)
    tab.wait(lambda f: f.get("ready") == "true")
    tab.page.locator("#rail [data-view=tour]").click()
    tab.page.wait_for_selector("#tour")
    yield tab
    tab.close()


def over(tab, player, seconds=300):
    """Wait until the run of a player is over and its last frame is drawn; its number."""
    tab.page.wait_for_selector(f"#player-{player}[data-status=done]", timeout=1000 * seconds)
    run = max((run for run in tab.session()["runs"] if matches(run, player)), key=lambda run: run["id"])
    tab.page.wait_for_selector(f"#map-{player}[data-step='{run['steps']}']")
    return run["id"]


def matches(run, player):
    options = run["options"]
    return options.get("preset") == "olah" and f"{run['method']}{options['n_components']}" == player


def first(tab, run):
    """The places of the rows that were laid out."""
    data = tab.fetch(f"api/runs/{run}/frame?first=1000")
    n, dim = int.from_bytes(data[16:20], "little"), data[20]
    return np.frombuffer(data, "<f4", n * dim, 64).reshape(n, dim)


def purity_and_recall(Y, dataset):
    squared = ((Y[:, None].astype(np.float64) - Y[None]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    near = np.argsort(squared, 1, kind="stable")[:, :10]
    data = np.frombuffer(first_neighbours(dataset), "<u2").reshape(-1, 10)
    labels = dataset.y[: len(Y)]
    kept = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(near, data, strict=True)])
    return (labels[near] == labels[:, None]).mean(), kept


@ON_BOTH
def test_c8_mds_plays_when_it_is_seen_and_ends_at_the_cost_of_his_run(tab, dataset):
    tab.page.locator("#player-mds2").scroll_into_view_if_needed()
    run = over(tab, "mds2")
    wanted = snowdome.MDS(random_state=0, preset="olah").fit(dataset.X[:1000]).cost_
    told = tab.page.locator("#player-mds2 [data-cost]")
    until(lambda: float(told.get_attribute("data-cost")) == pytest.approx(wanted, rel=1e-6))
    if dataset.name == "MNIST":
        assert wanted <= 1.02 * 1.296e7
    Y = first(tab, run)
    assert Y.shape == (1000, 2)
    row = tab.page.locator("#tour-scores [data-map=mds2] td")
    until(lambda: (texts := row.all_inner_texts()) and "–" not in texts)
    assert [float(text) for text in row.all_inner_texts()] == pytest.approx(purity_and_recall(Y, dataset), abs=6e-4)


@ON_BOTH
def test_c17_what_he_says_is_checked_on_these_data(tab, dataset):
    verdict = tab.page.locator("#player-mds2 .verdict")
    expect(verdict).to_have_attribute("data-holds", "true" if dataset.name == "MNIST" else "false")
    expect(verdict).to_contain_text("10-NN purity")


def test_what_is_said_of_the_two_looks_is_counted(tab, dataset):
    """C5, C6: two pixels show a little and two components more, neither what all the values know."""
    place = [(28 - 1 - y) * 28 + x for x, y in ((7, 12), (18, 15))]
    looks = {"cube": dataset.X[:1000, place], "components": components(dataset.X, 2).scores[:1000]}
    near = np.frombuffer(first_neighbours(dataset), "<u2").reshape(-1, 10)
    whole = (dataset.y[near] == dataset.y[:1000, None]).mean()
    purity = {view: purity_and_recall(Y, dataset)[0] for view, Y in looks.items()}
    for view, own in purity.items():
        verdict = tab.page.locator(f"#step-{view} .verdict")
        below = purity["cube"] if view == "components" else 0.1
        expect(verdict).to_have_attribute("data-holds", str(below < own < whole).lower())
        told = [float(text) for text in re.findall(r"(?:purity|values) (\.\d\d)", verdict.inner_text())]
        assert told == pytest.approx([own, whole], abs=0.011)


def test_a_dot_shows_its_image_and_a_click_keeps_it(tab, dataset):
    run = over(tab, "mds2")
    until(lambda: tab.page.evaluate(STOP_ALL) == 0)
    tab.page.wait_for_selector("#step-components .verdict")  # which moves what is below it
    canvas = tab.page.locator("#map-mds2")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    Y = first(tab, run).astype(float)
    low, high = Y.min(0), Y.max(0)
    zoom = min((box["width"] - 20) / (high[0] - low[0]), (box["height"] - 20) / (high[1] - low[1]))
    middle = (low + high) / 2
    places = np.c_[box["x"] + box["width"] / 2 + (Y[:, 0] - middle[0]) * zoom,
                   box["y"] + box["height"] / 2 - (Y[:, 1] - middle[1]) * zoom]  # fmt: skip
    from scipy.spatial import cKDTree

    row = int(np.argmax(cKDTree(places).query(places, 2)[0][:, 1]))
    tab.page.mouse.move(*map(float, places[row]))
    tab.page.wait_for_selector(f"#map-mds2[data-hover='{row}']")
    tab.page.wait_for_selector(f".mini-card canvas[data-row='{row}']")
    grey = np.rint(dataset.X[row].astype(float) * 255 / dataset.value_range[1])
    assert np.array_equal(tab.shown_image(".mini-card canvas"), (255 - grey).reshape(dataset.image_shape))
    tab.page.mouse.click(*map(float, places[row]))
    expect(tab.page.locator("#pinned")).to_have_attribute("data-row", str(row))
    tab.page.keyboard.press("Escape")


def test_c13_the_ones_lie_in_the_order_in_which_they_lean(tab, dataset):
    tab.page.locator("#player-tsne2").scroll_into_view_if_needed()
    tab.page.wait_for_selector("#player-tsne2:not([data-status=none])")
    until(lambda: tab.page.evaluate(STOP_ALL) == 0)  # the others, too, so that nothing is waited for
    player = tab.page.locator("#player-tsne2")
    if player.get_attribute("data-status") == "stopped":
        player.locator("[data-does=play]").click()
    Y = first(tab, over(tab, "tsne2"))
    tab.page.locator("#alone").scroll_into_view_if_needed()
    told = tab.page.locator("#alone .verdict")
    ones = np.flatnonzero(dataset.y[:1000] == 1)
    along = Y[ones] - Y[ones].mean(0)
    along = along @ np.linalg.svd(along.astype(np.float64), full_matrices=False)[2][0]
    from scipy.stats import spearmanr

    wanted = abs(spearmanr(along, [slant(dataset, row) for row in ones])[0])
    until(lambda: abs(float(told.get_attribute("data-correlation"))) == pytest.approx(wanted, abs=2e-3))
    if dataset.name == "MNIST":
        assert wanted >= 0.8


def slant(dataset, row):
    """How far the ink leans: the covariance of x and y over the variance of y."""
    height, width = dataset.image_shape
    y, x = np.mgrid[height - 1 : -1 : -1, 0:width]
    ink = dataset.X[row].reshape(height, width).astype(float)
    ink /= ink.sum()
    x, y = x - (ink * x).sum(), y - (ink * y).sum()
    return (ink * x * y).sum() / (ink * y * y).sum()
