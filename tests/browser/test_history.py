"""One history for what is seen: Ctrl-Z goes back to where one was looking from, and to the map that one looked at."""

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

NUMBERS = ("x", "y", "z", "zoom")
# Turned in one breath: on a busy machine the driver's own turns of the wheel lie so far apart that each is a gesture.
WHEEL = """times => {
    const map = document.querySelector("#map");
    const { left, top, width, height } = map.getBoundingClientRect();
    const at = { clientX: left + 0.4 * width, clientY: top + 0.5 * height };
    for (let turn = 0; turn < times; turn++)
        map.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, deltaY: -120, ...at }));
}"""


pytestmark = pytest.mark.parametrize("dataset", ["digits"], indirect=True)


@pytest.fixture
def tab(browser, app):
    tab = Tab(browser, app)
    tab.wait(ended(2))
    tab.camera_at_rest()
    yield tab
    tab.close()


def undo(tab):
    tab.page.keyboard.press("Control+z")


def redo(tab):
    tab.page.keyboard.press("Control+Shift+z")


def same(one, other):
    """Whether two cameras stand at one place, up to a millionth."""
    numbers = [[camera[name] for name in NUMBERS] for camera in (one, other)]
    return np.allclose(*numbers, rtol=1e-6, atol=1e-6 * abs(one["x"]))


def stands(tab, camera):
    until(lambda: same(tab.camera(), camera))


def is_right(tab, dataset):
    """U-06: the image under the pointer equals X[id]."""
    tab.page.mouse.move(5, 5)
    tab.wait(lambda facts: facts["hover"] == "")  # what is hovered from here on lies where the camera stands now
    places = tab.pixels(tab.positions(int(tab.facts()["run"])))[:, :2]
    box = tab.page.locator("#map").bounding_box()
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    row = int(np.argmin(np.hypot(*(places - middle).T)))
    tab.page.mouse.move(*places[row])
    near = np.hypot(*(places - places[row]).T) < 40  # it, or an image that lies over it
    hovered = int(tab.wait(lambda facts: facts["hover"] != "" and near[int(facts["hover"])])["hover"])
    tab.page.wait_for_selector(f"#hover-card canvas[data-row='{hovered}']")
    low, high = dataset.value_range
    ink = np.rint((dataset.X[hovered].astype(float) - low) * 255 / (high - low))
    assert np.array_equal(255 - tab.shown_image().ravel(), ink)
    tab.page.mouse.move(5, 5)


def zoomed(tab, times=3):
    """A burst of the wheel over the middle of the map."""
    box = tab.page.locator("#map").bounding_box()
    tab.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    tab.page.evaluate(WHEEL, times)
    return rested(tab)


def rested(tab):
    """The camera at rest, and so long after the last move that the next one is another gesture."""
    camera = tab.camera_at_rest()
    tab.page.wait_for_timeout(550)
    return camera


def dragged(tab):
    box = tab.page.locator("#map").bounding_box()
    x, y = box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"]
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    for step in range(1, 6):
        tab.page.mouse.move(x + 20 * step, y + 8 * step)
    tab.page.mouse.up()
    return rested(tab)


def test_each_gesture_of_the_camera_is_a_step_beside_the_selection(tab, dataset):
    whole = tab.camera()
    near = zoomed(tab)
    tab.page.locator("#class-bars button").nth(3).click()
    threes = str(int((dataset.y == 3).sum()))
    tab.wait(lambda facts: facts["selected"] == threes)
    aside = dragged(tab)
    assert not same(whole, near)
    assert not same(near, aside)
    undo(tab)
    stands(tab, near)
    assert tab.facts()["selected"] == threes, "the selection stays where only the camera goes back"
    undo(tab)
    tab.wait(lambda facts: facts["selected"] == "0")
    assert same(tab.camera_at_rest(), near), "and the camera where only the selection does"
    undo(tab)
    stands(tab, whole)
    tab.wait(lambda facts: facts["autofit"] == "true")
    is_right(tab, dataset)
    for _ in range(3):
        redo(tab)
    stands(tab, aside)
    tab.wait(lambda facts: facts["selected"] == threes)
    is_right(tab, dataset)
    tab.page.keyboard.press("f")
    stands(tab, whole)
    undo(tab)
    stands(tab, aside)


def test_the_map_that_is_looked_at_is_a_step_with_its_camera(tab, dataset):
    near = zoomed(tab)
    tab.page.select_option("#runs", "1")
    tab.wait(lambda facts: facts["run"] == "1" and facts["still"] == "true")
    other = zoomed(tab)
    tab.page.locator("#rail [data-view=gallery]").click()
    expect(tab.page.locator(".window")).to_have_attribute("data-view", "gallery")
    undo(tab)
    expect(tab.page.locator(".window")).to_have_attribute("data-view", "map")
    tab.wait(lambda facts: facts["run"] == "1" and facts["autofit"] == "true")
    undo(tab)
    tab.wait(lambda facts: facts["run"] == "2")
    stands(tab, near)
    is_right(tab, dataset)
    redo(tab)
    tab.wait(lambda facts: facts["run"] == "1")
    redo(tab)
    stands(tab, other)
    is_right(tab, dataset)


def test_going_to_an_image_is_one_step(tab, dataset):
    whole = tab.camera()
    tab.page.fill("#search", "#42")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda facts: facts["pinned"] == "42")
    tab.page.evaluate("document.activeElement.blur()")
    assert not same(tab.camera_at_rest(), whole)
    undo(tab)
    stands(tab, whole)
    tab.wait(lambda facts: facts["pinned"] == "")
    redo(tab)
    tab.wait(lambda facts: facts["pinned"] == "42")
    until(lambda: tab.camera()["zoom"] > 2 * whole["zoom"])


def test_the_browsers_way_back_leads_to_the_view_before_and_leaves_the_selection(tab, dataset):
    page = tab.page
    for view in ("gallery", "cube"):
        tab.look_at(view)
        until(lambda view=view: f"view={view}" in page.evaluate("location.href"))
    page.locator("#class-bars button").nth(1).click()
    many = tab.wait(lambda facts: facts["selected"] != "0")["selected"]
    until(lambda: "rows=" in page.evaluate("location.href"))
    for view in ("gallery", "map"):
        page.evaluate("history.back()")
        expect(page.locator(".window")).to_have_attribute("data-view", view)
    assert tab.facts()["selected"] == many
    until(lambda: "rows=" in page.evaluate("location.href"))
    page.evaluate("history.forward()")
    expect(page.locator(".window")).to_have_attribute("data-view", "gallery")
    assert tab.facts()["selected"] == many
