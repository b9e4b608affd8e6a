"""Maps of three dimensions: turned like a ball, seen in depth, and every dot shows its own image; C15.

On the first images of MNIST, and one on all of them.
"""

import json
import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import START, Tab, ended, until


def start(tab, dims):
    """Another PCA of so many dimensions, which this tab then shows; its number."""
    last = tab.page.evaluate(START, {"n_components": dims})
    tab.wait(ended(last))
    assert tab.facts()["dim"] == str(dims)
    tab.camera_at_rest()
    return last


@pytest.fixture(scope="module")
def tab(browser, own_few_app):
    tab = Tab(browser, own_few_app)
    tab.wait(lambda f: f.get("ready") == "true")
    yield tab
    tab.close()


@pytest.fixture
def space(tab):
    """The tab with a map of three dimensions, as it is seen at first."""
    if tab.facts()["dim"] == "2":
        tab.run = start(tab, 3)
    tab.page.emulate_media(reduced_motion="no-preference")
    tab.page.keyboard.press("f")
    tab.camera_at_rest()
    return tab


def turn_between(one, other):
    """The angle between two orientations, in degrees."""
    cosine = abs(float(np.dot(one["orientation"], other["orientation"])))
    return np.degrees(2 * np.arccos(min(1.0, cosine)))


# A hand that is quicker than the driver's, which waits for a picture after each move; what was seen as it let go.
THROWN = """async () => {
    const map = document.querySelector("#map");
    const box = map.getBoundingClientRect();
    const fire = (type, step) => map.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, pointerType: "mouse", isPrimary: true, bubbles: true, button: 0, buttons: 1,
        clientX: box.left + box.width / 2 + 18 * step, clientY: box.top + box.height / 2 + 6 * step,
    }));
    fire("pointerdown", 0);
    for (let step = 1; step <= 5; step++) {
        await new Promise((done) => setTimeout(done, 8));
        fire("pointermove", step);
    }
    fire("pointerup", 5);  // at once: after a picture that takes long the hand would have rested
    await new Promise(requestAnimationFrame);
    return map.dataset.camera;
}"""


def drag(tab, way, button="left", hold=0.2):
    """Drag from the middle of the stage; the hand rests before it lets go, so that nothing is thrown."""
    box = tab.page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.page.mouse.move(x, y)
    tab.page.mouse.down(button=button)
    tab.page.mouse.move(x + way[0], y + way[1], steps=5)
    time.sleep(hold)
    tab.page.mouse.up(button=button)


def test_dragging_turns_it_and_how_to_is_said_once(space):
    hint = space.page.locator("#orientation p")
    expect(hint).to_contain_text("Drag rotates")
    axes = space.page.locator("#orientation svg").inner_html()
    before, facts = space.camera(), space.facts()
    drag(space, (150, 0))
    until(lambda: turn_between(before, space.camera()) > 30)
    after = space.camera_at_rest()
    assert turn_between(before, after) == pytest.approx(180 * 150 / min(after["width"], after["height"]), abs=3)
    for name in ("x", "y", "z", "zoom"):
        assert after[name] == before[name], "a turned map is still the whole map"
    assert int(space.facts()["draws"]) > int(facts["draws"])
    expect(hint).to_have_count(0)
    until(lambda: space.page.locator("#orientation svg").inner_html() != axes)
    space.page.reload()
    space.page.wait_for_selector("#map[data-frames]")
    space.wait(lambda f: f.get("dim") == "3")
    expect(space.page.locator("#orientation svg")).to_have_count(1)
    expect(space.page.locator("#orientation p")).to_have_count(0)


def test_the_picture_file_and_the_app_begin_from_the_same_side(space):
    from snowdome.chart.projection import seen

    positions = space.positions(space.run)
    pixels = space.pixels(positions)
    found = seen(positions)
    for axis, sign in ((0, 1), (1, -1)):
        slope, _ = np.polyfit(found.places[:, axis], pixels[:, axis], 1)
        assert sign * slope > 0
        assert np.corrcoef(found.places[:, axis], pixels[:, axis])[0, 1] ** 2 > 0.999
    box = space.page.locator("#map").bounding_box()
    assert (pixels[:, 0] > box["x"]).all()
    assert (pixels[:, 0] < box["x"] + box["width"]).all()
    assert (pixels[:, 1] > box["y"]).all()
    assert (pixels[:, 1] < box["y"] + box["height"]).all()


def in_front(pixels, radius):
    """The rows with nothing in front of them within so many pixels."""
    x, y, near = pixels.T
    covered = (np.hypot(x[:, None] - x, y[:, None] - y) < radius) & (near > near[:, None])
    return [int(row) for row in np.flatnonzero(~covered.any(1))]


def test_the_foremost_of_the_dots_under_the_pointer_shows_its_own_image(space, few):
    pixels = space.pixels(space.positions(space.run))
    covering = []
    for row in in_front(pixels, 12):
        x, y, near = pixels[row]
        away = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
        if ((away < 3) & (pixels[:, 2] < near)).any():
            covering.append(row)  # there is something behind it that could be meant
    assert len(covering) >= 5
    for row in covering[:: len(covering) // 5]:
        x, y, _ = pixels[row]
        space.page.mouse.move(x + 30, y - 30)
        space.page.mouse.move(x, y, steps=3)
        space.wait(lambda f, row=row: f["hover"] == str(row))
        until(lambda row=row: space.page.locator("#hover-card canvas").get_attribute("data-row") == str(row))
        np.testing.assert_array_equal(space.shown_image(), 255 - few.X[row].reshape(28, 28))


def test_a_label_never_stands_beside_the_image_of_another_row(space, few):
    """While an image is on its way the card is empty, not what it was before."""
    space.page.mouse.move(2, 2)
    space.page.reload()  # so that no image is here yet: on its way the pointer may have met any
    space.page.wait_for_selector("#map[data-frames]")
    space.wait(ended(space.run))
    space.camera_at_rest()
    pixels = space.pixels(space.positions(space.run))
    foremost = np.argsort(-pixels[:, 2])[:60]
    first, second = [row for row in in_front(pixels, 14) if row in foremost][-2:]
    x, y, _ = pixels[first]
    space.page.mouse.move(x, y)
    space.wait(lambda f: f["hover"] == str(first))
    until(lambda: space.page.locator("#hover-card canvas").get_attribute("data-row") == str(first))
    held = []

    def hold(route):
        if held:  # taking the handler away while a request comes would let two answer it
            route.fallback()
        else:
            held.append(route)

    space.page.route("**/api/images", hold)
    x, y, _ = pixels[second]
    space.page.mouse.move(x, y)
    space.wait(lambda f: f["hover"] == str(second))
    until(lambda: space.facts() and held)  # asking the page also lets the request through to `hold`
    expect(space.page.locator("#hover-card")).to_have_attribute("data-row", str(second))
    assert space.page.locator("#hover-card canvas").get_attribute("data-row") is None
    assert not space.shown_image(channels=4).any(), "empty"
    held[0].continue_()
    until(lambda: space.page.locator("#hover-card canvas").get_attribute("data-row") == str(second))
    np.testing.assert_array_equal(space.shown_image(), 255 - few.X[second].reshape(28, 28))


def test_a_thrown_map_turns_on_and_comes_to_rest_but_not_where_less_motion_is_asked_for(space):
    def throw():
        let_go = json.loads(space.page.evaluate(THROWN))
        return turn_between(let_go, space.camera_at_rest())

    until(lambda: throw() > 1)  # where the next picture comes late, most of the throw is over by then
    space.page.emulate_media(reduced_motion="reduce")
    assert throw() < 0.5


def test_the_right_button_pans_the_wheel_zooms_and_a_double_click_resets(space):
    home = space.camera()
    drag(space, (80, -40), button="right")
    until(lambda: space.camera()["x"] != home["x"])
    panned = space.camera_at_rest()
    assert turn_between(home, panned) < 0.01
    centre = space.pixel(np.array([home[axis] for axis in "xyz"]))
    box = space.page.locator("#map").bounding_box()
    assert centre[0] - box["x"] - box["width"] / 2 == pytest.approx(80, abs=2)
    assert centre[1] - box["y"] - box["height"] / 2 == pytest.approx(-40, abs=2)
    space.page.mouse.wheel(0, -300)
    until(lambda: space.camera()["zoom"] > 1.5 * home["zoom"])
    drag(space, (100, 60))
    box = space.page.locator("#map").bounding_box()
    space.page.mouse.dblclick(box["x"] + 20, box["y"] + box["height"] / 2)
    until(lambda: turn_between(home, space.camera()) < 0.01)
    until(lambda: abs(space.camera_at_rest()["zoom"] / home["zoom"] - 1) < 1e-6)
    expect(space.page.locator("#fit")).to_be_disabled()


def test_the_keyboard_turns_and_resets_it(space):
    home = space.camera()
    space.page.focus("#map")
    space.page.keyboard.press("Shift+ArrowRight")
    until(lambda: turn_between(home, space.camera_at_rest()) > 5)
    expect(space.page.locator("#fit")).to_be_enabled()
    space.page.keyboard.press("Shift+ArrowLeft")
    until(lambda: turn_between(home, space.camera_at_rest()) < 0.01)
    space.page.keyboard.press("Shift+ArrowUp")
    space.page.keyboard.press("ArrowUp")
    until(lambda: space.camera()["y"] != home["y"])
    space.page.keyboard.press("f")
    until(lambda: turn_between(home, space.camera_at_rest()) < 0.01)


def test_two_fingers_zoom_and_one_turns(space):
    client = space.context.new_cdp_session(space.page)
    box = space.page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind, *points):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
            {"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]})  # fmt: skip

    home = space.camera()
    touch("touchStart", (x - 40, y), (x + 40, y))
    for step in range(1, 6):
        touch("touchMove", (x - 40 - 12 * step, y), (x + 40 + 12 * step, y))
    touch("touchEnd")
    until(lambda: space.camera()["zoom"] > 1.8 * home["zoom"])
    zoomed = space.camera_at_rest()
    assert turn_between(home, zoomed) < 0.01
    assert zoomed["zoom"] == pytest.approx(2.5 * home["zoom"], rel=0.05)
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x + 15 * step, y))
    touch("touchEnd")
    until(lambda: turn_between(home, space.camera()) > 10)


def test_coloured_by_how_far_it_can_be_believed_with_a_scale_of_numbers(space):
    space.page.select_option("#colour-by", "recall")
    scale = space.page.locator("#value-scale")
    until(lambda: scale.count() == 1 and scale.inner_text().split() == ["neighbours", "kept", "0", "0.5", "1"])
    values = np.frombuffer(space.fetch(f"api/runs/{space.run}/points/recall"), "<f4")
    assert 0 < values.min() + 0.01 < values.max() <= 1
    pixels = space.pixels(space.positions(space.run))
    free = sorted(in_front(pixels, 14), key=lambda row: values[row])
    light = {}
    for row in (free[0], free[-1]):
        x, y, _ = pixels[row]
        space.page.mouse.move(x + 30, y - 30)
        space.page.mouse.move(x, y, steps=3)
        space.wait(lambda f, row=row: f["hover"] == str(row))
        space.page.wait_for_selector(f"#hover-card[data-row='{row}']")
        colour = space.page.locator(".ring").first.evaluate("e => getComputedStyle(e).backgroundColor")
        light[row] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert values[free[0]] < values[free[-1]]
    assert light[free[0]] < light[free[-1]], "what is believed more is lighter"
    space.page.select_option("#colour-by", "class")
    expect(scale).to_have_count(0)


def test_from_two_to_three_dimensions_and_back_what_was_clicked_and_selected_stays(tab):
    flat = start(tab, 2)
    row = int(np.argmax(tab.positions(flat)[:, 0]))
    x, y = tab.pixel(tab.positions(flat)[row])
    tab.page.mouse.move(x + 30, y + 30)
    tab.page.mouse.move(x, y, steps=3)
    tab.wait(lambda f: f["hover"] == str(row))
    tab.page.mouse.click(x, y)
    tab.wait(lambda f: f["pinned"] == str(row))
    tab.page.keyboard.down("Control")
    lowest, highest = np.argsort(tab.positions(flat)[:, 1])[[0, -1]]
    for other in (lowest, highest):
        tab.page.mouse.click(*tab.pixel(tab.positions(flat)[other]))
    tab.page.keyboard.up("Control")
    tab.wait(lambda f: f["selected"] == "2")
    deep = start(tab, 3)
    facts = tab.wait(ended(deep))
    assert (facts["pinned"], facts["selected"]) == (str(row), "2")
    rows = "all => all.map(each => Number(each.dataset.row))"
    until(lambda: tab.page.locator("#selection canvas").evaluate_all(rows) == sorted((lowest, highest)))
    ring = tab.page.locator(".pinned-ring").bounding_box()
    x, y = tab.pixel(tab.positions(deep)[row])
    assert ring["x"] + ring["width"] / 2 == pytest.approx(x, abs=1.5)
    assert ring["y"] + ring["height"] / 2 == pytest.approx(y, abs=1.5)
    expect(tab.page.locator("#pinned")).to_contain_text("z ")
    tab.page.select_option("#runs", str(flat))
    tab.wait(ended(flat))
    camera = tab.camera_at_rest()
    assert (camera["dim"], camera["orientation"]) == (2, [0, 0, 0, 1])
    assert (tab.facts()["pinned"], tab.facts()["selected"]) == (str(row), "2")
    expect(tab.page.locator("#orientation")).to_have_count(0)


def test_70000_images_turn_smoothly_enough(browser, begun):
    with begun("mnist") as app:
        tab = Tab(browser, app)
        tab.wait(lambda f: f.get("ready") == "true")
        start(tab, 3)
        box = tab.page.locator("#map").bounding_box()
        x, y = box["x"] + 300, box["y"] + 300
        before = int(tab.facts()["draws"])
        tab.page.mouse.move(x, y)
        tab.page.mouse.down()
        began = time.monotonic()
        while int(tab.facts()["draws"]) < before + 10:
            assert time.monotonic() - began < 60, "ten pictures, without a GPU, on a machine that does other things"
            tab.page.mouse.move(x + 150 * np.sin(time.monotonic() - began), y)  # never beyond the window
        tab.page.mouse.up()
        tab.wait(lambda f: f["still"] == "true" and f["drawn"] == "70000")
        tab.close()
