"""What every summary must do, on every shape of data."""

import dataclasses
import itertools

import numpy as np
import polars as pl
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.core.fold import Block, answer
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.summary.base import GROUPS, Summary, make_summary, rows_of, summaries, summarise
from tests.summary.conftest import DATASETS, made

NAMES = summaries.names()


@pytest.fixture(params=NAMES)
def summary(request):
    return make_summary(request.param)


def test_is_declared(summary):
    assert summary.title
    assert summary.says.endswith(".")
    assert summary.formula
    assert summary.source
    assert summary.group in GROUPS
    assert all(option.help for option in options_of(type(summary)).values())
    assert summaries.member(summaries.names()[0], Summary)
    assert hash(summary) == hash(dataclasses.replace(summary))


@pytest.mark.parametrize("kind", DATASETS)
def test_answers_with_a_table_or_says_what_is_missing(summary, kind):
    """An empty class, one class, no labels, 1,000 classes, one image, no row, plain vectors."""
    try:
        (table,) = summarise(DATASETS[kind], [summary], n_jobs=1)
    except DataError:
        assert kind != "images"
        return
    assert isinstance(table, pl.DataFrame)
    assert len(table.columns) > 1
    for name in table.columns:
        assert not (table[name].dtype.is_float() and table[name].is_nan().any()), f"{name} has NaN"


def test_says_whether_it_is_about_images(summary):
    if summary.of_images:
        with pytest.raises(DataError, match="a grid of pixels"):
            summarise(DATASETS["plain vectors"], [summary])
    else:
        assert len(summarise(DATASETS["plain vectors"], [summary])) == 1


def test_threads_do_not_matter(summary):
    """J-11."""
    data = DATASETS["images"]
    one, two = (summarise(data, [summary], n_jobs=jobs)[0] for jobs in (1, 2))
    assert one.equals(two)


@pytest.mark.parametrize("kind", ["images", "plain vectors", "1,000 classes"])
def test_folds_of_any_split_equal_the_whole(kind):
    """Parts of the rows, merged in order, finish with what all rows at once finish with."""
    rows = rows_of(DATASETS[kind])
    folds = dict.fromkeys(fold for name in NAMES for fold in make_summary(name).folds(DATASETS[kind]))
    whole = answer(rows, folds)
    for fold in whole:
        for cuts in ([0, len(rows.X)], [0, 1, 2, 7, len(rows.X)], [0, 0, 30, 30, len(rows.X)]):
            states = []
            for begin, end in itertools.pairwise(cuts):
                states.append(fold.start(rows, whole))
                if begin < end:
                    fold.add(states[-1], Block(begin, rows.X[begin:end], rows.codes[begin:end]))
            for other in states[1:]:
                fold.merge(states[0], other)
            same(fold.finish(states[0]), whole[fold])


def same(got, wanted):
    if dataclasses.is_dataclass(wanted):
        got, wanted = dataclasses.astuple(got), dataclasses.astuple(wanted)
    if isinstance(wanted, tuple):
        for a, b in zip(got, wanted, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-9)
    else:
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-9)


def test_unknown_ids_and_options():
    with pytest.raises(OptionError, match=r"There is no summary 'atypica'.*atypical"):
        make_summary("atypica")
    with pytest.raises(OptionError, match="has no option 'tops'"):
        make_summary("atypical", tops=3)
    with pytest.raises(OptionError, match="'top' got 0"):
        make_summary("atypical", top=0)


def test_does_not_change_the_data(summary):
    data = made()
    before = np.array(data.X)
    frozen = Dataset(X=before.copy(), y=data.y, classes=data.classes, image_shape=data.image_shape)
    frozen.X.flags.writeable = False
    summarise(frozen, [summary])
    assert np.array_equal(frozen.X, before)
