"""What may go wrong while people watch: the server goes on serving and says what happened."""

import gzip
import http.server
import os
import signal
import struct
import threading

import numpy as np
import psutil
import pytest

from .driver import Tab, ended, opened, until

CROWD = 12_000


def write_idx(folder, X, y):
    """A folder of IDX files that snowdome opens."""
    folder.mkdir()
    for name, array in (("train-images-idx3-ubyte.gz", X), ("train-labels-idx1-ubyte.gz", y)):
        head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
        (folder / name).write_bytes(gzip.compress(head + array.tobytes(), 1))
    return folder


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """12,000 small images in five heaps: their run lasts long enough to meddle with, and not long."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 5, CROWD).astype(np.uint8)
    X = np.clip(rng.integers(0, 200, (5, 36))[y] + rng.normal(0, 25, (CROWD, 36)), 0, 255).astype(np.uint8)
    return write_idx(tmp_path_factory.mktemp("data") / "crowd", X.reshape(-1, 6, 6), y)


@pytest.fixture(scope="module")
def app(crowd):
    """One for all of these, until the last of them ends it."""
    with opened(str(crowd)) as app:
        app.end_map(early=True)
        yield app


def forming(tab):
    """Begin a run; its number, once it forms."""
    run = newest(tab) + 1
    tab.page.click("#reset")
    tab.wait(lambda f: f.get("run") == str(run) and int(f["step"]) > 0)
    return run


def to_its_end(run):
    """That a run is done and its last frame is drawn; that it is done may be told before that comes."""
    return lambda facts: ended(run)(facts) and facts["step"] == "750"


def newest(tab):
    """The number of the run that was begun last."""
    return max(run["id"] for run in tab.session()["runs"])


def test_two_tabs_share_the_run_and_closing_one_leaves_it_running(browser, app):
    one, two = Tab(browser, app), Tab(browser, app)
    run = one.hold()
    two.wait(lambda f: f.get("run") == str(run) and f["status"] == "paused")
    two.shows_newest(run)
    step = int(two.facts()["step"])
    for tab in (one, two):
        tab.page.keyboard.press("f")
        tab.camera_at_rest()
    seen = two.camera()
    box = one.page.locator("#map").bounding_box()
    corners = [(box["x"] + across * box["width"], box["y"] + down * box["height"])
               for across, down in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))]  # fmt: skip
    one.page.keyboard.down("Shift")
    one.page.mouse.move(*corners[0])
    one.page.mouse.down()
    for corner in corners[1:]:
        one.page.mouse.move(*corner, steps=4)
    one.page.mouse.up()
    one.page.keyboard.up("Shift")
    one.wait(lambda f: int(f["selected"]) > 0)
    one.page.mouse.wheel(0, -300)
    until(lambda: one.camera()["zoom"] > 1.2 * seen["zoom"])
    assert (two.facts()["selected"], two.camera_at_rest()) == ("0", seen), "what one looks at is its own"
    two.page.click("#play")
    one.wait(lambda f: int(f["step"]) > step)
    one.close()
    step = int(two.facts()["step"])
    two.wait(lambda f: int(f["step"]) > step or f["status"] == "done")
    assert newest(two) == run
    two.close()


def test_a_reload_or_another_tab_finds_the_run_on_its_way_to_its_end(browser, app):
    first = Tab(browser, app)
    run = forming(first)
    step = int(first.facts()["step"])
    first.page.reload()
    first.page.wait_for_selector("#map[data-frames]")
    first.wait(lambda f: f.get("run") == str(run) and int(f["step"]) >= step)
    first.close()
    again = Tab(browser, app)
    again.wait(to_its_end(run))
    until(lambda: again.page.locator("#cost").get_attribute("data-values") == "78")
    again.close()


def test_a_killed_worker_is_told_and_the_run_can_be_started_again(browser, app):
    """J-02."""
    tab = Tab(browser, app)
    tab.hold()
    worker = runs_worker(app)
    os.kill(worker, signal.SIGKILL)
    until(lambda: "killed" in tab.page.inner_text("#messages").lower())
    tab.wait(lambda f: f["status"] == "failed")
    tab.wait(to_its_end(forming(tab)))
    assert runs_worker(app) != worker
    tab.close()


def runs_worker(app):
    """The process that makes the maps."""
    return next(pid for pid in app.workers() if "snowdome.session.worker" in psutil.Process(pid).cmdline())


def test_a_dropped_connection_comes_back_by_itself(browser, app):
    """J-08: the page says so, connects again, and has every value and the last frame in the end."""
    tab = Tab(browser, app, cuttable=True)
    run = forming(tab)
    for cut in range(1, 4):
        tab.wait(lambda f, cut=cut: f.get("run") == str(run) and int(f["step"]) > 30 * cut)
        tab.sockets[-1].close(code=1012)
        tab.wait(lambda _, cut=cut: len(tab.sockets) > cut)
    tab.wait(to_its_end(run))
    until(lambda: tab.page.locator("#cost").get_attribute("data-values") == "78")
    until(lambda: tab.page.inner_text("#messages").strip() == "")
    tab.close()


def test_the_token_leaves_no_trace_in_the_address(browser, app):
    """S-03."""
    tab = Tab(browser, app)
    assert "token" not in tab.page.evaluate("location.href")
    assert "token" not in tab.page.evaluate("document.cookie")
    assert tab.page.evaluate("document.referrer") == ""
    tab.close()


def test_another_site_on_this_machine_cannot_connect(browser, app):
    """S-06: a page on another port of the same host is the same site, but not the same origin."""
    page = b"<!doctype html><title>elsewhere</title>"

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            """Keep the test's output clean."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tab = Tab(browser, app)
    tab.context.unroute_all()
    stranger = tab.context.new_page()
    stranger.goto(f"http://127.0.0.1:{server.server_port}/")
    outcome = stranger.evaluate(
        """origin => new Promise(done => {
            const socket = new WebSocket(origin.replace("http", "ws") + "/api/live");
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        tab.origin,
    )
    read = stranger.evaluate(
        "origin => fetch(origin + '/api/dataset', {credentials: 'include'}).then(() => 'read', () => 'refused')",
        tab.origin,
    )
    assert (outcome, read) == ("refused", "refused")
    server.shutdown()
    server.server_close()
    tab.context.close()


def test_when_the_app_is_ended_the_page_says_so(browser, app):
    tab = Tab(browser, app)
    tab.wait(lambda f: f.get("ready") == "true")
    until(lambda: tab.page.locator("#method option").count())  # the last that it cannot do without is there
    assert app.close() == 0
    until(lambda: "connection" in tab.page.inner_text("#messages").lower())
    assert tab.facts()["n"] == str(CROWD)
    tab.faults.clear()  # the browser reports that the socket cannot be opened again
    tab.context.close()
