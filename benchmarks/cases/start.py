"""Row T13: how long until something is seen, and what watching costs the run."""

import argparse
import json
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.browser import FLAGS, app, chromium, live, watching
from benchmarks.harness import middle, quiet_environment, save

HEAD = struct.Struct("<IHHII")  # magic, version, kind, run, step: the begin of a frame's head


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--thing", default="mnist", help="the data set to open")
    parser.add_argument("--repeats", type=int, default=3)


def run(arguments: argparse.Namespace) -> None:
    """Measure each start and the two whole runs, print the table and save it."""
    result: dict[str, Any] = {"import_seconds": middle([{"s": import_time()} for _ in range(7)], "s")}
    with tempfile.TemporaryDirectory() as home:
        environment = {**quiet_environment(), "SNOWDOME_CACHE": str(Path(home, "cache")),
                       "NUMBA_CACHE_DIR": str(Path(home, "kernels"))}  # fmt: skip
        result["all cold"] = moved(arguments.thing, environment)
        for name, forget in (("graph not cached", ("neighbours", "affinities")), ("all cached", ())):
            runs = []
            for _ in range(arguments.repeats):
                for part in forget:
                    for file in Path(home, "cache", "derived").glob(f"*/{part}*"):
                        file.unlink()
                runs.append(moved(arguments.thing, environment))
            result[name] = {key: middle(runs, key) for key in ("picture", "moved")} | {"stages": runs[0]["stages"]}
        pages = [first_picture(arguments.thing, environment) for _ in range(arguments.repeats)]
        result["page to first picture"] = middle([{"s": page} for page in pages], "s")
        pairs = [(whole_run(arguments.thing, environment, watched=False),
                  whole_run(arguments.thing, environment, watched=True)) for _ in range(arguments.repeats)]  # fmt: skip
        result["not watched"] = {key: middle([a for a, _ in pairs], key) for key in ("seconds", "steps_per_second")}
        keys = ("seconds", "steps_per_second", "frames_drawn", "frames_per_second")
        result["watched"] = {key: middle([b for _, b in pairs], key) for key in keys}
        shares = [{"s": b["steps_per_second"] / a["steps_per_second"]} for a, b in pairs]
        result["speed kept while watched"] = middle(shares, "s")
    for name, value in result.items():
        print(f"{name:<26} {value}")
    print("saved", save(f"start-{arguments.thing}", result).name)


def import_time() -> float:
    """Seconds that `import snowdome` takes in a fresh interpreter."""
    program = "import time; t = time.perf_counter(); import snowdome; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def moved(thing: str, environment: dict[str, str]) -> dict[str, Any]:
    """Seconds from the command to the first picture and to the first frame of t-SNE that has moved."""
    picture, stages = None, {}
    with app(thing, environment) as (url, began), live(url) as client:
        while True:
            message = client.recv(timeout=120)
            now = round(time.perf_counter() - began, 3)
            if isinstance(message, str):
                record = json.loads(message)
                if record["type"] == "run" and record["run"]["stage"]:
                    stages.setdefault(record["run"]["stage"], now)
                continue
            _, _, _, number, step = HEAD.unpack_from(message)
            picture = picture or now
            client.send(json.dumps({"type": "ack", "run": number, "step": step}))
            if number == 2 and step > 0:
                return {"picture": picture, "moved": now, "stages": stages}


def first_picture(thing: str, environment: dict[str, str]) -> float:
    """Seconds from the page's navigation to the first frame that is drawn, as the browser tests see it."""
    from playwright.sync_api import sync_playwright

    with app(thing, environment) as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(url)
        page.wait_for_selector("canvas[data-frames]")
        while int(page.get_attribute("canvas[data-frames]", "data-frames") or 0) < 1:
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        browser.close()
        return round(seconds, 3)


def whole_run(thing: str, environment: dict[str, str], *, watched: bool) -> dict[str, Any]:
    """One whole t-SNE run, with or without a plain Chromium that watches, to which no developer tools are attached."""
    with app(thing, environment) as (url, _):
        if not watched:
            return time_run(url)
        with watching(url) as browser:
            measured = time_run(url)
            time.sleep(1)
            with browser.page() as page:
                measured["frames_drawn"] = int(page.get_attribute("#map", "data-frames") or 0)
            measured["frames_per_second"] = round(measured["frames_drawn"] / measured["seconds"], 2)
            return measured


def time_run(url: str) -> dict[str, Any]:
    """Follow run 2 by its records alone, taking no frames beyond the two that a silent client is sent."""
    first = last = None
    with live(url) as client:
        while True:
            message = client.recv(timeout=300)
            now = time.perf_counter()
            if not isinstance(message, str):
                continue
            record = json.loads(message)
            if record["type"] != "run" or record["run"]["id"] != 2:
                continue
            run = record["run"]
            if run["step"] > 0 and first is None:
                first = (now, run["step"])
            last = (now, run["step"])
            if run["status"] in ("done", "stopped", "failed"):
                assert first is not None
                seconds, steps = last[0] - first[0], last[1] - first[1]
                return {"seconds": round(seconds, 3), "steps_per_second": round(steps / seconds, 2)}
