"""Whoever sees little, or uses no mouse: axe-core finds nothing serious in any view, light and dark; U-08."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# What axe-core says, with the elements that it says it of, and their contrast where that is what it measured.
RUN = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    const says = (node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`;
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map((one) => `${one.id}: ${one.nodes.map(says).join(" | ")}`);
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(browser, judged_app, request):
    """A tab with an image that is kept and some that are selected: all of the panel is there."""
    tab = Tab(browser, judged_app, run=2, scheme=request.param)
    tab.wait(ended(2))
    tab.page.evaluate(AXE.read_text())
    tab.page.fill("#search", "#7")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["pinned"] == "7")
    yield tab
    tab.close()


def faults(tab):
    found: list[str] = tab.page.evaluate(RUN)
    return found


def views(tab):
    return tab.page.evaluate("[...document.querySelectorAll('#rail [data-view]')].map((one) => one.dataset.view)")


def test_axe_finds_nothing_serious_in_any_view(tab):
    found = {}
    for view in views(tab):
        tab.look_at(view)
        found[view] = faults(tab)
    assert {view: said for view, said in found.items() if said} == {}


def test_nor_in_anything_that_is_known_of_a_model(tab):
    found = {}
    tab.look_at("classify")
    tab.page.wait_for_selector("#judged[data-model='1']")
    for part in tab.page.locator("#judged [role=tab]").all():
        part.click()
        expect(part).to_have_attribute("aria-selected", "true")
        found[part.inner_text()] = faults(tab)
    tab.page.click("#part-mistakes")
    tab.page.locator("#mistakes button").first.click()
    tab.page.wait_for_selector("#why-occlusion")
    found["why"] = faults(tab)
    assert len(found) == 8
    assert {part: said for part, said in found.items() if said} == {}


def test_nor_where_labels_are_decided(tab):
    found = {}
    tab.look_at("labels")
    tab.page.wait_for_selector("#labels-list-of")
    lists = tab.page.locator("#labels-list-of option").evaluate_all("all => all.map(each => each.value)")
    for each in reversed(lists):
        tab.page.select_option("#labels-list-of", each)
        until(lambda: "Looking for them" not in tab.page.inner_text("#view"))
        found[each] = faults(tab)
    tab.page.wait_for_selector("#labels-current .labels-evidence")
    tab.page.keyboard.press("l")
    tab.page.wait_for_selector(".labels-badge")
    found["decided"] = faults(tab)
    tab.page.keyboard.press("Control+z")
    expect(tab.page.locator(".labels-badge")).to_have_count(0)
    tab.look_at("map")
    assert {each: said for each, said in found.items() if said} == {}


def test_nor_in_what_opens_over_them(tab):
    found = {}
    tab.page.evaluate("document.activeElement.blur()")  # a field takes the key for itself
    tab.page.keyboard.press("?")
    tab.page.wait_for_selector("#help")
    found["help"] = faults(tab)
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#help")).to_have_count(0)
    tab.page.keyboard.press("o")
    tab.page.wait_for_selector("#open-dialog[open]")
    found["open"] = faults(tab)
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#open-dialog")).to_have_count(0)
    tab.page.focus("#search")
    tab.page.wait_for_selector("#search-list")
    found["search"] = faults(tab)
    tab.page.keyboard.press("Escape")
    assert {part: said for part, said in found.items() if said} == {}
