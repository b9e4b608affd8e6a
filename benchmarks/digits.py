"""Photos of digits as people take them, drawn: fonts, sizes, turns, polarities, backgrounds. Each is seeded."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZES = (24, 40, 64, 110, 180)  # of a digit, in pixels
TURNS = (-14, -7, 0, 7, 14)  # degrees
GROUNDS = ("plain", "shadow", "noise")
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_FAMILIES = ("DejaVuSans.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSerif-Italic.ttf", "LiberationSans-Regular.ttf",
             "LiberationSans-Italic.ttf", "Arial.ttf", "Georgia.ttf")  # fmt: skip


def fonts() -> list[Any]:
    """Functions size → font: the one that comes with Pillow, and those of some families that are on this machine."""
    found: list[Any] = [ImageFont.load_default]
    for folder in map(Path, _FOLDERS):
        for file in sorted(folder.rglob("*.ttf")) if folder.is_dir() else ():
            if file.name in _FAMILIES:
                found.append(lambda size, file=file: ImageFont.truetype(str(file), size))
    return found


def photos(count: int, seed: int = 0) -> list[tuple[NDArray[np.uint8], int]]:
    """So many photos of one digit each, and the digit: every property drawn by the seed."""
    random = np.random.default_rng(seed)
    kinds = fonts()
    return [
        (_photo(random, digit, kinds[int(random.integers(len(kinds)))]), digit)
        for digit in (int(random.integers(10)) for _ in range(count))
    ]


def read_wrong(model: Any, drawn: list[tuple[NDArray[np.uint8], int]]) -> list[tuple[int, list[int]]]:
    """The digits of which something else was read than that digit alone, and what was."""
    from snowdome.core.errors import DataError
    from snowdome.model.reading import read_photo

    wrong = []
    for picture, digit in drawn:
        try:
            read = [int(model.classes[code]) for code in read_photo(model, picture).predicted]
        except DataError:
            read = []
        if read != [digit]:
            wrong.append((digit, read))
    return wrong


def _photo(random: Any, digit: int, font: Any) -> NDArray[np.uint8]:
    size = int(random.choice(SIZES))
    side = 3 * size
    ink = Image.new("L", (side, side), 0)
    where = (side / 2 + float(random.uniform(-0.4, 0.4)) * size, side / 2 + float(random.uniform(-0.4, 0.4)) * size)
    stroke = int(random.integers(0, 1 + size // 24))
    ImageDraw.Draw(ink).text(where, str(digit), fill=255, font=font(size), anchor="mm", stroke_width=stroke)
    ink = ink.rotate(float(random.choice(TURNS)), Image.Resampling.BICUBIC)
    ink = ink.filter(ImageFilter.GaussianBlur(size / 60))
    share = np.asarray(ink, np.float64) / 255
    paper, pen = sorted(random.uniform(0, 255, 2))[::-1]
    if paper - pen < 90:
        paper, pen = 225.0, 50.0
    ground = np.full((side, side), paper)
    kind = str(random.choice(GROUNDS))
    if kind == "shadow":
        ground -= np.linspace(0, 0.3 * (paper - pen), side)[None]
    picture = ground + share * (pen - ground)
    if random.random() < 0.5:  # bright ink on a dark ground
        picture = 255 - picture
    if kind == "noise":
        picture = picture + random.normal(0, 4, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
