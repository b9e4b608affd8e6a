"""What the app's form is made from."""

import numpy as np

from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Layout, layouts, make_layout
from snowdome.session.methods import method_records, summary_records
from snowdome.session.run import new_run


def test_every_layout_is_told_with_all_options_that_a_person_may_choose() -> None:
    told = {record.id: record for record in method_records()}
    assert list(told) == layouts.names()
    for name, record in told.items():
        cls = layouts.member(name, Layout)
        assert (record.title, record.says, record.exaggerates) == (cls.title, cls.says, cls.exaggerates)
        declared = options_of(cls)
        assert [option.name for option in record.options] == [
            option for option in declared if option not in ("random_state", "n_jobs")
        ]
        for option in record.options:
            source = declared[option.name]
            assert (option.default, option.low, option.high) == (source.default, source.low, source.high)
            assert source.admits(option.default)
            assert tuple(option.choices) == source.choices
            assert option.help


def test_the_kinds_are_those_of_the_declarations() -> None:
    options = {option.name: option for record in method_records() if record.id == "tsne" for option in record.options}
    assert options["perplexity"].kind == "number"
    assert options["n_components"].kind == "whole"
    assert (options["space"].kind, options["space"].optional) == ("whole", True)


def test_the_factors_of_a_run_are_those_of_its_phases() -> None:
    dataset = Dataset(np.zeros((30, 4), np.uint8))
    for exaggeration, factors in ((4.0, [12.0, 4.0]), (30.0, [30.0, 30.0])):
        layout = make_layout("spectrum", exaggeration=exaggeration)
        assert new_run(1, "spectrum", layout, dataset, held=False).record.factors == factors
    assert new_run(1, "pca", make_layout("pca"), dataset, held=False).record.factors == []


def test_the_options_of_summaries_are_told_as_they_are_for_the_data() -> None:
    """Defaults in the same place of another grid; classes to choose from, where there are labels and not too many."""
    y = np.arange(30) % 3
    images = Dataset(np.zeros((30, 64), np.uint8), y, ("a", "b", ""), (8, 8))
    vectors = Dataset(np.zeros((30, 4), np.uint8))
    many = Dataset(np.zeros((30, 64), np.uint8), y, tuple(map(str, range(1001))), (8, 8))
    told = [
        {(record.id, option.name): option for record in summary_records(data) for option in record.options}
        for data in (images, vectors, many)
    ]
    first, plain, crowd = told
    assert [(first["cube", name].default, first["cube", name].optional) for name in ("horizontal", "vertical")] == [
        ("2,3", False), ("5,4", False)]  # fmt: skip
    assert (plain["cube", "vertical"].default, plain["band", "begin"].default) == (None, 3)
    for id_, name in (("gallery", "of"), ("axis", "of"), ("pair", "first"), ("pair", "second"), ("contrast", "first"),
                      ("contrast", "second")):  # fmt: skip
        option = first[id_, name]
        assert (option.kind, option.optional, option.default, option.choices) == ("text", True, None, ["a", "b"])
        assert plain[id_, name].choices == crowd[id_, name].choices == []
