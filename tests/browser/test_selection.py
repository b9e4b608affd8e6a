"""Rows selected on the map: by a lasso, by clicks, undone and done again; what is nearest; images in place of dots."""

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.spatial import cKDTree

from .driver import Tab, until


@pytest.fixture(scope="module")
def tab(browser, mnist, mnist_app):
    """A tab at the components of MNIST: its t-SNE was stopped as it began."""
    tab = Tab(browser, mnist_app)
    tab.wait(lambda f: f.get("ready") == "true" and f["still"] == "true")
    tab.data = mnist
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


def selects(tab, wanted, give=0):
    """Wait until so many rows are selected, give or take those on the edge; how many."""
    return int(tab.wait(lambda f: abs(int(f["selected"]) - wanted) <= give)["selected"])


def test_a_lasso_takes_the_rows_that_lie_inside(tab):
    corners, inside, on_edge = box_round(tab, 220, 180)
    assert inside.sum() > 20
    drag(tab, corners, "Shift")
    first = selects(tab, inside.sum(), on_edge)
    moved = [(x + 110, y) for x, y in corners]
    drag(tab, moved, "Shift", "Control")
    both = int(tab.wait(lambda f: int(f["selected"]) > first)["selected"])
    drag(tab, moved, "Shift", "Alt")
    tab.wait(lambda f: int(f["selected"]) < first)
    for keys, wanted in (("Control+z", both), ("Control+z", first), ("Control+Shift+Z", both), ("Escape", 0)):
        tab.page.keyboard.press(keys)
        selects(tab, wanted)


def test_the_lasso_can_be_taken_up_without_a_key_held(tab):
    button = tab.page.locator("#lasso-button")
    tab.page.keyboard.press("l")
    expect(button).to_have_attribute("aria-pressed", "true")
    corners, inside, on_edge = box_round(tab, 160, 160)
    before = tab.camera()
    drag(tab, corners)
    selects(tab, inside.sum(), on_edge)
    assert tab.camera() == before, "a lasso moves no map"
    tab.page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_class_that_is_off_is_not_selected(tab):
    tab.page.locator("#legend .class").first.locator("input").uncheck()
    corners, inside, on_edge = box_round(tab, 300, 300)
    drag(tab, corners, "Shift")
    wanted = inside & (np.asarray(tab.data.y) != 0)
    selects(tab, wanted.sum(), on_edge)
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
    near = np.argsort(on_map, kind="stable")[:12].tolist()
    until(lambda: rows_in(tab, "#near-map") == near)
    lost = len(set(shown) - set(near))
    expect(tab.page.locator("#near-pixels .lost")).to_have_count(lost)
    expect(tab.page.locator(".near-lines line")).to_have_count(12)
    expect(tab.page.locator(".near-lines line.lost")).to_have_count(lost)
    tab.page.locator("#near-pixels button").first.click()
    tab.wait(lambda f: f["pinned"] == str(shown[0]))
    tab.page.keyboard.press("Control+z")
    tab.wait(lambda f: f["pinned"] == str(row))


def rows_in(tab, strip):
    return [int(row) for row in tab.page.locator(f"{strip} button").evaluate_all("all => all.map(b => b.dataset.row)")]


# The row under the pointer and its image once that is on the card, of one moment: images that come may change the row.
BESIDE = """() => {
    const canvas = document.querySelector("#hover-card canvas[data-row]");
    if (!canvas || canvas.dataset.row !== document.querySelector("#map").dataset.hover) return null;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return { row: Number(canvas.dataset.row), shades: Array.from(data).filter((_, i) => i % 4 === 0) };
}"""


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
    beside = until(lambda: tab.page.evaluate(BESIDE))
    low, high = tab.data.value_range
    grey = np.rint((tab.data.X[beside["row"]].astype(float) - low) * 255 / (high - low)).astype(int)
    assert np.abs(255 - grey - beside["shades"]).max() <= 1
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
    expect(tab.page.locator("#colour-by")).to_have_value("column:distance")
    expect(tab.page.locator("#value-scale")).to_have_count(1)
    tab.page.locator("#colour-by").select_option("class")
