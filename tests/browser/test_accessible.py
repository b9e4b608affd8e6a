"""Whoever sees little, or uses no mouse: axe-core finds nothing serious in any view, light and dark; U-08."""

from pathlib import Path

import pytest

from .driver import Tab, until

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = "view => document.querySelector(`#rail [data-view=${view}]`).click()"
# What axe-core says, with the elements that it says it of, and their contrast where that is what it measured.
RUN = """async () => {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    const says = (node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`;
    return found.violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map((one) => `${one.id}: ${one.nodes.map(says).join(" | ")}`);
}"""


@pytest.fixture(scope="module")
def app(begun):
    """One for these alone: some views start what is seen in them."""
    with begun("digits") as app:
        yield app


@pytest.fixture(scope="module", params=["light", "dark"])
def tab(browser, app, request):
    """A tab with an image that is kept and some that are selected: all of the panel is there."""
    tab = Tab(browser, app, scheme=request.param)
    tab.wait(lambda f: f.get("ready") == "true" and f.get("still") == "true", 120)
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
        tab.page.evaluate(LOOK, view)
        until(lambda view=view: tab.page.evaluate("document.querySelector('.window').dataset.view") == view)
        if view != "map":
            until(lambda: "Loading…" not in tab.page.inner_text("#view"))
        found[view] = faults(tab)
    tab.page.evaluate(LOOK, "map")
    assert {view: said for view, said in found.items() if said} == {}


def test_nor_in_what_opens_over_them(tab):
    found = {}
    tab.page.evaluate("document.activeElement.blur()")  # a field takes the key for itself
    tab.page.keyboard.press("?")
    tab.page.wait_for_selector("#help")
    found["help"] = faults(tab)
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("o")
    tab.page.wait_for_selector("dialog[open]")
    found["open"] = faults(tab)
    tab.page.keyboard.press("Escape")
    tab.page.focus("#search")
    tab.page.wait_for_selector("#search-list")
    found["search"] = faults(tab)
    tab.page.keyboard.press("Escape")
    assert {part: said for part, said in found.items() if said} == {}
