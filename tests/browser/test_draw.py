"""Draw: strokes by a real mouse and by keys, a rendered photo that is dropped; on the real MNIST."""

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect

from .driver import Tab, until


@pytest.fixture(scope="module")
def tab(browser, mnist_app):
    """One tab for all of them, on MNIST, at the view."""
    tab = Tab(browser, mnist_app)
    tab.wait(lambda facts: int(facts["frames"]) > 0)
    tab.page.click("#rail [data-view=draw]")
    tab.page.wait_for_selector("#pad")
    yield tab
    tab.close()


@pytest.fixture
def clean(tab):
    """The sheet, empty."""
    if tab.page.locator("#back-to-sheet").count():
        tab.page.click("#back-to-sheet")
    tab.page.focus("#pad")
    tab.page.keyboard.press("Delete")
    has_strokes(tab, 0)
    expect(tab.page.locator("#taken")).to_have_count(0)
    return tab


def strokes(tab):
    """How many there are on the sheet."""
    return tab.page.get_attribute("#pad", "data-strokes")


def has_strokes(tab, count):
    expect(tab.page.locator("#pad")).to_have_attribute("data-strokes", str(count))


def stroke(tab, points):
    """A stroke with the mouse along points, in shares of the sheet."""
    box = tab.page.locator("#pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    tab.page.mouse.move(*places[0])
    tab.page.mouse.down()
    for place in places[1:]:
        tab.page.mouse.move(*place, steps=4)
    tab.page.mouse.up()


ANGLES = np.linspace(0, 2 * np.pi, 24)
ZERO = [(0.5 + 0.22 * np.sin(at), 0.5 - 0.36 * np.cos(at)) for at in ANGLES]
ONE = [(0.5, 0.12), (0.5, 0.88)]
SEVEN = [(0.25, 0.18), (0.75, 0.18), (0.45, 0.88)]


def taken(tab):
    """The class that the drawing is taken for."""
    found = tab.page.locator("#taken")
    return found.get_attribute("data-label") if found.count() else None


@pytest.mark.parametrize(("points", "digit"), [(ZERO, "0"), (ONE, "1"), (SEVEN, "7")], ids="017")
def test_what_is_drawn_is_known(clean, points, digit):
    tab = clean
    stroke(tab, points)
    until(lambda: taken(tab) == digit)
    expect(tab.page.locator("#shares li")).to_have_count(10)
    expect(tab.page.locator("#like-drawing button")).to_have_count(10)
    places = until(lambda: tab.page.get_attribute("#draw-map", "data-place")).split()
    assert len(places) in (2, 3)
    made = tab.shown_image("#made")
    assert made.shape == (28, 28)
    ink = 255 - made.astype(float)  # the light theme: dark ink
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert 13.4 <= ink.sum(1) @ np.arange(28) / ink.sum() <= 14.6


def test_it_is_followed_while_one_draws(clean):
    """The answer changes before the pen is lifted."""
    tab = clean
    box = tab.page.locator("#pad").bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ZERO]
    tab.page.mouse.move(*at[0])
    tab.page.mouse.down()
    tab.page.mouse.move(*at[6], steps=4)
    first = until(lambda: tab.page.get_attribute("#draw-map", "data-place"))
    for place in at[7:]:
        tab.page.mouse.move(*place, steps=2)
    until(lambda: taken(tab) == "0" and tab.page.get_attribute("#draw-map", "data-place") != first)
    assert strokes(tab) == "0", "the pen is down still"
    tab.page.mouse.up()
    has_strokes(tab, 1)


def test_strokes_are_taken_back_and_stand_in_the_address(clean):
    tab = clean
    stroke(tab, ONE)
    stroke(tab, [(0.2, 0.5), (0.8, 0.5)])
    has_strokes(tab, 2)
    tab.page.click("#take-back")
    has_strokes(tab, 1)
    tab.page.keyboard.press("Control+z")  # taking back is undone as anything else
    has_strokes(tab, 2)
    tab.page.keyboard.press("Control+z")
    tab.page.keyboard.press("Control+z")
    has_strokes(tab, 0)
    tab.page.keyboard.press("Control+Shift+z")
    until(lambda: "drawing=22_" in tab.page.evaluate("location.hash"))
    tab.page.reload()
    until(lambda: taken(tab) == "1")


def test_it_is_drawn_with_keys(clean):
    tab = clean
    tab.page.focus("#pad")
    for key in ["ArrowUp"] * 10 + [" "] + ["ArrowDown"] * 20 + [" "]:
        tab.page.keyboard.press(key)
    has_strokes(tab, 1)
    until(lambda: taken(tab) == "1")
    tab.page.keyboard.press("Backspace")
    has_strokes(tab, 0)


def photo_of(text):
    """Dark digits on paper, in a light that falls off, as the bytes of a PNG."""
    image = Image.new("L", (640, 300), 0)
    font = ImageFont.load_default(150)
    ImageDraw.Draw(image).text((320, 150), text, fill=255, font=font, anchor="mm", stroke_width=4)
    ink = np.asarray(image) / 255
    paper = 230 - 60 * np.linspace(0, 1, 640)[None]
    file = io.BytesIO()
    Image.fromarray((paper * (1 - 0.85 * ink)).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_a_photo_that_is_dropped_is_read(clean):
    tab = clean
    tab.page.evaluate(
        """([name, content]) => {
            const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name, { type: "image/png" }));
            const how = { dataTransfer: carried, bubbles: true, cancelable: true };
            document.querySelector("#pad").dispatchEvent(new DragEvent("drop", how));
        }""",
        ["page.png", base64.b64encode(photo_of("3 0 7 2")).decode()],
    )
    expect(tab.page.locator("#photo-reads")).to_have_text("3 0 7 2")
    frames = tab.page.locator(".photo-digit")
    expect(frames).to_have_count(4)
    frames.nth(2).click()
    until(lambda: taken(tab) == "7")
    expect(tab.page.locator("#like-drawing button")).to_have_count(10)
    assert tab.page.locator("#open-dialog").count() == 0, "it was not opened as data"
    tab.page.locator("#like-drawing button").first.click()
    tab.page.wait_for_selector("#pinned")


def test_what_is_no_photo_says_so(clean):
    tab = clean
    files = {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture"}
    with tab.page.expect_console_message(lambda said: said.text.startswith("Failed to load resource")):
        tab.page.set_input_files("#photo-file", files)
    expect(tab.page.locator("#draw-problem")).to_contain_text("notes.png")
    assert tab.faults.pop().startswith("Failed to load resource"), "the browser reports the refusal"
