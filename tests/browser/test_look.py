"""The view "Look": every summary draws, leads to its images, and is given as files. On MNIST.

On the digits what does not depend on how many rows there are: so images of 8 × 8 are drawn, too.
"""

import io
from urllib.parse import urlencode

import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import expect

from snowdome.chart.of_summary import has_chart
from snowdome.summary.asked import explore
from snowdome.summary.base import summaries

from .driver import Tab, until

ON_DIGITS = pytest.mark.parametrize("dataset", ["digits"], indirect=True, scope="module")
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
def tab(browser, app):
    """One tab for all tests of a data set; in the end nothing has gone wrong in it, and no policy was broken."""
    tab = Tab(browser, app)
    tab.wait(lambda facts: facts.get("ready") == "true")
    tab.page.click("[data-view=look]")
    yield tab
    tab.close()


def look(tab, summary, **options):
    """Choose a summary as an address would, and wait until it is shown."""
    text = summary + (f"?{urlencode(options)}" if options else "")
    tab.page.evaluate("text => { location.hash = '#' + new URLSearchParams({ view: 'look', summary: text }) }", text)
    tab.page.wait_for_function(DRAWN, arg=text + " " if has_chart(summary) else summary)


def test_every_summary_is_drawn_with_its_table_by_its_defaults(tab, dataset):
    """What a page shows of each is read from it at once."""
    seen = """() => ({
        problem: document.querySelector("#problem")?.textContent ?? "",
        columns: document.querySelectorAll("#table th").length,
        lines: Number(document.querySelector("#table table").getAttribute("aria-rowcount")) - 1,
        status: document.querySelector("#status").textContent,
    })"""
    for summary in summaries.names():
        look(tab, summary)
        shown = tab.page.evaluate(seen)
        assert shown["problem"] == "", summary
        if has_chart(summary):
            assert tab.page.evaluate(INK) > 20, f"next to nothing was drawn of {summary}"
        assert shown["lines"] > 0, summary
        assert shown["columns"] > 1, summary
        assert f"{len(dataset):,}" in shown["status"], summary
        assert " s" in shown["status"], summary
        assert tab.faults == [], summary


@ON_DIGITS
def test_the_list_has_all_summaries_and_a_click_chooses(tab):
    listed = "all => all.map(each => each.dataset.summary)"
    until(lambda: sorted(tab.page.locator("#summaries button").evaluate_all(listed)) == summaries.names())
    tab.page.click("[data-summary=values]")
    tab.page.wait_for_function(DRAWN, arg="values ")
    assert tab.page.get_attribute("[data-summary=values]", "aria-current") == "true"
    tab.page.wait_for_function("() => location.hash.includes('summary=values')")


@ON_DIGITS
def test_what_is_not_allowed_is_said_beside_its_field_and_what_was_drawn_stays(tab):
    look(tab, "gallery")
    tab.page.fill("#look-images", "0")
    expect(tab.page.locator("#look-says-images")).to_contain_text("Allowed: a whole number from 1")
    tab.page.click("#look-defaults")
    look(tab, "cube")
    tab.page.fill("#look-vertical", "8,0")
    expect(tab.page.locator(".look-side .wrong")).to_contain_text("There is no pixel '8,0'")
    assert tab.page.locator("#chart canvas").count() == 1
    tab.page.click("#look-defaults")
    tab.page.wait_for_function(DRAWN, arg="cube ")
    expect(tab.page.locator(".look-side .wrong")).to_have_count(0)
    # The console tells of the refusal, which is the browser's own way of showing it.
    tab.faults[:] = [fault for fault in tab.faults if "400 (Bad Request)" not in fault]


def test_a_line_and_a_mark_keep_their_image(tab, dataset):
    look(tab, "atypical", top=3)
    worst = explore(dataset, "atypical", top=3)["instance"]
    tab.page.locator("#table td .link[title^=Keep]").first.click()
    expect(tab.page.locator("#pinned")).to_have_attribute("data-row", str(worst[0] - 1))
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


@ON_DIGITS
def test_a_class_of_the_table_is_selected(tab, dataset):
    look(tab, "range")
    tab.page.locator("#table td .link", has_text=dataset.classes[3]).first.click()
    expect(tab.page.locator("#selection")).to_contain_text(f"{int((dataset.y == 3).sum()):,}")
    tab.page.keyboard.press("Escape")


def test_a_long_table_is_sorted_and_only_what_is_seen_is_in_the_page(tab, dataset):
    look(tab, "distance")
    table = explore(dataset, "distance").sort("rms_distance", descending=True)
    assert int(tab.page.get_attribute("#table table", "aria-rowcount")) == len(dataset) + 1
    head = tab.page.locator("#table th", has_text="rms distance")
    head.locator("button").click()
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    first = tab.page.locator("#table tbody tr[data-line]").first.locator("td")
    expect(first.nth(1)).to_have_text(str(table["instance"][0]))
    assert tab.page.locator("#table tbody tr").count() < 100
    tab.page.evaluate("document.querySelector('#table').scrollTo(0, 1e9)")
    last = tab.page.locator("#table tbody tr[data-line]").last.locator("td")
    expect(last.nth(1)).to_have_text(str(table["instance"][-1]))


@ON_DIGITS
def test_files_open_again_and_the_python_runs(tab, dataset):
    look(tab, "typical", top=2)
    table = explore(dataset, "typical", top=2)
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


@ON_DIGITS
def test_the_theme_is_the_charts_theme_too(tab):
    look(tab, "values")
    dark = tab.page.evaluate("document.documentElement.dataset.theme")
    before = tab.page.get_attribute("#chart", "data-drawn")
    tab.page.click("#theme")
    if tab.page.evaluate("document.documentElement.dataset.theme") == dark:
        tab.page.click("#theme")
    tab.page.wait_for_function("before => document.querySelector('#chart').dataset.drawn !== before", arg=before)
    expect(tab.page.locator("#chart")).to_have_attribute("data-drawn", "values dark")


@ON_DIGITS
def test_the_chart_goes_with_the_width(tab):
    look(tab, "values")
    width = "document.querySelector('#chart canvas').clientWidth"
    before = tab.page.evaluate(width)
    tab.page.set_viewport_size({"width": 1204, "height": 700})
    room = "document.querySelector('#chart').clientWidth"
    tab.page.wait_for_function(f"() => {width} < {before} - 50 && {width} <= {room}")
    tab.page.set_viewport_size({"width": 1280, "height": 800})
    tab.page.wait_for_function(f"() => {width} === {before}")


@ON_DIGITS
def test_classes_are_chosen_from_those_there_are(tab, dataset):
    """For one class, and for the pair of two; one class of a pair is enough."""
    look(tab, "gallery")
    choices = tab.page.locator("#look-of option").all_inner_texts()
    assert choices == ["none", *dataset.classes]
    assert tab.page.input_value("#look-of") == "none"
    tab.page.select_option("#look-of", "3")
    tab.page.wait_for_function(DRAWN, arg="gallery?of=3 ")
    look(tab, "pair")
    tab.page.select_option("#look-first", "8")
    tab.page.wait_for_function(DRAWN, arg="pair?first=8 ")
    tab.page.select_option("#look-second", "1")
    tab.page.wait_for_function(DRAWN, arg="pair?first=8&second=1 ")
    instance = tab.page.locator("#table tbody tr[data-line]").first.locator("td").nth(1)
    expect(instance).to_have_text(str(explore(dataset, "pair", first="8", second="1")["instance"][0]))


@ON_DIGITS
def test_two_images_are_compared_from_the_selection(tab, dataset):
    """C11: two that are selected, and one that is selected with the one that is kept."""
    for where, one, other in (("rows=sBAc", 5, 13), ("rows=sBw&image=3", 4, 8)):
        tab.page.evaluate("where => { location.hash = '#view=gallery&' + where }", where)
        tab.page.wait_for_selector("#view[data-view=gallery]")  # the page was told
        # What is selected is read a moment later: until then the button is about the two before.
        tab.page.click(f"#compare-two[title^='Where #{one - 1} and #{other - 1} ']")
        tab.page.wait_for_function(DRAWN, arg=f"between?one={one}&other={other} ")
        wanted = explore(dataset, "between", one=one, other=other)
        cells = tab.page.locator("#table tbody tr[data-line]").first.locator("td").all_inner_texts()
        assert float(cells[1]) == pytest.approx(wanted["distance"][0], rel=1e-4)
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("Escape")
