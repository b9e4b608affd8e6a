"""Without a mouse: every view, a filter, a selection, an image and the way back; one sees where one is; U-08.

Nothing here asks the page to put the focus anywhere: Tab goes there.
"""

import numpy as np
import pytest

from .driver import Tab, ended, until

AT_ONCE = 10  # presses of Tab between two looks at the page
MOST = 300  # presses after which a view counts as a trap
# Notes each element that takes the focus: which it is, whether that is seen, and whether it lies in the window.
WATCH = """() => {
    const numbers = new Map();
    const numberOf = (element) => numbers.get(element) ?? numbers.set(element, numbers.size).get(element);
    const seen = (element) => {
        for (let each = element, up = 0; each && up < 3; each = each.parentElement, up++) {
            const { outlineStyle, outlineWidth, opacity } = getComputedStyle(each);
            if (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && opacity !== "0") return true;
        }
        return false;
    };
    const inWindow = (element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && right > left && bottom > top;
    };
    // What takes the keys on this page: not what is hidden, off or inert, and one of each group of radio buttons.
    const takesKeys = (element) =>
        element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") && element.checkVisibility() &&
        !(element.type === "radio" && !element.checked);
    const all = () => [
        ...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]"),
    ].filter(takesKeys);
    let there = [];
    window.begin = () => {
        window.walked = window.walked.slice(-1);
        there = all();
    };
    window.changed = () => all().some((one) => !there.includes(one));
    window.missed = () =>
        there.filter(takesKeys).filter((one) => !window.walked.some(({ is }) => is === numberOf(one)));
    window.walked = [];
    document.addEventListener("focusin", ({ target }) => {
        const view = target.closest("#rail") && target.dataset.view;
        const says = view || target.id || target.ariaLabel || target.outerHTML.slice(0, 80);
        window.walked.push({ is: numberOf(target), says, view, seen: seen(target), inWindow: inWindow(target) });
    });
}"""


@pytest.fixture(scope="module")
def tab(browser, judged_app):
    """A tab that was only looked at so far."""
    tab = Tab(browser, judged_app, run=2)
    tab.wait(ended(2))
    until(lambda: tab.page.locator("#method option").count())
    until(lambda: tab.page.locator("#colour-by option[value='column:distance']").count())  # what filters speak of
    tab.page.evaluate(WATCH)
    yield tab
    tab.close()


def go(tab, wanted, key="Tab"):
    """Press Tab until that element has the focus: the id of a control, or of a view for its button in the rail."""
    passed = []
    while len(passed) < MOST:
        tab.page.keyboard.press(key)
        passed.append(here(tab))
        if passed[-1] == wanted:
            return
    raise AssertionError(f"{wanted} is not reached by {key}: {passed[-30:]}")


def here(tab):
    """What has the focus."""
    return tab.page.evaluate("document.activeElement === document.body ? null : window.walked.at(-1)?.says")


def looked_at(tab, view):
    """Go to a view by its button in the rail, and wait until it is there."""
    go(tab, view)
    tab.page.keyboard.press("Enter")
    until(lambda: tab.page.evaluate("document.querySelector('.window').dataset.view") == view)
    if view != "map":
        until(lambda: "Loading…" not in tab.page.inner_text("#view"))
    assert here(tab) == view, "the focus stays where it was"


def whole_round(tab):
    """Press Tab until what has the focus has it again; what had it on the way, and what never had it."""
    tab.page.evaluate("window.begin()")
    for _ in range(MOST // AT_ONCE):
        for _ in range(AT_ONCE):
            tab.page.keyboard.press("Tab")
        walked = tab.page.evaluate("window.walked")
        again = [place for place, one in enumerate(walked) if one["is"] == walked[0]["is"]][1:]
        if again:
            missed = tab.page.evaluate("window.missed().map((one) => one.outerHTML.slice(0, 120))")
            return walked[: again[0]], missed
    raise AssertionError(f"Tab goes round in a part of the page: {[one['says'] for one in walked[-30:]]}")


def wrong_in(tab, views):
    """What Tab misses in this view, and where one does not see where one is."""
    passed, missed = whole_round(tab)
    for _ in range(2):  # what came while one was under way is reached in the next round
        if missed or tab.page.evaluate("window.changed()"):
            passed, missed = whole_round(tab)
    assert len({one["is"] for one in passed}) == len(passed), "some have the focus twice in one round"
    assert {one["view"] for one in passed} >= set(views), "the other views are not reached"
    return [
        *(f"missed: {one}" for one in missed),
        *(f"not seen: {one['says']}" for one in passed if not one["seen"]),
        *(f"outside: {one['says']}" for one in passed if not one["inWindow"]),
    ]


def test_tab_reaches_all_of_every_view_and_one_sees_where_one_is(tab):
    views = tab.page.evaluate("[...document.querySelectorAll('#rail [data-view]')].map((one) => one.dataset.view)")
    learnt = {"classify": "#matrix button", "labels": "#labels-lines [role=option]"}
    wrong = {}
    for view in views:
        looked_at(tab, view)
        if view in learnt:
            tab.page.wait_for_selector(learnt[view])
        wrong[view] = wrong_in(tab, views)
    assert {view: says for view, says in wrong.items() if says} == {}


def test_what_is_known_of_a_model_is_reached_and_why_a_mistake_was_made(tab):
    views = tab.page.evaluate("[...document.querySelectorAll('#rail [data-view]')].map((one) => one.dataset.view)")
    looked_at(tab, "classify")
    tab.page.wait_for_selector("#matrix button")
    go(tab, "part-matrix")
    wrong = {}
    for part in ("mistakes", "random", "threshold"):
        tab.page.keyboard.press("ArrowRight")
        until(lambda part=part: here(tab) == f"part-{part}")
        if part == "mistakes":
            tab.page.wait_for_selector("#mistakes button")
            for _ in range(MOST):
                tab.page.keyboard.press("Tab")
                if tab.page.evaluate("document.activeElement.closest('#mistakes') !== null"):
                    break
            tab.page.keyboard.press("Enter")
            tab.page.wait_for_selector("#why-occlusion")
        if part != "random":
            wrong[part] = wrong_in(tab, views)
            go(tab, f"part-{part}")
    assert {part: says for part, says in wrong.items() if says} == {}
    go(tab, "Let go of this image")
    tab.page.keyboard.press("Enter")


def test_a_filter_an_image_a_selection_and_the_way_back(tab, few):
    looked_at(tab, "map")
    threes = np.flatnonzero(few.y == 3)
    go(tab, "search", "Shift+Tab")
    tab.page.keyboard.type("label = 3")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["shown"] == str(len(threes)))
    tab.page.keyboard.type(f"#{threes[5]}")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["pinned"] == str(threes[5]))
    assert here(tab) == "search"
    shows(tab, few, threes[5])
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#save-view")
    tab.page.keyboard.press("Tab")
    until(lambda: here(tab) == "save-view")  # it goes on where one was

    looked_at(tab, "gallery")
    tab.page.wait_for_selector("#gallery-picture[data-grid]")
    go(tab, "gallery")  # from its button to its images
    for key in ("Home", "ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    tab.wait(lambda f: f["pinned"] == str(threes[2]))
    shows(tab, few, threes[2])
    tab.page.keyboard.press("Shift+ArrowRight")
    tab.page.keyboard.press("Shift+ArrowRight")
    tab.wait(lambda f: f["selected"] == "3")
    assert here(tab) == "gallery"
    for wanted in (
        {"selected": "2"},
        {"selected": "0"},
        {"pinned": str(threes[5])},
        {"pinned": ""},
        {"shown": str(len(few))},
    ):
        tab.page.keyboard.press("Control+z")
        tab.wait(lambda f, wanted=wanted: wanted.items() <= f.items())
    assert here(tab) == "gallery"


def shows(tab, few, row):
    """That the panel shows the image of that row."""
    until(lambda: tab.page.get_attribute("#pinned > canvas", "data-row") == str(row))
    np.testing.assert_array_equal(tab.shown_image("#pinned > canvas"), 255 - few.X[row].reshape(28, 28))


def test_a_button_that_goes_away_hands_the_focus_on(tab, few):
    looked_at(tab, "gallery")
    go(tab, "search", "Shift+Tab")
    for asked in ("label = 3", "#7"):
        tab.page.keyboard.type(asked)
        tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["pinned"] == "7" and f["shown"] != str(len(few)))
    tab.page.keyboard.press("Shift+Tab")
    assert here(tab).startswith("Remove the filter")
    tab.page.keyboard.press("Enter")
    tab.wait(lambda f: f["shown"] == str(len(few)))
    until(lambda: here(tab) == "search")
    tab.page.keyboard.press("Escape")
    for view in ("gallery", "map"):
        looked_at(tab, view)
        go(tab, "Let go of this image")
        tab.page.keyboard.press("Enter")
        tab.wait(lambda f: f["pinned"] == "")
        until(lambda view=view: here(tab) == {"gallery": "view", "map": "map"}[view])
        tab.page.keyboard.press("Control+z")
        tab.wait(lambda f: f["pinned"] == "7")
    tab.page.keyboard.press("Escape")


def test_a_dialog_keeps_the_focus_and_gives_it_back(tab):
    go(tab, "data-name")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#open-dialog[open]")
    inside = "document.querySelector('#open-dialog').contains(document.activeElement)"
    for _ in range(3):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate(inside)
    tab.page.keyboard.press("Escape")
    until(lambda: tab.page.locator("#open-dialog").count() == 0)
    until(lambda: tab.page.evaluate("document.activeElement.id") == "data-name")
