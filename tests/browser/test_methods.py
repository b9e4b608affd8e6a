"""Another map from the form, its attraction changed while it forms, and how far it can be believed.

On the first images of MNIST: several maps are seen to their ends.
"""

import time

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, until


@pytest.fixture(scope="module")
def tab(browser, own_few_app):
    tab = Tab(browser, own_few_app)
    tab.wait(ended(2))  # 1 is the first picture
    until(lambda: tab.page.locator("#method option").count())  # the form comes when the methods are told
    yield tab
    tab.close()


def steps_a_second(tab):
    """How quickly the picture of the map goes on, by its clock and ours."""
    began, first = time.monotonic(), int(tab.facts()["step"])
    tab.page.wait_for_timeout(1000)
    return (int(tab.facts()["step"]) - first) / (time.monotonic() - began)  # on a slow machine it can only be less


def newest(tab):
    """The number of the run that was begun last."""
    return max(each["id"] for each in tab.session()["runs"])


def record(tab, run):
    return next(each for each in tab.session()["runs"] if each["id"] == run)


def test_the_form_lists_every_method_and_makes_its_fields_from_what_it_declares(tab):
    from snowdome.core.options import options_of
    from snowdome.layout.base import Layout, layouts

    titles = tab.page.locator("#method option").all_inner_texts()
    assert sorted(titles) == sorted(layouts.member(name, Layout).title for name in layouts.names())
    for name in layouts.names():
        tab.page.select_option("#method", name)
        declared = options_of(layouts.member(name, Layout))
        for option in declared.values():
            field = tab.page.locator(f"#option-{option.name}")
            expect(field).to_have_count(int(option.name not in ("n_components", "random_state", "n_jobs")))
        flat, deep = tab.page.locator("input[name=dimensions]").all()
        components = declared["n_components"]
        assert (flat.is_enabled(), deep.is_enabled()) == (components.admits(2), components.admits(3))


def test_what_is_not_allowed_is_said_beside_its_field(tab):
    tab.page.select_option("#method", "tsne")
    tab.page.fill("#option-perplexity", "5000")
    run = tab.page.locator("#run")
    expect(tab.page.locator("#option-says-perplexity")).to_have_text("Allowed: a number from 0.1 to 1000.")
    expect(run).to_be_disabled()
    tab.page.fill("#option-perplexity", "40")
    expect(run).to_be_enabled()
    tab.page.fill("#form-seed", "-3")
    expect(tab.page.locator("#new-map")).to_contain_text("type a whole number")
    expect(run).to_be_disabled()
    tab.page.fill("#form-seed", "3")
    expect(run).to_be_enabled()
    tab.page.click("#defaults")
    expect(tab.page.locator("#option-perplexity")).to_have_value("30")


def test_a_method_is_chosen_and_run_with_its_options_in_three_dimensions(tab, few):
    before = newest(tab)
    tab.page.select_option("#method", "mds")
    tab.page.locator("#new-map label", has_text="3-D").click()
    tab.page.fill("#form-seed", "5")
    tab.page.click("#run")
    run = before + 1
    tab.wait(ended(run))
    made = record(tab, run)
    assert (made["method"], made["seed"], made["options"]["n_components"]) == ("mds", 5, 3)
    assert tab.positions(run).shape == (len(few), 3)
    expect(tab.page.locator("#status")).to_contain_text("3-D")
    tab.page.keyboard.press("2")
    tab.wait(ended(run + 1))
    again = record(tab, run + 1)
    assert (again["method"], again["seed"], again["options"]["n_components"]) == ("mds", 5, 2)


def test_the_attraction_and_the_speed_are_changed_while_the_map_forms(tab):
    run = newest(tab) + 1
    tab.page.select_option("#method", "spectrum")
    tab.page.fill("#option-exaggeration", "2")
    tab.page.locator(".more summary").click()
    tab.page.fill("#option-early_steps", "0")
    tab.page.fill("#option-steps", "100000")
    tab.page.click("#run")
    tab.wait(lambda facts: facts["run"] == str(run) and int(facts["step"]) > 1000)
    slider = tab.page.locator("#exaggeration")
    until(lambda: slider.get_attribute("data-factor") == "2")  # told with the progress, after the frame
    wide = np.ptp(tab.positions(run), axis=0).max()
    tab.page.locator("#factor").focus()
    tab.page.keyboard.press("End")
    until(lambda: record(tab, run)["exaggeration"] == 100)
    until(lambda: slider.get_attribute("data-factor") == "100")
    until(lambda: np.ptp(tab.positions(run), axis=0).max() < 0.5 * wide)  # more attraction, a smaller map
    tab.page.click("#own-factor")
    until(lambda: slider.get_attribute("data-factor") == "2")
    tab.page.select_option("#speed", "10")
    until(lambda: record(tab, run)["speed"] == 10)
    until(lambda: steps_a_second(tab) < 16)
    slow = int(tab.facts()["step"])
    tab.wait(lambda facts: int(facts["step"]) > slow)
    tab.page.select_option("#speed", "")
    tab.wait(lambda facts: int(facts["step"]) > slow + 200)
    tab.page.select_option("#speed", "3")
    until(lambda: record(tab, run)["speed"] == 3)
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.click("#stop")
    tab.wait(lambda facts: facts["run"] == str(run) and facts["status"] == "stopped")
    expect(tab.page.locator("#speed")).to_be_disabled()
    tab.page.click("#reset")  # what was changed by hand belongs to that run alone
    tab.wait(lambda facts: facts["run"] == str(run + 1) and int(facts["step"]) > 20)
    expect(tab.page.locator("#speed")).to_have_value("")
    until(lambda: slider.get_attribute("data-factor") == "2")
    tab.page.select_option("#method", "pca")
    tab.page.click("#run")
    tab.wait(ended(run + 2))


def test_a_map_is_judged_and_coloured_by_how_far_each_point_can_be_believed(tab):
    run = newest(tab)
    tab.wait(ended(run))
    until(lambda: record(tab, run)["scores"] and not record(tab, run)["measuring"])
    scores = {score["name"]: score for score in record(tab, run)["scores"]}
    shown = tab.page.locator("#scores")
    for name in ("recall@15", "trustworthiness"):
        expect(shown).to_contain_text(f"{scores[name]['value']:.3f}")
        expect(shown).to_contain_text(scores[name]["of"])
    tab.page.click("#all-scores")
    for name in scores:
        expect(shown).to_contain_text(name)
    tab.page.get_by_role("button", name="continuity").click()
    expect(tab.page.locator(".score-means")).to_contain_text("near in the data")
    recall = np.frombuffer(tab.fetch(f"api/runs/{run}/points/recall"), "<f4")
    assert recall.mean() == pytest.approx(scores["recall@15"]["value"], abs=1e-6)
    tab.camera_at_rest()
    before = tab.page.locator("#map").screenshot()
    tab.page.select_option("#colour-by", "recall")
    until(lambda: "neighbours kept" in tab.page.inner_text("main"))
    until(lambda: tab.page.locator("#map").screenshot() != before)
    tab.page.select_option("#colour-by", "class")
    expect(tab.page.locator("#legend input")).to_have_count(10)


def test_j04_a_run_that_was_killed_with_the_app_is_offered_again(browser, begun, tmp_path):
    own = {"SNOWDOME_CACHE": str(tmp_path)}  # nobody else's run is offered here, and this one to nobody else
    with begun("few", environment=own) as app:
        tab = Tab(browser, app)
        tab.wait(ended(2))
        tab.page.select_option("#method", "spectrum")
        tab.page.fill("#form-seed", "11")
        tab.page.locator(".more summary").click()
        tab.page.fill("#option-steps", "100000")
        tab.page.click("#run")
        tab.wait(lambda facts: facts["run"] == "3" and int(facts["step"]) > 50)
        app.process.kill()
        app.process.wait(10)
        tab.context.close()
    with begun("few", environment=own) as app:
        tab = Tab(browser, app)
        said = tab.page.locator("#unfinished")
        expect(said).to_contain_text("with seed 11 was cut off")
        tab.page.click("#again")
        tab.wait(lambda facts: facts["run"] == "3" and int(facts["step"]) > 50)
        assert (record(tab, 3)["method"], record(tab, 3)["seed"]) == ("spectrum", 11)
        expect(said).to_have_count(0)
        tab.close()
