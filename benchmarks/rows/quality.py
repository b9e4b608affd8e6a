"""All measures of one map of all images, each with what it was computed on."""

import time
from typing import Any

from benchmarks.rows.data import images
from benchmarks.rows.row import Row, load

ROWS = [
    Row(
        "quality", "every measure of a 2-D t-SNE map, and each point's own; nothing kept, then neighbours kept",
        "10 seconds", __name__, "measures", (), "prepare", "", ("70000",), 3,
    )
]  # fmt: skip

prepare = images


def measures(folder: str, out: str, size: str) -> dict[str, Any]:  # noqa: ARG001
    """Ours: seconds with the neighbours kept, as the app has them beside a map, and without."""
    from snowdome import TSNE
    from snowdome.core.cache import Arrays
    from snowdome.layout.quality import judge

    X, y = load(folder, "X"), load(folder, "y")
    kept: dict[str, Arrays] = {}

    def memo(name: str, compute: Any) -> Arrays:
        return kept[name] if name in kept else kept.setdefault(name, compute())

    judge(X[:2000], TSNE(steps=50, random_state=0).fit_transform(X[:2000]), y[:2000])  # loads the kernels
    Y = TSNE(random_state=0, n_jobs=2).fit_transform(X)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        found = judge(X, Y, y, threads=2, memo=memo)
        seconds.append(round(time.perf_counter() - began, 3))
    scores = {score.name: round(float(score.value), 4) for score in found.rows}
    return {"seconds": seconds[1], "nothing_kept": seconds[0], **scores}
