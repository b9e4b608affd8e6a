"""Make the screenshots of the documentation with the browser tests' own driver: `python scripts/screenshots.py`."""

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
LIVE = 2  # the run that is there from the start
SETTLE_MS = {"tour": 25_000}  # its maps are made before one's eyes


def main(folder: Path) -> None:
    """MNIST at the start, in the middle and at the end with an image under the pointer; near; in 3-D, by class and by
    how far it can be believed; the dialog that opens other data; and every view, light and dark."""
    driver = _driver()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, driver.opened("mnist") as app:
        browser = playwright.chromium.launch(executable_path=driver.chromium(), args=driver.FLAGS)
        tab = driver.Tab(browser, app)
        tab.wait(lambda f: f.get("ready") == "true")
        tab.page.screenshot(path=folder / "start.png")
        tab.wait(lambda f: f["run"] == str(LIVE) and int(f["step"]) > 270, 120)
        tab.page.screenshot(path=folder / "middle.png")
        tab.wait(driver.ended(LIVE), 300)
        _point_at(tab, LIVE, 494)
        tab.page.screenshot(path=folder / "map.png")
        dark = driver.Tab(browser, app, scheme="dark")
        dark.wait(driver.ended(LIVE))
        _point_at(dark, LIVE, 494)
        dark.page.screenshot(path=folder / "map-dark.png")
        dark.context.close()
        small = driver.Tab(browser, app, width=1024, height=640)
        small.wait(driver.ended(LIVE))
        small.page.screenshot(path=folder / "small.png")
        small.context.close()
        for scheme in ("light", "dark"):
            _near(driver.Tab(browser, app, scheme=scheme), folder / f"near-{scheme}.jpg")
        tab.page.click("#data-name")
        tab.page.wait_for_selector(".catalogue")
        tab.page.screenshot(path=folder / "open.png")
        tab.page.keyboard.press("Escape")
        _in_space(driver, tab, folder / "map-3d.png")
        _judged(tab)
        for scheme in ("light", "dark"):
            _views(driver.Tab(browser, app, scheme=scheme), folder, scheme)
        browser.close()


def _near(tab: Any, path: Path) -> None:
    """A six among zeros, found with the wheel and kept; near enough for dots to turn into images."""
    tab.wait(lambda f: f.get("ready") == "true" and f.get("still") == "true", 120)
    places = tab.positions(LIVE)
    row = _six_among_zeros(places)
    tab.page.mouse.move(*tab.pixel(places[row]))
    for _ in range(6):
        tab.page.mouse.wheel(0, -240)
        tab.page.wait_for_timeout(60)
    _point_at(tab, LIVE, row)
    tab.page.mouse.down()
    tab.page.mouse.up()
    tab.page.wait_for_selector(f"#pinned[data-row='{row}']")
    tab.page.mouse.move(5, 5)
    tab.page.wait_for_timeout(1500)
    tab.page.screenshot(path=path, type="jpeg", quality=82)
    tab.context.close()


def _six_among_zeros(places: Any) -> int:
    """The first six of MNIST around which only zeros lie."""
    import numpy as np
    from scipy.spatial import cKDTree

    import snowdome

    y = snowdome.open("mnist").y
    sixes = np.flatnonzero(y == 6)
    around = cKDTree(places).query(places[sixes], 31)[1][:, 1:]
    return int(sixes[(y[around] == 0).all(1)][0])


def _views(tab: Any, folder: Path, scheme: str) -> None:
    """Every view of the rail, with an image that is kept."""
    tab.wait(lambda f: f.get("ready") == "true" and f.get("still") == "true", 120)
    tab.page.fill("#search", "#494")
    tab.page.keyboard.press("Enter")
    for view in tab.page.locator("#rail button").evaluate_all("all => all.map(button => button.dataset.view)"):
        if view == "map":
            continue
        tab.page.click(f"#rail [data-view={view}]")
        if view == "draw":
            _five(tab)
        tab.page.mouse.move(640, 400)
        tab.page.wait_for_timeout(SETTLE_MS.get(view, 3000))
        tab.page.screenshot(path=folder / f"{view}-{scheme}.jpg", type="jpeg", quality=82)
        if view == "compare":
            _beside(tab, folder / f"compare-views-{scheme}.jpg")
    tab.context.close()


def _beside(tab: Any, path: Path) -> None:
    """A map, the gallery, components and the confusion matrix, whose fours that are taken for nines are selected."""
    tab.page.evaluate("hash => { location.hash = hash }", f"view=compare&maps={LIVE}.vgallery.vcomponents.vclassify")
    tab.page.click("#matrix button[aria-label^='4 taken for 9']")
    tab.page.check("#gallery-only")
    tab.page.focus("#components")
    tab.page.mouse.move(640, 66)
    tab.page.wait_for_timeout(3000)
    tab.page.screenshot(path=path, type="jpeg", quality=82)
    tab.page.uncheck("#gallery-only")
    tab.page.keyboard.press("Escape")


def _judged(tab: Any) -> None:
    """A model to look at, and the labels of the test set ranked: all tabs have them."""
    tab.page.click("#rail [data-view=classify]")
    tab.page.select_option("#kind", "logistic")
    tab.page.click("#train-run")
    tab.page.wait_for_selector("#matrix", timeout=300_000)
    tab.page.click("#rail [data-view=labels]")
    tab.page.select_option("#labels-split", "test")
    tab.page.click("#labels-rank")
    tab.page.wait_for_selector("#labels-lines", timeout=300_000)


def _five(tab: Any) -> None:
    """A digit drawn on the sheet, in two strokes."""
    box = tab.page.locator("#pad").bounding_box()
    for stroke in (
        [(0.36, 0.2), (0.34, 0.46), (0.55, 0.44), (0.66, 0.6), (0.58, 0.8), (0.34, 0.8)],
        [(0.36, 0.2), (0.64, 0.2)],
    ):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        tab.page.mouse.move(*places[0])
        tab.page.mouse.down()
        for place in places[1:]:
            tab.page.mouse.move(*place, steps=4)
        tab.page.mouse.up()


def _in_space(driver: ModuleType, tab: Any, path: Path) -> None:
    """The map of three dimensions, turned a little, with an image of its front under the pointer."""
    tab.page.check("#new-map input[name=dimensions][value='3']", force=True)
    tab.page.click("#run")
    tab.wait(lambda f: f.get("dim") == "3", 120)
    run = int(tab.facts()["run"])
    tab.wait(driver.ended(run), 600)
    box = tab.page.locator("#map").bounding_box()
    x, y = box["x"] + 200, box["y"] + box["height"] - 200
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 150, y, steps=10)
    time.sleep(0.2)  # at rest before it is let go, so that the map does not turn on
    tab.page.mouse.up()
    tab.camera_at_rest()
    pixels = tab.pixels(tab.positions(run))
    middle = pixels[:, :2].mean(0)
    near = pixels[:, 2] - 0.2 * abs(pixels[:, :2] - middle).sum(1) * pixels[:, 2].std() / pixels[:, 0].std()
    _point_at(tab, run, int(near.argmax()))
    tab.page.screenshot(path=path)
    tab.page.mouse.move(5, 5)
    tab.wait(lambda _: tab.page.locator("#colour-by").count() == 1, 120)
    tab.page.select_option("#colour-by", "recall")
    tab.page.wait_for_selector("#value-scale")
    tab.wait(lambda f: f["still"] == "true")
    tab.page.screenshot(path=path.with_name("map-3d-believed.png"))


def _point_at(tab: Any, run: int, row: int) -> None:
    """Rest the pointer on a row's dot and wait for its image."""
    tab.camera_at_rest()
    x, y = tab.pixel(tab.positions(run)[row])
    tab.page.mouse.move(x + 30, y + 30)
    tab.page.mouse.move(x, y, steps=3)
    tab.page.wait_for_selector(f"#hover-card canvas[data-row='{row}']")


def _driver() -> ModuleType:
    path = ROOT / "tests" / "browser" / "driver.py"
    spec = importlib.util.spec_from_file_location("driver", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
