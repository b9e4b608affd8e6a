"""The start beside Embedding Atlas: from the command to a page that has all images, the same ones at the same places.

It draws maps by WebGPU alone, which no software renderer of Chromium has, so that its hover and its lasso cannot be
timed where there is no graphics card: what its page says in place of the map is kept in the result.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.browser import FLAGS, chromium, free_port, serving
from benchmarks.harness import contender, middle, quiet_environment, save

PATIENCE = 120  # seconds
NO_MAP = re.compile(r"WebGPU is unavailable[^\n]*")


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument(
        "--program", default="embedding-atlas", help="the peer's command, which may lie in an environment of its own"
    )
    parser.add_argument("--thing", default="mnist", help="the data set to open")
    parser.add_argument("--repeats", type=int, default=3)


def run(arguments: argparse.Namespace) -> None:
    """Open both in turn, print the seconds and save them."""
    with tempfile.TemporaryDirectory() as folder:
        told = contender(__name__, "write_table", folder, arguments.thing)
        environment = {**quiet_environment(), "HOME": folder, "SNOWDOME_CACHE": f"{folder}/cache"}
        ours([arguments.thing], environment)  # from here on all is kept, as their places are
        runs: dict[str, list[dict[str, Any]]] = {"snowdome": [], "embedding_atlas": []}
        for _ in range(arguments.repeats):
            runs["snowdome"].append(ours([arguments.thing], environment))
            runs["embedding_atlas"].append(
                theirs(arguments.program, f"{folder}/table.parquet", told["rows"], environment)
            )
            print({name: found[-1] for name, found in runs.items()}, flush=True)
    version = subprocess.run([arguments.program, "--version"], capture_output=True, text=True, check=True).stdout
    result = {
        "peer": version.strip(),
        "work": "from the command to the picture of all images; of the peer: to its page that counts all of them",
        "median": {name: middle(found, "seconds") for name, found in runs.items()},
        "runs": runs,
    }
    print("saved", save(f"start-beside-{Path(arguments.program).name}", result).name)


def write_table(folder: str, thing: str) -> dict[str, Any]:
    """Places, labels and images as PNG in one file of parquet."""
    import polars as pl
    from PIL import Image

    import snowdome

    dataset = snowdome.open(thing)
    Y = snowdome.PCA().fit_transform(dataset.X)

    def png(row: Any) -> dict[str, bytes]:
        out = io.BytesIO()
        Image.fromarray(row.reshape(dataset.image_shape)).save(out, "PNG")
        return {"bytes": out.getvalue()}

    labels = [dataset.classes[code] for code in dataset.y]
    columns = {"x": Y[:, 0], "y": Y[:, 1], "label": labels, "image": [png(row) for row in dataset.X]}
    pl.DataFrame(columns).write_parquet(Path(folder, "table.parquet"))
    return {"rows": len(dataset)}


def ours(arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Seconds to the first picture."""
    command = [sys.executable, "-m", "snowdome", "open", *arguments, "--no-browser", "--port", str(free_port())]
    return seen(command, environment, "Number(document.querySelector('#map')?.dataset.frames) > 0")


def theirs(program: str, table: str, rows: int, environment: dict[str, str]) -> dict[str, Any]:
    """Seconds to the page that counts all rows."""
    command = [
        program, table, "--x", "x", "--y", "y", "--image", "image", "--disable-projection",
        "--host", "127.0.0.1", "--port", str(free_port()), "--no-auto-port",
    ]  # fmt: skip
    return seen(command, environment, f"document.body.innerText.includes('{rows:,} / {rows:,} points')")


def seen(command: list[str], environment: dict[str, str], there: str) -> dict[str, Any]:
    """Seconds from the command until a page at its address is as that expression wants it."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page()
        with serving(command, environment) as (url, began):
            address = re.sub(r"\x1b\[[0-9;]*m", "", url)
            while True:
                try:
                    page.goto(address)
                    break
                except Error:  # it says its address before it listens
                    time.sleep(0.02)
            while not page.evaluate(there):
                if time.perf_counter() - began > PATIENCE:
                    raise SystemExit(f"{command[0]} had not shown its rows after {PATIENCE} s.")
                time.sleep(0.02)
            seconds = round(time.perf_counter() - began, 3)
            page.wait_for_timeout(1000)
            lacks = NO_MAP.search(page.inner_text("body"))
            page.close()
        browser.close()
    return {"seconds": seconds, "says": lacks[0] if lacks else ""}
