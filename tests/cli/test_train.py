"""`snowdome train`, `compare`, `predict`: design.md §7, D8, E comments 3 and 4, M-05."""

import json
import re
import signal

import numpy as np
import polars as pl
import pytest
from PIL import Image

from snowdome.cli.opening import Watched


@pytest.fixture(scope="module")
def model_file(snowdome, tmp_path_factory):
    """A model of the bundled digits, in a file."""
    path = tmp_path_factory.mktemp("models") / "digits.safetensors"
    result = snowdome("train", "digits", "--kind", "knn", "--out", path, "--json")
    assert result.exit_code == 0, result.stderr
    return path


def last_line(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_train_prints_its_facts(snowdome):
    facts = last_line(snowdome("train", "digits", "--kind", "centroid", "--cv", "3", "--json"))
    assert [facts[key] for key in ("thing", "kind", "n_train", "n_test")] == ["digits", "centroid", 1437, 360]
    assert 0.8 < facts["accuracy"] < 1
    assert round(facts["accuracy"] * 360) == pytest.approx(facts["accuracy"] * 360), "not rounded"
    assert len(facts["cv"]) == 3
    assert facts["seconds"] >= 0


def test_train_says_how_each_class_fares(snowdome):
    said = snowdome("train", "digits", "--kind", "centroid").stdout
    assert "of 360 test rows right" in said
    assert "at 95 %" in said
    assert "precision" in said
    assert "most often taken for each other: " in said


def test_rows_and_preparation(snowdome):
    """D8: the test rows are those of train_test_split(test_size=.2, random_state=42)."""
    flags = ("--test", "0.2", "--split-seed", "42", "--scale", "minmax", "--components", "20", "--degree", "2")
    facts = last_line(snowdome("train", "digits", "--kind", "logistic", *flags, "--head", "500", "--json"))
    assert (facts["n_train"], facts["n_test"]) == (500, 360)
    assert facts["preparation"].endswith("20 principal components, all products of two of them")
    raw = last_line(snowdome("train", "digits", "--kind", "centroid", "--raw", "--json"))
    assert raw["preparation"] == "values as they are"


def test_train_draws_pictures(snowdome, tmp_path):
    result = snowdome("train", "digits", "--kind", "centroid", "--pictures", tmp_path / "drawn")
    assert result.exit_code == 0, result.stderr
    names = sorted(file.name for file in (tmp_path / "drawn").iterdir())
    assert names == ["calibration.png", "confusion.png", "mistakes.png", "weights.png"]
    for name in names:
        with Image.open(tmp_path / "drawn" / name) as picture:
            assert min(picture.size) > 200


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--kind", "nobody"), "There is no kind of classifier 'nobody'"),
        (("--kind", "knn", "--k", "0"), "option 'k' got 0"),
        (("--kind", "knn", "--loss", "log"), "has no option 'loss'"),
        (("--raw", "--scale", "minmax"), "--raw and --scale minmax contradict each other"),
        (("--test", "all"), "--test got 'all'"),
        (("--out", "model.pkl"), "allowed: .safetensors"),
        (("--keep", "../x"), "A model's name got '../x'"),
        (("--kind", "centroid", "--components", "99"), "at most the 64 values of a row"),
    ],
)
def test_train_refuses_in_a_sentence(snowdome, flags, says):
    result = snowdome("train", "digits", *flags)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


ONE, TWO = "a,1,2,3\n" * 9, "b,9,8,7\n" * 9


@pytest.mark.parametrize("command", [("train", "--kind"), ("compare", "--kinds")], ids=["train", "compare"])
@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (ONE, "There is only one class, 'a', among the"),
        (None, "There are no labels to learn from"),
        (ONE + TWO + "b,nan,8,7\n", "1 of 19 rows hold NaN, .* the first is row 19, column 'x'"),
    ],
    ids=["one class", "no labels", "NaN"],
)
def test_data_that_cannot_teach(snowdome, tmp_path, command, rows, says):
    """§2.7, at the command line: one sentence that says what is wrong."""
    path = tmp_path / ("few.csv" if rows else "few.npy")
    if rows:
        path.write_text("label,x,y,z\n" + rows)
    else:
        np.save(path, np.arange(60.0).reshape(20, 3))
    verb, flag = command
    result = snowdome(verb, path, flag, "centroid")
    assert result.exit_code == 1
    assert re.search(says, result.stderr), result.stderr
    assert "Traceback" not in result.stderr


def test_data_that_teach_little_train_with_a_note(snowdome, tmp_path):
    """§2.7: a class of one row, rows without a label; D9: a solver that has not settled."""
    (tmp_path / "few.csv").write_text("label,x,y,z\n" + ONE + TWO + "c,5,5,5\n" + ",4,4,4\n" * 3)
    said = snowdome("train", tmp_path / "few.csv", "--kind", "centroid")
    assert said.exit_code == 0, said.stderr
    assert "one training row alone is of class 'c'" in said.stderr
    assert "rows without a label were left out" in said.stderr
    said = snowdome("train", "digits", "--kind", "logistic", "--max-iter", "3", "--raw")
    assert said.exit_code == 0
    assert "ConvergenceWarning: the solver stopped at its limit of steps" in said.stderr
    assert "max_iter allows more" in said.stderr


def test_compare_writes_a_table(snowdome, tmp_path):
    out = tmp_path / "kinds.csv"
    result = snowdome("compare", "digits", "--kinds", "centroid,knn,tree", "--cv", "2", "--out", out, "--json")
    kinds = last_line(result)["kinds"]
    assert [one["kind"] for one in kinds] == ["centroid", "knn", "tree"]
    table = pl.read_csv(out)
    assert table["kind"][0] == "knn"
    assert {"accuracy", "accuracy_low", "accuracy_high", "cv_mean", "seconds", "megabytes"} <= set(table.columns)
    said = snowdome("compare", "digits", "--kinds", "centroid,tree", "--head", "300").stdout
    assert "trained on 300 rows, judged on 360 others" in said


def test_compare_fits_a_terminal_and_tells_each_fold_and_seed(snowdome):
    flags = ("--kinds", "centroid,tree", "--cv", "5", "--seeds", "1", "--head", "300")
    lines = snowdome("compare", "digits", *flags).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index("on folds of the training rows")
    words = lines[at + 1].split()
    folds = [float(word) for word in words[1:6]]
    assert (words[0], words[6]) == (lines[1].split()[0], "mean")
    assert float(words[7]) == pytest.approx(np.mean(folds), abs=1e-4)
    assert float(words[9]) == pytest.approx(np.std(folds, ddof=1), abs=1e-4)
    assert [line.split()[0] for line in lines[lines.index("with other seeds") + 1 :]] == ["tree"]


@pytest.mark.parametrize(("while_", "done"), [("tree", ["centroid", "knn"]), ("centroid", [])])
def test_ctrl_c_keeps_the_kinds_that_are_done(snowdome, monkeypatch, tmp_path, while_, done):
    def update(self, stage, *_):
        if stage == while_ and not self.stopping:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Watched, "update", update)
    out = tmp_path / "kinds.csv"
    result = snowdome("compare", "digits", "--kinds", "centroid,knn,tree,forest", "--out", out)
    assert signal.getsignal(signal.SIGINT) is before
    if done:
        assert result.exit_code == 130
        assert "Not compared: tree, forest." in result.stderr
        assert sorted(pl.read_csv(out)["kind"]) == done
        assert "trained on 1,437 rows" in result.stdout
    else:
        assert result.exit_code == 1
        assert "Stopped before the first kind was done." in result.stderr
        assert not out.exists()


def test_predict_arrays_of_every_form(snowdome, model_file, tmp_path, digits):
    """F. implicit expectations 2: (784,), (28, 28), (1, 784), (n, 28, 28)."""
    forms = {"row": digits.X[0], "image": digits.X[0].reshape(8, 8), "one": digits.X[:1], "all": digits.X[:5]}
    forms["images"] = digits.X[:3].reshape(-1, 8, 8)
    files = []
    for name, array in forms.items():
        files.append(tmp_path / f"{name}.npy")
        np.save(files[-1], array)
    out = tmp_path / "out.parquet"
    answers = last_line(snowdome("predict", model_file, *files, "--out", out, "--json"))["predictions"]
    assert [one["label"] for one in answers] == [*"000", *"01234", *"012"]
    assert sum(answers[0]["probabilities"].values()) == pytest.approx(1)
    table = pl.read_parquet(out)
    assert len(table) == 11
    assert table.columns[:4] == ["file", "row", "predicted_label", "p_0"]


def test_predict_an_image_of_the_models_own_size(snowdome, model_file, tmp_path, digits):
    """Of either polarity."""
    pixels = (digits.X[3].reshape(8, 8) * 15.9375).astype(np.uint8)
    for name, array in (("white", 255 - pixels), ("black", pixels)):
        Image.fromarray(array).save(tmp_path / f"{name}.png")
    said = snowdome("predict", model_file, tmp_path / "white.png", tmp_path / "black.png").stdout
    assert "white.png: 3" in said
    assert "black.png: 3" in said
    assert "█" in said


def test_predict_says_what_is_wrong(snowdome, model_file, tmp_path):
    """E comment 4: "only 36 features instead of 784"."""
    np.save(tmp_path / "few.npy", np.ones(36))
    result = snowdome("predict", model_file, tmp_path / "few.npy")
    assert result.exit_code == 1
    assert "few.npy: predict: expected 64 values (8×8), got 36 (6×6?)" in result.stderr
    result = snowdome("predict", model_file, tmp_path / "nothing.npy")
    assert "There is no file at" in result.stderr
    (tmp_path / "m.pkl").write_bytes(b"x")
    result = snowdome("predict", tmp_path / "m.pkl", tmp_path / "few.npy")
    assert "nothing is unpickled here" in result.stderr
    result = snowdome("predict", "nobody", tmp_path / "few.npy")
    assert "There is no model 'nobody'" in result.stderr


def test_keep_and_predict_by_name(snowdome, tmp_path, digits):
    for version in (1, 2):
        facts = last_line(snowdome("train", "digits", "--kind", "centroid", "--keep", "mine", "--json"))
        assert (facts["name"], facts["version"]) == ("mine", version)
    np.save(tmp_path / "row.npy", digits.X[0])
    for name in ("mine", "mine@1"):
        assert last_line(snowdome("predict", name, tmp_path / "row.npy", "--json"))["predictions"][0]["label"] == "0"
    assert "has no version 7" in snowdome("predict", "mine@7", tmp_path / "row.npy").stderr
