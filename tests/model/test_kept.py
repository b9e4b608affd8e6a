"""M-01 … M-06: models in files: what is written predicts the same when it is read, and nothing else is believed."""

import dataclasses
import json
import pickle
import sys

import numpy as np
import pytest

from snowdome.core.errors import DataError, MissingDataError, OptionError
from snowdome.model.base import classifiers, make_classifier
from snowdome.model.fitted import fit_model
from snowdome.model.kept import Shelf, card_for, read_card, read_model, write_model
from snowdome.model.preparation import Preparation
from tests.model.conftest import blobs, kind_for, small_digits


def carded(model, name="digits"):
    return card_for(model, name, {"name": "digits", "hash": "00"}, {"accuracy": 0.5}, {"snowdome": "0", "date": "now"})


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "models")


@pytest.fixture
def small(tmp_path):
    """A small model in a file, and the file."""
    data, _ = blobs(noise=0)
    model = fit_model(data, "centroid")
    path = tmp_path / "small.safetensors"
    write_model(path, model, carded(model), data.X)
    return model, path


@pytest.mark.parametrize("name", classifiers.names())
def test_round_trip_of_every_kind(name, tmp_path):
    """M-02: the same bits, and all that is said of it."""
    train, test = small_digits()
    kind = kind_for(name)
    preparation = Preparation("standard") if kind.of_images else Preparation("minmax", components=12, degree=2)
    for how in (Preparation(), preparation):
        model = fit_model(train[:300], kind, how)
        path = tmp_path / "model.safetensors"
        write_model(path, model, carded(model), train.X)
        again, card = read_model(path)
        for one, other in zip(model.judge(test.X), again.judge(test.X), strict=True):
            np.testing.assert_array_equal(one, other)
        assert again.classifier == model.classifier
        assert again.preparation == model.preparation
        assert (again.classes, again.asked, again.notes) == (model.classes, model.asked, model.notes)
        assert card == read_card(path) == carded(model)


def test_versions_and_deleting_with_undo(shelf):
    data, _ = blobs(noise=0)
    model = fit_model(data, "centroid")
    assert shelf.keep(model, carded(model), data.X).version == 1
    assert shelf.keep(model, carded(model), data.X).version == 2
    assert shelf.keep(model, carded(model, "other-one"), data.X).version == 1
    assert shelf.names() == ["digits", "other-one"]
    assert [(card.name, card.version) for card in shelf.cards()] == [("digits", 1), ("digits", 2), ("other-one", 1)]
    assert shelf.load("digits")[1].version == 2
    shelf.delete("digits")
    assert shelf.versions("digits") == [1]
    assert shelf.keep(model, carded(model), data.X).version == 3, "a version that was deleted is not given again"
    shelf.restore("digits", 2)
    assert shelf.versions("digits") == [1, 2, 3]
    with pytest.raises(MissingDataError, match=r"no model 'nobody'\. There is: digits, other-one"):
        shelf.load("nobody")
    with pytest.raises(MissingDataError, match="has no version 9; it has 1, 2, 3"):
        shelf.load("digits", 9)
    with pytest.raises(MissingDataError, match="No version 7"):
        shelf.restore("digits", 7)


@pytest.mark.parametrize("name", ["", "a/b", "..", "../x", "a b", "a.b", "ä", "x" * 65, "-x", "a\x00"])
def test_names_are_no_paths(shelf, name):
    """F-01 for names."""
    data, _ = blobs(noise=0)
    model = fit_model(data, "centroid")
    with pytest.raises(OptionError, match="A model's name got"):
        shelf.keep(model, carded(model, name), data.X)
    with pytest.raises((OptionError, MissingDataError)):
        shelf.restore(name, 1)


def test_files_are_their_owners_alone(shelf):
    data, _ = blobs(noise=0)
    model = fit_model(data, "centroid")
    shelf.keep(model, carded(model), data.X)
    assert shelf.path("digits").stat().st_mode & 0o777 == 0o600
    assert shelf.folder.stat().st_mode & 0o777 == 0o700


def rewritten(path, change):
    """The file with its header's own text changed."""
    blob = path.read_bytes()
    length = int.from_bytes(blob[:8], "little")
    header = json.loads(blob[8 : 8 + length])
    text = json.loads(header["__metadata__"]["snowdome"])
    change(text)
    header["__metadata__"]["snowdome"] = json.dumps(text)
    packed = json.dumps(header).encode()
    packed += b" " * (-len(packed) % 8)
    path.write_bytes(len(packed).to_bytes(8, "little") + packed + blob[8 + length :])
    return path


def test_another_format_is_refused_with_both_sides_named(small):
    """M-06."""
    path = rewritten(small[1], lambda text: text.update(format=7))
    with pytest.raises(DataError, match="it is of format 7; this snowdome reads format 1"):
        read_model(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text["card"].update(kind="nobody"),
        lambda text: text["card"].update(kind="../centroid"),
        lambda text: text["card"].update(kind="logistic"),
        lambda text: text["card"].update(options={"k": 3}),
        lambda text: text["card"].update(preparation={"scale": "loud"}),
        lambda text: text["card"].update(classes=["a", 2]),
        lambda text: text["card"].update(classes=["a"]),
        lambda text: text["card"].pop("version"),
        lambda text: text["asked"].update(values=12),
        lambda text: text["asked"].update(image_shape="x"),
        lambda text: text.pop("asked"),
        lambda text: text.update(seconds="long"),
    ],
)
def test_a_card_that_lies_is_refused(small, change):
    with pytest.raises(DataError, match=r"small\.safetensors"):
        read_model(rewritten(small[1], change))


def test_numbers_that_predict_otherwise_are_refused(small, tmp_path):
    """M-02: the probe rows."""
    model, _ = small
    data, _ = blobs(noise=0)
    other = dataclasses.replace(model, state={**model.state, "temperature": model.state["temperature"] * 1e4})
    path = tmp_path / "bent.safetensors"
    write_model(path, model, carded(model), data.X)
    from safetensors.numpy import load_file, save

    arrays = load_file(path)
    arrays["state.temperature"] = other.state["temperature"]
    length = int.from_bytes(path.read_bytes()[:8], "little")
    kept = json.loads(path.read_bytes()[8 : 8 + length])["__metadata__"]
    path.write_bytes(save(arrays, kept))
    with pytest.raises(DataError, match="its probe rows do not give the probabilities"):
        read_model(path)


def test_cut_off_and_garbled_files(small):
    blob = small[1].read_bytes()
    for end in (0, 3, 8, 40, len(blob) // 2, len(blob) - 1):
        small[1].write_bytes(blob[:end])
        with pytest.raises(DataError):
            read_model(small[1])
    for at in range(0, 400, 7):
        spoilt = bytearray(blob)
        spoilt[at] ^= 0x5A
        small[1].write_bytes(bytes(spoilt))
        try:
            read_model(small[1])
        except DataError:
            continue
    small[1].write_bytes((2**62).to_bytes(8, "little") + blob[8:])
    with pytest.raises(DataError, match="no model of snowdome's"):
        read_model(small[1])


@pytest.mark.parametrize("ending", [".pkl", ".joblib", ".pt", ".h5", ".keras", ".skops", ".onnx"])
def test_foreign_files_are_refused_with_a_way_out(tmp_path, ending):
    """M-03 … M-05; the pickle would run code: that nothing looks it up is heard by the audit hook (M-01)."""
    looked_up = []
    sys.addaudithook(lambda event, args: looked_up.append(args) if event == "pickle.find_class" and on else None)
    on = True
    path = tmp_path / f"model{ending}"
    path.write_bytes(pickle.dumps(make_classifier))
    with pytest.raises(DataError, match="snowdome train THING --kind K --out"):
        read_model(path)
    path.rename(tmp_path / "model.safetensors")
    with pytest.raises(DataError):
        read_model(tmp_path / "model.safetensors")
    on = False
    assert not looked_up


def test_nothing_at_the_path(tmp_path):
    with pytest.raises(MissingDataError, match="There is no model at"):
        read_model(tmp_path / "nothing.safetensors")
