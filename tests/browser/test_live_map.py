"""The main job: open, see PCA, watch t-SNE form, look at images, pause, start again.

On MNIST; on the digits what asks for several maps that are seen to their ends.
"""

import hashlib
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

LIVE = 2  # the run that is there from the start, after the picture


@pytest.fixture(scope="module")
def tab(browser, live_app):
    tab = Tab(browser, live_app)
    yield tab
    tab.close()


def digest(positions):
    return hashlib.sha256(np.ascontiguousarray(positions).tobytes()).hexdigest()


def known_row(tab, run, dataset):
    """A row whose dot has no other near it on the screen, away from the borders."""
    from scipy.spatial import cKDTree

    positions = tab.positions(run)
    gap = cKDTree(positions).query(positions, 2)[0][:, 1] * tab.camera_at_rest()["zoom"]
    for row in np.argsort(-gap):
        x, y = tab.pixel(positions[row])
        box = tab.page.locator("#map").bounding_box()
        if 200 < x < box["width"] - 200 and box["y"] + 180 < y < box["y"] + box["height"] - 120 and row > 5:
            return int(row), (x, y)
    raise AssertionError("no lonely dot")


def test_first_a_picture_of_all_images_then_the_live_map_to_its_end(tab, dataset):
    first = tab.wait(lambda f: f.get("ready") == "true")
    assert first["n"] == str(len(dataset))
    expect(tab.page.locator("#status")).to_contain_text(f"{len(dataset):,} of {len(dataset):,} shown")
    tab.wait(lambda f: f.get("run") == str(LIVE) and int(f["step"]) > 0, 300)
    last = tab.wait(lambda f: ended(LIVE)(f) and f["step"] == "750", 600)  # that it is done is told before that comes
    assert int(last["frames"]) >= 30
    assert last["drawn"] == str(len(dataset))
    session = tab.session()
    costs = next(c for c in session["costs"] if c["run"] == LIVE)
    expected = sorted({*range(0, 750, 10), 249, 749, 750})
    assert costs["steps"] == expected, "every value of the cost, also where frames were skipped"
    until(lambda: tab.page.locator("#cost").get_attribute("data-values") == str(len(expected)))
    assert costs["costs"][-1] < costs["costs"][0]


@pytest.mark.parametrize("dataset", ["digits"], indirect=True, scope="module")
def test_the_map_is_the_one_of_the_library(tab, dataset):
    """How a run in the app differs from one in the library does not depend on how many rows there are."""
    import snowdome

    tab.wait(ended(LIVE), 300)
    assert digest(tab.positions(LIVE)) == digest(snowdome.TSNE(random_state=0).fit_transform(dataset.X))


def test_every_dot_shows_its_own_image(tab, dataset):
    tab.wait(ended(LIVE), 300)
    tab.page.click("#fit", force=True)
    row, (x, y) = known_row(tab, LIVE, dataset)
    tab.page.mouse.move(x + 40, y + 40)
    tab.page.mouse.move(x, y, steps=4)
    tab.wait(lambda f: f["hover"] == str(row))
    card = tab.page.locator("#hover-card")
    until(lambda: tab.page.locator("#hover-card canvas").get_attribute("data-row") == str(row))
    low, high = dataset.value_range
    ink = np.rint((dataset[row].image.astype(float) - low) / (high - low) * 255)
    np.testing.assert_array_equal(tab.shown_image(), 255 - ink)  # ink on paper in the light theme
    assert dataset.classes[dataset.y[row]] in card.inner_text()
    assert f"#{row}" in card.inner_text()
    box = card.bounding_box()
    assert box["y"] + box["height"] <= y or box["y"] >= y, "the card is never under the pointer"
    tab.page.mouse.move(5, 5)
    until(lambda: card.count() == 0)


def test_the_legend_switches_classes_off_and_on(tab, dataset):
    tab.wait(ended(LIVE), 300)
    counts = np.bincount(dataset.y)
    boxes = tab.page.locator("#legend input[type=checkbox]")
    expect(boxes).to_have_count(len(dataset.classes))
    boxes.nth(3).click()
    tab.wait(lambda f: f["shown"] == str(len(dataset) - counts[3]))
    expect(tab.page.locator("#status")).to_contain_text(f"{len(dataset) - counts[3]:,} of {len(dataset):,} shown")
    boxes.nth(3).click()
    tab.wait(lambda f: f["shown"] == str(len(dataset)))
    tab.page.locator("#legend label").nth(1).dblclick()
    tab.wait(lambda f: f["shown"] == str(counts[1]))
    tab.page.locator("#legend label").nth(1).dblclick()
    tab.wait(lambda f: f["shown"] == str(len(dataset)))


def test_wheel_zooms_to_the_pointer_drag_pans_and_a_button_fits(tab):
    tab.wait(ended(LIVE), 300)
    tab.page.click("#fit", force=True)
    before = tab.camera_at_rest()
    box = tab.page.locator("#map").bounding_box()
    x, y = round(box["x"] + 300), round(box["y"] + 250)  # a wheel's event knows whole pixels only
    place = tab.place((x, y))
    tab.page.mouse.move(x, y)
    for _ in range(5):
        farther = tab.camera()["zoom"]
        tab.page.mouse.wheel(0, -240)
        until(lambda farther=farther: tab.camera()["zoom"] > 1.3 * farther)
    zoomed = tab.camera_at_rest()
    assert np.hypot(*np.subtract(tab.pixel(place), (x, y))) < 3, "the point under the pointer stays there"
    tab.page.mouse.down()
    tab.page.mouse.move(x + 120, y + 40, steps=6)
    tab.page.mouse.up()
    until(lambda: abs((zoomed["x"] - tab.camera()["x"]) * zoomed["zoom"] - 120) < 4)
    tab.page.click("#fit")
    until(lambda: abs(tab.camera()["zoom"] / before["zoom"] - 1) < 0.01)


def test_the_way_back_through_the_frames_that_were_seen(tab):
    last = tab.wait(ended(LIVE), 300)["step"]
    tab.page.locator("#scrub").focus()
    tab.page.keyboard.press("Home")
    tab.wait(lambda f: int(f["step"]) < int(last))
    expect(tab.page.locator("#scrub-newest")).to_be_visible()
    tab.page.locator("#scrub-newest").click()
    tab.wait(lambda f: f["step"] == last)


@pytest.mark.parametrize("dataset", ["digits"], indirect=True, scope="module")
def test_the_same_seed_gives_the_same_map_also_when_it_is_paused_on_the_way(tab):
    """How the end of a run depends on a pause does not depend on how many rows there are."""
    tab.wait(ended(LIVE), 300)
    before = digest(tab.positions(LIVE))
    again = tab.hold()
    step = int(tab.facts()["step"])
    time.sleep(0.5)
    assert int(tab.facts()["step"]) == step, "nothing moves while it is paused"
    tab.page.click("#step")
    tab.wait(lambda f: int(f["step"]) == step + 1)
    expect(tab.page.locator("#progress")).to_contain_text(f"step {step + 1}/750")  # told with that it is paused again
    tab.wait(lambda f: f["status"] == "paused")
    tab.page.click("#play")
    tab.wait(ended(again), 300)
    assert digest(tab.positions(again)) == before


@pytest.mark.parametrize("dataset", ["digits"], indirect=True, scope="module")
def test_another_seed_is_typed_and_gives_another_map(tab):
    run = int(tab.wait(lambda f: int(f.get("run") or 0) >= LIVE and f["status"] == "done", 300)["run"])
    before = tab.positions(run)
    tab.page.fill("#seed", "17")
    tab.page.press("#seed", "Enter")
    other = int(tab.wait(lambda f: int(f["run"]) > run and int(f["step"]) > 30)["run"])
    assert next(r for r in tab.session()["runs"] if r["id"] == other)["seed"] == 17
    assert not np.array_equal(tab.positions(other), before)
    tab.page.fill("#seed", "seventeen")
    tab.page.press("#seed", "Enter")
    until(lambda: "seed" in tab.page.inner_text("#messages").lower())
