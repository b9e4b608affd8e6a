"""U-07: maps survive the program, are named, compared, deleted and brought back; C10: edges; one class alone.

On the first images of MNIST: each of these maps is seen to its end.
"""

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until

ROW = "#kept-maps tbody tr[data-map]"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A cache in which no map is kept yet."""
    return {"SNOWDOME_CACHE": str(tmp_path_factory.mktemp("cache"))}


@pytest.fixture(scope="module")
def app(begun, own):
    with begun("few", environment=own) as app:
        yield app


@pytest.fixture(scope="module")
def tab(browser, app):
    tab = Tab(browser, app)
    tab.wait(ended(2))
    until(lambda: tab.page.locator(ROW).count() == 1)
    until(lambda: tab.page.locator("#method option").count())
    yield tab
    tab.close()


def record(tab, run):
    return next(each for each in tab.session()["runs"] if each["id"] == run)


def pixel_of(tab, row, run):
    """Where on the page that row's dot is."""
    return tab.pixel(tab.positions(run)[row])


def alone(tab, run):
    """A row whose dot stands as far from all others as any."""
    places = tab.positions(run)
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    return int(distance.min(1).argmax())


def test_a_map_is_kept_with_what_makes_it_different_and_given_at_once_when_asked_for_again(tab):
    tab.page.fill("#option-perplexity", "10")
    tab.page.fill("#form-seed", "4")
    tab.page.click("#run")
    tab.wait(ended(3))
    until(lambda: tab.page.locator(ROW).count() == 2)
    first = tab.page.locator(ROW).first
    until(lambda: (kept := record(tab, 3)["kept"]) and first.get_attribute("data-map") == kept)
    until(lambda: "perplexity 10 · seed 4" in first.inner_text())
    until(lambda: record(tab, 3)["scores"])
    recall = next(score["value"] for score in record(tab, 3)["scores"] if score["name"] == "recall@15")
    until(lambda: f"{recall:.3f}" in first.inner_text())
    until(lambda: first.locator(".sketch").get_attribute("data-drawn") == "1200")
    tab.page.keyboard.press("Escape")
    tab.page.locator(ROW).nth(1).locator(".kept-name").click()
    tab.wait(ended(2))
    tab.page.click("#run")
    tab.wait(ended(3))
    assert len(tab.session()["runs"]) == 3, "nothing was run for it"


def test_a_map_is_named_deleted_and_brought_back_by_hand_and_by_keys(tab):
    row = tab.page.locator(ROW).first
    row.locator(".kept-more").focus()
    tab.page.keyboard.press("Enter")
    until(lambda: tab.page.evaluate("document.activeElement.className") == "kept-field")
    tab.page.keyboard.type("<i>near</i>")
    tab.page.keyboard.press("Enter")
    until(lambda: row.locator(".kept-name").inner_text() == "<i>near</i>")
    until(lambda: "<i>near</i>" in tab.page.locator("#runs option:checked").inner_text())
    expect(tab.page.locator(".kept-actions")).to_have_count(0)  # they are closed by the answer, which may come later
    row.locator(".kept-more").click()
    tab.page.locator(".kept-delete").click()
    until(lambda: tab.page.locator(ROW).count() == 1)
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("Control+z")
    until(lambda: tab.page.locator(ROW).count() == 2)
    expect(row.locator(".kept-name")).to_have_text("<i>near</i>")
    tab.page.keyboard.press("Control+Shift+Z")
    until(lambda: tab.page.locator(ROW).count() == 1)
    tab.page.keyboard.press("Control+z")
    until(lambda: tab.page.locator(ROW).count() == 2)


def test_c10_edges_are_drawn_and_said_and_stand_in_the_address(tab, few):
    n = len(few)
    tab.camera_at_rest()
    tab.page.locator("#map").focus()
    before = tab.page.locator("#map").screenshot()
    tab.page.keyboard.press("e")
    tab.wait(lambda facts: facts["edges"] == str(3 * n))
    until(lambda: "edges=1" in tab.page.evaluate("location.href"))
    neighbours = np.frombuffer(tab.fetch("api/edges?space=50"), "<u4").reshape(n, 3)
    labels = np.frombuffer(tab.fetch("api/labels"), "<u2")
    same = (labels[neighbours] == labels[:, None]).mean()
    said = tab.page.locator("#edges-say")
    expect(said).to_contain_text(f"{3 * n:,} edges: to the 3 nearest in 50 components")
    expect(said).to_contain_text(f"{100 * same:.1f} % stay in one class")
    until(lambda: tab.page.locator("#map").screenshot() != before)
    tab.page.click("#edges-button")
    tab.wait(lambda facts: facts["edges"] == "0")
    expect(said).to_have_count(0)


def test_a_double_click_on_a_dot_shows_its_class_alone_and_again_all(tab, few):
    tab.page.keyboard.press("f")
    tab.camera_at_rest()
    row = alone(tab, 3)
    labels = np.frombuffer(tab.fetch("api/labels"), "<u2")
    x, y = pixel_of(tab, row, 3)
    tab.page.mouse.move(x, y)
    tab.wait(lambda facts: facts["hover"] == str(row))
    tab.page.mouse.dblclick(x, y)
    tab.wait(lambda facts: facts["shown"] == str(int((labels == labels[row]).sum())))
    tab.page.mouse.dblclick(x, y)
    tab.wait(lambda facts: facts["shown"] == str(len(few)))
    name = tab.page.locator(f"#legend [data-code='{labels[row]}'] bdi")
    name.dblclick()
    tab.wait(lambda facts: facts["shown"] == str(int((labels == labels[row]).sum())))
    name.dblclick()
    tab.wait(lambda facts: facts["shown"] == str(len(few)))


def test_after_the_program_has_ended_its_maps_are_there_and_a_link_to_one_shows_it(tab, browser, app, own, begun):
    kept = record(tab, 3)["kept"]
    places = tab.positions(3)
    tab.close()
    assert app.close() == 0
    with begun("few", environment=own) as later:
        again = Tab(browser, later)
        again.wait(ended(2))
        until(lambda: again.page.locator(ROW).count() == 2)
        assert again.page.locator(f"{ROW} .kept-name").first.inner_text() in ("<i>near</i>", "t-SNE")
        again.page.locator(f"[data-map='{kept}'] .kept-name").click()
        run = int(again.wait(lambda facts: facts["run"] != "2" and facts["still"] == "true")["run"])
        assert np.array_equal(again.positions(run), places)
        expect(again.page.locator("#kept-note")).to_contain_text("A kept map, made")
        until(lambda: record(again, run)["scores"])
        until(lambda: f"kept={kept}" in again.page.evaluate("location.href"))
        again.page.reload()
        again.page.wait_for_selector("#map[data-run]")
        again.wait(ended(run))
        again.page.locator(f"[data-map='{kept}'] .kept-more").click()
        again.page.locator(".kept-compare").click()
        until(lambda: again.page.locator(".compare-map").count() == 2)
        runs = "all => all.map(map => map.dataset.run)"
        until(lambda: str(run) in again.page.locator(".compare-map").evaluate_all(runs))
        until(lambda: f"k{kept}" in again.page.evaluate("location.href"))
        again.page.locator("#rail [data-view=map]").click()
        again.page.click("#run-again")
        again.wait(ended(run + 1))
        assert np.array_equal(again.positions(run + 1), places)
        expect(again.page.locator("#kept-note")).to_have_count(0)
        again.close()
