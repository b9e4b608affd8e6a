"""What is seen in a view, saved: at twice its size with its legend, or as a vector graphic in which names are text."""

import base64
import io
import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from .driver import Tab, opened, until

SVG = "{http://www.w3.org/2000/svg}"
CLASSES = ('<b id=trap>&"bold"', "<svg onload=trap()>", "plain")
EDGE, TICKS = 16, 44  # round the drawing, and beside its plot


@pytest.fixture(scope="module")
def tab(browser, app):
    tab = Tab(browser, app)
    tab.wait(lambda facts: facts.get("ready") == "true" and facts["still"] == "true")
    yield tab
    tab.close()


def saved(tab, kind="png"):
    """The picture of the view as it is: (height, width, 3), or the root of the SVG; and its name."""
    with tab.page.expect_download() as download:
        tab.page.click("#save-view" if kind == "png" else "#save-view-svg")
    name = download.value.suggested_filename
    if kind == "svg":
        return ET.parse(download.value.path()).getroot(), name  # noqa: S314 - the page has written it
    with Image.open(download.value.path()) as image:
        return np.asarray(image.convert("RGB")).astype(int), name


def class_colours(tab):
    """Of the legend on the page: (classes, 3)."""
    program = "all => all.map(one => one.style.getPropertyValue('--colour'))"
    texts = tab.page.locator(".legend:visible input[type=checkbox]").evaluate_all(program)
    return np.array([[int(number) for number in re.findall(r"\d+", text)] for text in texts])


def counted(picture, colours):
    """How many pixels have each of the colours, all but exactly."""
    return np.array([(abs(picture - colour).max(axis=2) <= 3).sum() for colour in colours])


def box(tab, selector):
    return tab.page.locator(selector).bounding_box()


def written(root):
    return [element.text for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("dataset", ["mnist"], indirect=True)
def test_the_cube_is_saved_at_twice_its_size_in_the_colours_of_its_legend(tab, dataset):
    tab.look_at("cube")
    tab.page.wait_for_selector("#cube[data-still=true][data-rows='500']")
    picture, name = saved(tab)
    assert re.fullmatch(r"mnist-cube-p-7-12-across-p-18-15-up\.png", name)
    plot, image = box(tab, "#cube"), box(tab, "#image-up")
    left = EDGE + max(120, image["width"]) + EDGE + TICKS
    assert picture.shape[1] == round(2 * (left + plot["width"] + EDGE))
    assert picture.shape[0] > 2 * (plot["height"] + image["height"])
    colours = class_colours(tab)
    assert (counted(picture[-160:], colours) > 150).all(), "the legend below"
    dots = picture[: round(2 * (40 + plot["height"])), round(2 * left) :]
    shown = abs(dots[:, :, None] - (0.85 * colours + 0.15 * 255)[None, None]).max(axis=3) <= 4
    assert (shown.sum(axis=(0, 1)) > 20).all(), "dots of all classes, as opaque as on the page"


@pytest.mark.parametrize("dataset", ["mnist"], indirect=True)
def test_few_dots_are_marks_in_the_vector_graphic_and_many_are_pixels(tab, dataset):
    tab.look_at("cube")
    tab.page.wait_for_selector("#cube[data-still=true][data-rows='500']")
    tab.page.locator("#plot-legend label").nth(3).click()
    root, name = saved(tab, "svg")
    assert name.endswith(".svg")
    small = int((dataset.y[:500] != 3).sum())
    dots = [one for one in root.iter(f"{SVG}circle") if one.get("opacity")]
    assert len(dots) == small
    assert len(list(root.iter(f"{SVG}circle"))) == small + 9, "and nine classes in the legend"
    assert {"Two pixels as axes", "p 7,12 across", "p 18,15 up", "0", "255"} <= set(written(root))
    assert "the first 500 of 70,000" in root.findtext(f"{SVG}title")
    tab.page.locator("#plot-legend label").nth(3).click()
    tab.page.get_by_text("all 70,000", exact=True).click()
    tab.page.wait_for_selector("#cube[data-still=true][data-rows='70000']")
    root, _ = saved(tab, "svg")
    assert len(list(root.iter(f"{SVG}circle"))) == 10
    widths = []
    for one in root.iter(f"{SVG}image"):
        with Image.open(io.BytesIO(base64.b64decode(one.get("href").partition(",")[2]))) as pixels:
            widths.append((pixels.width, float(one.get("width"))))
    side = box(tab, "#cube")["width"]
    assert (round(2 * side), side) in widths
    tab.page.get_by_text("first 500", exact=True).click()


@pytest.mark.parametrize("dataset", ["mnist"], indirect=True)
def test_the_gallery_and_one_image_are_saved_with_the_values_of_the_data(tab, dataset):
    tab.look_at("gallery")
    picture = until(lambda: tab.page.locator("#gallery-picture").get_attribute("data-missing") == "0") and saved(tab)[0]
    facts = tab.page.locator("#gallery-picture").evaluate("canvas => ({...canvas.dataset})")
    grid = json.loads(facts["grid"])
    assert picture.shape[1] == round(2 * box(tab, "#gallery-picture")["width"])
    for row, column in ((0, 0), (grid["columns"] - 1, grid["columns"] - 1)):
        left, step = 2 * (grid["left"] + column * (grid["width"] + 8)), 2 * grid["width"] // 28
        seen = picture[24 : 24 + 2 * grid["height"] : step, left : left + 2 * grid["width"] : step, 0]
        assert np.array_equal(255 - seen.ravel(), dataset.X[row])
    tab.look_at("image")
    tab.page.wait_for_selector("#inspector-image[data-row='0']")
    root, name = saved(tab, "svg")
    assert name == "mnist-image-0.svg"
    numbers = [text for text in written(root) if re.fullmatch(r"\d{1,3}", text)]
    assert np.array_equal(np.array(numbers, int), dataset.X[0])
    greys = {one.get("fill") for one in root.iter(f"{SVG}rect")}
    assert {f"#{3 * f'{255 - value:02x}'}" for value in np.unique(dataset.X[0])} <= greys


@pytest.mark.parametrize("dataset", ["digits"], indirect=True)
def test_all_maps_of_compare_are_saved_with_their_names_and_one_legend(tab, dataset):
    tab.look_at("compare")
    stills = ".compare-area canvas[data-ready=true][data-still=true]"
    until(lambda: tab.page.locator(stills).count() == 2)
    grid = box(tab, ".compare-grid")
    picture, name = saved(tab)
    assert name == "digits-compare.png"
    assert abs(picture.shape[1] - 2 * grid["width"]) <= 1
    assert picture.shape[0] > 2 * grid["height"]
    colours = class_colours(tab)
    assert (counted(picture[round(2 * grid["height"]) :], colours) > 150).all(), "the legend below"
    for canvas in tab.page.locator(stills).all():
        area = canvas.bounding_box()
        top, left = 2 * (area["y"] - grid["y"]), 2 * (area["x"] - grid["x"])
        pane = picture[round(top) : round(top + 2 * area["height"]), round(left) : round(left + 2 * area["width"])]
        assert (pane.min(axis=2) < 200).mean() > 0.02, "dots"
        head = picture[round(top) - 50 : round(top) - 10, round(left) : round(left + area["width"])]
        assert (head.max(axis=2) < 120).sum() > 50, "its name above it"


@pytest.fixture(scope="module")
def trap(browser, tmp_path_factory):
    """A folder of images whose classes look like markup, and a model of them."""
    chance = np.random.default_rng(5)
    folder = tmp_path_factory.mktemp("saved") / "names"
    for code, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            level = 70 * code + chance.integers(0, 60, (6, 5))
            Image.fromarray(level.astype(np.uint8)).save(folder / name / f"{number:02}.png")
    with opened(str(folder)) as app:
        tab = Tab(browser, app)
        tab.wait(lambda facts: facts.get("ready") == "true")
        yield tab
        tab.close()


def test_names_are_text_in_a_vector_graphic(trap):
    """X-02: no name of a class becomes a part of the file."""
    trap.look_at("cube")
    trap.page.wait_for_selector("#cube[data-still=true]")
    legend, _ = saved(trap, "svg")
    assert set(CLASSES) <= set(written(legend))
    trap.train("centroid", 1)
    square, name = saved(trap, "svg")
    assert name == "names-confusion.svg"
    whole = [each for each in CLASSES if each in written(square)]
    cut = [
        text for text in written(square) if text.endswith("…") and any(each.startswith(text[:-1]) for each in CLASSES)
    ]
    assert len(whole) + len(set(cut)) == len(CLASSES)
    for root in (legend, square):
        marks = {"svg", "title", "rect", "circle", "path", "text", "image", "clipPath", "g"}
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= marks
        assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]
