"""What a map says of itself: that its neighbours are approximate, and how many of the exact ones were found."""

import re

import numpy as np
import pytest

from snowdome.layout.base import make_layout
from snowdome.space import knn

QUICK = {
    "tsne": {"perplexity": 5, "early_steps": 1, "steps": 2},
    "umap": {"steps": 2},
    "graph": {"steps": 2},
    "isomap": {},
}


@pytest.mark.parametrize("method", QUICK)
def test_approximate_neighbours_are_told_with_their_recall(digits, monkeypatch, method):
    def notes():
        layout = make_layout(method, random_state=0, **QUICK[method])
        for _ in layout.frames(digits.X[:700]):
            pass
        return " ".join(layout.notes_)

    assert "approximate" not in notes()
    monkeypatch.setattr(knn, "EXACT_UP_TO", 500)
    said = re.search(r"The neighbours are approximate: ([0-9.]+)% of the exact ones of 700 rows were found\.", notes())
    assert said is not None
    assert 90 < float(said[1]) <= 100


def test_exact_neighbours_have_nothing_to_be_told():
    X = np.random.default_rng(1).normal(size=(60, 3)).astype(np.float32)
    assert knn.nearest_neighbours(X, 3).notes == ()
    assert len(knn.nearest_neighbours(X, 3, exact=False).notes) == 1
