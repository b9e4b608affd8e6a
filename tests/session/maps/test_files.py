"""A map as a file: its coordinates read back, and a picture."""

import io

import numpy as np
import polars as pl
import pytest
from PIL import Image

import snowdome
from snowdome.core.errors import DataError
from snowdome.layout.base import make_layout
from snowdome.session.maps.files import caption, map_file
from snowdome.session.protocol import Positions
from snowdome.session.run import new_run


@pytest.fixture(scope="module")
def dataset():
    return snowdome.open("digits")[:200]


@pytest.fixture(scope="module")
def record(dataset):
    layout = make_layout("tsne", perplexity=12.0, random_state=5)
    return new_run(3, "tsne", layout, dataset, held=False).record


def positions(n, dim):
    values = np.random.default_rng(0).normal(size=(n, dim)).astype("<f4")
    made = Positions(3, 40, 750, 0, 1.25, n, dim, (0, 0, 0), (1, 1, 1), False, False, False, values.tobytes())
    return made, values


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("ending", ["csv", "parquet", "npz"])
def test_the_coordinates_read_back_are_those_of_the_map(dataset, record, dim, ending):
    made, values = positions(200, dim)
    recall = np.linspace(0, 1, 200).astype("<f4")
    body = map_file(dataset, record, made, {"recall": recall.tobytes()}, ending)
    if ending == "npz":
        found = dict(np.load(io.BytesIO(body), allow_pickle=False))
    else:
        read = pl.read_csv if ending == "csv" else pl.read_parquet
        found = {name: column.to_numpy() for name, column in read(io.BytesIO(body)).to_dict().items()}
    assert list(found) == ["id", *"xyz"[:dim], "label", "recall"]
    for axis in range(dim):
        np.testing.assert_allclose(found["xyz"[axis]], values[:, axis], rtol=1e-6)
    assert np.array_equal(found["label"], dataset.y)
    np.testing.assert_allclose(found["recall"], recall, rtol=1e-6)


def test_the_picture_is_one_and_says_what_it_was_computed_on(dataset, record):
    made, _ = positions(200, 2)
    with Image.open(io.BytesIO(map_file(dataset, record, made, {}, "png"))) as picture:
        assert min(picture.size) > 300
    said = caption(dataset, record, made)
    assert "200 of 200 rows" in said
    assert "perplexity 12" in said
    assert "step 40 of 750" in said
    assert "seed 5" in said


def test_the_caption_names_the_option_that_says_most_whichever_it_is_called(dataset):
    made, _ = positions(200, 2)
    graph = new_run(4, "graph", make_layout("graph", k=7, random_state=1), dataset, held=False).record
    assert "k 7" in caption(dataset, graph, made)
    assert "raw values" in caption(
        dataset, new_run(5, "tsne", make_layout("tsne", space=64), dataset, held=False).record, made
    )


def test_x01_ids_that_a_spreadsheet_would_compute_are_harmless(dataset, record):
    import dataclasses

    own = dataclasses.replace(dataset, ids=np.array([f"=A{i}" for i in range(200)]))
    made, _ = positions(200, 2)
    text = map_file(own, record, made, {}, "csv").decode()
    assert text.splitlines()[1].startswith(("'=A0", "\"'=A0"))


def test_an_ending_that_there_is_not(dataset, record):
    made, _ = positions(200, 2)
    with pytest.raises(DataError, match="exe"):
        map_file(dataset, record, made, {}, "exe")
