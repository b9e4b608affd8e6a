"""Row T14: the summaries of all images beside the straightforward way with polars, pandas and numpy."""

import argparse
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, middle, save
from benchmarks.rows.row import load
from benchmarks.rows.row import save as leave

ME = "benchmarks.cases.summaries"
FOLDED = ("centroids", "values", "range", "distance", "boxes", "atypical", "contrast", "separation")
OTHERS = (
    "typical",
    "pair",
    "cube",
    "band",
    "gallery",
    "image",
    "scaling",
    "components",
    "loadings",
    "scores",
    "reconstruction",
    "polynomial",
    "axis",
    "distances",
    "between",
    "noise",
    "binarise",
)


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--n", type=int, default=70000, help="the first n images of MNIST")
    parser.add_argument("--tidy", type=int, default=10000, help="images of the tidy table")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rows", default="", help="8M: instead, the memory of so many images on the disk (6.3 GB)")


def run(arguments: argparse.Namespace) -> None:
    """Interleave the contenders on the small set, then ours and numpy on all; print and save."""
    if arguments.rows:
        many(int(float(arguments.rows.upper().replace("M", "e6"))))
        return
    runs: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        contender(ME, "prepare", folder, str(arguments.n))
        small, whole = str(arguments.tidy), str(arguments.n)
        for _ in range(arguments.repeats):
            for name, size in (("snowdome", small), ("polars", small), ("pandas", small), ("snowdome", whole),
                               ("numpy", whole)):  # fmt: skip
                key = f"{name} {size}"
                runs.setdefault(key, []).append(contender(ME, f"with_{name}", folder, size))
                print(key, runs[key][-1], flush=True)
    seconds = {key: {name: middle(results, name) for name in results[0] if not name.startswith("of_")}
               for key, results in runs.items()}  # fmt: skip
    ours = seconds[f"snowdome {small}"]
    ratios = {
        peer: round(seconds[f"{peer} {small}"]["tidy_all"] / sum(ours[name] for name in FOLDED), 1)
        for peer in ("polars", "pandas")
    }
    agree = {key: results[0] for key, results in runs.items() if "of_centroids" in results[0]}
    worst = max(
        abs(a - b)
        for one in agree.values()
        for other in agree.values()
        if one["of_rows"] == other["of_rows"]
        for a, b in ((one["of_centroids"], other["of_centroids"]), (one["of_distances"], other["of_distances"]))
    )
    result = {"seconds": seconds, "times_as_fast": ratios, "greatest_difference": worst, "runs": runs}
    print(ratios, f"greatest difference of sums {worst:g}")
    print("saved", save("summaries", result).name)


def many(rows: int) -> None:
    """Every summary of so many images, MNIST over and over, all at once; print and save seconds and memory."""
    with tempfile.TemporaryDirectory() as folder:
        needed = rows * 784
        if shutil.disk_usage(folder).free < 1.5 * needed:
            raise SystemExit(f"{rows:,} images are {needed / 1e9:.1f} GB; there is not so much room in {folder}.")
        contender(ME, "prepare_many", folder, str(rows))
        found = contender(ME, "with_many", folder, str(rows))
    print(found)
    print("saved", save("summaries-many", {"rows": rows, **found}).name)


def prepare_many(folder: str, rows: str) -> dict[str, Any]:
    """X.npy and y.npy on the disk."""
    import snowdome

    n, dataset = int(rows), snowdome.open("mnist")
    X = np.lib.format.open_memmap(f"{folder}/X.npy", "w+", np.uint8, (n, 784))
    for first in range(0, n, len(dataset)):
        X[first : first + len(dataset)] = dataset.X[: n - first]
    X.flush()
    np.save(f"{folder}/y.npy", np.resize(np.asarray(dataset.y), n))
    return {}


def with_many(folder: str, rows: str) -> dict[str, Any]:
    """All summaries in one call, and the most memory of the process's own that they took, in MB.

    Pages of the mapped file are not its own: the system takes them back when it wants to.
    """
    from snowdome.core.control import Control
    from snowdome.summary.base import make_summary, summarise

    n = int(rows)
    data, few = (_dataset(folder, size, mapped=True) for size in (rows, "2000"))
    asked = [make_summary(name) for name in (*FOLDED, *OTHERS)]
    summarise(few, asked)
    passes: set[int] = set()

    class Watcher(Control):
        def report(self, stage: str, done: int, total: int) -> None:
            if stage == "reading the rows":
                passes.update((done + 1, total))

    own, stop = [own_memory()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            own.append(own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, worked = time.perf_counter(), time.process_time()
    tables = summarise(data, asked, control=Watcher())
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    stop.set()
    watcher.join()
    return {
        "summaries": len(asked),
        "passes": max(passes),
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "own_mb_before": own[0],
        "own_mb_most": max(own),
        "bytes_a_row": round((max(own) - own[0]) * 1e6 / n, 1),
        "data_mb": round(data.X.nbytes / 1e6),
        "rows_of_tables": sum(len(table) for table in tables),
    }


def own_memory() -> int:
    """The memory that is this process's alone, in MB, on Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("RssAnon"))
    return round(int(line.split()[1]) * 1024 / 1e6)


def prepare(folder: str, n: str) -> dict[str, Any]:
    """The images and their labels."""
    import snowdome

    dataset = snowdome.open("mnist")[: int(n)]
    leave(folder, "X", np.ascontiguousarray(dataset.X))
    leave(folder, "y", np.asarray(dataset.y))
    return {}


def _dataset(folder: str, n: str, *, mapped: bool = False) -> Any:
    import snowdome

    X = np.load(f"{folder}/X.npy", mmap_mode="r") if mapped else load(folder, "X")
    X, y = X[: int(n)], load(folder, "y")[: int(n)]
    split = (np.arange(len(X)) >= len(X) * 6 // 7).astype(np.int64)
    return snowdome.Dataset(X=X, y=y, classes=tuple("0123456789"), image_shape=(28, 28), split=split,
                            split_names=("train", "test"))  # fmt: skip


def with_snowdome(folder: str, n: str) -> dict[str, Any]:
    """Each summary by itself, then all that are folded together; and the rate at which a machine reads the bytes."""
    import snowdome
    from snowdome.summary.base import make_summary, summarise

    data, few = _dataset(folder, n), _dataset(folder, "2000")
    times = {}
    for name in (*FOLDED, *OTHERS):
        snowdome.explore(few, name)  # compiles what is to be compiled
        times[name] = min(_timed(lambda name=name: snowdome.explore(data, name)) for _ in range(3))  # type: ignore[misc]
    asked = [make_summary(name) for name in FOLDED]
    times["all_folded"] = min(_timed(lambda: summarise(data, asked)) for _ in range(3))
    words = data.X.reshape(-1)[: data.X.size // 8 * 8].view(np.uint64)
    reading = min(_timed(words.max) for _ in range(5))
    times["gigabytes_per_second"] = 2 * data.X.nbytes / times["all_folded"] / 1e9
    times["share_of_reading"] = 2 * reading / times["all_folded"]
    return {**times, **_sums(snowdome.centroids(data)["mean_value"], snowdome.explore(data, "distance"), n)}


def _sums(means: Any, distances: Any, n: str) -> dict[str, Any]:
    return {
        "of_rows": int(n),
        "of_centroids": float(np.abs(np.asarray(means)).mean()),
        "of_distances": float(np.asarray(distances["rms_distance"]).mean()),
    }


def _timed(run: Any) -> float:
    began = time.perf_counter()
    run()
    return round(time.perf_counter() - began, 5)


def with_polars(folder: str, n: str) -> dict[str, Any]:
    """The tidy table in memory, and the verbs of the document on it, as one writes them with polars."""
    import polars as pl

    tidy = _dataset(folder, n).pixels().collect()
    began = time.perf_counter()
    means = tidy.group_by("x", "y", "label").agg(mean_value=pl.col("value").mean()).sort("x", "y", "label")
    tidy["value"].hist(bin_count=30)
    tidy.group_by("label").agg(pl.col("value").min(), mean=pl.col("value").mean(), sd=pl.col("value").std(),
                               zeros=(pl.col("value") == 0).mean())  # fmt: skip
    distances = (
        tidy.join(means, on=["x", "y", "label"])
        .group_by("label", "instance")
        .agg(rms_distance=((pl.col("value") - pl.col("mean_value")) ** 2).mean().sqrt())
        .sort("label", "instance")
    )
    distances.group_by("label").agg([pl.col("rms_distance").quantile(q).alias(str(q)) for q in (0.25, 0.5, 0.75)])
    distances.filter(pl.col("rms_distance").rank("min", descending=True).over("label") <= 6)
    pairs = means.join(means, on=["x", "y"], suffix="_2").filter(pl.col("label") != pl.col("label_2"))
    pairs.group_by("label", "label_2").agg(((pl.col("mean_value") - pl.col("mean_value_2")) ** 2).mean().sqrt())
    return {"tidy_all": round(time.perf_counter() - began, 4), **_sums(means["mean_value"], distances, n)}


def with_pandas(folder: str, n: str) -> dict[str, Any]:
    """The same with pandas."""
    tidy = _dataset(folder, n).pixels().collect().to_pandas()
    began = time.perf_counter()
    means = tidy.groupby(["x", "y", "label"], as_index=False)["value"].mean().rename(columns={"value": "mean_value"})
    np.histogram(tidy["value"], 30)
    tidy.groupby("label")["value"].agg(["min", "max", "mean", "std"])
    joined = tidy.merge(means, on=["x", "y", "label"])
    joined["squared"] = (joined["value"] - joined["mean_value"]) ** 2
    distances = np.sqrt(joined.groupby(["label", "instance"])["squared"].mean()).reset_index(name="rms_distance")
    distances.groupby("label")["rms_distance"].quantile([0.25, 0.5, 0.75])
    distances[distances.groupby("label")["rms_distance"].rank(method="min", ascending=False) <= 6]
    pairs = means.merge(means, on=["x", "y"], suffixes=("", "_2"))
    pairs = pairs[pairs["label"] != pairs["label_2"]]
    ((pairs["mean_value"] - pairs["mean_value_2"]) ** 2).groupby([pairs["label"], pairs["label_2"]]).mean()
    return {"tidy_all": round(time.perf_counter() - began, 4), **_sums(means["mean_value"], distances, n)}


def with_numpy(folder: str, n: str) -> dict[str, Any]:
    """Masks and means on the matrix itself, in float64, as one writes them with numpy."""
    X, y = load(folder, "X")[: int(n)], load(folder, "y")[: int(n)]
    times = {}
    means = np.zeros((10, 784))

    def centroids() -> None:
        for code in range(10):
            means[code] = X[y == code].mean(0)

    def distance() -> Any:
        return np.sqrt(((X.astype(np.float64) - means[y]) ** 2).mean(1))

    times["centroids"] = _timed(centroids)
    times["values"] = _timed(lambda: np.histogram(X, 30))
    times["range"] = _timed(lambda: (X.min(), X.max(), X.mean(), X.std(), (X == 0).mean()))
    times["distance"] = _timed(distance)
    rms = distance()
    times["boxes"] = _timed(lambda: [np.quantile(rms[y == code], [0.25, 0.5, 0.75]) for code in range(10)])
    return {**times, "of_rows": int(n), "of_centroids": float(means.mean()), "of_distances": float(rms.mean())}
