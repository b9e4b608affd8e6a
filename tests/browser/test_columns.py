"""A table of one's own: what it knows of its rows beside their values colours and filters them as the rest does."""

import pytest

from .driver import Tab, opened, until

SITES = ("Bonn", "<b>Ulm</b>", "")
N = 60


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Sixty rows of three values; of each a site and an age are known, of some neither."""
    path = tmp_path_factory.mktemp("table") / "patients.csv"
    rows = [f"{'xy'[i % 2]},{SITES[i % 3]},{'' if i % 10 == 0 else 20 + i},{i % 7},{i % 11},{i / 9}" for i in range(N)]
    path.write_text("\n".join(["label,site,age,a,b,c", *rows, ""]))
    return path


@pytest.fixture(scope="module")
def tab(browser, table):
    with opened(str(table), "--column", "age") as app:
        tab = Tab(browser, app)
        tab.wait(lambda f: f.get("ready") == "true")
        tab.page.wait_for_selector("#colour-by option[value='column:age']", state="attached")  # its columns are known
        yield tab
        assert tab.faults == []
        tab.close()


def words(locator):
    until(lambda: locator.count() == 1)
    return locator.inner_text().split("\n")


def test_colours_by_a_text_have_its_names_and_by_a_number_the_ramp(tab):
    tab.page.locator("#colour-by").select_option("column:site")
    assert words(tab.page.locator("#name-scale")) == ["site", "<b>Ulm</b>", "Bonn"]
    until(lambda: "colour=column%3Asite" in tab.page.evaluate("location.href"))
    tab.page.locator("#colour-by").select_option("column:age")
    scale = tab.page.locator("#value-scale")
    said = words(scale)
    assert said[0] == "age · grey: unknown"
    low, middle, high = map(float, scale.locator("p span").all_inner_texts())
    assert 20 <= low < middle < high <= 20 + N
    tab.page.locator("#colour-by").select_option("class")


def filtered(tab, text, wanted):
    """Wait until so many rows are looked at with that filter, which is then taken away."""
    tab.page.fill("#search", text)
    tab.page.press("#search", "Enter")
    chip = tab.page.locator("#filters button")
    until(lambda: chip.count() == 1)
    until(lambda: f"{wanted} of {N}" in tab.page.inner_text(".search"))
    chip.click()
    until(lambda: chip.count() == 0)


def test_rows_are_filtered_by_them(tab):
    filtered(tab, "site = Bonn", N // 3)
    filtered(tab, "site ~ <b>", N // 3)
    filtered(tab, "age >= 50", 27)  # a row whose age is not known is not of that age


def test_the_gallery_is_sorted_by_one(tab):
    tab.page.goto(f"{tab.origin}/#view=gallery")
    tab.page.select_option("#gallery-sort", "age")
    until(lambda: "sorted by age, least first" in tab.page.locator("#status").inner_text())
    tab.page.wait_for_selector("#gallery-picture[data-grid]")
    tab.page.focus("#gallery")
    tab.page.keyboard.press("Home")
    cell = tab.page.locator("#gallery-cell")
    until(lambda: cell.inner_text().startswith("#1,"))
    tab.page.keyboard.press("ArrowRight")
    until(lambda: cell.inner_text().startswith("#2,"))
    tab.page.select_option("#gallery-sort", "row")
