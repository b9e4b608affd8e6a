"""Maps beside each other: laid over the first, one selection, one camera, what moved; several at once."""

import json

import numpy as np
import pytest

from .driver import Tab, ended, opened, until


@pytest.fixture(scope="module")
def tab(browser):
    with opened("digits") as app:
        tab = Tab(browser, app)
        tab.wait(ended(2), 120)
        tab.page.locator("#rail [data-view=compare]").click()
        until(lambda: drawn(tab) == 2)
        yield tab
        tab.close()


def canvases(tab):
    return tab.page.locator(".compare-area canvas")


def drawn(tab):
    """How many panes have drawn a map that rests."""
    return len([each for each in facts(tab) if each.get("ready") == "true" and each.get("still") == "true"])


def facts(tab):
    return canvases(tab).evaluate_all("all => all.map(canvas => ({...canvas.dataset}))")


def cameras(tab):
    return [json.loads(each["camera"]) for each in facts(tab)]


def laid_over(still, moved):
    """Procrustes by a singular value decomposition."""
    a, b = still - still.mean(0), moved - moved.mean(0)
    u, s, vt = np.linalg.svd(a.T @ b)
    return still.mean(0) + b @ (u @ vt).T * s.sum() / (b**2).sum()


def test_the_second_map_lies_over_the_first_as_an_independent_decomposition_lays_it(tab):
    first, second = tab.positions(1).astype(float), tab.positions(2).astype(float)
    wanted = laid_over(first, second)
    left = np.sqrt(((wanted - first) ** 2).sum() / ((first - first.mean(0)) ** 2).sum())
    text = tab.page.locator(".compare-map header .quiet").nth(1).inner_text()
    assert f"{round(100 * left)} % off the first" in text


def test_one_camera_moves_both_maps(tab):
    box = canvases(tab).nth(1).bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = cameras(tab)[0]["zoom"]
    tab.page.mouse.wheel(0, -240)
    until(lambda: cameras(tab)[0]["zoom"] > 1.2 * before)
    until(lambda: abs(cameras(tab)[0]["zoom"] / cameras(tab)[1]["zoom"] - 1) < 1e-3)
    one, other = cameras(tab)
    assert one["x"] == pytest.approx(other["x"], rel=1e-3, abs=1e-3)
    tab.page.locator(".compare-map header button[aria-label=Fit]").first.click()
    until(lambda: cameras(tab)[1]["zoom"] < 1.2 * before)


def test_what_is_selected_in_one_is_selected_in_all_and_its_arrows_are_drawn(tab):
    box = canvases(tab).nth(1).bounding_box()
    tab.page.keyboard.down("Shift")
    tab.page.mouse.move(box["x"] + 40, box["y"] + 40)
    tab.page.mouse.down()
    for x, y in ((box["width"] - 40, 40), (box["width"] - 40, box["height"] - 40), (40, box["height"] - 40)):
        tab.page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")
    selected = int(tab.page.locator("#selection").get_attribute("data-count"))
    assert selected > 500
    tab.page.locator("#compare-arrows").check()
    until(lambda: tab.page.locator(".arrows path").count() > 20)
    tab.page.locator("#compare-arrows").uncheck()
    tab.page.keyboard.press("Escape")


def test_the_edges_to_the_nearest_are_drawn_on_every_map(tab):
    before = canvases(tab).first.screenshot()
    tab.page.locator("#compare-edges").check()
    until(lambda: {each.get("edges") for each in facts(tab)} == {str(3 * 1797)} and drawn(tab) == 2)
    assert canvases(tab).first.screenshot() != before
    tab.page.keyboard.press("e")
    until(lambda: {each.get("edges") for each in facts(tab)} == {"0"})
    assert not tab.page.locator("#compare-edges").is_checked()


def test_several_maps_that_differ_in_one_thing_are_made_one_after_the_other(tab):
    tab.page.locator("#multiples-values").fill("3, 4, nine")
    assert tab.page.locator("#multiples-run").is_disabled()
    tab.page.locator("#multiples-method").select_option("pca")
    tab.page.locator("#multiples-method").select_option("tsne")
    tab.page.locator("#multiples-values").fill("3, 4")
    tab.page.locator("#multiples-run").click()
    until(lambda: [run["seed"] for run in tab.session()["runs"][-2:]] == [3, 4])
    last = tab.session()["runs"][-1]["id"]
    until(lambda: next(run for run in tab.session()["runs"] if run["id"] == last)["status"] == "done", 120)
    shown = [int(run) for run in tab.page.locator(".compare-map").evaluate_all("all => all.map(m => m.dataset.run)")]
    assert shown == [last - 1, last]
    until(lambda: drawn(tab) == 2)
    tab.page.reload()
    until(lambda: canvases(tab).count() == 2 and drawn(tab) == 2)
    assert "view=compare" in tab.page.evaluate("location.href")
