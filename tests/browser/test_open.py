"""Other data from within the app: chosen or dropped, small or broken, and by name. It begins with the digits."""

import io
import json
import re
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

from .driver import Tab, ended, opened, until

CLASSES = ("cat", "dog")
EACH = 12


def picture(number):
    """A colour image of 4 × 6 pixels that is like no other."""
    return np.random.default_rng(number).integers(0, 256, (6, 4, 3), np.uint8)


def png(pixels):
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def pictures():
    """The files of a folder with a folder for each class, by path; their names are in the order of the rows."""
    rows = range(2 * EACH)
    return {f"{CLASSES[row // EACH]}/{row:02}.png": png(picture(row)) for row in rows}


@pytest.fixture(scope="module")
def pets(pictures):
    """The same as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for path, content in pictures.items():
            archive.writestr(path, content)
    return file.getvalue()


@pytest.fixture(scope="module")
def app():
    with opened("digits") as app:
        yield app


@pytest.fixture(scope="module")
def page(browser, app):
    """One tab for all of them, which starts over with each data set."""
    tab = Tab(browser, app)
    tab.wait(lambda f: f.get("ready") == "true")
    yield tab
    tab.close()


@pytest.fixture
def tab(page):
    """That tab, with nothing in front of the map and nothing gone wrong."""
    page.page.keyboard.press("Escape")
    until(lambda: page.page.locator("#open-dialog").count() == 0)
    yield page
    assert page.faults == []


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def shows(tab, name, n):
    """Wait until those data are on the stage."""
    tab.page.wait_for_selector(f"#map[data-n='{n}']")  # which lasts while the page starts over
    tab.wait(lambda f: f.get("ready") == "true" and f["n"] == str(n))
    until(lambda: name in tab.page.inner_text("header"))
    tab.page.wait_for_load_state("networkidle")  # the page has learnt all that it asks for when it begins


def has_classes(tab, names):
    expect(tab.page.locator("#legend label")).to_have_text(list(names), use_inner_text=True)


def point_at_a_dot(tab):
    """Move to a dot; its row, or another that lies at the same place."""
    tab.wait(ended(2))
    tab.shows_newest(2)
    tab.camera_at_rest()
    positions = tab.positions(2)
    x, y = tab.pixel(positions[3])
    tab.page.mouse.move(x + 30, y - 30)
    tab.page.mouse.move(x, y, steps=3)
    there = np.flatnonzero(np.hypot(*(tab.pixels(positions)[:, :2] - [x, y]).T) < 1)
    return int(tab.wait(lambda f: f["hover"] != "" and int(f["hover"]) in there)["hover"])


def test_the_name_in_the_header_opens_a_dialog_that_the_keyboard_closes(tab):
    tab.page.click("#data-name")
    dialog = tab.page.locator("#open-dialog")
    expect(dialog).to_contain_text("MNIST")
    expect(dialog.locator("[aria-current=true]")).to_have_attribute("data-key", "digits")
    tab.page.keyboard.press("Escape")
    until(lambda: dialog.count() == 0)
    tab.page.keyboard.press("o")
    until(lambda: dialog.count() == 1)
    tab.page.keyboard.press("Tab")
    inside = "document.querySelector('#open-dialog').contains(document.activeElement)"
    until(lambda: tab.page.evaluate(inside))
    tab.page.keyboard.press("Escape")
    until(lambda: dialog.count() == 0)
    until(lambda: tab.page.evaluate("document.activeElement.id") in ("data-name", ""))  # it goes back where it was


def test_what_is_broken_is_said_in_the_dialog_and_the_old_data_stay(tab, pets):
    session = tab.session()["session"]
    tab.page.click("#data-name")
    problem = tab.page.locator("#open-problem")
    for name, content in (("cut.zip", pets[:700]), ("junk.zip", b"\x00\x01\x02" * 50), ("empty.zip", b"")):
        tab.page.set_input_files("#open-file", files=[file(name, content)])
        expect(problem).to_contain_text(name)
        said = problem.inner_text()
        assert "upload-" not in said
        assert "/" not in said
    tab.page.keyboard.press("Escape")
    assert tab.facts()["n"] == "1797"
    assert tab.session()["session"] == session
    tab.faults.clear()  # the browser reports each refusal


def test_a_zip_takes_the_place_of_what_is_open_in_all_tabs(tab, browser, app, pets):
    other = Tab(browser, app)
    expect(tab.page.locator("#invitation")).to_contain_text("open MNIST")
    tab.page.click("#data-name")
    tab.page.set_input_files("#open-file", files=[file("pets.zip", pets)])
    for each in (tab, other):
        shows(each, "pets", 2 * EACH)
        has_classes(each, CLASSES)
    other.close()
    tab.page.bring_to_front()
    expect(tab.page.locator("#invitation")).to_have_count(0)
    row = point_at_a_dot(tab)
    until(lambda: tab.page.locator("#hover-card canvas").get_attribute("data-row") == str(row))
    np.testing.assert_array_equal(tab.shown_image(channels=3), picture(row))
    expect(tab.page.locator("#hover-card")).to_contain_text(CLASSES[row // EACH])
    expect(tab.page.locator("#hover-card")).to_contain_text(f"{row:02}.png")  # the row's own id, beside its number
    until(lambda: len(app.workers()) == 2)  # one for runs and one for questions; those of the data before are gone


def test_a_folder_is_sent_in_one_piece(tab, tmp_path, pictures):
    for path, content in pictures.items():
        target = tmp_path / "my animals" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path not in ("cat/11.png", "dog/12.png"):
            target.write_bytes(content)
    (tmp_path / "my animals" / ".DS_Store").write_bytes(b"junk")
    tab.page.click("#data-name")
    tab.page.set_input_files("#open-folder", tmp_path / "my animals")
    shows(tab, "my animals", 2 * EACH - 2)
    has_classes(tab, CLASSES)


def test_rows_that_are_no_images_have_a_label_and_an_id(tab):
    table = "label,a,b,c\n" + "".join(f"{'xyz'[i % 3]},{i % 3 + i / 99},{-i},{i * i / 7}\n" for i in range(30))
    tab.page.click("#data-name")
    tab.page.set_input_files("#open-file", files=[file("measured.csv", table.encode())])
    shows(tab, "measured", 30)
    until(lambda: "30 rows · 3 classes" in tab.page.inner_text("header"))
    row = point_at_a_dot(tab)
    until(lambda: tab.page.inner_text("#hover-card").split() == ["xyz"[row % 3], f"#{row}"])
    expect(tab.page.locator("#hover-card canvas")).to_have_count(0)


def test_how_to_read_is_asked_for_as_declared_and_the_labels_can_be_chosen_anew(tab):
    table = "kind,size,a,b\n" + "".join(f"{'xyz'[i % 3]},{'uv'[i % 2]},{i},{i * i % 17}\n" for i in range(40))
    sent = file("things.csv", table.encode())
    tab.page.click("#data-name")
    tab.page.click("#how-to-read summary")
    declared = [option["name"] for option in json.loads(tab.fetch("api/catalogue"))["reading"]]
    ids = "all => all.map(each => each.querySelector('[id^=read-]').id)"
    wanted = [f"read-{name}" for name in declared]
    until(lambda: tab.page.locator("#how-to-read .option").evaluate_all(ids) == wanted)
    tab.page.fill("#read-label", "kind")
    expect(tab.page.locator("#how-to-read summary")).to_contain_text("label")
    tab.page.fill("#read-size", "0")
    expect(tab.page.locator("#how-to-read")).to_contain_text("from 1 to 1024")
    tab.page.set_input_files("#open-file", files=[sent])
    until(lambda: "marked there" in tab.page.inner_text("#open-problem"))
    tab.page.fill("#read-size", "none")
    tab.page.set_input_files("#open-file", files=[sent])
    shows(tab, "things", 40)
    has_classes(tab, "xyz")
    expect(tab.page.locator("#notes")).to_contain_text("'kind'")
    tab.page.click("#another-way")
    expect(tab.page.locator("#again")).to_have_count(1)
    expect(tab.page.locator(".catalogue")).to_have_count(0)
    until(lambda: tab.page.input_value("#read-label") == "kind")
    tab.page.fill("#read-label", "colour")
    tab.page.click("#read-again")
    until(lambda: "colour" in tab.page.inner_text("#open-problem"))
    assert "upload-" not in tab.page.inner_text("#open-problem")
    tab.page.fill("#read-label", "size")
    tab.page.click("#read-again")
    tab.page.wait_for_selector("#legend label:has-text('u')")
    shows(tab, "things", 40)
    has_classes(tab, "uv")
    tab.faults.clear()  # the browser reports the refusal


def test_what_is_on_its_way_in_tells_the_time_left_and_is_cancelled(tab, cache_folder):
    session = tab.session()["session"]
    uploads = cache_folder / "uploads"
    kept = len(list(uploads.iterdir())) if uploads.exists() else 0
    values = np.random.default_rng(0).integers(0, 256, (9000, 28, 28), np.uint8)
    content = io.BytesIO()
    np.save(content, values)
    client = tab.context.new_cdp_session(tab.page)
    client.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    client.send("Network.emulateNetworkConditions", slow)
    tab.page.click("#data-name")
    tab.page.set_input_files("#open-file", files=[file("much.npy", content.getvalue())])
    expect(tab.page.locator("#open-progress")).to_contain_text(re.compile("much.npy: receiving.* left"))
    with tab.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        tab.page.click("#cancel-opening")
    # The app has given it up, and not before: what is left to send would be there in no time.
    client.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    until(lambda: "Cancelled" in tab.page.inner_text("#open-problem"))
    expect(tab.page.locator("#open-progress")).to_have_count(0)
    assert tab.session()["session"] == session
    until(lambda: len(list(uploads.iterdir())) == kept)
    tab.faults.clear()  # the browser reports the end of the request


def test_a_large_download_is_asked_for_first(tab):
    asked = []
    tab.page.on("request", lambda request: asked.append(request.method) if "api/open" in request.url else None)
    tab.page.click("#data-name")
    tab.page.click("[data-key=emnist-letters]")
    expect(tab.page.locator("[data-ask=emnist-letters]")).to_contain_text("562 MB will be fetched")
    tab.page.click("[data-ask=emnist-letters] button:not(.primary)")
    until(lambda: tab.page.locator("[data-ask]").count() == 0)
    assert asked == []
    tab.page.click("[data-key=emnist-letters]")
    tab.page.click("[data-ask=emnist-letters] .primary")
    expect(tab.page.locator("#open-problem")).to_contain_text("fetching is switched off")
    assert asked == ["POST"]
    tab.faults.clear()  # the browser reports the refusal


def test_a_file_is_dropped_anywhere_and_a_name_brings_the_digits_back(tab, pets):
    drop = tab.page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "dropped pets.zip"));
            return data;
        }""",
        list(pets),
    )
    tab.page.dispatch_event("#map", "dragover", {"dataTransfer": drop})
    until(lambda: tab.page.locator(".drop-hint").count() == 1)
    tab.page.dispatch_event("#map", "drop", {"dataTransfer": drop})
    shows(tab, "dropped pets", 2 * EACH)
    tab.page.click("#data-name")
    tab.page.click("[data-key=digits]")
    shows(tab, "Digits", 1797)
