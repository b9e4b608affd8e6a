"""Lessons: the figures move, a lesson is run and answered by a model, and the Python can be copied.

On the digits, since none of it depends on the images but the one model, which is trained at once.
"""

import numpy as np
import pytest
from playwright.sync_api import expect

import snowdome
from snowdome.model.lessons import sigmoid, simulated_predictions

from .driver import Tab, until


@pytest.fixture(scope="module")
def tab(browser, digits_app):
    """One tab on the digits, at the view; what it leaves is a model that no other file looks at."""
    tab = Tab(browser, digits_app)
    tab.page.click("#rail [data-view=lessons]")
    tab.page.wait_for_selector("#lesson")
    yield tab
    tab.close()


def slide(tab, name, value):
    """Move a slider as a person's keys or mouse would: the page hears of it."""
    tab.page.locator(name).evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(value),
    )


def test_the_sigmoid_follows_its_slider(tab):
    """D5."""
    tab.page.click("#lessons [data-lesson=sigmoid]")
    slide(tab, "#sigmoid-input", -2)
    expect(tab.page.locator("#sigmoid-says b")).to_have_text(f"{float(sigmoid(-2.0)):.4f}")


def test_the_threshold_moves_what_is_called_1(tab):
    """D6, D7: the samples are those of the function in Python, at any seed."""
    tab.page.click("#lessons [data-lesson=threshold]")
    slide(tab, "#lesson-seed", 4)
    slide(tab, "#features", 5)
    table = simulated_predictions(features=5, seed=4)
    for bar in (0.5, 0.9):
        slide(tab, "#threshold", bar)
        ones = str(int((table["y_hat"].to_numpy() >= bar).sum()))
        until(lambda ones=ones: tab.page.get_attribute("#simulation", "data-ones") == ones)
    expect(tab.page.locator("#lesson-python")).to_contain_text("features=5, seed=4")


def test_products_are_counted(tab):
    """D15."""
    tab.page.click("#lessons [data-lesson=products]")
    slide(tab, "#components", 100)
    expect(tab.page.locator("#products-says b")).to_have_text("5,150")


def test_a_lesson_is_run_and_stays_answered(tab):
    """A7: the answer is a model of the session, which the view Classify has as well."""
    tab.page.click("#lessons [data-lesson=nearest]")
    line = tab.page.locator("tr[data-lesson=centroid]")
    line.locator("button").click()
    expect(line).to_have_attribute("data-status", "done")
    shown = float(line.locator(".here b").text_content())
    digits = snowdome.open("digits")
    ours = snowdome.train(digits, "centroid").verdict.accuracy
    assert shown == pytest.approx(ours, abs=5e-5)
    assert np.isfinite(shown)
    tab.page.click("#lessons [data-lesson=sgd]")
    tab.page.click("#lessons [data-lesson=nearest]")
    expect(line).to_have_attribute("data-status", "done")
    until(lambda: "lesson=nearest" in tab.page.evaluate("location.hash"))
