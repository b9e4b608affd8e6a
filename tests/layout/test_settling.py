"""New rows at rest: in a valley of their energy, near where they would have lain."""

import copy

import numpy as np
import pytest
from scipy.spatial.distance import cdist

import snowdome
from snowdome.core.control import Control, Stopped
from snowdome.layout.placing import Fitted, gaussian_weights, mean_of_nearest, mean_of_places
from snowdome.layout.settling import RowLaw, settle
from snowdome.space.knn import Neighbours
from snowdome.space.pca import components

LAWS = [
    RowLaw("student", "student", 1.0),
    RowLaw("student", "student", 1.0, factor=4.0),
    RowLaw("square", "gaussian", 0.0),
    RowLaw("square", "gaussian", 0.0, "rows", factor=2.0),
    RowLaw("spring", "inverse", 0.01, share=0.02),
    RowLaw("spring", "logarithm", 1e-6, share=0.01, factor=0.0, slope=10.0, middle=0.1),
]
PHI = {
    "student": lambda s: 1 / s,
    "gaussian": lambda s: np.exp(-s),
    "inverse": lambda s: 1 / np.sqrt(s),
    "logarithm": lambda s: -0.5 * np.log(s),
}


def energy(y, near, p, rest, Y, law):
    """What a row at y adds to the energy, summed plainly in float64."""
    places = Y.astype(np.float64)
    phi = PHI[law.repulsion]
    r = np.sqrt(((y - places[near]) ** 2).sum(1))
    if law.attraction == "spring":
        stretch = r - rest
        drawn = stretch**2 * (law.factor + law.slope * rest) / 2 + law.slope * stretch**3 / 3
    else:
        drawn = law.factor * (np.log1p(r**2) if law.attraction == "student" else r**2)
    pushed = phi(((y - places) ** 2).sum(1) + law.softening).sum()
    if isinstance(law.share, str):
        kernel = phi(cdist(places, places) ** 2 + law.softening)
        np.fill_diagonal(kernel, 0)
        share = 1 / kernel.sum(1).mean()
        told = share * pushed + (np.log(pushed) if law.share == "rows" else 0)
    else:
        told = law.share * pushed
    return (p.astype(np.float64) * drawn).sum() + told + 0.5 * law.middle * (y**2).sum()


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: f"{law.attraction}-{law.repulsion}-{law.share}-{law.factor:g}")
def test_rows_come_to_rest_in_a_valley_of_their_energy(law, dims, digits):
    """No place nearby is lower, nor is the mean of the neighbours or the nearest of them."""
    fitted = Fitted.of(digits.X[:1200], 20, 2, lambda _, compute: compute())
    Y = (components(digits.X[:1200], dims).scores / 4).astype(np.float32)
    new = digits.X[1200:1230]
    near = fitted.nearest(new, 45)
    p = gaussian_weights(near.distance, 15.0)
    rest = (0.05 * near.distance).astype(np.float32)
    got = settle(near, p, Y, law, 2, rest)
    mean = mean_of_places(near, p, Y)
    for row in range(0, 30, 6):
        at = (near.index[row], p[row], rest[row].astype(np.float64), Y, law)
        here = energy(got[row].astype(np.float64), *at)
        scale = max(1.0, abs(here))
        for other in (mean[row], *Y[near.index[row, :3]]):
            assert here <= energy(other.astype(np.float64), *at) + 3e-6 * scale
        for c in range(dims):
            step = np.eye(dims)[c] * 3e-3
            assert min(energy(got[row] + s, *at) for s in (step, -step)) > here - 3e-6 * scale


def test_many_points_repel_as_a_sample_of_them_does():
    """Of 6,000 points 4,096 count for all: a row lands within a small part of the map of where it should."""
    rng = np.random.default_rng(0)
    Y = rng.normal(size=(6000, 2)).astype(np.float32) * 5
    near = Neighbours(rng.integers(0, 40, (20, 5)).astype(np.int32), np.ones((20, 5), np.float32))
    p = np.full((20, 5), 0.2, np.float32)
    law = RowLaw("student", "student", 1.0, share=0.01)
    got = settle(near, p, Y, law).astype(np.float64)
    for row in range(20):
        at = (near.index[row], p[row], np.zeros(5), Y, law)
        lowest = min(energy(got[row] + s, *at) for s in 0.3 * rng.normal(size=(30, 2)))
        assert energy(got[row], *at) < lowest + 0.03


def test_who_stops_is_heard():
    class Impatient(Control):
        stopping = True

        def __init__(self):
            pass

    near = Neighbours(np.zeros((300, 1), np.int32), np.ones((300, 1), np.float32))
    with pytest.raises(Stopped):
        settle(near, np.ones((300, 1), np.float32), np.eye(2, dtype=np.float32), LAWS[0], control=Impatient())


@pytest.mark.parametrize(
    ("layout", "share"),
    [
        (snowdome.KNNGraph(random_state=0), 0.85),
        (snowdome.KNNGraph(random_state=0, energy="plain", k=15), 0.35),
        (snowdome.KNNGraph(random_state=0, energy="shipped"), 0.35),
        (snowdome.Isomap(random_state=0), 0.6),
        (snowdome.SNE(random_state=0), 1.0),
        (snowdome.UMAPLike(random_state=0), 0.6),
    ],
    ids=["graph", "graph plain", "graph shipped", "isomap", "sne", "umap"],
)
def test_rows_of_the_fit_placed_as_if_new_come_back(layout, share, digits, monkeypatch):
    """Each without itself among its neighbours: much nearer to its own place than the mean of its nearest is."""
    X = digits.X[:1000]
    layout = copy.copy(layout).fit(X)
    Y, nearest = layout.embedding_, Fitted.nearest

    def others(self, new, k, threads=1):
        near = nearest(self, new, min(k + 1, 1000), threads)
        keep = near.index != np.arange(len(new))[:, None]
        keep[keep.all(1), -1] = False
        return Neighbours(*(a[keep].reshape(len(new), -1) for a in (near.index, near.distance)))

    monkeypatch.setattr(Fitted, "nearest", others)

    def off(places):
        return np.median(np.sqrt(((places - Y) ** 2).sum(1)))

    assert off(layout._place(X, layout._fitted)) < share * off(mean_of_nearest(X, layout._fitted, Y, 2))
