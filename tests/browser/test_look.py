"""The view "Look": every summary draws, leads to its images, and is given as files. On MNIST and the digits."""

import io
from urllib.parse import urlencode

import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import expect

from snowdome.chart.of_summary import has_chart
from snowdome.summary.asked import explore
from snowdome.summary.base import summaries

from .driver import Tab, opened

# Of 8 × 8 pixels.
SMALL = {
    "cube": {"horizontal": "1,1", "vertical": "3,4"},
    "band": {"begin": 20, "end": 40},
    "axis": {"pixel": "3,4"},
}
SLOW = {"binarise", "polynomial"}  # seconds on MNIST
INK = """() => {
    const canvas = document.querySelector("#chart canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""
DRAWN = """key => {
    const answer = document.querySelector("#answer"), chart = document.querySelector("#chart");
    return answer?.dataset.state === "there" && answer.dataset.shown === key.split(/[ ?]/)[0]
        && (!chart || chart.dataset.drawn?.startsWith(key));
}"""


@pytest.fixture(scope="module")
def data(dataset):
    return dataset


@pytest.fixture(scope="module")
def tab(browser, data, request):
    """One tab for all tests of a data set; in the end nothing has gone wrong in it, and no policy was broken."""
    folder = str(request.getfixturevalue("mnist_folder").parent) if data.name == "MNIST" else None
    with opened(data.name.lower(), *(["--data", folder] if folder else [])) as app:
        tab = Tab(browser, app)
        tab.wait(lambda facts: int(facts["frames"]) > 0)
        tab.page.click("[data-view=look]")
        yield tab
        tab.close()


def look(tab, summary, **options):
    """Choose a summary as an address would, and wait until it is shown."""
    text = summary + (f"?{urlencode(options)}" if options else "")
    tab.page.evaluate("text => { location.hash = '#' + new URLSearchParams({ view: 'look', summary: text }) }", text)
    tab.page.wait_for_function(DRAWN, arg=text + " " if has_chart(summary) else summary, timeout=60_000)


@pytest.mark.parametrize("summary", summaries.names())
def test_every_summary_is_drawn_with_its_table(tab, data, summary):
    if data.name == "MNIST" and summary in SLOW:
        pytest.skip("takes seconds; it is drawn on the digits")
    look(tab, summary, **(SMALL.get(summary, {}) if data.name == "Digits" else {}))
    assert tab.page.locator("#problem").count() == 0
    if has_chart(summary):
        assert tab.page.evaluate(INK) > 20, "next to nothing was drawn"
    columns = tab.page.locator("#table th").all_inner_texts()
    lines = int(tab.page.get_attribute("#table table", "aria-rowcount")) - 1
    assert lines > 0
    assert len(columns) > 1
    assert f"{len(data):,}" in tab.page.inner_text("#status")
    assert " s" in tab.page.inner_text("#status")
    assert tab.faults == []


def test_the_list_has_all_summaries_and_a_click_chooses(tab):
    listed = [each.get_attribute("data-summary") for each in tab.page.locator("#summaries button").all()]
    assert sorted(listed) == summaries.names()
    tab.page.click("[data-summary=values]")
    tab.page.wait_for_function(DRAWN, arg="values ")
    assert tab.page.get_attribute("[data-summary=values]", "aria-current") == "true"
    tab.page.wait_for_function("() => location.hash.includes('summary=values')")


def test_what_is_not_allowed_is_said_beside_its_field_and_what_was_drawn_stays(tab):
    look(tab, "gallery")
    tab.page.fill("#look-images", "0")
    assert tab.page.inner_text("#look-says-images").startswith("Allowed: a whole number from 1")
    tab.page.fill("#look-images", "20")
    tab.page.fill("#look-of", "no such class")
    expect(tab.page.locator(".look-side .wrong")).to_contain_text("There is no class 'no such class'")
    assert tab.page.locator("#chart canvas").count() == 1
    tab.page.click("#look-defaults")
    tab.page.wait_for_function(DRAWN, arg="gallery ")
    expect(tab.page.locator(".look-side .wrong")).to_have_count(0)
    # The console tells of the refusal, which is the browser's own way of showing it.
    tab.faults[:] = [fault for fault in tab.faults if "400 (Bad Request)" not in fault]


def test_a_line_and_a_mark_keep_their_image(tab, data):
    look(tab, "atypical", top=3)
    worst = explore(data, "atypical", top=3)["instance"]
    tab.page.locator("#table td .link[title^=Keep]").first.click()
    assert int(tab.page.get_attribute("#pinned", "data-row")) == worst[0] - 1
    tab.page.keyboard.press("Escape")
    tab.page.evaluate("() => document.querySelector('#answer').scrollTo(0, 0)")
    box = tab.page.locator("#chart canvas").bounding_box()
    found = set()
    for x in range(60, int(box["width"]), 23):  # somewhere in the first line of images
        tab.page.mouse.click(box["x"] + x, box["y"] + 140)
        if tab.page.locator("#pinned").count():
            found.add(int(tab.page.get_attribute("#pinned", "data-row")) + 1)
    assert found
    assert found <= set(worst.to_list())


def test_a_class_of_the_table_is_selected(tab, data):
    look(tab, "range")
    tab.page.locator("#table td .link", has_text=data.classes[3]).first.click()
    tab.page.wait_for_function("() => document.querySelector('#selection') !== null")
    assert f"{int((data.y == 3).sum()):,}" in tab.page.inner_text("#selection")
    tab.page.keyboard.press("Escape")


def test_a_long_table_is_sorted_and_only_what_is_seen_is_in_the_page(tab, data):
    look(tab, "distance")
    table = explore(data, "distance").sort("rms_distance", descending=True)
    assert int(tab.page.get_attribute("#table table", "aria-rowcount")) == len(data) + 1
    head = tab.page.locator("#table th", has_text="rms distance")
    head.locator("button").click()
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    first = tab.page.locator("#table tbody tr[data-line]").first.locator("td")
    assert int(first.nth(1).inner_text()) == table["instance"][0]
    assert tab.page.locator("#table tbody tr").count() < 100
    tab.page.evaluate("document.querySelector('#table').scrollTo(0, 1e9)")
    last = tab.page.locator("#table tbody tr[data-line]").last.locator("td")
    expect(last.nth(1)).to_have_text(str(table["instance"][-1]))


def test_files_open_again_and_the_python_runs(tab, data, request, monkeypatch):
    if data.name == "MNIST":
        monkeypatch.setenv("SNOWDOME_DATA", str(request.getfixturevalue("mnist_folder").parent))
    look(tab, "typical", top=2)
    table = explore(data, "typical", top=2)
    files = {}
    for name in ("CSV", "Parquet", "PNG", "SVG"):
        with tab.page.expect_download() as wait:
            tab.page.click(f"#save-{name}")
        files[name] = (wait.value.suggested_filename, wait.value.path().read_bytes())
    assert files["CSV"][0].endswith("-typical.csv")
    assert pl.read_csv(files["CSV"][1]).equals(table)
    assert pl.read_parquet(io.BytesIO(files["Parquet"][1])).equals(table)
    with Image.open(io.BytesIO(files["PNG"][1])) as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 200
    assert files["SVG"][1].startswith(b"<svg")
    lines = tab.page.text_content("#python")
    told = {}
    exec(lines, told)  # noqa: S102 - the very lines that a person would paste
    assert told["table"].equals(table)
    assert told["picture"].title == "Most typical images"


def test_the_theme_is_the_charts_theme_too(tab):
    look(tab, "values")
    dark = tab.page.evaluate("document.documentElement.dataset.theme")
    before = tab.page.get_attribute("#chart", "data-drawn")
    tab.page.click("#theme")
    if tab.page.evaluate("document.documentElement.dataset.theme") == dark:
        tab.page.click("#theme")
    tab.page.wait_for_function("before => document.querySelector('#chart').dataset.drawn !== before", arg=before)
    assert tab.page.get_attribute("#chart", "data-drawn") == "values dark"


def test_the_chart_goes_with_the_width(tab):
    look(tab, "values")
    width = "document.querySelector('#chart canvas').clientWidth"
    before = tab.page.evaluate(width)
    tab.page.set_viewport_size({"width": 1204, "height": 700})
    room = "document.querySelector('#chart').clientWidth"
    tab.page.wait_for_function(f"() => {width} < {before} - 50 && {width} <= {room}")
    tab.page.set_viewport_size({"width": 1280, "height": 800})
    tab.page.wait_for_function(f"() => {width} === {before}")
