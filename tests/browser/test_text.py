"""X-02, J-08: names that look like HTML are shown as they are written, in every view; six small maps of them."""

import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from .driver import Tab, ended, opened, until

CLASSES = ("<img id=trap src=x onerror=trap()>", "<svg id=trap onload=trap()>", "\"'><b id=trap>bold&lt;")
EACH = 24
# What shows the name of a class in each view as it is looked at first, beside the legend.
SAYS = {"cube": ["#backdrop", "#corners"], "tour": ["#alone-class"]}
NAME = "<script id=trap>trap()<"  # of the folder; its end would be a folder of its own
WORN = """() => {
    const own = [...document.querySelectorAll("#trap, script:not([src]), iframe, object, embed, svg[onload]")];
    const acts = (one) => (name) => name.startsWith("on") || one.getAttribute(name).startsWith("javascript:");
    const handlers = [...document.querySelectorAll("*")].filter((one) => one.getAttributeNames().some(acts(one)));
    return [...own, ...handlers].map((one) => one.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def tab(browser, tmp_path_factory):
    """A folder of images with a folder for each class, all with names that a page must not take for its own."""
    chance = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("names") / NAME
    for code, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(EACH):
            level = 60 * (code if number else 2) + chance.integers(0, 90, (6, 5))  # the first is like another class
            Image.fromarray(level.astype(np.uint8)).save(folder / name / f"<i id=trap>{number:02}.png")
    with opened(str(folder), environment={"SNOWDOME_WORKSPACE": str(tmp_path_factory.mktemp("workspace"))}) as app:
        tab = Tab(browser, app, before="window.trap = () => { window.trapped = true; };")
        tab.said = []
        tab.page.on("dialog", lambda dialog: (tab.said.append(dialog.message), dialog.dismiss()))
        tab.wait(ended(2), 300)  # kernels may have to be compiled
        tab.shows_newest(2)
        yield tab
        assert tab.said == []
        tab.close()


def shown(tab, *selectors):
    """That these show a class as it is written, and that nothing on the page was made of a name."""
    for selector in selectors:
        texts = tab.page.locator(selector)
        until(lambda texts=texts: any(name in text for name in CLASSES for text in texts.all_inner_texts()))
    assert tab.page.evaluate(WORN) == []
    assert tab.page.evaluate("window.trapped") is None


def classes(tab):
    """The names of the classes by their codes, and the code of each row."""
    names = json.loads(tab.fetch("api/dataset"))["classes"]
    assert sorted(names) == sorted(CLASSES)
    return names, np.frombuffer(tab.fetch("api/labels"), "<u2")


def rightmost(tab, run, canvas):
    """The row that is furthest to the right on the map of a run, and where on the page it is."""
    positions = tab.positions(run)
    row = int(np.argmax(positions[:, 0]))
    return row, tab.pixel(positions[row], canvas)


def test_what_looks_like_html_stays_text_in_every_view(tab):
    page = tab.page
    shown(tab, "#legend")
    expect(page.locator("header").first).to_contain_text(NAME)
    page.fill("#search", "#7")
    page.keyboard.press("Enter")
    tab.wait(lambda facts: facts["pinned"] == "7")
    expect(page.locator("#pinned .own-id")).to_contain_text(re.compile(r"<i id=trap>\d\d\.png"))
    shown(tab, "#pinned")
    page.fill("#search", "label = <")
    page.wait_for_selector("#search-list")
    shown(tab)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("f")
    tab.camera_at_rest()
    row, at = rightmost(tab, int(tab.facts()["run"]), "#map")
    page.mouse.move(at[0] + 40, at[1])
    page.mouse.move(*at, steps=3)
    tab.wait(lambda facts: facts["hover"] == str(row))
    shown(tab, "#hover-card")

    for view in page.locator("#rail [data-view]").evaluate_all("all => all.map((one) => one.dataset.view)"):
        tab.look_at(view)
        shown(tab, *SAYS.get(view, ()))
    tab.look_at("look")
    for summary in ("range", "gallery"):
        page.click(f"[data-summary={summary}]")
        page.wait_for_selector(f"#answer[data-state=there][data-shown={summary}]")
        shown(tab, *(["#table"] if summary == "range" else []))
    page.wait_for_selector("#chart[data-drawn^='gallery '] canvas")


def test_a_name_is_shown_as_it_is_written_by_gallery_image_and_compare(tab):
    page, (names, codes) = tab.page, classes(tab)
    page.fill("#search", "#7")
    page.keyboard.press("Enter")
    tab.wait(lambda facts: facts["pinned"] == "7")
    page.keyboard.press("Escape")
    tab.look_at("gallery")
    page.wait_for_selector("#gallery-picture[data-grid]")
    page.focus("#gallery")
    page.keyboard.press("Home")
    expect(page.locator("#gallery-cell")).to_have_text(f"#0, {names[codes[0]]}")
    tab.look_at("image")
    expect(page.locator("#inspector-says bdi")).to_have_text(names[codes[7]])
    page.wait_for_selector("#inspector-image[data-row='7']")
    page.focus("#inspector-image")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pixel-ink bdi")).to_have_text(names)
    assert f", {names[codes[7]]};" in page.get_attribute("#inspector-image", "aria-label")
    tab.look_at("compare")
    tab.beside(2)
    first = page.locator(".compare-area canvas").first
    row, at = rightmost(tab, int(first.get_attribute("data-run")), ".compare-area canvas >> nth=0")
    page.mouse.move(at[0] + 40, at[1])
    page.mouse.move(*at, steps=3)
    page.wait_for_selector(f"#under[data-row='{row}']")
    expect(page.locator("#under bdi")).to_have_text(names[codes[row]])
    shown(tab)


def test_a_name_is_shown_as_it_is_written_by_what_a_model_and_a_ranking_say(tab):
    page = tab.page
    tab.train("centroid", 1)
    shown(tab, "#matrix", "#scores")
    page.click("#part-mistakes")
    page.locator("#mistakes button").first.click()
    page.wait_for_selector("#why-bars")
    shown(tab, "#mistakes", "#why-bars", "#why h3")
    page.click("#part-threshold")
    shown(tab, "#threshold-class")
    tab.rank()
    page.wait_for_selector("#labels-current .labels-evidence")
    shown(tab, "#labels-lines", "#labels-current", ".labels-evidence")
    page.keyboard.press("k")
    page.wait_for_selector(".labels-badge")
    tab.look_at("map")
    page.select_option("#colour-by", "column:predicted-1")
    shown(tab, "#name-scale")
    page.select_option("#colour-by", "class")


def all_done(tab, runs):
    """Those runs by their numbers, once all of them are done."""
    made = {each["id"]: each for each in tab.session()["runs"]}
    return made if all(run in made and made[run]["status"] == "done" for run in runs) else None


def test_six_small_maps_differ_in_their_perplexity(tab):
    tab.look_at("compare")
    tab.page.select_option("#multiples-method", "tsne")
    tab.page.select_option("#multiples-vary", "perplexity")
    asked = [3, 5, 8, 11, 14, 17]
    tab.page.fill("#multiples-values", ", ".join(map(str, asked)))
    tab.page.click("#multiples-run")
    maps = tab.page.locator(".compare-map")
    expect(maps).to_have_count(6)
    runs = [int(run) for run in maps.evaluate_all("all => all.map(each => each.dataset.run)")]
    made = until(lambda: all_done(tab, runs), 300)
    assert [made[run]["options"]["perplexity"] for run in runs] == asked
    drawn = "all => all.every(each => each.dataset.ready === 'true' && each.dataset.still === 'true')"
    until(lambda: tab.page.locator(".compare-map canvas").evaluate_all(drawn))
    assert len({tab.positions(run).tobytes() for run in runs}) == 6
    shown(tab)
