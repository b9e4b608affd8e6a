"""The view Classify: trained, compared, judged, explained and linked, on MNIST (D6, D9-D12, B14)."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from snowdome.model.compare import train
from snowdome.model.evaluate import confusion_matrix
from snowdome.session.models.judged import with_numbers

from .driver import Tab, until

DONE = "tr[data-model='{}'][data-status=done]"
JUDGED = "model => document.querySelector('#judged')?.dataset.model === model"


@pytest.fixture(scope="module")
def tab(browser, own_app):
    """One tab with a nearest centroid that was trained by hand; in the end nothing has gone wrong in it."""
    tab = Tab(browser, own_app)
    tab.wait(lambda facts: int(facts["frames"]) > 0)
    tab.page.click("#rail [data-view=classify]")
    expect(tab.page.locator("#no-model")).to_be_visible()
    tab.page.select_option("#kind", "centroid")
    tab.page.click("#train-run")
    tab.page.wait_for_selector(DONE.format(1))
    tab.page.wait_for_function(JUDGED, arg="1")
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def done(dataset):
    """The same by the library: ids are row numbers."""
    return train(with_numbers(dataset), "centroid")


def test_the_matrix_is_the_librarys_and_its_cells_select_in_every_view(tab, done):
    page, matrix = tab.page, confusion_matrix(done.verdict)
    counts = page.eval_on_selector_all("#matrix td[data-count]", "all => all.map(each => Number(each.dataset.count))")
    assert np.array_equal(np.array(counts).reshape(10, 10), matrix)
    expect(page.locator("#matrix-says")).to_contain_text(f"{100 * done.verdict.accuracy:.2f} %")
    a, b = np.unravel_index(np.argmax(matrix - np.diag(np.diag(matrix))), matrix.shape)
    cell = page.locator("#matrix tbody tr").nth(a).locator("td").nth(b).locator("button")
    cell.click()
    tab.wait(lambda facts: facts["selected"] == str(matrix[a, b]))
    expect(cell).to_have_attribute("aria-pressed", "true")
    cell.press("ArrowLeft")
    until(lambda: page.evaluate("document.activeElement.closest('td, th').cellIndex") == b)
    page.locator("#matrix tbody tr").nth(a).locator("th button").click()
    tab.wait(lambda facts: facts["selected"] == str(matrix[a].sum()))
    page.keyboard.press("Control+z")
    tab.wait(lambda facts: facts["selected"] == str(matrix[a, b]))
    page.click("#rail [data-view=gallery]")
    page.wait_for_selector("#view[data-view=gallery]")
    tab.wait(lambda facts: facts["selected"] == str(matrix[a, b]))
    page.click("#rail [data-view=classify]")
    page.wait_for_selector("#matrix")
    shown = page.eval_on_selector_all("#scores td:nth-child(3)", "all => all.map(each => Number(each.textContent))")
    np.testing.assert_allclose(shown, np.diag(matrix) / matrix.sum(1), atol=6e-5)


def test_mistakes_come_the_surest_first_and_say_why(tab, done):
    page, verdict = tab.page, done.verdict
    page.click("#part-mistakes")
    page.wait_for_selector("#mistakes button")
    wrong = np.flatnonzero(~verdict.correct)
    worst = wrong[np.argsort(-verdict.confidence[wrong], kind="stable")][:5]
    rows = page.eval_on_selector_all("#mistakes button", "all => all.map(each => Number(each.dataset.row))")
    assert rows[:5] == [int(verdict.ids[row]) for row in worst]
    page.locator("#mistakes button").first.click()
    why = page.locator(f"#why[data-row='{rows[0]}']")
    expect(why).to_contain_text("Taken for")
    tab.wait(lambda facts: facts["pinned"] == str(rows[0]))
    page.wait_for_selector("#why-occlusion")
    names = page.locator("#why-bars bdi").all_inner_texts()
    assert names[0] == done.model.classes[verdict.predicted[worst[0]]]
    colours = tab.shown_image("#why-evidence", 3)
    assert len(np.unique(colours.reshape(-1, 3), axis=0)) > 10, "evidence is drawn"
    expect(page.locator("#why-nearest button")).to_have_count(9)
    before = page.inner_text("#why-margin")
    options = page.locator("#why-other option").all_inner_texts()
    other = next(name for name in options if name not in names[:2])
    page.select_option("#why-other", label=other)
    expect(page.locator("#why-margin")).not_to_have_text(before)
    page.click("#part-random")
    expect(page.locator("#random button")).to_have_count(24)


def test_a_threshold_moves_and_the_address_brings_it_back(tab, done):
    page, verdict = tab.page, done.verdict
    page.click("#part-threshold")
    page.select_option("#threshold-class", "4")
    page.locator("#threshold").fill("30")
    expect(page.locator("#threshold-counts")).to_have_attribute("data-threshold", "0.3")
    taken, mine = verdict.proba[:, 4] >= np.float32(0.3), verdict.labels == 4
    for cell, count in (("tp", taken & mine), ("fp", taken & ~mine), ("fn", ~taken & mine), ("tn", ~taken & ~mine)):
        expect(page.locator(f"[data-cell={cell}]")).to_have_text(f"{int(count.sum()):,}")
    page.wait_for_function("() => location.hash.includes('judge=threshold.4.0.3')")
    page.reload()
    page.wait_for_selector(DONE.format(1))
    expect(page.locator("#threshold-counts")).to_have_attribute("data-threshold", "0.3")
    page.click("#part-calibration")
    until(lambda: page.locator("#calibration circle").count() > 2)
    page.click("#part-weights")
    expect(page.locator("#weights canvas")).to_have_count(10)


def test_what_a_model_says_colours_and_filters_the_map(tab, done):
    page = tab.page
    page.click("#rail [data-view=map]")
    page.select_option("#colour-by", "column:correct-1")
    page.wait_for_function("() => location.hash.includes('colour=column%3Acorrect-1')")
    page.fill("#search", "correct-1 = wrong")
    page.press("#search", "Enter")
    wrong = int((~done.verdict.correct).sum())
    tab.wait(lambda facts: facts["shown"] == str(wrong))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.select_option("#colour-by", "class")


def test_models_are_compared_refused_stopped_deleted_and_brought_back(tab):
    page = tab.page
    page.click("#rail [data-view=classify]")
    page.select_option("#kind", "mlp")
    page.fill("#train-hidden", "0")
    expect(page.locator("#train-says-hidden")).to_have_text(re.compile("^Allowed: a whole number from 1"))
    expect(page.locator("#train-run")).to_be_disabled()
    page.fill("#train-hidden", "2048")
    page.click("#train-run")
    page.wait_for_selector("tr[data-model='2'][data-status=training]")
    page.reload()
    page.wait_for_selector("tr[data-model='2'][data-status=training]")
    page.click("[aria-label='Stop model 2']")
    page.wait_for_selector("tr[data-model='2'][data-status=stopped]")
    page.select_option("#kind", "centroid")
    page.click("#train-run")
    page.wait_for_selector(DONE.format(3))
    page.wait_for_function(JUDGED, arg="3")
    page.click("[aria-label^='Delete model 3']")
    expect(page.locator("tr[data-model='3']")).to_have_count(0)
    page.wait_for_function(JUDGED, arg="1")
    page.keyboard.press("Control+z")
    page.wait_for_selector(DONE.format(3))
