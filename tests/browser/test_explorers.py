"""The cube of pixels and the explorer of components, on MNIST; C4 to C7, D14.

On the digits, too, what depends on how large an image is and on how many values a pixel has.
"""

import numpy as np
import pytest
from playwright.sync_api import expect

import snowdome
from snowdome.space.pca import components

from .driver import Tab, until

ON_BOTH = pytest.mark.parametrize("dataset", ["mnist", "digits"], indirect=True, scope="module")
LESSONS = {"7,12": ((7, 12), (18, 15)), "5,6": ((5, 6), (7, 9))}


@pytest.fixture(scope="module")
def tab(browser, app):
    tab = Tab(browser, app)
    yield tab
    tab.close()


def look(tab, view):
    tab.page.locator(f"#rail [data-view={view}]").click()
    return painted(tab, view)


def painted(tab, view, rows=None):
    """Wait until the plot of a view rests, with so many dots."""
    wanted = f"#{view}[data-still=true]" + (f'[data-rows="{rows}"]' if rows else "")
    tab.page.wait_for_selector(wanted)
    return tab.page.locator(f"#{view}").bounding_box()


def pixel(dataset, x, y):
    height, width = dataset.image_shape
    return (height - 1 - y) * width + x


def pick(tab, dataset, way, x, y):
    """Click a pixel of the image of an axis, x and y from the bottom left."""
    height, width = dataset.image_shape
    box = tab.page.locator(f"#pick-{way}").bounding_box()
    tab.page.mouse.click(box["x"] + (x + 0.5) / width * box["width"],
                         box["y"] + (height - 1 - y + 0.5) / height * box["height"])  # fmt: skip


def has_axes(tab, across, up):
    for way, index in (("across", across), ("up", up)):
        expect(tab.page.locator(f"#pick-{way}")).to_have_attribute("data-pixel", str(index))


def axes(tab):
    return [int(tab.page.locator(f"#pick-{way}").get_attribute("data-pixel")) for way in ("across", "up")]


def lonely(x, y, rows, box):
    """The row that has no other near it, and where it is on the page."""
    from scipy.spatial import cKDTree

    places = np.c_[box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"]]
    gap = cKDTree(places).query(places, 2)[0][:, 1]
    for at in np.argsort(-gap):
        if 0.1 < x[at] < 0.9 and 0.1 < y[at] < 0.9:
            assert gap[at] > 2.5, "the nearest dot is the one that is meant"
            return int(rows[at]), (float(places[at][0]), float(places[at][1]))
    raise AssertionError("no lonely dot")


def ink(dataset, row):
    """An image as the light theme shows it."""
    low, high = dataset.value_range
    grey = np.rint((dataset.X[row].astype(float) - low) * 255 / (high - low))
    return (255 - grey).reshape(dataset.image_shape)


@ON_BOTH
def test_a_click_on_a_pixel_sets_the_axis_and_the_arrows_move_it(tab, dataset):
    look(tab, "cube")
    pick(tab, dataset, "across", 3, 5)
    pick(tab, dataset, "up", 4, 2)
    has_axes(tab, pixel(dataset, 3, 5), pixel(dataset, 4, 2))
    tab.page.locator("#pick-up").focus()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.keyboard.press("ArrowUp")
    has_axes(tab, pixel(dataset, 3, 5), pixel(dataset, 3, 3))
    expect(tab.page.locator(".picker.up figcaption")).to_contain_text("p 3,3")
    tab.page.keyboard.press("Control+z")
    has_axes(tab, pixel(dataset, 3, 5), pixel(dataset, 3, 2))


@ON_BOTH
def test_the_corners_are_counted_on_what_is_shown(tab, dataset):
    across, up = axes(tab)
    middle = sum(dataset.value_range) / 2
    rows = min(500, len(dataset))
    high = dataset.X[:rows, up] >= middle
    right = dataset.X[:rows, across] >= middle
    counts = [int((side & other).sum()) for side in (high, ~high) for other in (~right, right)]
    cells = tab.page.locator("#corners .corner-count")
    until(lambda: [int(text.replace(",", "")) for text in cells.all_inner_texts()] == counts)


@ON_BOTH
def test_a_dot_of_all_rows_shows_its_own_image_on_both_axes(tab, dataset):
    tab.page.locator("input[name=cube-rows]").last.evaluate("box => box.click()")
    # two pixels that are grey in many images
    spread = (dataset.value_range[0] < dataset.X) & (dataset.value_range[1] > dataset.X)
    order = np.argsort(-spread.sum(0))
    height, width = dataset.image_shape
    for way, index in (("across", order[0]), ("up", order[1])):
        pick(tab, dataset, way, index % width, height - 1 - index // width)
    across, up = order[:2]
    has_axes(tab, across, up)
    box = painted(tab, "cube", len(dataset))
    low, high = dataset.value_range
    values = (dataset.X[:, [across, up]].astype(float) - low) / (high - low)
    inside = np.flatnonzero(((values > 0) & (values < 1)).all(1))
    if len(dataset) < 5000:  # few values, and many rows at each: the dots that stand alone at theirs
        _, first, count = np.unique(values[inside], axis=0, return_index=True, return_counts=True)
        inside = inside[first[count == 1]]
    x, y = ((values[inside] + 0.07) / 1.14).T
    row, place = lonely(x, y, inside, box)
    tab.page.mouse.move(*place)
    for way in ("across", "up"):
        tab.page.wait_for_selector(f"#image-{way}[data-row='{row}']")
        assert np.array_equal(tab.shown_image(f"#image-{way}"), ink(dataset, row))
    tab.page.mouse.click(*place)
    expect(tab.page.locator("#pinned")).to_have_attribute("data-row", str(row))
    tab.page.keyboard.press("Escape")


@ON_BOTH
def test_c5_the_links_of_the_text_set_the_printed_axes_and_say_whether_it_is_so(tab, dataset):
    links = tab.page.locator("[data-lesson]")
    if dataset.image_shape != (28, 28):
        assert links.count() == 0
        return
    tab.page.locator("input[name=cube-rows]").first.evaluate("box => box.click()")
    for name, (across, up) in LESSONS.items():
        tab.page.locator(f"[data-lesson='{name}']").click()
        has_axes(tab, pixel(dataset, *across), pixel(dataset, *up))
        checks = tab.page.locator(f".lesson.now:has([data-lesson='{name}']) .verdict")
        until(lambda checks=checks: checks.count() > 0)
        until(lambda checks=checks: all(check.get_attribute("data-holds") == "true" for check in checks.all()))
    tab.page.locator("[data-lesson='7,12']").click()
    now = tab.page.locator(".lesson.now")
    expect(now).to_contain_text("63 % of 48")
    expect(now).to_contain_text("22 % of 181")


def test_a_lasso_selects_the_same_rows_everywhere_and_the_address_brings_the_view_back(tab, dataset):
    box = look(tab, "components")
    box = painted(tab, "components", len(dataset))
    found = components(dataset.X, 2)
    x, y = (fitted(found.scores[:, axis]) for axis in (0, 1))
    corners = np.array([(0.3, 0.3), (0.3, 0.6), (0.6, 0.6), (0.6, 0.3)])
    places = [(box["x"] + a * box["width"], box["y"] + (1 - b) * box["height"]) for a, b in corners]
    tab.page.keyboard.down("Shift")
    tab.page.mouse.move(*places[0])
    tab.page.mouse.down()
    for place in places[1:]:
        tab.page.mouse.move(*place, steps=4)
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")
    inside = int(((x > 0.3) & (x < 0.6) & (y > 0.3) & (y < 0.6)).sum())
    tab.page.wait_for_selector("#components:not([data-selected='0'])")
    selected = tab.page.locator("#components").get_attribute("data-selected")
    assert int(selected) == pytest.approx(inside, rel=0.02)
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#components")).to_have_attribute("data-selected", "0")
    tab.page.select_option("#component-up", "2")
    until(lambda: "components=1_3_20" in tab.page.evaluate("location.hash"))
    tab.page.reload()
    painted(tab, "components", len(dataset))
    expect(tab.page.locator("#component-up")).to_have_value("2")
    tab.page.select_option("#component-up", "1")


def fitted(values):
    """Where values stand on an axis that is fitted to them."""
    low, high = float(values.min()), float(values.max())
    margin = 0.03 * (high - low)
    return (values - low + margin) / (high - low + 2 * margin)


@ON_BOTH
def test_c6_a_dot_lays_its_image_under_both_components(tab, dataset):
    look(tab, "components")
    painted(tab, "components", len(dataset))
    found = components(dataset.X, 2)
    tab.page.mouse.move(5, 5)
    expect(tab.page.locator("#components-readout")).to_have_count(0)
    tab.page.wait_for_selector("#weights-across[data-row='']")
    bare = tab.shown_image("#weights-across", 3).astype(int)
    weights = found.components[0].reshape(dataset.image_shape)
    red, blue = bare[..., 0] - bare[..., 2] > 8, bare[..., 2] - bare[..., 0] > 8
    strong = np.abs(weights) > 0.25 * np.abs(weights).max()
    assert (blue[strong] == (weights[strong] > 0)).all()
    assert (red[strong] == (weights[strong] < 0)).all()
    assert (bare[np.abs(weights) < 1e-9] == 255).all(), "zero is paper"
    box = tab.page.locator("#components").bounding_box()
    row, place = lonely(fitted(found.scores[:, 0]), fitted(found.scores[:, 1]), np.arange(len(dataset)), box)
    tab.page.mouse.move(*place)
    tab.page.wait_for_selector(f"#weights-across[data-row='{row}']")
    darker = bare.sum(2) - tab.shown_image("#weights-across", 3).astype(int).sum(2)
    assert np.corrcoef(darker.ravel(), dataset.X[row].astype(float))[0, 1] > 0.75
    expect(tab.page.locator("#components-readout")).to_contain_text(f"#{row}")


def test_d14_the_error_of_an_image_from_few_components_is_that_of_the_summary(tab, dataset):
    tab.page.mouse.move(5, 5)
    k = min(50, dataset.X.shape[1])
    table = snowdome.explore(dataset, "reconstruction", count=k, images=1)
    (instance,) = set(table["instance"])
    assert instance == 1, "with no dot pointed at, the first image is put together"
    slider = tab.page.locator("#kept-components")
    for kept, error in zip(table["components"], table["mse"], strict=True):
        slider.fill(str(kept))
        told = until(
            lambda kept=kept: tab.page.locator(f"#rebuilt[data-row='0'][data-kept='{kept}']").get_attribute(
                "data-error"
            )
        )
        assert float(told) == pytest.approx(error, rel=1e-4)
    share = snowdome.explore(dataset, "components", count=k)["cumulative"][k - 1]
    expect(tab.page.locator("#variance")).to_contain_text(f"{100 * share:.1f} %")
