"""Models of a session: trained beside it, judged, kept, deleted and brought back (issue 7; D5-D16, M-02)."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import ModuleType
from typing import Any

import numpy as np
import psutil
import pytest

from snowdome.core import cache
from snowdome.core.errors import DataError, OptionError
from snowdome.data import store
from snowdome.data.dataset import Dataset
from snowdome.model.compare import train
from snowdome.model.kept import Shelf
from snowdome.session.columns import cells
from snowdome.session.models.columns import columns_of
from snowdome.session.models.judged import TEST, with_numbers
from snowdome.session.models.messages import TrainRequest
from snowdome.session.models.models import UnknownModelError
from snowdome.session.questions.model_column import ModelColumn
from snowdome.session.questions.model_explained import ModelExplained
from snowdome.session.questions.model_judged import ModelJudged
from snowdome.session.questions.model_occlusion import ModelOcclusion
from snowdome.session.questions.model_thresholds import ModelThresholds
from snowdome.session.questions.model_verdicts import ModelVerdicts
from snowdome.session.questions.model_weights import ModelWeights
from snowdome.session.session import Session

Opened = Callable[..., AbstractAsyncContextManager[Session]]


def blobs(n: int = 240) -> Dataset:
    """Three classes of 4 × 4 images that a model can mostly tell apart; two thirds to train on."""
    rng = np.random.default_rng(3)
    y = np.arange(n) % 3
    X = np.clip(rng.normal(60, 50, (n, 16)) + 70 * (np.arange(16) % 3 == y[:, None]), 0, 255).astype(np.uint8)
    split = (np.arange(n) >= 2 * n // 3).astype(np.uint8)
    return Dataset(X, y, ("a", "b", "c"), (4, 4), split=split, split_names=("train", "test"), name="blobs")


@pytest.fixture
def opened(fakes: ModuleType) -> Opened:
    """A session over the blobs; none of its processes is left in the end."""

    @asynccontextmanager
    async def open_session(data: Dataset | None = None) -> AsyncIterator[Session]:
        session = Session(store.keep(data or blobs()), command=fakes.COMMAND, make=fakes.make)
        try:
            yield session
        finally:
            await session.close()
            left = [child.pid for child in psutil.Process().children() if "trainer" in " ".join(child.cmdline())]
            assert left == []

    return open_session


async def trained(fakes: ModuleType, session: Session, kind: str = "centroid", **asked: Any) -> str:
    """The id of a model that has been trained."""
    model = session.models.train(TrainRequest(kind=kind, **asked)).id
    await fakes.until(lambda: session.models.record(model).status not in ("queued", "training"), 60)
    return model


def test_a_model_is_trained_judged_and_explained(fakes: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as session:
            feed = session.join()
            model = await trained(fakes, session)
            record = session.models.record(model)
            assert (record.status, record.title, record.weights) == ("done", "Nearest centroid", True)
            done = train(with_numbers(session.dataset), "centroid")
            assert record.facts is not None
            assert record.facts.accuracy == done.verdict.accuracy
            assert (record.facts.n_train, record.facts.n_test) == (160, 80)
            told = [event.models for event in feed.events() if hasattr(event, "models")]
            assert told[-1] == [record], "all who watch are told"

            file = session.models.file()
            verdicts = await session.query(ModelVerdicts(file))
            rows = np.frombuffer(verdicts.rows, "<u4")
            assert rows.tolist() == list(range(160, 240))
            assert np.array_equal(np.frombuffer(verdicts.predicted, "<u2"), done.verdict.predicted)
            np.testing.assert_allclose(np.frombuffer(verdicts.confidence, "<f4"), done.verdict.confidence, rtol=1e-6)
            judged = await session.query(ModelJudged(file))
            assert sum(map(sum, judged.matrix)) == judged.n == 80
            assert sum(judged.matrix[code][code] for code in range(3)) / 80 == judged.accuracy
            assert judged.scores[0].recall == judged.matrix[0][0] / judged.scores[0].support
            found = await session.models.predict(None, session.dataset.X[160:240])
            assert found.model == model
            assert found.predicted == done.verdict.predicted.tolist()
            await check_columns(fakes, session)
            await check_why(fakes, session)

    fakes.go(main(), 90)


async def check_columns(fakes: ModuleType, session: Session) -> None:
    """They hold what a model says of rows that it has not seen."""
    model = await trained(fakes, session, folds=4)
    record = session.models.record(model)
    assert [column.id for column in columns_of([record])] == [
        f"predicted-{model}", f"correct-{model}", f"confidence-{model}"
    ]  # fmt: skip
    file = session.models.file(model)
    verdicts = await session.query(ModelVerdicts(file))
    fold = np.frombuffer(verdicts.fold, "<i4")
    assert sorted(np.frombuffer(verdicts.rows, "<u4").tolist()) == list(range(240)), "folds judge the others"
    assert np.bincount(fold - TEST).tolist() == [80, 40, 40, 40, 40]
    assert record.facts is not None
    assert len(record.facts.folds) == 4
    again = session.models.record(await trained(fakes, session, "tree", seeds=2)).facts
    assert again is not None
    assert len(again.seeds) == 2

    plain = session.models.file(await trained(fakes, session, rows={"head": 50}))
    correct = await session.query(ModelColumn(plain, "correct"))
    predicted = await session.query(ModelColumn(plain, "predicted"))
    said = cells(correct, np.arange(240))
    assert said[:160] == [None] * 160, "of rows that it was trained on, nothing"
    y = session.dataset.y
    assert y is not None
    names = cells(predicted, np.arange(160, 240))
    assert [name == session.dataset.classes[code] for name, code in zip(names, y[160:], strict=True)] == [
        word == "right" for word in said[160:]
    ]
    sure = await session.query(ModelColumn(plain, "confidence"))
    values = np.frombuffer(sure.values, "<f4")
    assert np.isnan(values[:160]).all()
    assert ((values[160:] > 0) & (values[160:] <= 1)).all()


async def check_why(fakes: ModuleType, session: Session) -> None:
    """Why this class and not that one."""
    hasty = await trained(fakes, session, "logistic", options={"max_iter": 1})
    (note,) = session.models.record(hasty).notes
    assert note.startswith("ConvergenceWarning: the solver stopped at its limit of steps")
    file = session.models.file(await trained(fakes, session, "logistic"))
    why = await session.query(ModelExplained(file, 200))
    assert why.label == why.predicted != why.other
    assert sum(why.probability) == pytest.approx(1, abs=1e-5)
    classes = session.dataset.classes
    assert why.margin == pytest.approx(
        why.probability[classes.index(why.label)] - why.probability[classes.index(why.other)]
    )
    assert why.evidence is not None
    assert len(why.evidence) == 16
    assert not why.trained_on
    distances = np.linalg.norm(session.dataset.X[:160].astype(float) - session.dataset.X[200], axis=1)
    assert [each.row for each in why.nearest] == np.argsort(distances, kind="stable")[:9].tolist()
    assert (await session.query(ModelExplained(file, 3))).trained_on
    wrong = int(
        np.flatnonzero(np.frombuffer((await session.query(ModelColumn(file, "correct"))).values, "<u4") == 1)[0]
    )
    asked = await session.query(ModelExplained(file, wrong))
    assert (asked.label, asked.other) == (asked.predicted, asked.given), "why not what it is given as"
    turned = await session.query(ModelExplained(file, 200, why.other, why.label))
    assert turned.evidence is not None
    np.testing.assert_allclose(turned.evidence, -np.array(why.evidence), atol=1e-9)
    covered = await session.query(ModelOcclusion(file, 200, why.label, why.other))
    assert np.isfinite(np.frombuffer(covered, "<f4").reshape(4, 4)).all()
    assert len(await session.query(ModelWeights(file))) == 3 * 16 * 4
    table = await session.query(ModelThresholds(file, "b"))
    assert table.tp[0] + table.fp[0] == 80
    assert table.recall[0] == 1
    tree = session.models.file(await trained(fakes, session, "tree"))
    assert (await session.query(ModelExplained(tree, 200))).evidence is None
    with pytest.raises(DataError, match="occlusion map shows what this model looks at"):
        await session.query(ModelWeights(tree))


def test_models_are_kept_deleted_and_brought_back(fakes: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as session:
            model = await trained(fakes, session, rows={"test": 0.25, "split_seed": 3})
            before = await session.query(ModelJudged(session.models.file(model)))
            with pytest.raises(OptionError, match="letters, digits"):
                await session.models.keep(model, "../x")
            await session.models.keep(model, "mine")
            assert Shelf().versions("mine") == [1]
            await session.models.refresh()
            assert [one.id for one in session.models.records()] == [model], "it is listed once"
            await session.models.delete(model)
            assert session.models.records() == []
            assert Shelf().versions("mine") == []
            await session.models.restore(model)
            assert Shelf().versions("mine") == [1]
            again = await session.query(ModelJudged(session.models.file(model)))
            assert again == before
        async with opened() as session:
            await session.models.refresh()
            (kept,) = session.models.records()
            assert (kept.id, kept.other, kept.misfit) == ("mine@1", "", "")
            found = await session.query(ModelJudged(session.models.file("mine@1")))
            assert found.matrix == before.matrix, "the same test rows, judged anew"
        other = dataclasses.replace(blobs(60), classes=("x", "y", "z"))
        async with opened(other) as session:
            await session.models.refresh()
            assert "other classes" in session.models.record("mine@1").misfit
            assert session.models.newest() is None
            with pytest.raises(OptionError, match="other classes"):
                session.models.file("mine@1")
        assert list((cache.folder() / "trained").glob("*")) == [], "what was not kept is gone"

    fakes.go(main(), 90)


def test_a_training_is_stopped_at_once_and_the_next_one_goes_on(fakes: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as session:
            long = session.models.train(TrainRequest(kind="mlp", options={"epochs": 1000, "hidden": 2048})).id
            waiting = session.models.train(TrainRequest(kind="tree")).id
            last = session.models.train(TrainRequest(kind="centroid")).id
            await fakes.until(lambda: session.models.record(long).done > 1, 60)
            record = session.models.record(long)
            assert (record.stage, record.total, record.began is not None) == ("fitting", 1000, True)
            assert session.models.record(waiting).status == "queued"
            session.models.stop(waiting)
            session.models.stop(long)
            assert [session.models.record(model).status for model in (long, waiting)] == ["stopped", "stopped"]
            await fakes.until(lambda: session.models.record(last).status == "done", 60)
            with pytest.raises(UnknownModelError):
                session.models.stop("no such")

    fakes.go(main(), 120)


def test_what_goes_wrong_is_said_and_the_next_one_is_trained(fakes: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened(dataclasses.replace(blobs(), y=None, classes=())) as session:
            feed = session.join()
            model = await trained(fakes, session)
            record = session.models.record(model)
            assert record.status == "failed"
            assert "no labels to learn from" in record.message
            assert any("no labels" in getattr(event, "text", "") for event in feed.events())
        async with opened() as session:
            for asked, says in (
                ({"kind": "none"}, "no kind of classifier 'none'"),
                ({"kind": "sgd", "options": {"alpha": -1}}, "option 'alpha' got -1"),
                ({"kind": "sgd", "preparation": {"shift": 99}}, "option 'shift' got 99"),
                ({"kind": "sgd", "rows": {"rows": 1}}, "has no option 'rows'"),
                ({"kind": "sgd", "folds": 1}, "option 'folds' got 1"),
                ({"kind": "sgd", "seeds": 21}, "option 'seeds' got 21"),
            ):
                with pytest.raises(OptionError, match=says):
                    session.models.train(TrainRequest(**asked))
            assert session.models.records() == []
            model = session.models.train(TrainRequest(kind="mlp", options={"epochs": 1000, "hidden": 2048})).id
            await fakes.until(lambda: session.models.record(model).done > 1, 60)
            for child in psutil.Process().children():
                if "trainer" in " ".join(child.cmdline()):
                    child.kill()
            await fakes.until(lambda: session.models.record(model).status == "failed", 20)
            assert "SIGKILL" in session.models.record(model).message
            assert session.models.record(await trained(fakes, session)).status == "done"

    fakes.go(main(), 120)


def test_a_learning_curve_is_made_on_demand(fakes: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as session:
            model = await trained(fakes, session)
            session.models.curve(model)
            await fakes.until(lambda: session.models.record(model).curve, 60)
            curve = session.models.record(model).curve
            assert [point.n_train for point in curve][-3:] == [40, 80, 160]
            facts = session.models.record(model).facts
            assert facts is not None
            assert curve[-1].accuracy == facts.accuracy
            assert session.models.record(model).curving == ""
            await asyncio.sleep(0)

    fakes.go(main(), 90)
