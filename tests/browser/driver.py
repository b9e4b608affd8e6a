"""A person at the app: a server of its own, a real Chromium, and what the canvas says of itself.

Used by the tests and by the script that makes the screenshots of the documentation.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute
from websockets.sync.client import connect

FLAGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--no-first-run",
]  # fmt: skip

# Begins a map of components with those options; its number, once the app knows of it.
START = """asked => new Promise((done, failed) => {
    const socket = new WebSocket(location.origin.replace("http", "ws") + "/api/live");
    let last = null;  // of the runs that there were
    socket.onerror = failed;
    socket.onmessage = ({ data }) => {
        const said = typeof data === "string" ? JSON.parse(data) : {};
        if (last === null && said.runs) {
            last = Math.max(0, ...said.runs.map((run) => run.id));
            socket.send(JSON.stringify({ type: "start", method: "pca", seed: 0, options: asked }));
        } else if (last !== null && said.type === "run" && said.run.id > last) {
            socket.close();
            done(said.run.id);
        }
    };
})"""

# Chromium draws WebGL by the processor here, and the app then paints without it; with this it takes it for a card.
A_CARD = """const extension = WebGL2RenderingContext.prototype.getExtension;
WebGL2RenderingContext.prototype.getExtension = function (name) {
    return name === "WEBGL_debug_renderer_info" ? null : extension.call(this, name);
};"""

# Holds the run that begins after that one as soon as it forms: who looks from outside may come too late for it.
HOLD = """async last => {
    const { dataset } = document.querySelector("#map");
    const forms = () => Number(dataset.run) > last && Number(dataset.step) > 0;
    const over = () => ["done", "stopped", "failed"].includes(dataset.status);
    const began = performance.now();
    while (!forms() || (document.querySelector("#play").disabled && !over())) {
        if (performance.now() - began > 300_000) throw new Error(`No run after ${last} can be held.`);
        await new Promise(requestAnimationFrame);
    }
    document.querySelector("#play").click();  // does nothing once there is nothing to hold
}"""

AT_REST = """async () => {
    const { dataset } = document.querySelector("#map");
    let [before, pictures, since] = ["", 0, 0];
    while (pictures < 3 || performance.now() - since < 150) {
        await new Promise(requestAnimationFrame);
        if (dataset.camera !== before) [before, pictures, since] = [dataset.camera, 0, performance.now()];
        pictures += 1;
    }
    return before;
}"""


def chromium() -> str | None:
    """The browser's program, where there is one."""
    return shutil.which("chromium") or shutil.which("google-chrome")


class App:
    """`snowdome open THING --no-browser` in a process of its own."""

    def __init__(self, thing: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "snowdome", "open", thing, "--no-browser", *arguments]
        env = {**os.environ, **(environment or {})}
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self._pump = threading.Thread(target=self._read, daemon=True)
        self._pump.start()
        self.url: str = until(self._address)

    def _address(self) -> str | None:
        return next((found[0] for line in self.lines if (found := re.search(r"http://\S+", line))), None)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def workers(self) -> list[int]:
        """The process ids of the worker processes."""
        import psutil

        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def end_map(self, *, early: bool, run: int = 2) -> None:
        """See the map that begins with the app to its end, or stop it `early`, before a tab is there."""
        origin, _, token = self.url.partition("/?token=")
        headers = {"Authorization": f"Bearer {token}"}
        with connect(f"{origin.replace('http', 'ws')}/api/live", additional_headers=headers, proxy=None) as socket:
            if early:
                socket.send(json.dumps({"type": "stop", "run": run}))
            until(lambda: ends(socket.recv(300), run), 300)  # where the kernels are not compiled yet, they are now

    def close(self) -> int:
        """Ctrl-C, and the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(120)
        self._pump.join(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status


@contextmanager
def opened(thing: str, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[App]:
    """An app that is closed in the end."""
    app = App(thing, *arguments, environment=environment)
    try:
        yield app
    finally:
        app.close()


class Tab:
    """One page of the app, watched for anything that should not happen."""

    def __init__(
        self, browser: Browser, app: App, *, width: int = 1280, height: int = 800, scheme: str = "light",
        cuttable: bool = False, touch: bool = False, before: str = "", run: int | None = None,
    ) -> None:  # fmt: skip
        """`run`: the map that is looked at, whatever else is begun; else the newest."""
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=touch
        )
        if before:
            self.context.add_init_script(before)
        self.origin = app.url.partition("/?")[0]
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self.sockets: list[WebSocketRoute] = []
        self.context.route(re.compile(".*"), self._only_ours)
        if cuttable:
            self.context.route_web_socket(re.compile(".*"), self._pass_on)
        self.context.set_default_timeout(120_000)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.goto(app.url)
        self.page.wait_for_selector("#map[data-frames]")
        if run is not None:
            self.page.evaluate("run => { location.hash = `map=${run}` }", run)

    def _only_ours(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((self.origin, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()

    def _pass_on(self, socket: WebSocketRoute) -> None:
        """A socket that goes through the test, which can cut it: `tab.sockets[-1].close()`."""
        socket.connect_to_server()
        self.sockets.append(socket)

    def facts(self) -> dict[str, str]:
        """The attributes of the canvas; none while a page that was loaded anew has no canvas yet."""
        found: dict[str, str] = self.page.evaluate("({...document.querySelector('#map')?.dataset})")
        return found

    def wait(self, wanted: Callable[[dict[str, str]], Any], seconds: float = 120) -> dict[str, str]:
        """Wait until the canvas says what is wanted, and return what it says."""
        return until(lambda: (facts := self.facts()) and wanted(facts) and facts, seconds)

    def look_at(self, view: str) -> None:
        """Look at a view, and wait until it is there."""
        self.page.evaluate("view => document.querySelector(`#rail [data-view=${view}]`).click()", view)
        self.page.wait_for_selector(f".window[data-view={view}]")
        if view != "map":
            until(lambda: "Loading…" not in self.page.inner_text("#view"))

    def train(self, kind: str, model: int) -> None:
        """Train a model by its form; it has that number, and is looked at once it is judged."""
        self.look_at("classify")
        self.page.select_option("#kind", kind)
        self.page.click("#train-run")
        self.page.wait_for_selector(f"tr[data-model='{model}'][data-status=done]")
        self.page.wait_for_selector(f"#judged[data-model='{model}']")

    def rank(self) -> None:
        """Rank the labels."""
        self.look_at("labels")
        self.page.click("#labels-rank")
        self.page.wait_for_selector("#labels-lines")

    def fetch(self, path: str) -> bytes:
        """What a route answers to this tab's cookie."""
        answer = self.context.request.get(f"{self.origin}/{path}")
        assert answer.ok, (path, answer.status, answer.text())
        return answer.body()

    def session(self) -> dict[str, Any]:
        """The snapshot of all runs and costs."""
        found: dict[str, Any] = json.loads(self.fetch("api/session"))
        return found

    def positions(self, run: int) -> NDArray[np.float32]:
        """The newest positions of a run, (n, dim)."""
        data = self.fetch(f"api/runs/{run}/frame")
        n, dim = int.from_bytes(data[16:20], "little"), data[20]
        return np.frombuffer(data, "<f4", n * dim, 64).reshape(n, dim)

    def shows_newest(self, run: int) -> None:
        """Wait until the newest positions of a run are drawn in full; that it is over may be told before they come."""
        step = str(int.from_bytes(self.fetch(f"api/runs/{run}/frame")[12:16], "little"))
        self.wait(lambda f: (f.get("run"), f.get("step"), f.get("still")) == (str(run), step, "true"))

    def hold(self) -> int:
        """Begin a run and hold it on its way; its number, once its exact frame is drawn."""
        for _ in range(5):  # one that was over before is begun again
            last = max(run["id"] for run in self.session()["runs"])
            self.page.click("#reset")
            self.page.evaluate(HOLD, last)
            held = self.wait(lambda f, last=last: int(f["run"]) > last and f["status"] in ("paused", "done"))
            if held["status"] == "paused":
                self.shows_newest(int(held["run"]))
                return int(held["run"])
        raise AssertionError("Every run was over before it could be held.")

    def beside(self, maps: int) -> None:
        """Wait until so many flat maps rest beside each other and fill one box: the first comes before the others."""
        every = self.page.locator(".compare-area canvas")

        def rest() -> bool:
            found = every.evaluate_all("all => all.map(one => ({...one.dataset}))")
            if len(found) != maps or any((one.get("ready"), one.get("still")) != ("true", "true") for one in found):
                return False
            cameras = [json.loads(one["camera"]) for one in found]
            places = [[camera[axis] for axis in ("x", "y", "zoom")] for camera in cameras]
            return np.allclose(places, places[0], rtol=1e-6)

        until(rest)

    def camera(self, canvas: str = "#map") -> dict[str, Any]:
        """Where the camera stands: the picture's middle in the map, pixels a unit, the picture's size, its turn."""
        found: dict[str, Any] = json.loads(self.page.get_attribute(canvas, "data-camera") or "")
        return found

    def camera_at_rest(self) -> dict[str, Any]:
        """The same once it has stopped moving: for a while in which the page could have drawn three pictures."""
        found: dict[str, Any] = json.loads(self.page.evaluate(AT_REST))
        return found

    def pixel(self, place: NDArray[Any], canvas: str = "#map") -> tuple[float, float]:
        """Where on the page a point of the map lies now."""
        x, y = self.pixels(np.asarray(place, float)[None], canvas)[0, :2]
        return float(x), float(y)

    def pixels(self, places: NDArray[Any], canvas: str = "#map") -> NDArray[np.float64]:
        """Where on the page points (n, 2 or 3) lie now, and how near each is to the eye: (n, 3)."""
        camera = self.camera(canvas)
        box = self.page.locator(canvas).bounding_box()
        assert box is not None
        away = np.zeros((len(places), 3))
        away[:, : places.shape[1]] = places
        away -= [camera["x"], camera["y"], camera["z"]]
        x, y, z, w = camera["orientation"]
        vector = np.array([x, y, z])
        seen = away + 2 * np.cross(vector, np.cross(vector, away) + w * away)  # right, up, toward the eye
        focal = camera["height"] / 2 / np.tan(np.radians(25))
        scale = camera["zoom"] / (1 - seen[:, 2] * camera["zoom"] / focal * (camera["dim"] == 3))
        across = box["x"] + camera["width"] / 2 + seen[:, 0] * scale
        down = box["y"] + camera["height"] / 2 - seen[:, 1] * scale
        return np.stack([across, down, seen[:, 2]], axis=1)

    def place(self, pixel: tuple[float, float]) -> NDArray[np.float64]:
        """The point of a flat map that lies at a pixel of the page now."""
        camera = self.camera()
        left, top = self.pixel(np.array([camera["x"], camera["y"]]))
        return np.array([camera["x"] + (pixel[0] - left) / camera["zoom"],
                         camera["y"] - (pixel[1] - top) / camera["zoom"]])  # fmt: skip

    def shown_image(self, selector: str = "#hover-card canvas", channels: int = 1) -> NDArray[np.uint8]:
        """The pixels of an image that the page shows: (height, width) as grey, or (height, width, 3) in colour."""
        program = """selector => {
            const canvas = document.querySelector(selector);
            const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return { width, height, values: Array.from(data) };
        }"""
        found = self.page.evaluate(program, selector)
        pixels = np.array(found["values"], np.uint8).reshape(found["height"], found["width"], 4)
        return pixels[..., 0] if channels == 1 else pixels[..., :channels]

    def close(self) -> None:
        """Close the tab; nothing foreign was asked for and nothing went wrong in it."""
        self.context.close()
        assert self.foreign == [], self.foreign
        assert self.faults == [], self.faults


def until(look: Callable[[], Any], seconds: float = 120) -> Any:
    """What `look` gives as soon as it is true; fails the test after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"Waited {seconds} s in vain.")
        time.sleep(0.03)
    return found


def settled(canvas: Locator) -> bytes:
    """A picture of it, and of what stands above it, once it is the same twice."""
    before, now = None, canvas.screenshot()
    while now != before:
        before, now = now, canvas.screenshot()
    return now


def ends(message: str | bytes, run: int) -> bool:
    """Whether a message of the server says that a run is over."""
    said = {} if isinstance(message, bytes) else json.loads(message)
    told = [said["run"]] if said.get("type") == "run" else said.get("runs", [])
    return any(one["id"] == run and one["status"] in ("done", "stopped", "failed") for one in told)


def ended(run: int) -> Callable[[dict[str, str]], bool]:
    """That a run is over and its last frame is drawn in full."""
    return lambda facts: facts.get("run") == str(run) and facts.get("status") == "done" and facts.get("still") == "true"
