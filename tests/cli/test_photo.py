"""`snowdome photo`: digits out of a photo, as values, as a picture, and step by step."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A photo with the digits 3 and 7."""
    image = Image.new("L", (400, 200), 220)
    ImageDraw.Draw(image).text((60, 30), "3  7", fill=30, font=ImageFont.load_default(120))
    path = tmp_path / "page.jpg"
    image.save(path)
    return path


def test_values_picture_steps_and_facts(snowdome: Any, page: Path, tmp_path: Path) -> None:
    result = snowdome("photo", page, "--out", tmp_path / "d.npy", "--steps", tmp_path / "steps", "--json")
    assert result.exit_code == 0, result.stderr
    values = np.load(tmp_path / "d.npy", allow_pickle=False)
    assert (values.shape, values.dtype) == ((2, 784), np.uint8)
    facts = json.loads(result.stdout.splitlines()[-1])
    assert (facts["file"], facts["digits"], len(facts["boxes"])) == ("page.jpg", 2, 2)
    assert facts["boxes"][0][0] < facts["boxes"][1][0]
    names = sorted(path.name for path in (tmp_path / "steps").iterdir())
    assert (len(names), names[0], names[-1]) == (9, "1-photo.png", "9-centred.png")
    assert "2 pieces of ink, left to right" in result.stderr
    assert snowdome("photo", page, "--out", tmp_path / "d.png").exit_code == 0
    with Image.open(tmp_path / "d.png") as strip:
        assert np.array_equal(np.asarray(strip), np.concatenate(values.reshape(2, 28, 28), axis=1))


def test_errors_are_sentences(snowdome: Any, page: Path, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"hello")
    for arguments, sentence in (
        ([tmp_path / "none.png"], "There is no photo at"),
        ([tmp_path / "text.png"], "text.png: not a PNG, JPEG, WebP, BMP, GIF or TIFF image."),
        ([tmp_path], "cannot be read"),
        ([page, "--out", tmp_path / "d.csv"], "allowed: .npy, .png"),
        ([page, "--out", tmp_path / "no" / "d.npy"], "does not exist"),
    ):
        result = snowdome("photo", *arguments)
        assert result.exit_code == 1
        assert sentence in result.stderr
        assert "Traceback" not in result.stderr
    assert not list(tmp_path.glob("d.*"))
