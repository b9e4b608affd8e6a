"""Every method on all of MNIST in the app's own worker: the first frame, pause, stop, the end.

The session is that of the app, without its server: a process is started, warmed and asked as a page asks it. Nothing is
judged between the runs. The order is that of a first visit: what a run leaves in the cache, the next one finds there.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, label_accuracy, save

LONGEST = 1200.0  # seconds that anything is waited for


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--methods", default="", help="the methods to run, with commas; all where none is named")
    parser.add_argument("--dims", default="2,3", help="dimensions of the maps, with commas")
    parser.add_argument("--png", type=Path, help="a folder for pictures of the maps")


def run(arguments: argparse.Namespace) -> None:
    """Run each method in each of its dimensions, in a process of its own, and save the JSON."""
    from snowdome.layout.base import layouts

    methods = [name for name in arguments.methods.split(",") if name] or layouts.names()
    figures: dict[str, Any] = {}
    for method in methods:
        for dims in arguments.dims.split(","):
            picture = str(arguments.png / f"{method}-{dims}.png") if arguments.png else ""
            figures[f"{method}-{dims}"] = contender(__name__, "live", method, dims, picture, keep_usage=False)
            print(f"{method} in {dims} dimensions: {json.dumps(figures[f'{method}-{dims}'])}", flush=True)
    print(
        "saved", save("live-mnist", {"work": "each method on 70,000 images in the app's worker", "runs": figures}).name
    )


def live(method: str, dims: str, picture: str) -> dict[str, Any]:
    """The figures of one method: seconds from the asking to the first frame that moved, to a pause, a stop, the end."""
    return asyncio.run(_live(method, int(dims), picture))


async def _live(method: str, dims: int, picture: str) -> dict[str, Any]:
    import snowdome
    from snowdome.chart.kinds import scatter
    from snowdome.chart.static import png
    from snowdome.data import store
    from snowdome.session.session import Session

    dataset = snowdome.open("mnist")
    session = Session(store.keep(dataset))
    session.open()
    found: dict[str, Any] = {}
    try:
        await _until(lambda: session.run(1).over)  # the first picture: the worker is warm
        options: dict[str, Any] = {"n_components": dims}
        for verb in ("stop", "pause", ""):
            began = time.perf_counter()
            one = session.start(method, 0, options)

            def moved(one: Any = one) -> bool:
                session.want(one)
                return one.over or (one.newest is not None and one.newest.step > 0)

            if verb != "stop":
                await _until(moved)
            else:  # in the preparation, where there is nothing to show yet
                await _until(lambda one=one: one.over or one.record.status in ("preparing", "running"))
                await asyncio.sleep(0.5)
            if verb and not one.over:
                asked = time.perf_counter()
                getattr(session, verb)(one.record.id)
                await _until(lambda one=one: one.over or one.record.status == "paused")
                found[f"seconds_to_{verb}"] = round(time.perf_counter() - asked, 2)
            if verb == "pause" and not one.over:
                asked = time.perf_counter()
                session.stop(one.record.id)
                await _until(lambda one=one: one.over)
                found["seconds_to_stop_later"] = round(time.perf_counter() - asked, 2)
            if not verb:
                found["seconds_to_first_frame"] = round(time.perf_counter() - began, 2)
                await _until(lambda one=one: one.over)
                found["seconds_to_end"] = round(time.perf_counter() - began, 2)
        found |= {"status": one.record.status, "message": one.record.message, "notes": one.record.notes}
        if one.newest is not None:
            Y = np.frombuffer(one.newest.values, "<f4").reshape(one.newest.n, one.newest.dim)
            found["accuracy_10nn"] = round(label_accuracy(Y.astype(np.float64), np.asarray(dataset.y)), 4)
            if picture:
                Path(picture).write_bytes(png(scatter.chart(Y, dataset, one.record.title, f"{dims} dimensions", ())))
    finally:
        await session.close()
    return found


async def _until(condition: Callable[[], bool]) -> None:
    limit = time.perf_counter() + LONGEST
    while not condition():
        if time.perf_counter() > limit:
            raise TimeoutError(f"nothing came in {LONGEST:g} seconds")
        await asyncio.sleep(0.01)
