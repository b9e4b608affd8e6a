"""Fingers on the map: one pans, two zoom and pan, a tap keeps the image and shows it; on all of MNIST.

How they turn a map of three dimensions is in test_space.py.
"""

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.spatial import cKDTree

from .driver import Tab, until


class Fingers:
    """What a hand does on a touch screen, as the browser's own input."""

    def __init__(self, tab):
        self._session = tab.context.new_cdp_session(tab.page)

    def _send(self, kind, points):
        touches = [{"x": float(x), "y": float(y), "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, starts, ends, steps=6):
        """Put a finger on each start, move each to its end, and lift all."""
        starts, ends = np.array(starts, float), np.array(ends, float)
        for count in range(1, len(starts) + 1):
            self._send("touchStart", starts[:count])
        for step in range(1, steps + 1):
            self._send("touchMove", starts + (ends - starts) * step / steps)
        self._send("touchEnd", [])

    def tap(self, place):
        self._send("touchStart", [place])
        self._send("touchEnd", [])


@pytest.fixture(scope="module")
def tab(browser, mnist_app):
    tab = Tab(browser, mnist_app, touch=True)
    tab.wait(lambda f: f.get("ready") == "true" and f["still"] == "true")
    tab.fingers = Fingers(tab)
    yield tab
    tab.close()


@pytest.fixture(autouse=True)
def whole(tab):
    """The whole map is seen, and nothing is selected or kept."""
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("f")
    tab.camera_at_rest()


def by(place, across, down):
    """The place that lies so many pixels from another."""
    return np.add(place, (across, down))


def dots(tab):
    """Where on the page they all are, (n, 2)."""
    return tab.pixels(tab.positions(int(tab.facts()["run"])))[:, :2]


def middle(tab):
    box = tab.page.locator("#map").bounding_box()
    return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def test_one_finger_pans_a_flat_map(tab):
    at, before = middle(tab), tab.camera()
    place = tab.place(tuple(at))
    tab.fingers.drag([at], [by(at, 90, -50)])
    tab.camera_at_rest()
    assert np.allclose(tab.pixel(place), by(at, 90, -50), atol=4)
    assert tab.camera()["zoom"] == before["zoom"]
    assert tab.facts()["pinned"] == "", "a drag keeps nothing"


def test_two_fingers_zoom_and_pan(tab):
    at, before = middle(tab), tab.camera()
    places = [tab.place(tuple(at + way)) for way in ([-60, 0], [60, 0])]
    ends = [by(at, -100, 40), by(at, 140, 40)]
    tab.fingers.drag([by(at, -60, 0), by(at, 60, 0)], ends)
    after = tab.camera_at_rest()
    assert after["zoom"] == pytest.approx(2 * before["zoom"], rel=0.05)
    for place, end in zip(places, ends, strict=True):
        assert np.allclose(tab.pixel(place), end, atol=8), "what was under a finger stays under it"
    assert tab.facts()["pinned"] == ""
    assert tab.facts()["hover"] == ""


def test_a_tap_keeps_the_image_and_its_card_stays(tab, mnist):
    seen = dots(tab)
    apart = np.hypot(*(seen - middle(tab)).T)
    row = int(apart.argmin())
    tab.fingers.tap(seen[row])
    kept = int(tab.wait(lambda f: f["pinned"] != "" and f["hover"] == f["pinned"])["pinned"])
    assert np.hypot(*(seen[kept] - seen[row])) < 2
    until(lambda: tab.page.get_attribute("#hover-card canvas", "data-row") == str(kept))
    np.testing.assert_array_equal(tab.shown_image(), 255 - mnist.X[kept].reshape(28, 28))
    expect(tab.page.locator("#pinned")).to_have_attribute("data-row", str(kept))
    tab.fingers.tap(middle(tab) + _far(tab, seen))
    tab.wait(lambda f: f["pinned"] == "" and f["hover"] == "")


def _far(tab, seen):
    """The way from the middle to a place on the map that is far from all dots."""
    at = middle(tab)
    ways = [np.array([x, y]) for x in range(-400, 401, 20) for y in range(-200, 201, 20)]
    away, _ = cKDTree(seen).query(at + ways)
    return ways[int(away.argmax())]


def test_the_lasso_is_drawn_by_one_finger_once_it_is_taken_up(tab):
    tab.page.locator("#lasso-button").tap()
    expect(tab.page.locator("#lasso-button")).to_have_attribute("aria-pressed", "true")
    before, at = tab.camera(), middle(tab)
    seen = dots(tab)
    corners = [at + way for way in ([-120, -90], [120, -90], [120, 90], [-120, 90])]
    send = tab.fingers._send
    send("touchStart", [corners[0]])
    for corner in corners[1:]:
        send("touchMove", [corner])
    send("touchEnd", [])
    inside = (np.abs(seen - at) < [120, 90]).all(1).sum()
    edge = (np.abs(np.abs(seen - at) - [120, 90]) < 1.5).any(1).sum()
    tab.wait(lambda f: f["selected"] != "0" and abs(int(f["selected"]) - inside) <= edge)
    assert tab.camera() == before
    tab.page.keyboard.press("Escape")
