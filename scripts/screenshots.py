"""Make the screenshots of the documentation with the browser tests' own driver: `python scripts/screenshots.py`."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
LIVE = 2  # the run that is there from the start


def main(folder: Path) -> None:
    """MNIST at the start, in the middle and at the end with an image under the pointer, light; the end, dark."""
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
        _point_at(tab, 494)
        tab.page.screenshot(path=folder / "map.png")
        dark = driver.Tab(browser, app, scheme="dark")
        dark.wait(driver.ended(LIVE))
        _point_at(dark, 494)
        dark.page.screenshot(path=folder / "map-dark.png")
        small = driver.Tab(browser, app, width=1024, height=640)
        small.wait(driver.ended(LIVE))
        small.page.screenshot(path=folder / "small.png")
        browser.close()


def _point_at(tab: Any, row: int) -> None:
    """Rest the pointer on a row's dot and wait for its image."""
    tab.camera_at_rest()
    x, y = tab.pixel(tab.positions(LIVE)[row])
    tab.page.mouse.move(x + 30, y + 30)
    tab.page.mouse.move(x, y, steps=3)
    tab.page.wait_for_selector("#hover-card canvas[data-row]")


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
