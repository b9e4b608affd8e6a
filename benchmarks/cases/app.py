"""The app in a real Chromium that draws in software: what a hand waits for, the stream, memory and size."""

import argparse
import base64
import gzip
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.browser import ROOT, app, free_port, serving, watching
from benchmarks.cases.start import time_run
from benchmarks.harness import contender, quiet_environment, save

CLOCKS = (Path(__file__).parent.parent / "page.js").read_text()
HOVERS = 150
REPEATS = 20
CORNERS = 25  # of a lasso
REST = 0.12  # seconds that a hand rests between two looks
STARTED = 2500  # ms after which a page has begun
SETTLED = 0.6  # seconds after which nothing moves any more
LIVE = 2  # the run that is there from the start, after the picture
CHARTS = ("vega", "uplot")  # what the names of files that only draw charts begin with


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--thing", default="mnist", help="the data set to open")
    parser.add_argument("--rows", default="", help="1M: instead, so many deformed digits: frames and picks alone")


def run(arguments: argparse.Namespace) -> None:
    """Measure, print and save."""
    with tempfile.TemporaryDirectory() as folder:
        if arguments.rows:
            rows = int(float(arguments.rows.upper().replace("M", "e6")))
            name, result = "app-many", {"rows": rows, **many(folder, rows)}
        else:
            name, result = f"app-{arguments.thing}", whole(folder, arguments.thing)
    print("saved", save(name, result).name)


class Told(dict[str, Any]):
    """Figures that are printed as they come."""

    def __setitem__(self, key: str, value: Any) -> None:
        print(f"{key:<28} {json.dumps(value)}", flush=True)
        super().__setitem__(key, value)


def whole(folder: str, thing: str) -> dict[str, Any]:
    """Everything at the size of that data set."""
    with app(thing, quiet_environment()) as (url, _):
        time_run(url)  # the map, kept for all that follows; the kernels and the data are warm now
    found: dict[str, Any] = Told()
    with app(thing, quiet_environment()) as (url, _), watching(url) as browser:
        run = time_run(url)
        time.sleep(SETTLED)
        with browser.page() as page:
            at_rest(page)
            found["drawn by"] = page.get_attribute("#map", "data-renderer")
            found["live run"] = {**run, "frames": int(page.get_attribute("#map", "data-frames") or 0)}
            page.evaluate(f"({CLOCKS})()")
            tasks = page.evaluate("clock.longTasks()")
            found["longest task in ms"] = longest(tasks)
            end = positions(page)
            found["hover"] = hovers(page, end)
            found["lasso"] = lassos(page)
            found["legend"] = legends(page)
            found["heap in MB"] = heap(page)
            found["first picture in ms"] = first_pictures(page)
            found["bundle in kB"] = bundle(page)
    prepare(folder, thing, end)
    for name, rests in (("stream, all points", "1"), ("stream, moving subset", "0")):
        found[name] = streamed(folder, rests)
    return found


def at_rest(page: Any) -> None:
    """Return when all points are drawn and nothing moves."""
    while page.get_attribute("#map", "data-still") != "true":
        time.sleep(0.05)


def longest(tasks: list[list[float]]) -> dict[str, float]:
    """The longest task of the page's own thread in ms, while it starts and while a map runs; 50 stands for less."""
    early, late = ([took for at, took in tasks if (at < STARTED) == first] for first in (True, False))
    return {"starting": round(max(early, default=50.0), 1), "running": round(max(late, default=50.0), 1)}


# What a hand waits for.


def positions(page: Any) -> NDArray[np.float32]:
    """The newest map, (n, 2)."""
    program = f"""async () => {{
        const bytes = new Uint8Array(await (await fetch("api/runs/{LIVE}/frame")).arrayBuffer());
        let text = "";
        for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
        return btoa(text);
    }}"""
    data = base64.b64decode(page.evaluate(program))
    n, dim = int.from_bytes(data[16:20], "little"), data[20]
    return np.frombuffer(data, "<f4", n * dim, 64).reshape(n, dim)


def pixels(page: Any, places: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where on the page points of a flat map lie, (n, 2)."""
    camera = json.loads(page.get_attribute("#map", "data-camera"))
    box = page.locator("#map").bounding_box()
    across = box["x"] + camera["width"] / 2 + (places[:, 0] - camera["x"]) * camera["zoom"]
    down = box["y"] + camera["height"] / 2 - (places[:, 1] - camera["y"]) * camera["zoom"]
    return np.stack([across, down], axis=1)


def spread(values: list[float]) -> dict[str, float]:
    """The middle and the 95th of a hundred."""
    return {"median": round(median(values), 1), "p95": round(float(np.percentile(values, 95)), 1)}


def some_places(page: Any, places: NDArray[np.float32]) -> NDArray[np.float64]:
    """Pixels of rows at random, of those away from the rim of the map and what stands on it."""
    at = pixels(page, places)
    box = page.locator("#map").bounding_box()
    free = (at[:, 0] > box["x"] + 150) & (at[:, 0] < box["x"] + box["width"] - 150)
    free &= (at[:, 1] > box["y"] + 120) & (at[:, 1] < box["y"] + box["height"] - 120)
    chosen: NDArray[np.float64] = np.random.default_rng(0).permutation(at[free])[:HOVERS]
    return chosen


def hovers(page: Any, places: NDArray[np.float32]) -> dict[str, Any]:
    """From a move of the pointer onto a dot whose image was not fetched before, in ms."""
    found = []
    for x, y in some_places(page, places).tolist():
        page.evaluate("window.wanted = clock.hover(), null")
        page.mouse.move(x, y)
        if (one := page.evaluate("window.wanted")) is not None:
            found.append(one)
        time.sleep(REST)
    keys = {"picked": "row found", "image": "image in the card", "frame": "frame that shows it"}
    return {"looks": len(found), **{says: spread([one[key] for one in found]) for key, says in keys.items()}}


def lassos(page: Any) -> dict[str, Any]:
    """From letting go of a lasso round the whole map, in ms."""
    box = page.locator("#map").bounding_box()
    turns = np.linspace(0, 2 * np.pi, CORNERS)
    line = np.stack([box["x"] + box["width"] * (0.5 + 0.49 * np.cos(turns)),
                     box["y"] + box["height"] * (0.5 + 0.49 * np.sin(turns))], 1)  # fmt: skip
    found, rows = [], 0
    first, *others = line.tolist()
    for _ in range(REPEATS):
        page.keyboard.down("Shift")
        page.mouse.move(*first)
        page.mouse.down()
        for corner in others:
            page.mouse.move(*corner)
        page.evaluate("window.wanted = clock.picture('pointerup', 'selected'), null")
        page.mouse.up()
        found.append(page.evaluate("window.wanted"))
        page.keyboard.up("Shift")
        rows = int(page.get_attribute("#map", "data-selected") or 0)
        page.keyboard.press("Escape")
        time.sleep(SETTLED)
    return {"rows": rows, "selection": spread([one["changed"] for one in found]),
            "picture": spread([one["picture"] for one in found])}  # fmt: skip


def legends(page: Any) -> dict[str, Any]:
    """From a click that switches a class off or on, in ms."""
    found = []
    label = page.locator("#legend .class").nth(3)
    label.hover()
    time.sleep(SETTLED)
    for _ in range(2 * REPEATS):
        page.evaluate("window.wanted = clock.picture('click', 'shown'), null")
        label.click()
        found.append(page.evaluate("window.wanted"))
        time.sleep(SETTLED)
    page.mouse.move(5, 5)
    return {"picture": spread([one["picture"] for one in found])}


# Memory, start and size.


def heap(page: Any) -> dict[str, float]:
    """What the page's JavaScript holds after a collection: objects, and the buffers of arrays beside them."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    found = session.send("Runtime.getHeapUsage")
    session.detach()
    objects, buffers = found["usedSize"] / 1e6, found.get("backingStorageSize", 0) / 1e6
    return {"objects": round(objects, 1), "buffers": round(buffers, 1), "together": round(objects + buffers, 1)}


def first_pictures(page: Any) -> dict[str, float]:
    """From the navigation of a new page to the first picture, in ms; the app and the browser are warm."""
    found = []
    for _ in range(3):
        other = page.context.new_page()
        other.add_init_script(
            """new MutationObserver((_, watch) => {
                const map = document.querySelector("#map");
                if (!Number(map?.dataset.frames)) return;
                watch.disconnect();
                if (map.dataset.renderer === "webgl") {
                    const gl = map.getContext("webgl2");
                    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
                } else map.getContext("2d").getImageData(0, 0, 1, 1);
                window.first = performance.now();
            }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-frames"] })"""
        )
        other.goto(page.url.partition("#")[0])
        while (took := other.evaluate("window.first")) is None:
            time.sleep(0.05)
        found.append(took)
        other.close()
    return {"median": round(median(found)), "most": round(max(found))}


def bundle(page: Any) -> dict[str, float]:
    """The files of the page, gzipped: those that came with the map, and all that there are but the charts'."""
    static = ROOT / "src" / "snowdome" / "static"
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) / 1e3 for path in static.rglob("*")
             if path.suffix in (".js", ".css", ".html")}  # fmt: skip
    names = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    came = {name.rpartition("/")[2].partition("?")[0] for name in names} | {"index.html"}
    others = {name for name in sizes if not name.startswith(CHARTS)}
    return {"with the map": round(sum(size for name, size in sizes.items() if name in came), 1),
            "before charts": round(sum(sizes[name] for name in others), 1)}  # fmt: skip


# The stream.


def prepare(folder: str, thing: str, end: NDArray[np.float32]) -> None:
    """Leave the data and the first and the last map of a run for the replay."""
    np.save(f"{folder}/end.npy", end)
    contender(__name__, "write_data", folder, thing)


def write_data(folder: str, thing: str) -> dict[str, Any]:
    """The images, their labels, and the maps, of the same size, that a run goes between."""
    import snowdome

    dataset = snowdome.open(thing)
    np.save(f"{folder}/data.npy", dataset.X)
    np.save(f"{folder}/data-labels.npy", dataset.y)
    _write_maps(folder, snowdome.PCA().fit_transform(dataset.X), np.load(f"{folder}/end.npy"))
    return {}


def write_many(folder: str, rows: str) -> dict[str, Any]:
    """Deformed digits, each beside the place of the digit that it was."""
    import snowdome
    from benchmarks.deformed import write_deformed

    dataset, n = snowdome.open("mnist"), int(rows)
    write_deformed(f"{folder}/data.npy", n)
    source = np.arange(n) % len(dataset)
    np.save(f"{folder}/data-labels.npy", np.asarray(dataset.y)[source])
    Y = snowdome.TSNE(random_state=0).fit_transform(dataset.X)[source]
    aside = np.random.default_rng(0).normal(0, 0.004 * np.ptp(Y), Y.shape)
    _write_maps(folder, snowdome.PCA().fit_transform(np.load(f"{folder}/data.npy", mmap_mode="r")), Y + aside)
    return {}


def _write_maps(folder: str, start: NDArray[Any], end: NDArray[Any]) -> None:
    size = np.abs(end).max() / np.abs(start).max()
    np.save(f"{folder}/maps.npy", np.stack([start * size, end]).astype(np.float32))


def replaying(folder: str, rests: str) -> Any:
    """The app over the run that was made before, as `serving` gives it."""
    arguments = [f"{folder}/data", f"{folder}/maps.npy", rests, str(free_port())]
    environment = {**quiet_environment(), "SNOWDOME_CACHE": f"{folder}/cache"}
    return serving([sys.executable, "-m", "benchmarks.replay", "serve", *arguments], environment)


def streamed(folder: str, rests: str) -> dict[str, Any]:
    """Frames a second that a page without developer tools draws of a run that takes no processor."""
    with replaying(folder, rests) as (url, _), watching(url) as browser:
        seconds = time_run(url)["seconds"]
        time.sleep(SETTLED)
        with browser.page() as page:
            facts = page.evaluate("({...document.querySelector('#map').dataset})")
            page.evaluate(f"({CLOCKS})()")
            tasks = page.evaluate("clock.longTasks()")
    frames = int(facts["frames"])
    return {
        "frames_per_second": round(frames / seconds, 1),
        "frames": frames,
        "draw_ms": float(facts["drawMs"]),
        "longest_task_ms": longest(tasks)["running"],
    }


# Many rows.


def many(folder: str, rows: int) -> dict[str, Any]:
    """Whether a map of so many rows still pans, zooms and picks: what each takes, in ms."""
    contender(__name__, "write_many", folder, str(rows))
    found: dict[str, Any] = Told()
    with replaying(folder, "0") as (url, _), watching(url) as browser:
        run = time_run(url)
        time.sleep(5 * SETTLED)
        with browser.page() as page:
            at_rest(page)
            found["stream"] = {**run, "frames": int(page.get_attribute("#map", "data-frames") or 0)}
            page.evaluate(f"({CLOCKS})()")
            picks = []
            for x, y in some_places(page, positions(page))[:40].tolist():
                page.evaluate("window.wanted = clock.pick(), null")
                page.mouse.move(x, y)
                if (took := page.evaluate("window.wanted")) is not None:
                    picks.append(took)
                time.sleep(REST)
            found["pick"] = spread(picks)
            found["pan"] = moving(page, lambda at: page.mouse.move(640 + at, 400 + at / 2), hold=True)
            found["zoom"] = moving(page, lambda at: page.mouse.wheel(0, -30 if at % 40 else 30), hold=False)
            found["legend"] = legends(page)
            found["heap in MB"] = heap(page)
            found["first picture in ms"] = first_pictures(page)
    return found


def moving(page: Any, move: Any, *, hold: bool) -> dict[str, Any]:
    """Two seconds of moving the map: frames a second, their points, and how long until all are drawn again."""
    page.mouse.move(640, 400)
    page.evaluate("clock.record()")
    if hold:
        page.mouse.down()
    began = time.perf_counter()
    at = 0
    while time.perf_counter() - began < 2:
        at += 4
        move(at)
        time.sleep(0.015)
    if hold:
        page.mouse.up()
    ended = page.evaluate("performance.now()")
    at_rest(page)
    drawn = page.evaluate("clock.stop()")
    times = np.array(drawn["times"])
    gaps = np.diff(times[times < ended])
    return {
        "frames_per_second": round(1000 / float(np.mean(gaps)), 1),
        "slowest_frame_ms": round(float(gaps.max()), 1),
        "points": int(median(drawn["points"][:-1])),
        "all_again_ms": round(float(times[-1] - ended), 1),
    }
