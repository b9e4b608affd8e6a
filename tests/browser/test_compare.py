"""Maps and views beside each other: laid over the first, one selection, one camera, what moved; several at once.

On the first images of MNIST, whose maps are done in seconds.
"""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, settled, until
from .test_accessible import AXE, faults


@pytest.fixture(scope="module")
def tab(browser, own_few_app):
    tab = Tab(browser, own_few_app)
    tab.wait(ended(2))
    tab.page.locator("#rail [data-view=compare]").click()
    tab.beside(2)
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
    says = tab.page.locator(".compare-map header .quiet").nth(1)
    expect(says).to_contain_text(re.compile(rf"\b{round(100 * left)} % off the first"))


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
    tab.beside(2)


def lasso(tab, canvas):
    """Draw a line round nearly all of what there is on it, where nothing is selected yet."""
    tab.page.keyboard.down("Shift")
    drag_round(tab, canvas)
    tab.page.keyboard.up("Shift")


def selected(tab):
    """How many rows are selected, once any are."""
    return int(tab.page.locator("#selection").get_attribute("data-count"))


def drag_round(tab, canvas):
    box = canvas.bounding_box()
    tab.page.mouse.move(box["x"] + 40, box["y"] + 40)
    tab.page.mouse.down()
    for x, y in ((box["width"] - 40, 40), (box["width"] - 40, box["height"] - 40), (40, box["height"] - 40)):
        tab.page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    tab.page.mouse.up()


def test_what_is_selected_in_one_is_selected_in_all_and_its_arrows_are_drawn(tab):
    lasso(tab, canvases(tab).nth(1))
    assert selected(tab) > 500
    tab.page.locator("#compare-arrows").check()
    until(lambda: tab.page.locator(".arrows path").count() > 20)
    tab.page.locator("#compare-arrows").uncheck()
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#selection", state="detached")


def test_the_edges_to_the_nearest_are_drawn_on_every_map(tab, few):
    before = settled(canvases(tab).first)
    tab.page.locator("#compare-edges").check()
    until(lambda: {each.get("edges") for each in facts(tab)} == {str(3 * len(few))} and drawn(tab) == 2)
    until(lambda: canvases(tab).first.screenshot() != before)
    tab.page.keyboard.press("e")
    until(lambda: {each.get("edges") for each in facts(tab)} == {"0"})
    expect(tab.page.locator("#compare-edges")).not_to_be_checked()
    until(lambda: canvases(tab).first.screenshot() == before)


def panes(tab):
    """What stands in the panes: the run of a map, the name of a view."""
    return tab.page.locator(".compare-pane").evaluate_all("all => all.map(one => one.dataset.run ?? one.dataset.view)")


def mixed(tab, *contents):
    """Look at a link to these panes, and wait until they are there."""
    tab.page.evaluate("hash => { location.hash = hash }", f"view=compare&maps={'.'.join(contents)}")
    until(lambda: panes(tab) == [each.removeprefix("v") for each in contents])
    until(lambda: drawn(tab) == sum(not each.startswith("v") for each in contents))


def test_a_pane_takes_another_view_and_each_view_stands_in_one_pane_alone(tab):
    chosen = tab.page.locator(".compare-pane > header select")
    chosen.nth(1).select_option(label="Cube")
    tab.page.click("#compare-add-view")
    until(lambda: panes(tab) == ["1", "cube", "gallery"])
    offered = chosen.first.locator("optgroup[label=Views] option").all_inner_texts()
    assert {"PCA", "Image", "Classify", "Look"} <= set(offered)
    assert not {"Cube", "Gallery", "Map", "Compare"} & set(offered)
    expect(tab.page.locator("#status")).to_have_text(re.compile("^1 map, Cube, and Gallery beside each other"))
    until(lambda: "across" in tab.page.inner_text(".compare-pane[data-view=cube] > header span"))
    expect(tab.page.locator("#cube-side")).to_be_visible()
    tab.page.locator(".compare-pane > header button[aria-label='Take pane 2 away']").click()
    until(lambda: panes(tab) == ["1", "gallery"])
    tab.page.keyboard.press("Control+z")
    until(lambda: panes(tab) == ["1", "cube", "gallery"])


def test_what_a_lasso_takes_on_a_map_is_marked_in_the_views_beside_it(tab, few):
    mixed(tab, "2", "vcube", "vgallery")
    tab.page.wait_for_selector("#cube[data-still=true]")
    until(lambda: tab.page.locator("#gallery-picture[data-missing='0']").count())
    before = [settled(tab.page.locator(each)) for each in ("#cube", "#gallery-picture")]
    lasso(tab, canvases(tab).first)
    many = selected(tab)
    assert 500 < many < len(few)
    until(lambda: tab.page.locator("#cube").screenshot() != before[0])
    until(lambda: tab.page.locator("#gallery-picture").screenshot() != before[1])
    tab.page.check("#gallery-only")
    tab.page.wait_for_selector(f"#gallery[aria-label^='Gallery of {many:,} ']")
    tab.page.uncheck("#gallery-only")
    tab.page.check("#compare-lasso")  # then it needs no Shift, in any pane
    drag_round(tab, tab.page.locator("#cube"))
    until(lambda: 0 < selected(tab) < many)
    tab.page.uncheck("#compare-lasso")
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#selection", state="detached")


def test_keys_move_what_has_them_and_nothing_else(tab):
    mixed(tab, "2", "vcube", "vimage")
    hidden, pixel = tab.facts()["camera"], tab.page.get_attribute("#pick-across", "data-pixel")
    still = cameras(tab)[0]
    tab.page.focus("#pick-across")
    tab.page.keyboard.press("ArrowRight")
    until(lambda: tab.page.get_attribute("#pick-across", "data-pixel") != pixel)
    assert cameras(tab)[0] == still
    pixel = tab.page.get_attribute("#pick-across", "data-pixel")
    canvases(tab).first.focus()
    tab.page.keyboard.press("ArrowRight")
    until(lambda: cameras(tab)[0]["x"] > still["x"])
    assert tab.page.get_attribute("#pick-across", "data-pixel") == pixel
    assert tab.facts()["camera"] == hidden
    tab.page.keyboard.press("f")
    until(lambda: cameras(tab)[0]["x"] == pytest.approx(still["x"], abs=1e-6))


def test_a_cell_of_the_confusion_matrix_selects_on_the_map_and_a_reload_brings_all_of_it_back(tab):
    tab.train("centroid", 1)
    mixed(tab, "2", "vclassify")
    cell = tab.page.locator("#matrix td[data-count]:not([data-count='0'])").first
    before = settled(canvases(tab).first)
    cell.locator("button").click()
    tab.page.wait_for_selector(f"#selection[data-count='{cell.get_attribute('data-count')}']")
    tab.page.mouse.move(5, 5)
    until(lambda: canvases(tab).first.screenshot() != before)
    tab.page.click("#part-mistakes")
    until(lambda: all(part in tab.page.evaluate("location.hash") for part in (".vclassify", "judge=mistakes")))
    tab.page.reload()
    until(lambda: panes(tab) == ["2", "classify"] and drawn(tab) == 1)
    tab.page.wait_for_selector("#mistakes")


UNFINISHED = ".compare-view :is([data-still=false], [data-missing]:not([data-missing='0']))"
STICKS_OUT = """all => all
    .filter(one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1)
    .map(one => one.parentElement.dataset.view)"""


def test_every_view_that_can_stand_in_a_pane_fits_into_one_and_axe_finds_nothing_serious(tab):
    mixed(tab, "2")
    offered = tab.page.locator(".compare-pane optgroup[label=Views] option")
    every = offered.evaluate_all("all => all.map(option => option.value)")
    assert len(every) >= 6
    for some in (every[:3], every[3:]):
        mixed(tab, "2", *some)
        until(lambda: all(tab.page.locator(".compare-pane[data-view] > header span").all_inner_texts()))
        until(lambda: tab.page.locator(UNFINISHED).count() == 0)
        assert tab.page.locator(".compare-view").evaluate_all(STICKS_OUT) == []
        tab.page.evaluate(AXE.read_text())
        assert faults(tab) == []
    mixed(tab, "1", "2")


def test_several_maps_that_differ_in_one_thing_are_made_one_after_the_other(tab):
    tab.page.locator("#multiples-values").fill("3, 4, nine")
    expect(tab.page.locator("#multiples-run")).to_be_disabled()
    tab.page.locator("#multiples-method").select_option("pca")
    tab.page.locator("#multiples-method").select_option("tsne")
    tab.page.locator("#multiples-values").fill("3, 4")
    tab.page.locator("#multiples-run").click()
    until(lambda: [run["seed"] for run in tab.session()["runs"][-2:]] == [3, 4])
    last = tab.session()["runs"][-1]["id"]
    until(lambda: next(run for run in tab.session()["runs"] if run["id"] == last)["status"] == "done", 300)
    until(lambda: panes(tab) == [str(last - 1), str(last)])
    until(lambda: drawn(tab) == 2)
    until(lambda: re.search(r"maps=(?!1\.2)\w+\.\w+", tab.page.evaluate("location.hash")))  # kept ones by their names
    tab.page.reload()
    until(lambda: panes(tab) == [str(last - 1), str(last)] and drawn(tab) == 2)
    assert "view=compare" in tab.page.evaluate("location.href")
