import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError
from snowdome.layout import quality
from snowdome.layout.measures import (
    distances,
    label_accuracy,
    nearest_places,
    rank_agreement,
    sample,
    sample_pairs,
    spearman,
    stresses,
)
from snowdome.layout.quality import exact_repulsion, judge, kl_divergence
from snowdome.space import knn, pca
from snowdome.space.affinity import perplexity_affinities
from snowdome.space.knn import nearest_neighbours
from snowdome.space.pca import components


@pytest.fixture(scope="module", params=[2, 3])
def placed(request, digits):
    """700 digits, a map of them that is neither good nor bad, and their labels."""
    X = digits.X[:700]
    scores = components(X, request.param).scores
    noise = np.random.default_rng(0).normal(size=scores.shape) * 3
    return X, (scores * [5, 1, 2][: request.param] + noise).astype(np.float32), digits.y[:700]


def value(found, name):
    return next(row.value for row in found.rows if row.name == name)


def recall_of(X, Y, k):
    near = [NearestNeighbors(n_neighbors=k).fit(A).kneighbors(return_distance=False) for A in (X, Y)]
    return np.array([len(set(a) & set(b)) / k for a, b in zip(*near, strict=True)])


def test_recall_is_that_of_brute_force(placed):
    X, Y, y = placed
    X = X + np.random.default_rng(1).random(X.shape)  # so that no two distances are equal
    found = judge(X, Y, y, space=None)
    for k in (10, 15, 90):
        assert value(found, f"recall@{k}") == pytest.approx(recall_of(X, Y, k).mean(), abs=1e-9)
    np.testing.assert_allclose(found.recall, recall_of(X, Y, 15), atol=1e-6)


def test_trustworthiness_and_continuity_are_scikit_learns(placed):
    X, Y, _ = placed
    X = X + np.random.default_rng(1).random(X.shape)
    trust, continuity = rank_agreement(X, Y, 12)
    assert trust == pytest.approx(trustworthiness(X, Y, n_neighbors=12), abs=1e-6)
    assert continuity == pytest.approx(trustworthiness(Y, X, n_neighbors=12), abs=1e-6)
    assert trust < 0.99
    assert continuity < 0.99
    found = judge(X, Y, space=None)
    assert (value(found, "trustworthiness"), value(found, "continuity")) == (trust, continuity)


def test_ranks_break_ties_by_index():
    """Four equal rows and two others: every rank is known by hand."""
    X = np.array([[0], [0], [0], [0], [9], [9]], np.float32)
    Y = np.array([[0], [9], [9], [0], [0], [9]], np.float32)
    order = [sorted((j for j in range(6) if j != i), key=lambda j, i=i: (abs(X[i, 0] - X[j, 0]), j)) for i in range(6)]
    near = [min((j for j in range(6) if j != i), key=lambda j, i=i: (abs(Y[i, 0] - Y[j, 0]), j)) for i in range(6)]
    beyond = sum(order[i].index(near[i]) for i in range(6))
    assert rank_agreement(X, Y, 1)[0] == pytest.approx(1 - beyond * 2 / (6 * 1 * (12 - 3 - 1)))


def test_spearman_is_scipys(placed):
    X, Y, _ = placed
    rows = sample(700, 200, 0, 1)
    upper = np.triu_indices(200, 1)
    wanted = spearmanr(cdist(X[rows], X[rows])[upper], cdist(Y[rows], Y[rows])[upper])[0]
    assert spearman(X[rows], Y[rows]) == pytest.approx(wanted, abs=1e-6)
    assert spearman(X[rows], np.zeros((200, 2), np.float32)) == 0


def test_stress_is_its_definition_and_rescaling_finds_the_best_scale(placed):
    X, Y, _ = placed
    pairs = sample_pairs(len(X), 10**6, 0, 0)
    assert len(pairs[0]) == 700 * 699 // 2
    D, d = distances(X, *pairs), distances(Y, *pairs)
    np.testing.assert_allclose(d, cdist(Y, Y)[pairs], rtol=1e-5)
    found = stresses(d, D)
    apart = D > 0
    assert found["stress-1"] == pytest.approx(np.sqrt(((d - D) ** 2).sum() / (D**2).sum()))
    assert found["Sammon stress"] == pytest.approx((((d - D) ** 2)[apart] / D[apart]).sum() / D.sum())
    scales = np.linspace(0.3, 3, 400)
    for name in ("stress-1", "Sammon stress"):
        best = min(stresses(a * d, D)[name] for a in scales)
        assert found[f"{name}, rescaled"] == pytest.approx(best, rel=1e-4)
        assert found[f"{name}, rescaled"] <= best
    judged = judge(X, Y, space=None)
    assert {name: value(judged, name) for name in found} == found


def test_label_accuracy_is_scikit_learns(placed):
    _, Y, y = placed
    held_out = np.arange(700) % 5 == 0
    theirs = KNeighborsClassifier(10).fit(Y[~held_out], y[~held_out]).score(Y[held_out], y[held_out])
    assert label_accuracy(Y, y, held_out) == pytest.approx(theirs)
    assert 0.3 < theirs < 1


def test_missing_labels_neither_vote_nor_are_asked(placed):
    X, Y, y = placed
    some = np.where(np.arange(700) % 2, y, -1)
    row = next(row for row in judge(X, Y, some).rows if row.name == "10-NN accuracy")
    assert row.of.startswith("70 rows held out of 350")
    assert not [row for row in judge(X, Y, np.full(700, -1)).rows if "accuracy" in row.name]


def test_kl_and_exact_repulsion_in_any_number_of_dimensions(placed):
    X, Y, _ = placed
    Y = Y / 10
    graph = perplexity_affinities(nearest_neighbours(X, 60), 20.0)
    places = Y.astype(np.float64)
    q = 1 / (1 + cdist(places, places) ** 2)
    np.fill_diagonal(q, 0)
    P = np.zeros((700, 700))
    P[np.repeat(np.arange(700), np.diff(graph.indptr)), graph.indices] = graph.weight
    some = P > 0
    kl = (P[some] * np.log(P[some] / (q[some] / q.sum()))).sum()
    assert kl_divergence(graph, Y) == pytest.approx(kl, rel=1e-5)
    assert value(judge(X, Y, graph=graph), "KL divergence") == pytest.approx(kl, rel=1e-5)
    push, z = exact_repulsion(Y)
    assert z == pytest.approx(q.sum(), rel=1e-5)
    wanted = ((q * q)[:, :, None] * (places[None] - places[:, None])).sum(1).T
    np.testing.assert_allclose(push, wanted, atol=2e-5 * np.abs(wanted).max())


def test_affinities_are_those_of_perplexity_30_where_none_are_given(placed):
    X, Y, _ = placed
    graph = perplexity_affinities(nearest_neighbours(X, 90), 30.0)
    row = judge(X, Y, space=None).rows[-1]
    assert row.value == pytest.approx(kl_divergence(graph, Y), rel=1e-6)
    assert row.of == "all pairs, affinities of perplexity 30, raw values"


def test_distortion_knows_which_points_are_wrong(digits):
    """A perfect map but for five points thrown far off; its scale is of no account."""
    X = components(digits.X[:400], 2).scores
    Y = 0.01 * X
    assert judge(X, Y, space=None).distortion.max() < 1e-3
    thrown = [3, 50, 111, 222, 399]
    Y[thrown] += 100
    found = judge(X, Y, space=None)
    assert set(np.argsort(found.distortion)[-5:]) == set(thrown)
    assert found.distortion[thrown].min() > 1.5 * np.delete(found.distortion, thrown).max()
    assert found.recall[thrown].max() < 0.4 < np.delete(found.recall, thrown).mean()


def test_distortion_is_its_definition(placed):
    X, Y, _ = placed
    found = judge(X, Y, space=None, seed=5)
    near = nearest_neighbours(X, 90).index[:, :15]
    step = 1 + (quality.rng.uniform(5, quality._OTHER_STREAM, 700, 15) * 699).astype(int)
    others = np.concatenate([near, (np.arange(700)[:, None] + step) % 700], axis=1)
    rows = np.arange(700)[:, None]
    ratio = np.log(cdist(Y, Y)[rows, others] / cdist(X, X)[rows, others])
    assert not (others == rows).any()
    wanted = np.sqrt(((ratio - ratio.mean()) ** 2).mean(1))
    np.testing.assert_allclose(found.distortion, wanted, rtol=1e-3)


def test_says_what_each_number_is_of(digits, monkeypatch):
    monkeypatch.setattr(quality, "_RANKED", 500)
    monkeypatch.setattr(quality, "_CORRELATED", 300)
    monkeypatch.setattr(quality, "_PAIRS", 10_000)
    found = judge(digits.X, components(digits.X, 2).scores, digits.y, space=20)
    of = {row.name: row.of for row in found.rows}
    assert of["recall@90"] == "all 1,797 rows, 20 components"
    assert of["trustworthiness"] == of["continuity"] == "500 of 1,797 rows, 20 components"
    assert of["stress-1"] == "10,000 of 1,613,706 pairs, 20 components"
    assert of["Spearman of distances"] == "all pairs of 300 of 1,797 rows, 20 components"
    assert of["10-NN accuracy"] == "359 rows held out of 1,797, neighbours on the map"
    better = {row.name: row.better for row in found.rows}
    assert {name for name in better if better[name] == "low"} == {
        "stress-1", "stress-1, rescaled", "Sammon stress", "Sammon stress, rescaled", "KL divergence",
    }  # fmt: skip


def test_says_where_the_neighbours_in_the_data_are_approximate(digits, monkeypatch):
    monkeypatch.setattr(knn, "EXACT_UP_TO", 500)
    found = judge(digits.X, components(digits.X, 2).scores)
    row = next(row for row in found.rows if row.name == "recall@10")
    assert "all 1,797 rows, 50 components, approximate neighbours, of which" in row.of
    monkeypatch.undo()
    exact = judge(digits.X, components(digits.X, 2).scores)
    assert row.value == pytest.approx(value(exact, "recall@10"), abs=0.02)
    assert not any("approximate" in row.of for row in exact.rows)


def test_samples_stand_for_the_whole(digits):
    Y = components(digits.X, 2).scores
    whole = judge(digits.X, Y, space=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quality, "_RANKED", 900)
        patch.setattr(quality, "_CORRELATED", 500)
        patch.setattr(quality, "_PAIRS", 50_000)
        few = judge(digits.X, Y, space=None)
    for name in ("stress-1", "Sammon stress, rescaled", "Spearman of distances", "trustworthiness", "continuity"):
        assert value(few, name) == pytest.approx(value(whole, name), abs=0.04)


def test_same_seed_same_bits_for_any_number_of_threads(placed):
    """J-11."""
    X, Y, y = placed
    one, two = (judge(X, Y, y, seed=3, threads=threads) for threads in (1, 2))
    assert one.rows == two.rows
    assert one.recall.tobytes() == two.recall.tobytes()
    assert one.distortion.tobytes() == two.distortion.tobytes()
    assert judge(X, Y, y, seed=4).distortion.tobytes() != one.distortion.tobytes()


def test_neighbours_are_those_that_the_layout_kept(digits):
    from snowdome.layout.methods.tsne import TSNE

    kept = {}

    def memo(name, compute):
        return kept[name] if name in kept else kept.setdefault(name, compute())

    list(TSNE(random_state=0, early_steps=1, steps=1).frames(digits.X[:500], memo=memo))
    before = set(kept)
    judge(digits.X[:500], components(digits.X[:500], 2).scores, memo=memo)
    assert set(kept) == before


@pytest.mark.parametrize("n", [1, 2, 3, 4, 12, 30])
def test_few_rows_leave_out_what_cannot_be_said(n, digits):
    Y = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)
    found = judge(digits.X[:n], Y, digits.y[:n])
    assert all(np.isfinite(row.value) for row in found.rows)
    assert found.recall.shape == found.distortion.shape == (n,)
    assert np.isfinite(found.distortion).all()
    names = {row.name for row in found.rows}
    assert ("recall@10" in names) == (n > 10)
    assert "recall@90" not in names


@pytest.mark.parametrize("case", ["equal rows", "one place", "half twice"])
def test_equal_rows_and_equal_places(case, digits):
    """2.7: finite, and order as (distance, index) says."""
    X = np.array(digits.X[:120])
    Y = components(X, 2).scores.copy()
    if case == "equal rows":
        X[:] = X[0]
    elif case == "one place":
        Y[:] = 1
    else:
        X, Y = np.repeat(X[:60], 2, axis=0), np.repeat(Y[:60], 2, axis=0)
    found = judge(X, Y, digits.y[:120])
    assert all(np.isfinite(row.value) for row in found.rows)
    assert np.isfinite(found.distortion).all()
    assert ((found.recall >= 0) & (found.recall <= 1)).all()


def test_nearest_places_leave_the_point_itself_out():
    Y = np.repeat(np.array([[0, 0], [1, 0], [5, 5]], np.float32), 30, axis=0)
    near = nearest_places(Y, 40)
    assert not (near == np.arange(90)[:, None]).any()
    assert all(len(set(row)) == 40 for row in near)
    exact = np.sort(cdist(Y, Y) + np.diag([np.inf] * 90), axis=1)[:, :40]
    np.testing.assert_allclose(cdist(Y, Y)[np.arange(90)[:, None], near], exact)


def test_says_what_is_wrong(digits):
    X, Y = digits.X[:20], np.zeros((20, 2), np.float32)
    with pytest.raises(DataError, match="shape"):
        judge(X, Y[:19])
    with pytest.raises(DataError, match="labels"):
        judge(X, Y, digits.y[:19])
    Y[3, 1] = np.nan
    with pytest.raises(DataError, match="1 values that are NaN"):
        judge(X, Y)


def test_tells_how_far_it_is_and_can_be_stopped(digits):
    class Watcher(Control):
        def __init__(self):
            super().__init__()
            self.told = []

        def report(self, stage, done, total):
            if stage == "judging the map":
                self.told.append((done, total))
                self.stopping = done == 3

    watcher = Watcher()
    with pytest.raises(Stopped):
        judge(digits.X[:200], components(digits.X[:200], 2).scores, control=watcher)
    assert list(dict.fromkeys(watcher.told)) == [(0, 7), (1, 7), (2, 7), (3, 7)]


def test_all_of_it_at_70_000_takes_seconds(mnist):
    """Of the PCA map; the neighbours are there already, as after any map of the same data.

    It can be left at any time: it looks whether it should every half second on two threads, or every second while
    affinities are found.
    """
    import time

    scores = components(mnist.X, 50, 2)
    found = nearest_neighbours(scores.scores, 90, 2)
    kept = {
        f"pca-50-v{pca.VERSION}": {
            "mean": scores.mean,
            "components": scores.components,
            "variance": scores.explained_variance,
            "total": np.array([scores.total_variance]),
            "scores": scores.scores,
        },
        f"neighbours-{pca.space_name(50)}-90-v{knn.VERSION}": {"index": found.index, "distance": found.distance},
    }

    def memo(name, compute):
        return kept.get(name) or compute()

    class Watcher(Control):
        def report(self, stage, done, total):
            looks.append(time.process_time())

    looks = [time.process_time()]
    found = judge(mnist.X, scores.scores[:, :2], mnist.y, threads=2, memo=memo, control=Watcher())
    looks.append(time.process_time())
    assert looks[-1] - looks[0] < 20
    assert np.diff(looks).max() < 2
    assert np.sort(np.diff(looks))[-2] < 1
    assert len(found.rows) == 12
    assert 0.39 < value(found, "10-NN accuracy") < 0.50
    assert value(found, "stress-1") < 0.65
