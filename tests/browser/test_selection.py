"""Rows selected on the map: by a lasso, by clicks, undone and done again; what is nearest; images in place of dots."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

import snowdome

from .driver import Tab, until


@pytest.fixture(scope="module", params=["digits", "mnist"])
def place(request):
    """The data by name; MNIST where it is there."""
    if request.param == "mnist":
        request.getfixturevalue("mnist")
    return request.param


@pytest.fixture(scope="module")
def tab(browser, place, shared):
    """A tab at the components of MNIST, or at the t-SNE of the digits."""
    tab = Tab(browser, shared(place))
    tab.wait(lambda f: f.get("ready") == "true" and f["still"] == "true")
    tab.data = snowdome.open(place)
    tab.camera_at_rest()
    yield tab
    tab.close()


@pytest.fixture(autouse=True)
def calm(tab):
    """Nothing is selected or kept, and the whole map is seen."""
    for _ in range(3):
        tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("f")
    tab.camera_at_rest()


def drag(tab, line, *keys):
    """Draw that line on the page while the keys are held."""
    for key in keys:
        tab.page.keyboard.down(key)
    tab.page.mouse.move(*line[0])
    tab.page.mouse.down()
    for point in line[1:]:
        tab.page.mouse.move(*point, steps=4)
    tab.page.mouse.up()
    for key in keys:
        tab.page.keyboard.up(key)


def shown_run(tab):
    return int(tab.facts()["run"])


def box_round(tab, width, height):
    """A box in the middle of the map, and the rows whose dots are in it, (n,) of bool."""
    seen = tab.pixels(tab.positions(shown_run(tab)))
    x, y = np.median(seen[:, :2], axis=0)
    inside = (np.abs(seen[:, 0] - x) < width / 2) & (np.abs(seen[:, 1] - y) < height / 2)
    on_edge = (np.abs(np.abs(seen[:, 0] - x) - width / 2) < 1.5) | (np.abs(np.abs(seen[:, 1] - y) - height / 2) < 1.5)
    corners = [(x + a * width / 2, y + b * height / 2) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return corners, inside, int(on_edge.sum())


def count_selected(tab):
    return int(tab.facts()["selected"])


def test_a_lasso_takes_the_rows_that_lie_inside(tab):
    corners, inside, on_edge = box_round(tab, 220, 180)
    drag(tab, corners, "Shift")
    assert abs(count_selected(tab) - inside.sum()) <= on_edge
    assert inside.sum() > 20
    first = count_selected(tab)
    moved = [(x + 110, y) for x, y in corners]
    drag(tab, moved, "Shift", "Control")
    both = count_selected(tab)
    assert both > first
    drag(tab, moved, "Shift", "Alt")
    assert count_selected(tab) < first
    tab.page.keyboard.press("Control+z")
    assert count_selected(tab) == both
    tab.page.keyboard.press("Control+z")
    assert count_selected(tab) == first
    tab.page.keyboard.press("Control+Shift+Z")
    assert count_selected(tab) == both
    tab.page.keyboard.press("Escape")
    assert count_selected(tab) == 0


def test_the_lasso_can_be_taken_up_without_a_key_held(tab):
    tab.page.keyboard.press("l")
    assert tab.page.get_attribute("#lasso-button", "aria-pressed") == "true"
    corners, inside, on_edge = box_round(tab, 160, 160)
    before = tab.camera()
    drag(tab, corners)
    assert abs(count_selected(tab) - inside.sum()) <= on_edge
    assert tab.camera() == before, "a lasso moves no map"
    tab.page.keyboard.press("Escape")
    assert tab.page.get_attribute("#lasso-button", "aria-pressed") == "false"


def test_a_class_that_is_off_is_not_selected(tab):
    tab.page.locator("#legend .class").first.locator("input").uncheck()
    corners, inside, on_edge = box_round(tab, 300, 300)
    drag(tab, corners, "Shift")
    wanted = inside & (np.asarray(tab.data.y) != 0)
    assert abs(count_selected(tab) - wanted.sum()) <= on_edge
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("a")


def alone(tab):
    """A row whose dot has no other near it and nothing of the page above it, and its place on the page."""
    seen = tab.pixels(tab.positions(shown_run(tab)))[:, :2]
    box = tab.page.locator("#map").bounding_box()
    apart = cKDTree(seen).query(seen, k=2)[0][:, 1]
    x, y = seen[:, 0] - box["x"], seen[:, 1] - box["y"]
    free = (x > 30) & (x < box["width"] - 30) & (y > 80) & (y < box["height"] - 100) & (apart > 9)
    assert free.any(), "no dot stands alone"
    row = int(np.flatnonzero(free)[apart[free].argmax()])
    return row, (float(seen[row, 0]), float(seen[row, 1]))


def test_a_click_shows_the_nearest_in_the_pixels_and_on_the_map(tab):
    row, at = alone(tab)
    tab.page.mouse.click(*at)
    tab.wait(lambda f: f["pinned"] == str(row))
    shown = until(lambda: rows_in(tab, "#near-pixels"))
    X = np.asarray(tab.data.X, np.float32)
    distance = ((X - X[row]) ** 2).sum(1)
    distance[row] = np.inf
    assert shown == np.argsort(distance, kind="stable")[:12].tolist()
    Y = tab.positions(shown_run(tab)).astype(np.float64)
    on_map = ((Y - Y[row]) ** 2).sum(1)
    on_map[row] = np.inf
    assert rows_in(tab, "#near-map") == np.argsort(on_map, kind="stable")[:12].tolist()
    lost = tab.page.locator("#near-pixels .lost").count()
    assert lost == len(set(shown) - set(rows_in(tab, "#near-map")))
    assert tab.page.locator(".near-lines line").count() == 12
    assert tab.page.locator(".near-lines line.lost").count() == lost
    tab.page.locator("#near-pixels button").first.click()
    tab.wait(lambda f: f["pinned"] == str(shown[0]))
    tab.page.keyboard.press("Control+z")
    tab.wait(lambda f: f["pinned"] == str(row))


def rows_in(tab, strip):
    return [int(row) for row in tab.page.locator(f"{strip} button").evaluate_all("all => all.map(b => b.dataset.row)")]


def test_near_enough_dots_are_images_and_each_is_its_own(tab):
    _, (x, y) = alone(tab)
    tab.page.mouse.move(x, y)
    for _ in range(4):
        tab.page.mouse.wheel(0, -240)
    tab.camera_at_rest()
    until(lambda: int(tab.page.get_attribute("#pictures", "data-images") or 0) > 0)
    tab.page.keyboard.press("i")
    until(lambda: int(tab.page.get_attribute("#pictures", "data-images") or 0) > 0)
    tab.page.mouse.move(x + 1, y + 1)
    hovered = tab.wait(lambda f: f["hover"] != "")["hover"]
    until(lambda: tab.page.get_attribute("#hover-card canvas", "data-row") == hovered)
    wanted = tab.data.X[int(hovered)]
    shown = tab.shown_image()
    low, high = tab.data.value_range
    grey = np.rint((wanted.astype(float) - low) * 255 / (high - low)).astype(int).reshape(shown.shape)
    assert np.abs(255 - grey - shown).max() <= 1
    tab.page.keyboard.press("i")


def test_a_reload_finds_the_camera_the_selection_the_image_and_the_colours_again(tab):
    row, at = alone(tab)
    tab.page.mouse.click(*at)
    tab.page.keyboard.down("Control")
    tab.page.mouse.click(*at)
    tab.page.keyboard.up("Control")
    tab.page.locator("#colour-by").select_option("column:distance")
    tab.page.mouse.wheel(0, -300)
    before = tab.camera_at_rest()
    # The address as the page has it: what the driver remembers of it comes only with other messages.
    address = "location.href"
    until(lambda: all(part in tab.page.evaluate(address) for part in ("camera=", f"image={row}", "rows=", "colour=")))
    tab.page.reload()
    tab.page.wait_for_selector("#map[data-frames]")
    tab.wait(lambda f: f.get("pinned") == str(row) and f.get("selected") == "1" and f.get("still") == "true")
    after = tab.camera_at_rest()
    assert after["zoom"] == pytest.approx(before["zoom"], rel=1e-4)
    assert after["x"] == pytest.approx(before["x"], rel=1e-3, abs=1e-3)
    assert tab.page.locator("#colour-by").input_value() == "column:distance"
    assert tab.page.locator("#value-scale").count() == 1
    tab.page.locator("#colour-by").select_option("class")
