"""What is nearest to a row."""

import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest


def test_the_nearest_of_a_row_with_their_distances(door: Any, fakes: ModuleType) -> None:
    X = np.asarray(fakes.dataset().X, np.float64)
    distance = np.sqrt(((X - X[7]) ** 2).sum(1))
    distance[7] = np.inf
    found = json.loads(door("/api/rows/7/near?k=5").body)
    assert found["row"] == 7
    assert found["space"] == "pixels"
    assert found["rows"] == np.argsort(distance, kind="stable")[:5].tolist()
    np.testing.assert_allclose(found["distances"], distance[found["rows"]])


@pytest.mark.parametrize("path", ["/api/rows/40/near", "/api/rows/-1/near", "/api/rows/x/near"])
def test_a_row_that_is_not_there(door: Any, path: str) -> None:
    assert door(path).status == 404


def test_k_is_bounded(door: Any) -> None:
    assert door("/api/rows/0/near?k=101").status == 404
