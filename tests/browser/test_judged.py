"""What a model and a ranking add: colours of the map, and more to show in a small window; how models are made."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

SMALL = (1024, 640)  # the smallest window that the app is made for
LEAST_MAP = (560, 380)  # pixels across and down of the map in it
# What does not lie in the window: controls of the frame, and whatever makes the page or its middle wider than it is.
OUTSIDE = """() => {
    const found = [];
    const { scrollWidth, scrollHeight } = document.scrollingElement;
    if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push(`the page: ${scrollWidth}, ${scrollHeight}`);
    // The rail has to show all views; other parts may scroll.
    const scrolls = (one) => one.id !== "rail" && /auto|scroll/.test(getComputedStyle(one).overflowY);
    const inScroller = (one) => one !== null && (scrolls(one) || inScroller(one.parentElement));
    const controls = "header, #rail, [role=toolbar], .timeline, #panel, #status";
    const inside = controls.split(", ").map((part) => `${part} :is(button, input, select, a)`).join(", ");
    for (const each of document.querySelectorAll(inside)) {
        if (!each.checkVisibility() || each.closest("[inert]")) continue;
        const { left, right, bottom, width } = each.getBoundingClientRect();
        const below = bottom > innerHeight && !inScroller(each);
        if (width > 1 && (left < 0 || right > innerWidth || below))
            found.push(`${each.id || each.ariaLabel || each.outerHTML.slice(0, 60)}: ${[left, right, bottom]}`);
    }
    for (const each of document.querySelectorAll("main, #panel, header, .timeline, [role=toolbar]"))
        if (each.checkVisibility() && !each.closest("[inert]") && each.scrollWidth > each.clientWidth + 1)
            found.push(`${each.id || each.className} is ${each.scrollWidth} wide in ${each.clientWidth}`);
    return found;
}"""


@pytest.fixture(scope="module")
def tab(browser, judged_app):
    """One tab for all of these, in a small window."""
    tab = Tab(browser, judged_app, run=2, width=SMALL[0], height=SMALL[1])
    tab.wait(ended(2))
    yield tab
    tab.close()


def test_all_of_every_view_is_in_a_small_window(tab):
    learnt = {"classify": "#matrix", "labels": "#labels-current .labels-evidence", "look": "#answer[data-state=there]"}
    found = {}
    for view in tab.page.locator("#rail [data-view]").evaluate_all("all => all.map((one) => one.dataset.view)"):
        tab.look_at(view)
        if view in learnt:
            tab.page.wait_for_selector(learnt[view])
        found[view] = tab.page.evaluate(OUTSIDE)
    tab.look_at("classify")
    for part in tab.page.locator("#judged [role=tab]").all():
        part.click()
        expect(part).to_have_attribute("aria-selected", "true")
        found[part.inner_text()] = tab.page.evaluate(OUTSIDE)
    tab.look_at("map")
    box = tab.page.locator("#map").bounding_box()
    assert (box["width"] >= LEAST_MAP[0], box["height"] >= LEAST_MAP[1]) == (True, True), box
    assert {view: said for view, said in found.items() if said} == {}


def picture(tab):
    """The map alone, without what stands on it, as a text that is the same for the same pixels."""
    tab.wait(lambda facts: facts["still"] == "true")
    return tab.page.evaluate("document.querySelector('#map').toDataURL()")


def test_the_map_is_coloured_by_what_a_model_and_a_ranking_say(tab):
    tab.look_at("map")
    tab.camera_at_rest()
    before, told = [picture(tab)], []
    for column, legend in (("predicted-1", "name"), ("correct-1", "name"), ("suspicion", "value")):
        tab.page.select_option("#colour-by", f"column:{column}")
        tab.page.wait_for_selector(f"#{legend}-scale")
        until(lambda: picture(tab) not in before)
        before.append(picture(tab))
        told.append(tab.page.locator("#name-scale li, #value-scale p span").all_inner_texts())
    assert told[0] == [str(digit) for digit in range(10)]
    assert set(told[1]) >= {"right", "wrong"}
    low, middle, high = map(float, told[2])
    assert 0 <= low < middle < high <= 1
    tab.page.select_option("#colour-by", "class")
    expect(tab.page.locator("#legend input")).to_have_count(10)
    until(lambda: picture(tab) == before[0])


def models(tab):
    found = json.loads(tab.fetch("api/models"))["models"]
    return {one["id"]: one for one in found}


def test_a_model_is_made_as_the_form_says_and_found_again_under_its_name(tab, few):
    page = tab.page
    tab.look_at("classify")
    page.select_option("#kind", "logistic")
    for group in page.locator("#train details summary").all():
        group.click()
    for name, text in {"max_iter": "300", "test": "0.3", "head": "400", "rare_share": "0.2", "copies": "1",
                       "folds": "3"}.items():  # fmt: skip
        page.fill(f"#train-{name}", text)
    for name, choice in {"solver": "newton-cg", "class_weight": "balanced", "rare": "8"}.items():
        page.select_option(f"#train-{name}", choice)
    page.click("#train-run")
    line = page.locator("tr[data-model='2']")
    expect(line).to_have_attribute("data-status", "done")
    made = models(tab)["2"]
    assert made["options"].items() >= {"solver": "newton-cg", "class_weight": "balanced", "max_iter": 300}.items()
    assert made["preparation"]["copies"] == 1
    assert made["rows"].items() >= {"test": 0.3, "head": 400, "rare": "8", "rare_share": 0.2}.items()
    facts = made["facts"]
    assert facts["n_test"] == pytest.approx(0.3 * len(few), abs=2)
    assert 300 < facts["n_train"] < 400, "few of the rare class stay"
    assert len(facts["folds"]) == 3
    said = line.inner_text()
    for part in ("solver newton-cg", "class weight balanced", "copies 1", f"{100 * facts['accuracy']:.2f} %"):
        assert part in said
    mean, spread = np.mean(facts["folds"]), np.std(facts["folds"], ddof=1)
    assert f"{100 * mean:.2f} % ± {100 * spread:.2f}" in said

    line.get_by_label(re.compile("^Keep model 2")).click()
    page.fill("#model-name", "few-eights")
    page.keyboard.press("Enter")
    expect(page.locator("#models b", has_text="few-eights")).to_have_count(1)
    page.reload()
    expect(page.locator("#models b", has_text="few-eights")).to_have_count(1)
    kept = next(one for one in models(tab).values() if one["name"] == "few-eights")
    assert (kept["version"], kept["facts"]["accuracy"]) == (1, facts["accuracy"])
