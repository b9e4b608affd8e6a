"""Labels that were changed on purpose, found again: average precision beside cleanlab's, on MNIST and Fashion-MNIST.

A share of the training labels is changed, to any other class or to the one that the class is taken for most often.
Images of MNIST that are really mislabelled, found by eye, count neither way (`MISLABELLED`).
"""

import argparse
import itertools
import tempfile
import time
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import contender, save, saved
from benchmarks.rows.row import load
from benchmarks.rows.row import save as leave

ME = "benchmarks.cases.suspects"
SETS = ("mnist", "fashion-mnist")
KINDS = ("uniform", "confusable")
RATES = (0.01, 0.05, 0.10)
# The class that each is taken for most often.
CONFUSABLE = {"mnist": [6, 7, 7, 5, 9, 3, 0, 9, 3, 4], "fashion-mnist": [6, 3, 4, 6, 2, 7, 0, 9, 3, 7]}
# Of the training images: what is drawn is plainly another digit than the label says.
MISLABELLED = {
    "mnist": [
        4476, 7080, 10994, 14582, 25678, 26560, 26749, 28422, 30049, 32878,
        37834, 40144, 42566, 43454, 46298, 51248, 59915,
    ],
}  # fmt: skip
QUALITIES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--rates", nargs="+", type=float, default=list(RATES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--n", type=int, default=60000, help="the first n training images")
    parser.add_argument(
        "--whole", action=argparse.BooleanOptionalAction, default=True, help="all 70,000 images for time and memory"
    )
    parser.add_argument("--logistic", type=int, default=1, help="seeds for which cleanlab's own model is fitted too")


def run(arguments: argparse.Namespace) -> None:
    """Each set's cases, one process each; then all 70,000 of its images for time and memory. Saved after each case."""
    for name in arguments.sets:
        kept = saved(f"suspects-{name}")
        runs = {(run["kind"], run["rate"], run["seed"]): run for run in kept.get("runs", []) if run["n"] == arguments.n}
        for kind, rate, seed in itertools.product(KINDS, arguments.rates, range(arguments.seeds)):
            asked = (name, kind, str(rate), str(seed), str(arguments.n))
            with tempfile.TemporaryDirectory() as folder:
                figures = contender(ME, "with_snowdome", folder, *asked)
                del figures["process_seconds"]  # most of it is what the benchmark needs
                figures |= contender(ME, "with_cleanlab", folder, *asked, keep_usage=False)
                if seed < arguments.logistic:
                    figures |= contender(ME, "with_logistic", folder, *asked, keep_usage=False)
            runs[kind, rate, seed] = {"kind": kind, "rate": rate, "seed": seed, "n": arguments.n, **figures}
            print(name, runs[kind, rate, seed], flush=True)
            _save(name, runs, kept.get("all_images"))
        if arguments.whole:
            whole = contender(ME, "rank_all", name)
            print(name, whole, flush=True)
            _save(name, runs, whole)


def _save(name: str, runs: dict[Any, dict[str, Any]], whole: dict[str, Any] | None) -> None:
    mine = [runs[key] for key in sorted(runs)]
    save(f"suspects-{name}", {"cases": _cases(mine), "all_images": whole, "runs": mine})


def _cases(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The means over the seeds, and cleanlab's error (1 - average precision) as a multiple of ours."""
    found = []
    for kind, rate in dict.fromkeys((run["kind"], run["rate"]) for run in runs):
        mine = [run for run in runs if (run["kind"], run["rate"]) == (kind, rate)]
        figures = {key: round(mean(run[key] for run in mine if key in run), 5)
                   for key in mine[0] if isinstance(mine[0][key], float) and key != "rate"}  # fmt: skip
        ours = max(1 - figures["snowdome"], 1e-9)
        times = {key: round((1 - value) / ours, 2) for key, value in figures.items() if key.startswith("cleanlab")}
        found.append({"kind": kind, "rate": rate, "seeds": len(mine), **figures, "error_ratio": times})
    return found


def changed(name: str, kind: str, rate: str, seed: str, n: str) -> tuple[Any, NDArray[np.int64], NDArray[np.bool_]]:
    """The training images with some labels changed, and which."""
    import dataclasses

    import snowdome

    data = snowdome.open(name).train[: int(n)]
    truth = np.asarray(data.y)
    random = np.random.default_rng([int(seed), KINDS.index(kind), round(1000 * float(rate))])
    flipped = np.zeros(len(truth), bool)
    flipped[random.choice(len(truth), round(float(rate) * len(truth)), replace=False)] = True
    y = truth.copy()
    if kind == "uniform":
        y[flipped] = (truth[flipped] + random.integers(1, 10, int(flipped.sum()))) % 10
    else:
        y[flipped] = np.array(CONFUSABLE[name])[truth[flipped]]
    return dataclasses.replace(data, y=y), truth, flipped


def graded(quality_order: NDArray[np.int64], name: str, flipped: NDArray[np.bool_]) -> dict[str, float]:
    """Average precision, precision at 100 and at the number of changed labels, of an order of rows, worst first."""
    really = [row for row in MISLABELLED.get(name, []) if row < len(flipped) and not flipped[row]]
    order = quality_order[~np.isin(quality_order, really)]
    hit = flipped[order]
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    count = int(flipped.sum())
    return {"": float(precision[hit].mean()), "_at_100": float(precision[99]), "_at_all": float(precision[count - 1])}


def with_snowdome(folder: str, *asked: str) -> dict[str, Any]:
    """Our ranking from pixels; leaves the model's probabilities."""
    from snowdome.model import suspects, witnesses

    data, _, flipped = changed(*asked)
    kept: dict[str, Any] = {}
    judge = witnesses.leave_one_out

    def keeping(*args: Any, **options: Any) -> Any:
        kept["judged"] = judge(*args, **options)
        return kept["judged"]

    witnesses.leave_one_out = keeping
    worked = time.process_time()
    found = suspects.find_suspects(data)
    seconds = {"cpu_seconds": round(time.process_time() - worked, 2)}
    leave(folder, "proba", kept["judged"].proba)
    grades = {f"snowdome{key}": value for key, value in graded(found.order, asked[0], flipped).items()}
    flagged = {"flagged": int(found.is_issue.sum()), "flagged_right": float(flipped[found.is_issue].mean())}
    return {**grades, **seconds, **flagged, "accuracy": found.verdict.accuracy}


def with_cleanlab(folder: str, *asked: str) -> dict[str, Any]:
    """cleanlab, given our probabilities out of fold."""
    data, _, flipped = changed(*asked)
    proba = np.asarray(load(folder, "proba"), np.float64)
    proba /= proba.sum(1, keepdims=True)
    return _by_cleanlab("cleanlab", proba, data.y, asked[0], flipped)


def with_logistic(folder: str, *asked: str) -> dict[str, Any]:  # noqa: ARG001
    """cleanlab with its usual model: logistic regression, five folds."""
    import warnings

    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    data, _, flipped = changed(*asked)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it does not converge in its default number of steps
        proba = cross_val_predict(LogisticRegression(), data.X / 255.0, data.y, cv=5, method="predict_proba", n_jobs=2)
    seconds = round(time.perf_counter() - began, 2)
    return {**_by_cleanlab("cleanlab_logistic", proba, data.y, asked[0], flipped), "logistic_seconds": seconds}


def _by_cleanlab(title: str, proba: NDArray[Any], y: Any, name: str, flipped: NDArray[np.bool_]) -> dict[str, float]:
    from cleanlab.rank import get_label_quality_scores

    grades = {}
    for method in QUALITIES:
        order = np.argsort(get_label_quality_scores(np.asarray(y), proba, method=method), kind="stable")
        end = "" if method == QUALITIES[0] else f"_{method}"
        own = graded(order, name, flipped)
        grades |= {f"{title}{end}": own[""], f"{title}{end}_at_100": own["_at_100"]}
    return {key: value for key, value in grades.items() if not key.endswith("_at_100") or key == f"{title}_at_100"}


def rank_all(name: str) -> dict[str, Any]:
    """All 70,000 images from pixels: seconds of wall and of processor."""
    import snowdome

    data = snowdome.open(name)
    began, worked = time.perf_counter(), time.process_time()
    found = snowdome.suspects(data)
    return {
        "n": len(found), "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - worked, 2), "issues": int(found.is_issue.sum()),
    }  # fmt: skip
