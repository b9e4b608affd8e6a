"""A class or a bar that selects, colours that are undone and that all plots share, and what a reload brings back."""

import base64
from urllib.parse import parse_qs

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from .driver import Tab, ended, settled, until


@pytest.fixture
def tab(browser, few_app):
    tab = Tab(browser, few_app, run=2)
    tab.wait(ended(2))
    yield tab
    tab.close()


def test_a_class_of_the_legend_and_a_bar_select_its_rows(tab, few):
    counts = np.bincount(few.y)
    labels = tab.page.locator("#legend label")
    labels.nth(3).click(modifiers=["Shift"])
    tab.wait(lambda f: f["selected"] == str(counts[3]))
    assert tab.facts()["shown"] == str(len(few)), "no class was switched off"
    labels.nth(5).locator("input").focus()
    tab.page.keyboard.press("Control+Enter")
    tab.wait(lambda f: f["selected"] == str(counts[3] + counts[5]))
    tab.page.locator("#class-bars button").nth(8).click()
    tab.wait(lambda f: f["selected"] == str(counts[8]))
    for wanted in (counts[3] + counts[5], counts[3], 0):
        tab.page.keyboard.press("Control+z")
        tab.wait(lambda f, wanted=wanted: f["selected"] == str(wanted))


def test_colours_are_undone_and_shared_by_every_plot(tab):
    tab.page.select_option("#colour-by", "column:distance")
    tab.page.wait_for_selector("#value-scale")
    for view, plot in (("cube", "#cube"), ("components", "#components")):
        tab.page.click(f"#rail [data-view={view}]")
        tab.page.wait_for_selector("#plot-legend-value-scale")
        canvas = tab.page.locator(plot).first
        expect(canvas).to_have_attribute("data-still", "true")
        coloured = settled(canvas)
        tab.page.select_option("#colour-by", "class")
        tab.page.wait_for_selector("#plot-legend")
        until(lambda canvas=canvas, coloured=coloured: canvas.screenshot() != coloured)
        tab.page.evaluate("document.activeElement.blur()")
        tab.page.keyboard.press("Control+z")
        tab.page.wait_for_selector("#plot-legend-value-scale")
        until(lambda canvas=canvas, coloured=coloured: canvas.screenshot() == coloured)


def test_a_reload_brings_back_a_large_selection_and_the_classes_that_are_off(tab, few):
    counts = np.bincount(few.y)
    tab.page.locator("#legend label").nth(1).dblclick()
    tab.wait(lambda f: f["shown"] == str(counts[1]))
    tab.page.locator("#legend label").nth(2).click()
    for code in range(6):
        tab.page.locator("#class-bars button").nth(code).click(modifiers=["Control"])
    tab.wait(lambda f: f["selected"] == str(counts[:6].sum()))
    until(lambda: selected_in_address(tab) == counts[:6].sum())
    tab.page.reload()
    tab.page.wait_for_selector("#map[data-frames]")
    tab.wait(lambda f: f.get("selected") == str(counts[:6].sum()) and f.get("shown") == str(counts[1] + counts[2]))
    boxes = tab.page.locator("#legend input")
    for code in range(10):
        expect(boxes.nth(code)).to_be_checked(checked=code in (1, 2))


def selected_in_address(tab):
    """How many rows the address says are selected: a bit for each row where there are many."""
    (said,) = parse_qs(tab.page.evaluate("location.hash.slice(1)")).get("rows", [""])
    if not said.startswith("b"):
        return 0
    return int.from_bytes(base64.urlsafe_b64decode(said[1:] + "==")).bit_count()


def test_olahs_sentence_about_the_first_component_is_checked_on_the_data(tab, few):
    tab.page.click("#rail [data-view=components]")
    verdict = tab.page.locator("#components-lesson .verdict")
    verdict.wait_for()
    X = np.asarray(few.X, float)
    scores = (X - X.mean(0)) @ np.linalg.svd(X - X.mean(0), full_matrices=False)[2][0]
    means = [scores[few.y == code].mean() for code in range(10)]
    holds = {int(np.argmin(means)), int(np.argmax(means))} == {0, 1}
    assert verdict.get_attribute("data-holds") == str(holds).lower()
    assert all(str(end) in verdict.inner_text() for end in (np.argmin(means), np.argmax(means)))


def test_images_of_a_class_that_is_switched_off_go_with_it(tab, few):
    """And come back with it, though the camera stands still."""
    threes = np.flatnonzero(few.y == 3)
    tab.page.fill("#search", f"#{threes[0]}")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["pinned"] == str(threes[0]))
    tab.camera_at_rest()
    tab.page.evaluate("document.activeElement.blur()")
    pictures = tab.page.locator("#pictures")
    until(lambda: int(pictures.get_attribute("data-images") or 0) > 1)
    for others in range(10):
        if others != 3:
            tab.page.locator("#legend label").nth(others).click()
    tab.wait(lambda f: f["shown"] == str(len(threes)))
    until(lambda: int(pictures.get_attribute("data-images") or 0) > 0)
    tab.page.locator("#legend label").nth(3).click()
    tab.wait(lambda f: f["shown"] == "0")
    until(lambda: pictures.get_attribute("data-images") == "0")


def saved(tab):
    """The picture of the view as it is, that is saved: (height, width, 3)."""
    with tab.page.expect_download() as download:
        tab.page.click("#save-view")
    assert download.value.suggested_filename == "few-npz-t-sne-view.png"
    with Image.open(download.value.path()) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_the_view_is_saved_as_it_is_at_twice_its_size(tab, few):
    box = tab.page.locator("#map").bounding_box()
    whole = saved(tab)
    assert whole.shape[1] == round(2 * box["width"])
    assert whole.shape[0] > 2 * box["height"], "the legend and what it is stand below"
    tab.page.mouse.move(5, 5)
    still = settled(tab.page.locator("#map"))
    red = (whole[:, :, 0] > 150) & (whole[:, :, 1] < 60) & (whole[:, :, 2] < 60)  # the colour of the twos
    assert red.sum() > 1000
    tab.page.locator("#legend label").nth(2).click()
    tab.wait(lambda f: f["shown"] == str(len(few) - (few.y == 2).sum()))
    without = saved(tab)
    assert ((without[:, :, 0] > 150) & (without[:, :, 1] < 60) & (without[:, :, 2] < 60)).sum() < 0.02 * red.sum()
    tab.page.locator("#legend label").nth(2).click()
    tab.page.mouse.move(5, 5)
    tab.wait(lambda f: f["shown"] == str(len(few)))
    until(lambda: tab.page.locator("#map").screenshot() == still)  # saving leaves no trace on the screen
