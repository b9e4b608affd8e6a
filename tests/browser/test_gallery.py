"""The gallery, search and filters, the selection, and one image as numbers; features.md A0, B1-B12, C1-C3.

On MNIST; on the digits, too, what depends on how large an image is.
"""

import csv
import io
import json

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import expect

from .driver import Tab, until

GAP, MARGIN = 8, 12
COUNTS = "all => all.map(each => Number(each.dataset.count))"
ON_BOTH = pytest.mark.parametrize("dataset", ["mnist", "digits"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def tab(browser, app):
    tab = Tab(browser, app)
    tab.page.wait_for_selector("#search")
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def distances(dataset):
    import snowdome

    return snowdome.explore(dataset, "distance").sort("instance")["rms_distance"].to_numpy().astype(np.float32)


class Gallery:
    """The gallery of a tab, as its picture tells."""

    def __init__(self, tab):
        self.tab, self.page = tab, tab.page
        self.page.wait_for_selector("#gallery-picture[data-grid]")

    def facts(self):
        found = self.page.evaluate("({...document.querySelector('#gallery-picture').dataset})")
        return json.loads(found["grid"]) | {
            name: int(found[name]) for name in ("from", "to", "first", "missing", "top")
        }

    def whole(self, wanted=lambda facts: True):
        """Wait for a picture in which nothing is missing."""
        return until(lambda: (facts := self.facts())["missing"] == 0 and wanted(facts) and facts)

    def place(self, index):
        """Where an image stands in the stage: left, top."""
        facts = self.facts()
        line, column = divmod(index, facts["columns"])
        pitch = facts["height"] + facts["text"] + GAP
        return facts["left"] + column * (facts["width"] + GAP), MARGIN + line * pitch - facts["top"]

    def middle(self, index):
        """The same on the page, in its middle."""
        facts, (left, top), box = self.facts(), self.place(index), self.page.locator("#gallery").bounding_box()
        return box["x"] + left + facts["width"] / 2, box["y"] + top + facts["height"] / 2

    def click(self, index, *keys):
        for key in keys:
            self.page.keyboard.down(key)
        self.page.mouse.click(*self.middle(index))
        for key in keys:
            self.page.keyboard.up(key)

    def image(self, index, shape):
        """The image that is drawn there, a value for each of its pixels; None for what is no image."""
        facts, (left, top) = self.facts(), self.place(index)
        program = """([x, y, w, h]) => Array.from(document.querySelector("#gallery-picture").getContext("2d")
            .getImageData(x, y, w, h).data.filter((_, i) => i % 4 === 0))"""
        width, height = facts["width"], facts["height"]
        grey = np.array(self.page.evaluate(program, [left, top, width, height]), np.uint8).reshape(height, width)
        rows, columns = height // shape[0], width // shape[1]
        squares = (grey.reshape(shape[0], rows, shape[1], columns) == grey[::rows, None, ::columns, None]).all()
        return grey[::rows, ::columns] if squares else None

    def shows(self, rows, dataset, first=0):
        """Whether the images from `first` on are those rows', as dark ink on light paper."""
        if first == 0:
            self.whole(lambda facts: facts["from"] == 0 and facts["first"] == rows[0])
        for at, row in enumerate(rows):
            wanted = 255 - shades(dataset, row)
            until(lambda at=at, wanted=wanted: np.array_equal(self.image(first + at, dataset.image_shape), wanted))


def shades(dataset, row):
    low, high = dataset.value_range
    return (
        np.rint((dataset.X[row].astype(float) - low) * 255 / (high - low)).astype(np.uint8).reshape(dataset.image_shape)
    )


@pytest.fixture
def gallery(tab):
    """The gallery as it is at first."""
    tab.page.goto("about:blank")
    tab.page.goto(f"{tab.origin}/#view=gallery")
    return Gallery(tab)


def choose(tab, typed):
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type(typed)
    expect(tab.page.locator("#search-list [aria-selected=true]")).to_contain_text(typed)  # the columns may come late
    tab.page.keyboard.press("Enter")
    tab.page.evaluate("document.activeElement.blur()")


def count_selected(tab):
    found = tab.page.locator("#selection")
    return int(found.get_attribute("data-count")) if found.count() else 0


def saved(tab, kind):
    with tab.page.expect_download() as download:
        tab.page.click(f"#export-{kind}")
    return download.value.path().read_bytes()


@ON_BOTH
def test_b8_the_whole_set_scrolls_and_its_end_is_its_end(gallery, dataset):
    n = len(dataset)
    gallery.whole(lambda facts: facts["total"] == n)
    gallery.shows(range(4), dataset)
    gallery.page.focus("#gallery")
    gallery.page.keyboard.press("End")
    gallery.whole(lambda facts: facts["to"] == n)
    gallery.shows(range(n - 5, n - 1), dataset, n - 5)
    expect(gallery.page.locator("#status")).to_contain_text(f"{n:,} of {n:,} images")
    expect(gallery.page.locator("#gallery-cell")).to_have_text(f"#{n - 1}, {dataset.classes[dataset.y[-1]]}")
    gallery.page.evaluate(f"document.querySelector('#gallery').scrollTop = {gallery.facts()['top'] // 2}")
    facts = gallery.whole(lambda facts: facts["to"] < n)
    middle = facts["from"] + 2 * facts["columns"]
    gallery.shows(range(middle, middle + 3), dataset, middle)


def test_sorted_up_and_down_by_the_distance_to_the_centroid(gallery, dataset, distances):
    gallery.page.select_option("#gallery-sort", "distance")
    until(lambda: "sorted by distance, least first" in gallery.page.locator("#status").inner_text())
    least = np.argsort(distances, kind="stable")
    gallery.shows(least[:4], dataset)
    gallery.page.click("#gallery-down")
    until(lambda: "greatest first" in gallery.page.locator("#status").inner_text())
    gallery.shows(np.argsort(-distances, kind="stable")[:4], dataset)
    until(lambda: "down" in gallery.page.evaluate("location.hash"))
    gallery.page.reload()
    gallery.page.wait_for_selector("#gallery-picture[data-grid]")
    until(lambda: "greatest first" in gallery.page.locator("#status").inner_text())
    gallery.shows(np.argsort(-distances, kind="stable")[:2], dataset)


def test_a0_random_of_each_class_are_those_of_the_library(gallery, dataset):
    import snowdome

    gallery.page.select_option("#gallery-mode", "each")
    gallery.whole(lambda facts: facts["total"] == 100)
    expect(gallery.page.locator("#status")).to_contain_text("grouped by label")
    gallery.page.select_option("#gallery-group", "")
    rows = snowdome.explore(dataset, "gallery", each=10, seed=2018)["instance"].to_numpy() - 1
    gallery.shows(rows[:6], dataset)
    gallery.page.keyboard.press("Control+z")
    until(lambda: "grouped by label" in gallery.page.locator("#status").inner_text())


def test_filters_count_what_they_let_through_and_are_undone(gallery, tab, dataset, distances):
    gallery.whole()
    edge = float(np.round(np.quantile(distances, 0.9)))
    choose(tab, f"distance > {edge:g}")
    choose(tab, "3")
    kept = np.flatnonzero((distances > np.float32(edge)) & (dataset.y == dataset.classes.index("3")))
    until(lambda: tab.page.locator("#filtered").inner_text() == f"{len(kept):,} of {len(dataset):,}")
    gallery.whole(lambda facts: facts["total"] == len(kept))
    gallery.shows(kept[:4], dataset)
    expect(tab.page.locator(".chip")).to_have_text([f"distance > {edge:g}", "label = 3"])
    tab.page.keyboard.press("Control+z")
    tab.page.keyboard.press("Control+z")
    gallery.whole(lambda facts: facts["total"] == len(dataset))
    expect(tab.page.locator(".chip")).to_have_count(0)


def test_search_goes_to_an_image_and_keeps_it(gallery, tab, dataset):
    row = len(dataset) * 2 // 3
    gallery.whole()
    choose(tab, f"#{row}")
    tab.wait(lambda facts: facts["pinned"] == str(row))
    gallery.whole(lambda facts: facts["from"] <= row < facts["to"])
    gallery.shows([row], dataset, row)
    expect(tab.page.locator("#pinned .facts")).to_contain_text(f"#{row}")


def test_what_is_selected_comes_back_from_every_export(gallery, tab, dataset):
    facts = gallery.whole()
    (x0, y0), (x1, y1) = gallery.middle(1), gallery.middle(facts["columns"] + 3)
    tab.page.mouse.move(x0, y0)
    tab.page.mouse.down()
    tab.page.mouse.move((x0 + x1) / 2, y1, steps=3)
    tab.page.mouse.move(x1, y1, steps=3)
    tab.page.mouse.up()
    wanted = [1, 2, 3, *(facts["columns"] + np.arange(1, 4))]
    until(lambda: count_selected(tab) == 6)
    gallery.click(5, "Control")
    until(lambda: count_selected(tab) == 7)
    gallery.click(2, "Control")
    wanted = sorted({*wanted, 5} - {2})
    until(lambda: count_selected(tab) == 6 and "6 selected" in tab.page.locator("#status").inner_text())
    assert saved(tab, "ids").decode().split() == [str(dataset.id_of(row)) for row in wanted]
    table = list(csv.DictReader(io.StringIO(saved(tab, "csv").decode())))
    assert [(int(line["row"]), line["label"]) for line in table] == [(r, dataset.classes[dataset.y[r]]) for r in wanted]
    assert pl.read_parquet(saved(tab, "parquet"))["row"].to_list() == wanted
    assert saved(tab, "sheet").startswith(b"\x89PNG")
    tab.page.check("#gallery-only")
    gallery.whole(lambda facts: facts["total"] == 6)
    tab.page.keyboard.press("Escape")
    until(lambda: count_selected(tab) == 0)
    gallery.whole(lambda facts: facts["total"] == 0)
    expect(tab.page.locator("#gallery-empty")).to_contain_text("No images to show")
    tab.page.keyboard.press("Control+z")
    gallery.whole(lambda facts: facts["total"] == 6)


def test_keys_move_keep_and_select_a_range(gallery, tab, dataset):
    columns = gallery.whole()["columns"]
    tab.page.focus("#gallery")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):  # the first only shows where one is
        tab.page.keyboard.press(key)
    tab.wait(lambda facts: facts["pinned"] == str(columns + 1))
    tab.page.keyboard.press("Shift+ArrowRight")
    tab.page.keyboard.press("Shift+ArrowRight")
    until(lambda: count_selected(tab) == 3)
    tab.page.keyboard.press(" ")
    until(lambda: count_selected(tab) == 2)
    expect(tab.page.locator("#gallery-cell")).to_have_attribute("aria-selected", "false")
    tab.page.keyboard.press("Control+a")
    until(lambda: count_selected(tab) == len(dataset))


@ON_BOTH
def test_b6_c2_the_inspector_shows_the_numbers_of_the_data(tab, dataset):
    height, width = dataset.image_shape
    tab.page.click("#rail [data-view=image]")
    row = len(dataset) // 7
    choose(tab, f"#{row}")
    tab.page.wait_for_selector(f'#inspector-image[data-row="{row}"]')
    inked = np.flatnonzero(dataset.X[row])
    ink = np.array([(dataset.X[dataset.y == code] > 0).sum(0) for code in range(len(dataset.classes))])
    for picture in ("image", "numbers", "vector"):
        index = int(inked[len(inked) // 2])
        box = tab.page.locator(f"#inspector-{picture}").bounding_box()
        if picture == "vector":
            place = (index + 0.5) * box["width"] / dataset.X.shape[1], 10
        else:
            line, column = divmod(index, width)
            place = (column + 0.5) * box["width"] / width, (line + 0.5) * box["height"] / height
        tab.page.mouse.move(box["x"] + place[0], box["y"] + place[1])
        tab.page.wait_for_selector(f'#pixel[data-index="{index}"]')
        expect(tab.page.locator("#pixel-value")).to_have_text(str(dataset.X[row, index]))
        said = tab.page.locator("#pixel").inner_text().replace("\n", " ")
        at, across_at = divmod(index, width)
        for text in (f"{at}, {across_at}", f"{across_at}, {height - at}", f"pixel{index + 1}"):
            assert text in said
        wanted = ink[:, index].tolist()
        until(lambda wanted=wanted: tab.page.locator("#pixel-ink li").evaluate_all(COUNTS) == wanted)
        tab.page.mouse.move(2, 2)
        tab.page.wait_for_selector("#pixel:not([data-index])")  # the next picture shows the same pixel
    tab.page.wait_for_selector(f'#pinned canvas[data-row="{row}"]')
    assert np.array_equal(tab.shown_image("#pinned canvas"), 255 - shades(dataset, row))


def test_c1_the_next_one_is_of_the_class_or_of_the_selection(tab, dataset):
    tab.page.click("#rail [data-view=image]")
    choose(tab, "#0")
    later = np.flatnonzero(dataset.y == dataset.y[0])
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("]")
    tab.page.wait_for_selector(f'#inspector-image[data-row="{later[1]}"]')
    tab.page.click("#image-before")
    tab.page.wait_for_selector(f'#inspector-image[data-row="{later[0]}"]')
    tab.page.click("#image-before")
    tab.page.wait_for_selector(f'#inspector-image[data-row="{later[-1]}"]')
