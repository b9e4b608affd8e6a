"""Row T11: layouts of the graph of nearest neighbours beside ForceAtlas2 and networkx."""

import time
from typing import Any

import numpy as np

from benchmarks.rows.data import with_components
from benchmarks.rows.row import Row, load, save

STEPS = 300
_FLOOR = "10 times the peer; the energy Σ_E d²/2 - Σ log d, each map at its best scale, at most the peer's"
ROWS = [
    *(
        Row(f"T11-k{k}", f"layout of the {k}-neighbour graph, 1/d repulsion, {STEPS} steps", _FLOOR,
            __name__, f"ours_{k}", peers, "prepare", f"grade_{k}", (size,), 1)
        for k, size, peers in ((3, "20000", ("fa2_3",)), (15, "20000", ("fa2_15",)))
    ),
    Row("T11-networkx", f"layout of the 3-neighbour graph, 1/d repulsion, {STEPS} steps", _FLOOR,
        __name__, "ours_3", ("networkx_3",), "prepare", "grade_3", ("2000",), 1),
    *(
        Row(f"T11-70k-k{k}", f"layout of the {k}-neighbour graph, 1/d repulsion, {STEPS} steps", "runs",
            __name__, f"ours_{k}", (), "prepare", f"grade_{k}", most=1)
        for k in (3, 15)
    ),
]  # fmt: skip

prepare = with_components


def ours_3(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours, three neighbours."""
    return _ours(folder, out, 3)


def ours_15(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours, fifteen neighbours."""
    return _ours(folder, out, 15)


def fa2_3(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """fa2-modified, three neighbours."""
    return _fa2(folder, out, 3)


def fa2_15(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """fa2-modified, fifteen neighbours."""
    return _fa2(folder, out, 15)


def networkx_3(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """networkx's Fruchterman–Reingold, three neighbours."""
    import networkx as nx

    graph = nx.from_scipy_sparse_array(_adjacency(folder, 3))
    began = time.perf_counter()
    places = nx.spring_layout(graph, iterations=STEPS, seed=0, method="force")
    return _left(folder, out, np.array([places[i] for i in range(len(places))]), began)


def _ours(folder: str, out: str, k: int) -> dict[str, Any]:
    from snowdome import KNNGraph

    scores = load(folder, "scores")
    KNNGraph(k=k, energy="plain", steps=5, random_state=0, n_jobs=2).fit(scores[:3000])  # loads the kernels
    layout = KNNGraph(k=k, energy="plain", steps=STEPS, space=None, random_state=0, n_jobs=2)
    began = time.perf_counter()
    return _left(folder, out, layout.fit_transform(scores), began)


def _fa2(folder: str, out: str, k: int) -> dict[str, Any]:
    from fa2_modified import ForceAtlas2

    adjacency = _adjacency(folder, k)
    start = np.random.default_rng(0).random((adjacency.shape[0], 2))
    layout = ForceAtlas2(gravity=0.0, barnesHutOptimize=True, barnesHutTheta=1.2, verbose=False)
    began = time.perf_counter()
    return _left(folder, out, np.asarray(layout.forceatlas2(adjacency.tolil(), pos=start, iterations=STEPS)), began)


def _left(folder: str, out: str, Y: Any, began: float) -> dict[str, Any]:
    seconds = time.perf_counter() - began
    save(folder, out, np.asarray(Y, np.float64))
    return {"seconds": round(seconds, 3)}


def _adjacency(folder: str, k: int) -> Any:
    """The undirected graph: each edge once in each direction, weight 1. Its making is not timed."""
    from scipy.sparse import csr_matrix

    index = load(folder, "index")[:, :k]
    n = len(index)
    directed = csr_matrix((np.ones(n * k), index.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return directed.maximum(directed.T).tocsr()


def grade_3(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """See _grade."""
    return _grade(folder, out, 3)


def grade_15(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """See _grade."""
    return _grade(folder, out, 15)


def _grade(folder: str, out: str, k: int) -> dict[str, Any]:
    """The energy ½ Σ_E d² - Σ_{i<j} log d of the map at its best scale, over all pairs, a pair's share of it.

    Scaling by c turns it into c² A - N log c + B, which is least at c² = N / 2A; so no map gains by its size.
    """
    Y, edges = load(folder, out), _adjacency(folder, k).tocoo()
    n = len(Y)
    pairs = n * (n - 1) / 2
    once = edges.row < edges.col
    springs = 0.5 * ((Y[edges.row[once]] - Y[edges.col[once]]) ** 2).sum()
    logs = 0.0
    for i in range(n - 1):
        squared = ((Y[i + 1 :] - Y[i]) ** 2).sum(1)
        logs += 0.5 * float(np.log(np.maximum(squared, 1e-12)).sum())
    energy = 0.5 * pairs - 0.5 * pairs * np.log(pairs / (2 * springs)) - logs
    return {"energy_a_pair": round(float(energy / pairs), 5)}
