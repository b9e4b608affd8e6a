"""Rows T1 and T2: two-dimensional t-SNE beside openTSNE, the optimiser alone and end to end."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import contender, label_accuracy, middle, neighbour_recall, save

ME = "benchmarks.cases.tsne"
PERPLEXITY = 30


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument("--n", type=int, default=70000, help="the first n images of MNIST")
    parser.add_argument("--repeats", type=int, default=3, help="interleaved runs of each contender")


def run(arguments: argparse.Namespace) -> None:
    """Interleave the contenders, grade every map by one evaluator, print the table and save it."""
    runs: dict[str, list[dict[str, Any]]] = {
        "snowdome optimiser": [], "openTSNE optimiser": [], "snowdome end to end": [], "openTSNE end to end": []
    }  # fmt: skip
    functions = (our_optimiser, peers_optimiser, our_run, peers_run)
    with tempfile.TemporaryDirectory() as folder:
        contender(ME, "prepare", folder, str(arguments.n))
        contender(ME, "our_run", folder, "warm")  # compiles the kernels, where they are not, and is not counted
        for repeat in range(arguments.repeats):
            for name, function in zip(runs, functions, strict=True):
                out = f"{function.__name__}-{repeat}"
                measured = contender(ME, function.__name__, folder, out)
                runs[name].append({**contender(ME, "grade", folder, out), **measured})
                print(name, runs[name][-1], flush=True)
    keys = ("seconds", "kl", "recall_15", "accuracy_10nn", "peak_mb")
    table = {name: {key: middle(results, key) for key in keys} for name, results in runs.items()}
    rows = {}
    for row, ours, theirs in (("T1", "snowdome optimiser", "openTSNE optimiser"),
                              ("T2", "snowdome end to end", "openTSNE end to end")):  # fmt: skip
        pairs = [b["seconds"] / a["seconds"] for a, b in zip(runs[ours], runs[theirs], strict=True)]
        rows[row] = {"speed_up": round(float(np.median(pairs)), 2), "pairs": [round(x, 2) for x in pairs]}
    for name, figures in table.items():
        print(f"{name:<22}" + "".join(f"{key} {value:<10}" for key, value in figures.items()))
    print(rows)
    print("saved", save(f"tsne-{arguments.n}", {"table": table, "rows": rows, "runs": runs}).name)


def prepare(folder: str, n: str) -> dict[str, Any]:
    """The data, and what the optimisers start from: one exact P at perplexity 30 in 50 components, one start."""
    import snowdome
    from snowdome.layout.start import small_pca
    from snowdome.space.affinity import perplexity_affinities
    from snowdome.space.knn import nearest_neighbours
    from snowdome.space.pca import components

    dataset = snowdome.open("mnist")[: int(n)]
    scores = components(dataset.X, 50, 2).scores
    neighbours = nearest_neighbours(scores, 3 * PERPLEXITY, 2)
    graph = perplexity_affinities(neighbours, PERPLEXITY, 2)
    arrays = {"indptr": graph.indptr, "indices": graph.indices, "weight": graph.weight, "index": neighbours.index,
              "start": small_pca(scores, 2, 0), "X": np.asarray(dataset.X), "y": dataset.y}  # fmt: skip
    for name, array in arrays.items():
        np.save(Path(folder) / f"{name}.npy", array)
    return {}


def our_optimiser(folder: str, out: str) -> dict[str, Any]:
    """Our 250 + 500 steps on the given P from the given start."""
    from snowdome.core.control import Control
    from snowdome.layout.optimiser import GainsAndMomentum, Phase, descend
    from snowdome.layout.student import StudentEnergy
    from snowdome.space.affinity import Graph

    graph = Graph(*(_load(folder, name) for name in ("indptr", "indices", "weight")))
    start = _load(folder, "start")
    n = start.shape[1]
    import snowdome.layout.kernels
    import snowdome.layout.kernels_attraction  # noqa: F401 - so that loading is not timed, as the peer's import is not

    began = time.perf_counter()
    phases = [Phase(250, 12.0, 0.5, float(n)), Phase(500, 1.0, 0.8, float(n))]
    frames = descend(StudentEnergy(graph, 2), start, GainsAndMomentum(2, n, 2), phases, Control())
    for frame in frames:
        last = frame
    seconds = time.perf_counter() - began
    np.save(Path(folder) / f"{out}.npy", last.Y)
    return {"seconds": round(seconds, 3), "own_cost": round(last.cost, 4)}


def peers_optimiser(folder: str, out: str) -> dict[str, Any]:
    """openTSNE's 250 + 500 iterations on the same P from the same start, by its FFT on two threads."""
    import scipy.sparse as sp
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import Affinities

    class Given(Affinities):
        def __init__(self, P: Any) -> None:
            super().__init__()
            self.P = P

    indptr = _load(folder, "indptr")
    P = sp.csr_matrix((_load(folder, "weight").astype(float), _load(folder, "indices"), indptr.astype(np.int32)))
    start = np.ascontiguousarray(_load(folder, "start").T.astype(float))
    embedding = TSNEEmbedding(start, Given(P), negative_gradient_method="fft", n_jobs=2, random_state=0)
    began = time.perf_counter()
    embedding.optimize(250, exaggeration=12, momentum=0.5, inplace=True)
    embedding.optimize(500, momentum=0.8, inplace=True)
    seconds = time.perf_counter() - began
    np.save(Path(folder) / f"{out}.npy", np.asarray(embedding))
    return {"seconds": round(seconds, 3)}


def our_run(folder: str, out: str) -> dict[str, Any]:
    """uint8 images to a map: nothing but compiled kernels is kept from before."""
    import snowdome
    import snowdome.layout.kernels
    import snowdome.layout.kernels_attraction
    import snowdome.space.kernels
    import snowdome.space.kernels_affinity

    X = _load(folder, "X")
    began = time.perf_counter()
    layout = snowdome.TSNE(random_state=0, n_jobs=2)
    Y = layout.fit_transform(X)
    seconds = time.perf_counter() - began
    np.save(Path(folder) / f"{out}.npy", Y)
    return {"seconds": round(seconds, 3), "own_cost": round(layout.cost_, 4)}


def peers_run(folder: str, out: str) -> dict[str, Any]:
    """The same by scikit-learn's PCA to 50 components and openTSNE's defaults on two threads."""
    from openTSNE import TSNE
    from sklearn.decomposition import PCA

    X = _load(folder, "X")
    began = time.perf_counter()
    scores = PCA(50, random_state=0).fit_transform(X.astype(np.float32))
    embedding = TSNE(n_jobs=2, random_state=0).fit(scores)
    seconds = time.perf_counter() - began
    np.save(Path(folder) / f"{out}.npy", np.asarray(embedding))
    return {"seconds": round(seconds, 3), "own_cost": round(float(embedding.kl_divergence), 4)}


def grade(folder: str, out: str) -> dict[str, Any]:
    """Exact KL at the reference P, recall of 15 neighbours in 50 components, accuracy of 10 neighbours' vote."""
    from snowdome.layout.quality import kl_divergence
    from snowdome.space.affinity import Graph

    graph = Graph(*(_load(folder, name) for name in ("indptr", "indices", "weight")))
    Y = np.asarray(_load(folder, out), np.float64)
    return {
        "kl": round(kl_divergence(graph, Y, 2), 4),
        "recall_15": round(neighbour_recall(Y, _load(folder, "index")), 4),
        "accuracy_10nn": round(label_accuracy(Y, _load(folder, "y")), 4),
    }


def _load(folder: str, name: str) -> Any:
    return np.load(Path(folder) / f"{name}.npy", allow_pickle=False)
