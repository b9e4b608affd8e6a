"""Classifiers: printed scores beside ours, neighbours beside brute force, fit times beside plain scikit-learn."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.drawing import ANSWERED, answers
from benchmarks.harness import contender, middle, quiet_environment, save
from benchmarks.printed import FOLDS, HELD, score_of

ME = "benchmarks.cases.classify"
PARTS = ("knn", "fit", "lessons", "folds", "kinds", "deep", "photos", "draw")
DATA = ("mnist", "fashion-mnist")
FITTED = ("logistic", "sgd", "svm", "tree", "forest", "mlp")


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--parts", default=",".join(PARTS), help=f"which of {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=10000, help="training rows of the fit times")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--lessons", default="", help=f"which of {', '.join(HELD)}; all where none is named")
    parser.add_argument("--data", default=",".join(DATA), help="data sets of the parts kinds and deep")
    parser.add_argument("--photos", type=int, default=400)
    parser.add_argument("--drawings", type=int, default=51)
    parser.add_argument("--dry", action="store_true", help="print, and save nothing")


def run(arguments: argparse.Namespace) -> None:
    """The parts that were asked for, each into its own file of results, which grows as they go on."""
    for part in arguments.parts.split(","):
        for result in globals()[f"_{part}"](arguments):
            if not arguments.dry:
                print("saved", save(f"classify-{part}", result).name, flush=True)


def _knn(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    runs: dict[str, list[dict[str, Any]]] = {"snowdome": [], "scikit-learn": []}
    for _ in range(arguments.repeats):
        runs["snowdome"].append(contender(ME, "knn_ours"))
        print(runs["snowdome"][-1], flush=True)
    for _ in range(max(1, arguments.repeats // 2)):
        runs["scikit-learn"].append(contender(ME, "knn_brute"))
        print(runs["scikit-learn"][-1], flush=True)
    seconds = {name: middle(found, "seconds") for name, found in runs.items()}
    cpu = {name: middle(found, "cpu_seconds") for name, found in runs.items()}
    ratio = {"wall": seconds["scikit-learn"] / seconds["snowdome"], "cpu": cpu["scikit-learn"] / cpu["snowdome"]}
    print(seconds, ratio)
    yield {"seconds": seconds, "cpu_seconds": cpu, "times_as_fast": ratio, "runs": runs}


def _votes(index: Any, y: Any, test: Any) -> dict[str, float]:
    """The accuracy of 1, 3 and 5 neighbours."""
    found = {}
    for k in (1, 3, 5):
        votes = np.zeros((len(index), 10), int)
        for column in index[:, :k].T:
            votes[np.arange(len(index)), y[column]] += 1
        found[f"accuracy_{k}"] = float((votes.argmax(1) == test).mean())
    return found


def knn_ours() -> dict[str, Any]:
    """60,000 → 10,000, five neighbours."""
    import snowdome
    from snowdome.core.threads import available
    from snowdome.space.cross import nearest_among

    data = snowdome.open("mnist")
    X, queries = np.asarray(data.train.X), np.asarray(data.test.X)
    nearest_among(X[:1000], queries[:100], 5, available())
    began, cpu = time.perf_counter(), time.process_time()
    index = nearest_among(X, queries, 5, available()).index
    spent = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}
    return spent | _votes(index, data.train.y, data.test.y)


def knn_brute() -> dict[str, Any]:
    """The same by scikit-learn's brute force."""
    from sklearn.neighbors import NearestNeighbors

    import snowdome

    data = snowdome.open("mnist")
    X, queries = (np.asarray(part.X, np.float32) for part in (data.train, data.test))
    search = NearestNeighbors(n_neighbors=5, algorithm="brute", n_jobs=-1).fit(X)
    search.kneighbors(queries[:100])
    began, cpu = time.perf_counter(), time.process_time()
    index = search.kneighbors(queries, return_distance=False)
    spent = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}
    return spent | _votes(index, data.train.y, data.test.y)


def _fit(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    result = {}
    for kind in FITTED:
        runs = contender(ME, "fit_times", kind, str(arguments.rows), str(arguments.repeats))
        result[kind] = runs
        print(kind, {name: round(value, 3) for name, value in runs.items() if isinstance(value, float)}, flush=True)
    yield {"rows": arguments.rows, "kinds": result}


def fit_times(kind: str, rows: str, repeats: str) -> dict[str, Any]:
    """Ours and plain scikit-learn in turn, on the same prepared array; both on all threads."""
    import warnings

    import snowdome
    from snowdome.core.threads import available
    from snowdome.model.base import make_classifier
    from snowdome.model.fitted import fit_model
    from snowdome.model.preparation import Preparation

    warnings.simplefilter("ignore")
    data = snowdome.open("mnist")[: int(rows)]
    classifier = make_classifier(kind)
    preparation = Preparation().with_scale(classifier.scale)
    X, y = preparation.learn(np.asarray(data.X), data.value_range)[1], np.asarray(data.y)
    spent: dict[str, list[float]] = {"ours": [], "plain": [], "ours_cpu": [], "plain_cpu": []}
    for _ in range(int(repeats)):
        estimator = classifier.make()
        if classifier.parallel:
            estimator.set_params(n_jobs=available())
        for name, fit in (("ours", partial(fit_model, data, classifier)), ("plain", partial(estimator.fit, X, y))):
            began, cpu = time.perf_counter(), time.process_time()
            fit()
            spent[name].append(time.perf_counter() - began)
            spent[f"{name}_cpu"].append(time.process_time() - cpu)
    medians = {name: float(np.median(values)) for name, values in spent.items()}
    ratio = {"ratio": medians["ours"] / medians["plain"], "cpu_ratio": medians["ours_cpu"] / medians["plain_cpu"]}
    return {**medians, **ratio, "runs": spent}


def _lessons(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Printed scores, the quick ones first."""
    names = arguments.lessons.split(",") if arguments.lessons else sorted(HELD, key=lambda name: "raw" in name)
    found = []
    for score in map(score_of, names):
        print({key: score[key] for key in ("lesson", "printed", "ours", "holds", "cpu_seconds")}, flush=True)
        found.append(score)
        yield {"lessons": found}


def _folds(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:  # noqa: ARG001
    """Printed scores of cross-validation."""
    found = []
    for loss in FOLDS:
        found.append(contender("benchmarks.printed", "folds", loss))
        print(found[-1], flush=True)
        yield {"folds": found}


def _kinds(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`snowdome compare` on whole data sets, on one thread: its processor seconds do not depend on what else runs."""
    yield from _compared(arguments.data.split(","), ("--threads", "1"))


def _deep(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The convolutional network alone: its time is that of a quiet machine."""
    yield from _compared(arguments.data.split(","), ("--kinds", "cnn"))


def _compared(names: list[str], flags: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    found = {}
    for name in names:
        command = [sys.executable, "-m", "snowdome", "compare", name, "--json", *flags]
        began = time.perf_counter()
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=quiet_environment(), check=True).stdout
        spent = round(time.perf_counter() - began, 1)
        found[name] = {"process_seconds": spent, "kinds": json.loads(said.splitlines()[-1])["kinds"]}
        for one in found[name]["kinds"]:
            print(name, one["kind"], one["accuracy"], one["seconds"], one["cpu_seconds"], flush=True)
        yield found


def _photos(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The best kind that is installed reads photos of one digit each; read right where it is that digit alone."""
    import snowdome
    from benchmarks.digits import photos, read_wrong
    from snowdome.model.compare import available_kinds
    from snowdome.model.fitted import fit_model

    best = "cnn" if "cnn" in available_kinds()[0] else "mlp"
    model = fit_model(snowdome.open("mnist").train, best, n_jobs=1)
    drawn = photos(arguments.photos)
    wrong = read_wrong(model, drawn)
    right = 1 - len(wrong) / len(drawn)
    print(best, right, wrong)
    yield {"kind": best, "photos": len(drawn), "right": right, "held_to": "≥ 0.95", "holds": right >= 0.95,
           "seconds": round(model.seconds, 1), "wrong": wrong}  # fmt: skip


def _draw(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The answer to a drawing, over the app's own route."""
    found = answers(arguments.drawings)
    worst = max(one["p95_ms"] for one in found.values())
    yield {"drawings": arguments.drawings, "worst_p95_ms": worst, "holds": worst <= 1000 * ANSWERED, "answers": found}
