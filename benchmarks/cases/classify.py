"""Classifiers: printed scores beside ours, neighbours beside brute force, fit times beside plain scikit-learn."""

import argparse
import time
from functools import partial
from typing import Any

import numpy as np

from benchmarks.harness import contender, middle, save

ME = "benchmarks.cases.classify"
PARTS = ("knn", "fit", "lessons", "kinds", "deep", "photos")
FITTED = ("logistic", "sgd", "svm", "tree", "forest", "mlp")


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--parts", default=",".join(PARTS), help=f"which of {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=10000, help="training rows of the fit times")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--photos", type=int, default=400)


def run(arguments: argparse.Namespace) -> None:
    """The parts that were asked for, each into its own file of results."""
    for part in arguments.parts.split(","):
        result = globals()[f"_{part}"](arguments)
        print("saved", save(f"classify-{part}", result).name, flush=True)


def _knn(arguments: argparse.Namespace) -> dict[str, Any]:
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
    return {"seconds": seconds, "cpu_seconds": cpu, "times_as_fast": ratio, "runs": runs}


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


def _fit(arguments: argparse.Namespace) -> dict[str, Any]:
    result = {}
    for kind in FITTED:
        runs = contender(ME, "fit_times", kind, str(arguments.rows), str(arguments.repeats))
        result[kind] = runs
        print(kind, {name: round(value, 3) for name, value in runs.items() if isinstance(value, float)}, flush=True)
    return {"rows": arguments.rows, "kinds": result}


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


def _lessons(arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ARG001
    import snowdome
    from snowdome.model.lessons import LESSONS, lessons

    data, rows = snowdome.open("mnist"), []
    for name in LESSONS:
        rows += lessons(data, [name]).rows(named=True)
        print({key: rows[-1][key] for key in ("lesson", "printed", "recomputed", "ours", "seconds")}, flush=True)
    return {"lessons": rows}


def _kinds(arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ARG001
    import snowdome
    from snowdome.model.compare import available_kinds, train

    result: dict[str, Any] = {}
    for name in ("mnist", "fashion-mnist"):
        data = snowdome.open(name)
        for kind in available_kinds()[0]:
            if kind != "cnn":
                facts = train(data, kind).facts()
                result.setdefault(name, {})[kind] = facts
                print(name, kind, facts["accuracy"], facts["seconds"], flush=True)
    return result


def _deep(arguments: argparse.Namespace) -> dict[str, Any]:  # noqa: ARG001
    import snowdome
    from snowdome.model.compare import train

    result = {}
    for name in ("mnist", "fashion-mnist"):
        result[name] = train(snowdome.open(name), "cnn").facts()
        print(name, result[name]["accuracy"], result[name]["seconds"], flush=True)
    return result


def _photos(arguments: argparse.Namespace) -> dict[str, Any]:
    """The best kind that is installed reads photos of one digit each; read right where it is that digit alone."""
    import snowdome
    from benchmarks.digits import photos
    from snowdome.core.errors import DataError
    from snowdome.model.compare import available_kinds
    from snowdome.model.fitted import fit_model
    from snowdome.model.reading import read_photo

    best = "cnn" if "cnn" in available_kinds()[0] else "mlp"
    model = fit_model(snowdome.open("mnist").train, best)
    right, wrong = 0, []
    drawn = photos(arguments.photos)
    for picture, digit in drawn:
        try:
            read = [int(model.classes[code]) for code in read_photo(model, picture).predicted]
        except DataError:
            read = []
        right += read == [digit]
        if read != [digit]:
            wrong.append([digit, read])
    print(best, right / len(drawn), wrong)
    return {"kind": best, "photos": len(drawn), "right": right / len(drawn), "wrong": wrong}
