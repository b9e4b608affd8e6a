"""How long Draw waits for its answer: the real app, one request after another, as the page sends them."""

import re
import time
from typing import Any

import numpy as np

from benchmarks.browser import app
from benchmarks.cases.start import time_run
from benchmarks.harness import quiet_environment

SIDE = 224  # pixels of the sheet, as in the page
ANSWERED = 0.1  # seconds within which 95 of 100 answers are to be there
ROWS = 5000  # that the models are trained on: what an answer takes does not depend on it
KINDS = {"logistic": {}, "cnn": {"epochs": 1}}
MAPS = {"its place on the components": "1", "its place on t-SNE's map": "2"}


def answers(count: int) -> dict[str, Any]:
    """Milliseconds of `count` drawings, by each kind of model alone and with the place on each map of MNIST."""
    import httpx

    with app("mnist", quiet_environment()) as (url, _):
        time_run(url)
        base, token = re.fullmatch(r"(http://[^/]+)/\?token=(\S+)", url).groups()  # type: ignore[union-attr]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=base, headers=headers, timeout=600, trust_env=False) as client:
            models = {kind: _trained(client, kind, options) for kind, options in KINDS.items()}
            sheets, found = _sheets(count), {}
            for kind, model in models.items():
                for where, run in {"nothing else": "", **MAPS}.items():
                    asked = {"width": SIDE, "model": model, **({"run": run} if run else {})}
                    found[f"{kind}, {where}"] = _times(client, asked, sheets)
                    print(f"{kind}, {where}", found[f"{kind}, {where}"], flush=True)
    return found


def _times(client: Any, asked: dict[str, Any], sheets: list[bytes]) -> dict[str, float]:
    """The first answer, for which things are read and compiled, apart from all others."""
    spent, places = [], 0
    for sheet in sheets:
        began = time.perf_counter()
        told = client.post("/api/drawing", params=asked, content=sheet).raise_for_status().json()
        spent.append(1000 * (time.perf_counter() - began))
        if told["model"] != asked["model"]:
            raise SystemExit(f"The answer was not the model's: {told}")
        places += bool(told["digits"][0]["place"])
    if places != (len(sheets) if "run" in asked else 0):
        raise SystemExit(f"{places} of {len(sheets)} drawings had a place.")
    return {
        "first_ms": round(spent[0], 1), "median_ms": round(float(np.median(spent[1:])), 1),
        "p95_ms": round(float(np.percentile(spent[1:], 95)), 1),
    }  # fmt: skip


def _trained(client: Any, kind: str, options: dict[str, Any]) -> str:
    """The id of a model of that kind, once it is trained."""
    asked = {"kind": kind, "options": options, "rows": {"head": ROWS}}
    model: str = client.post("/api/models", json=asked).raise_for_status().json()["id"]
    while True:
        (record,) = (one for one in client.get("/api/models").json()["models"] if one["id"] == model)
        if record["status"] == "done":
            return model
        if record["status"] in ("failed", "stopped"):
            raise SystemExit(f"{kind}: {record['message']}")
        time.sleep(0.2)


def _sheets(count: int) -> list[bytes]:
    """Test digits of MNIST, as large as one draws, each somewhere else on the sheet."""
    import snowdome

    random, sheets = np.random.default_rng(0), []
    for row in snowdome.open("mnist").test.X[:count]:
        sheet = np.zeros((SIDE, SIDE), np.uint8)
        top, left = random.integers(0, SIDE - 112, 2)
        sheet[top : top + 112, left : left + 112] = np.kron(row.reshape(28, 28), np.ones((4, 4), np.uint8))
        sheets.append(sheet.tobytes())
    return sheets
