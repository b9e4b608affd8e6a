"""Olah's runs: his rule, his start, and C16's end costs with the first thousand training images."""

import numpy as np
import pytest

import snowdome
from snowdome.core.errors import OptionError
from snowdome.layout import olah
from snowdome.layout.base import Phase
from snowdome.layout.energy import Forces
from snowdome.layout.stress import all_distances


@pytest.fixture(scope="module")
def images(mnist):
    return mnist.X[:1000], mnist.y[:1000]


def purity(Y, labels):
    """How many of the ten nearest on the map share the label."""
    squared = ((Y[:, None].astype(np.float64) - Y[None]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    return float((labels[np.argsort(squared, 1)[:, :10]] == labels[:, None]).mean())


def test_start_is_a_sum_of_fifteen_uniform_numbers():
    places = olah.start(4000, 2, 0)
    assert places.shape == (2, 4000)
    assert places.std() == pytest.approx(8 * np.sqrt(15 / 3) / 15, rel=0.03)
    assert np.abs(places).max() < 8
    assert olah.start(4000, 3, 0).std() == pytest.approx(np.sqrt(15 / 3) / 15, rel=0.03)
    assert (places == olah.start(4000, 2, 0)).all()
    assert (places != olah.start(4000, 2, 1)).any()


def test_rule_has_one_length_for_all_coordinates():
    rule, Y = olah.LevelSteps(2, 3), np.zeros((2, 3), np.float32)
    gradient = np.array([[3.0, 0, 0], [0, 0, -4]], np.float32)
    phase = Phase(1, 1.0, 0.75, 8.0)
    rule.move(Y, Forces(gradient, 0 * gradient, 0.0), phase)
    assert np.allclose(Y, -8 * 0.25 * gradient / 5)
    rule.move(Y, Forces(0 * gradient, 100 * gradient, 2.0), phase)  # steeper, as long
    assert np.allclose(Y, -8 * (0.25 + 0.75 * 0.25 + 0.25) * gradient / 5)


def test_rows_are_bytes_over_256_and_no_more_than_a_thousand():
    X = np.arange(1200 * 2, dtype=np.int64).reshape(1200, 2) % 256
    assert (olah.rows(X.astype(np.uint8)) == X[:1000] / 256).all()
    assert (olah.rows(X.astype(np.float64)) == X[:1000]).all()


def test_affinities_are_symmetric_and_reach_the_perplexity(digits):
    graph = olah.affinities(all_distances(olah.rows(15 * digits.X[:300])))  # bytes that reach 240
    P = np.zeros((300, 300))
    P[np.repeat(np.arange(300), 299), graph.indices] = graph.weight
    assert np.allclose(P, P.T)
    assert P.sum() == pytest.approx(1, abs=1e-4)
    p = P / P.sum(1, keepdims=True)
    entropy = -(p * np.log2(np.where(p > 0, p, 1))).sum(1)
    assert 40 < np.median(2**entropy) < 55


# C16: the larger of its two runs. The cost of the start shows that the cost is counted as there.
MAPS = [
    (snowdome.TSNE, 2, 3.35, 0.837),
    (snowdome.TSNE, 3, 3.06, 0.675),
    (snowdome.MDS, 2, 6.6e7, 1.296e7),
    (snowdome.MDS, 3, 9.6e7, 7.03e6),
    (snowdome.Sammon, 2, 6.4e6, 1.318e6),
]


@pytest.mark.parametrize(("cls", "dims", "begins", "ends"), MAPS)
def test_end_costs_are_those_of_the_essay(images, cls, dims, begins, ends):
    layout = cls(n_components=dims, random_state=0, preset="olah")
    frames = list(layout.frames(images[0]))
    assert frames[1].cost == pytest.approx(begins, rel=0.02)
    assert frames[-1].steps == olah.RUNS[cls.__name__.lower()][dims].steps
    others = [cls(n_components=dims, random_state=seed, preset="olah").fit(images[0]).cost_ for seed in range(1, 5)]
    assert np.median([frames[-1].cost, *others]) <= 1.02 * ends


def printed_energy(layout):
    """C_graph of the map as the essay prints it, on the edges that were laid out."""
    Y = layout.embedding_.astype(np.float64)
    d = np.sqrt(((Y[:, None] - Y[None]) ** 2).sum(2))
    np.fill_diagonal(d, np.inf)
    i, j = layout.edges_.T
    return (1 / d).sum() + 0.5 * ((d[i, j] - layout.lengths_) ** 2).sum()


def test_graphs_end_as_the_essays_do(images):
    """C10 and C16: three neighbours, the energy as shipped measured as printed; 3-D joins more of a class than 2-D."""
    X, labels = images
    pure = {}
    for dims, ends in ((2, 1.04e5), (3, 8.94e4)):
        layouts = [snowdome.KNNGraph(n_components=dims, random_state=s, preset="olah").fit(X) for s in range(5)]
        assert np.median([printed_energy(layout) for layout in layouts]) <= 1.02 * ends
        pure[dims] = np.median([purity(layout.embedding_, labels) for layout in layouts])
    edges = layouts[0].edges_
    assert edges.shape == (3000, 2)
    assert 0.83 < (labels[edges[:, 0]] == labels[edges[:, 1]]).mean() < 0.87
    stress = {
        d: purity(snowdome.MDS(n_components=d, random_state=0, preset="olah").fit_transform(X), labels) for d in (2, 3)
    }
    embedding = snowdome.TSNE(random_state=0, preset="olah").fit_transform(X)
    assert purity(embedding, labels) > pure[2] > stress[2]
    assert pure[3] > pure[2]
    assert stress[3] > stress[2]
    other = snowdome.KNNGraph(random_state=0, preset="olah", energy="printed").fit(X)
    assert other.cost_ == pytest.approx(printed_energy(other), rel=1e-3)
    assert other.cost_ < 1.04e5


def test_a_run_is_the_same_for_a_seed_and_any_number_of_threads(images):
    maps = [snowdome.MDS(random_state=4, n_jobs=jobs, preset="olah").fit_transform(images[0]) for jobs in (1, 2)]
    assert (maps[0] == maps[1]).all()


@pytest.mark.parametrize(("dims", "classical"), [(2, 1.69e7), (3, 9.84e6)])
def test_stress_is_below_that_of_the_components_at_their_best_scale(images, dims, classical):
    """C16: both orders of each pair, values over 256."""
    X = images[0]
    D = all_distances(olah.rows(X)).astype(np.float64)
    scores = snowdome.PCA(n_components=dims).fit_transform(X)
    d = np.sqrt(((scores[:, None].astype(np.float64) - scores[None]) ** 2).sum(2))
    best = (D**2).sum() - (D * d).sum() ** 2 / (d**2).sum()
    assert best == pytest.approx(classical, rel=0.01)
    for preset, per_value in (("olah", 1), ("", 2 / 256**2)):
        assert snowdome.MDS(n_components=dims, random_state=0, preset=preset).fit(X).cost_ * per_value < 0.8 * best


def test_rows_after_the_first_thousand_are_placed_among_them(mnist):
    X, labels = mnist.X[:1500], mnist.y[:1500]
    whole = snowdome.MDS(random_state=0, preset="olah").fit(X)
    alone = snowdome.MDS(random_state=0, preset="olah").fit(X[:1000])
    assert (whole.embedding_[:1000] == alone.embedding_).all()
    assert whole.cost_ == alone.cost_
    assert "500" in whole.notes_[0]
    assert "both orders" in alone.notes_[0]
    assert purity(whole.embedding_[1000:], labels[1000:]) > 0.4
    assert whole.transform(X[1200:1210]).shape == (10, 2)


def test_a_run_that_he_did_not_make_is_refused(digits):
    with pytest.raises(OptionError, match=r"n_components=3; allowed: 2"):
        snowdome.Sammon(n_components=3, preset="olah").fit(digits.X[:50])
    with pytest.raises(OptionError, match="preset"):
        snowdome.MDS(preset="Olah").fit(digits.X[:50])


@pytest.mark.parametrize("cls", [snowdome.MDS, snowdome.Sammon, snowdome.TSNE, snowdome.Isomap, snowdome.KNNGraph])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_few_rows_stay_finite(cls, n):
    X = np.arange(n * 6, dtype=np.uint8).reshape(n, 6)
    assert np.isfinite(cls(random_state=0, preset="olah").fit_transform(X)).all()
