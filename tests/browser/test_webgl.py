"""The map drawn by a graphics card and the one painted by the processor: the same picture.

Of the first images of MNIST: pictures of single dots can be told apart.
"""

import io

import numpy as np
import pytest
from PIL import Image

from .driver import A_CARD, START, Tab, ended, until

COUNTED = """window.instanced = 0;
for (const name of ["drawArraysInstanced", "drawElementsInstanced"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...rest) {
        window.instanced += 1;
        return draw.apply(this, rest);
    };
}"""


@pytest.fixture(scope="module")
def tabs(browser, own_few_app):
    """Two pages on one app: with a card, and without."""
    found = Tab(browser, own_few_app, before=A_CARD + COUNTED), Tab(browser, own_few_app)
    for tab in found:
        tab.wait(ended(2))
    yield found
    for tab in found:
        tab.close()


def picture(tab):
    """The canvas as it is seen, with what stands on it, (height, width, 3)."""
    tab.camera_at_rest()
    tab.page.mouse.move(5, 5)
    tab.wait(lambda f: f["still"] == "true" and f["hover"] == "")
    box = tab.page.locator("#map").bounding_box()
    return np.asarray(Image.open(io.BytesIO(tab.page.screenshot(clip=box))).convert("RGB"), float)


def alike(tabs):
    """Whether both show the same but for the rounding at the dots' edges, and something at all."""
    one, other = map(picture, tabs)
    assert one.shape == other.shape
    inked = (one.min(2) < 250) | (other.min(2) < 250)
    assert inked.mean() > 0.02
    return np.abs(one - other)[inked].mean() < 12 and np.corrcoef(one[inked].ravel(), other[inked].ravel())[0, 1] > 0.95


def test_each_draws_its_own_way_and_no_card_is_asked_for_instances(tabs):
    """Software renderers draw instances one by one, twenty times slower than points."""
    card, processor = tabs
    assert card.facts()["renderer"] == "webgl"
    assert processor.facts()["renderer"] == "canvas"
    assert int(card.facts()["draws"]) > 0
    assert card.page.evaluate("window.instanced") == 0


def test_the_same_dots_and_edges(tabs, few):
    until(lambda: alike(tabs))
    plain = picture(tabs[1])
    for tab in tabs:
        tab.page.click("#edges-button")
        tab.wait(lambda f: f["edges"] == str(3 * len(few)))
    until(lambda: np.abs(picture(tabs[1]) - plain).mean() > 1)
    until(lambda: alike(tabs))


def test_the_same_selection_and_the_same_class_switched_off(tabs):
    for tab in tabs:
        tab.page.locator("#legend input[type=checkbox]").nth(4).click()
        box = tab.page.locator("#map").bounding_box()
        middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        tab.page.keyboard.down("Shift")
        tab.page.mouse.move(*middle - 150)
        tab.page.mouse.down()
        for corner in ((150, -150), (150, 150), (-150, 150)):
            tab.page.mouse.move(*middle + corner, steps=3)
        tab.page.mouse.up()
        tab.page.keyboard.up("Shift")
        tab.wait(lambda f: int(f["selected"]) > 100)
    until(lambda: tabs[0].facts()["selected"] == tabs[1].facts()["selected"])
    until(lambda: alike(tabs))
    for tab in tabs:
        tab.page.locator("#legend input[type=checkbox]").nth(4).click()
        tab.page.locator("#map").focus()
        tab.page.keyboard.press("Escape")
        tab.wait(lambda f: f["selected"] == "0")


def test_the_same_in_three_dimensions(tabs):
    run = tabs[0].page.evaluate(START, {"n_components": 3})
    for tab in tabs:
        tab.wait(ended(run))
        assert tab.facts()["dim"] == "3"
    until(lambda: alike(tabs))
