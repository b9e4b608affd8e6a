"""What the rows start from: MNIST, its components, its neighbours."""

from typing import Any

import numpy as np

from benchmarks.rows.row import save


def mnist(size: str) -> tuple[Any, Any]:
    """The first `size` images of MNIST (n, 784) uint8 and their labels."""
    import snowdome

    dataset = snowdome.open("mnist")[: int(size)]
    return np.ascontiguousarray(dataset.X), np.asarray(dataset.y)


def with_components(folder: str, size: str) -> dict[str, Any]:
    """X, y, the scores on 50 components, and the 15 nearest neighbours in them."""
    from snowdome.space.knn import nearest_neighbours
    from snowdome.space.pca import components

    X, y = mnist(size)
    scores = components(X, 50, 2).scores
    index = nearest_neighbours(scores, 15, 2).index
    for name, array in {"X": X, "y": y, "scores": scores, "index": index}.items():
        save(folder, name, array)
    return {}


def images(folder: str, size: str) -> dict[str, Any]:
    """X and y alone."""
    X, y = mnist(size)
    save(folder, "X", X)
    save(folder, "y", y)
    return {}
