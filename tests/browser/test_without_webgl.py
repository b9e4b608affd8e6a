"""Without WebGL the map is a picture of the same dots: seen, pointed at, moved, turned and selected from; U-13."""

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import START, Tab, ended, opened, until

ROWS = 10_000
REFUSED = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
};"""


@pytest.fixture(scope="module")
def images(mnist):
    """The first 10,000 images."""
    return mnist[:ROWS]


@pytest.fixture(scope="module")
def tab(browser, images, tmp_path_factory):
    file = tmp_path_factory.mktemp("data") / "ten-thousand.npz"
    np.savez(file, X=images.X.reshape(-1, 28, 28), y=images.y)
    with opened(str(file)) as app:
        tab = Tab(browser, app, before=REFUSED)
        tab.said = until(lambda: tab.page.inner_text("#messages"))
        tab.wait(lambda f: f.get("run") == "2" and int(f["step"]) > 50, 300)  # kernels may have to be compiled
        tab.page.evaluate("document.querySelector('#stop').click()")  # does nothing where there is nothing to stop
        tab.wait(lambda f: f["status"] in ("stopped", "done") and f["still"] == "true")
        tab.shows_newest(2)
        tab.camera_at_rest()
        yield tab
        tab.close()


INK = """() => {
    const canvas = document.querySelector("#map");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [pixels, strength, hash] = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
        const least = Math.min(data[i], data[i + 1], data[i + 2]);
        if (least === 255) continue;
        pixels += 1;
        strength += 255 - least;
        hash = (Math.imul(hash, 31) + i + least) | 0;
    }
    return { share: pixels / (data.length / 4), pixels, strength: strength / Math.max(1, pixels), hash };
}"""


def ink(tab):
    """How much of the map's picture is not the ground, how strong that is, and a number that tells pictures apart."""
    return tab.page.evaluate(INK)


def inked(tab, places):
    """Which of these pixels of the canvas are not the ground, (n,) of bool."""
    program = """places => {
        const context = document.querySelector("#map").getContext("2d");
        return places.map(([x, y]) => Math.min(...context.getImageData(x, y, 1, 1).data) < 255);
    }"""
    return np.array(tab.page.evaluate(program, places.tolist()))


def test_the_dots_are_painted_and_it_is_said(tab, images):
    assert tab.facts()["renderer"] == "canvas"
    assert tab.facts()["drawn"] == str(ROWS)
    expect(tab.page.locator("#status")).to_contain_text("drawn without WebGL")
    assert "no WebGL" in tab.said
    assert 0.02 < ink(tab)["share"] < 0.9
    seen = tab.pixels(tab.positions(2))
    box = tab.page.locator("#map").bounding_box()
    places = (seen[::20, :2] - [box["x"], box["y"]]).astype(int)
    assert inked(tab, places).mean() > 0.99, "ink where a row is"


def test_a_class_goes_and_comes_back(tab):
    before = ink(tab)["pixels"]
    boxes = tab.page.locator("#legend input[type=checkbox]")
    draws = int(tab.facts()["draws"])
    for code in range(1, 10):
        boxes.nth(code).click()
    tab.page.mouse.move(5, 5)
    tab.wait(lambda f: int(f["draws"]) > draws and f["still"] == "true")
    until(lambda: ink(tab)["pixels"] < 0.4 * before)
    tab.page.locator("#map").focus()
    tab.page.keyboard.press("a")
    until(lambda: ink(tab)["pixels"] == before)


def test_the_image_under_the_pointer_is_its_own(tab, images):
    seen = tab.pixels(tab.positions(2))[:, :2]
    for row in (17, 4711, 9998):
        x, y = seen[row]
        tab.page.mouse.move(x, y)
        there = np.flatnonzero(np.hypot(*(seen - seen[row]).T) <= 1)
        found = int(tab.wait(lambda f, there=there: f["hover"] != "" and int(f["hover"]) in there)["hover"])
        until(lambda found=found: tab.page.get_attribute("#hover-card canvas", "data-row") == str(found))
        np.testing.assert_array_equal(tab.shown_image(), 255 - images.X[found].reshape(28, 28))
        tab.page.mouse.move(5, 5)
        tab.wait(lambda f: f["hover"] == "")


def test_it_pans_and_zooms_and_all_dots_come_back(tab):
    box = tab.page.locator("#map").bounding_box()
    x, y = round(box["x"] + 300), round(box["y"] + 250)
    before, place = tab.camera(), tab.place((x, y))
    tab.page.mouse.move(x, y)
    tab.page.mouse.wheel(0, -240)
    until(lambda: tab.camera()["zoom"] > 1.3 * before["zoom"])
    assert np.hypot(*np.subtract(tab.pixel(place), (x, y))) < 3
    tab.page.mouse.down()
    tab.page.mouse.move(x + 100, y, steps=5)
    tab.page.mouse.up()
    until(lambda: abs(tab.pixel(place)[0] - x - 100) < 4)
    tab.wait(lambda f: f["still"] == "true" and f["drawn"] == str(ROWS))
    tab.page.click("#fit")
    tab.camera_at_rest()


def test_a_lasso_selects_and_the_others_fade(tab):
    seen = tab.pixels(tab.positions(2))[:, :2]
    x, y = np.median(seen, axis=0)
    tab.page.keyboard.down("Shift")
    tab.page.mouse.move(x - 100, y - 80)
    tab.page.mouse.down()
    for corner in ((x + 100, y - 80), (x + 100, y + 80), (x - 100, y + 80)):
        tab.page.mouse.move(*corner, steps=3)
    draws, before = int(tab.facts()["draws"]), ink(tab)["strength"]
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")
    inside = (np.abs(seen - [x, y]) < [100, 80]).all(1).sum()
    edge = (np.abs(np.abs(seen - [x, y]) - [100, 80]) < 1.5).any(1).sum()
    tab.wait(lambda f: int(f["draws"]) > draws and abs(int(f["selected"]) - inside) <= edge)
    assert inside > 100
    until(lambda: ink(tab)["strength"] < 0.75 * before)
    tab.page.keyboard.press("Escape")


def test_a_map_of_three_dimensions_is_turned(tab):
    tab.wait(ended(tab.page.evaluate(START, {"n_components": 3})))
    assert tab.facts()["dim"] == "3"
    tab.camera_at_rest()
    before, shown = tab.camera(), ink(tab)["hash"]
    box = tab.page.locator("#map").bounding_box()
    tab.page.mouse.move(box["x"] + 500, box["y"] + 300)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 600, box["y"] + 300, steps=5)
    tab.page.mouse.up()
    until(lambda: tab.camera()["orientation"] != before["orientation"])
    tab.camera_at_rest()
    tab.wait(lambda f: f["still"] == "true")
    until(lambda: ink(tab)["hash"] != shown)
