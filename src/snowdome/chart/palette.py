"""Colours that stay apart for most eyes."""

import functools
import math

RGB = tuple[int, int, int]

# M. A. Petroff, "Accessible color sequences for data visualization" (2021): the sequence of ten.
PETROFF10: tuple[RGB, ...] = (
    (63, 144, 218),
    (255, 169, 14),
    (189, 31, 1),
    (148, 164, 162),
    (131, 45, 182),
    (169, 107, 89),
    (231, 99, 0),
    (185, 172, 112),
    (113, 117, 129),
    (146, 218, 221),
)

_STEPS = (0.0, 0.38, -0.34, 0.62, -0.56)  # towards white (+) or black (-), round by round, as web/src/palette.ts
_ROUNDS = 200
_GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples, less their whole parts, fall into the gaps between those before


def class_colours(k: int) -> list[RGB]:
    """k class colours: the ten, then the ten lighter, darker, lighter still …; the first 1,000 and more all differ."""
    every = _every_colour()
    return [every[code % len(every)] for code in range(k)]


@functools.cache
def _every_colour() -> list[RGB]:
    steps = (_STEPS[number] if number < len(_STEPS) else _later_step(number) for number in range(_ROUNDS))
    return list(dict.fromkeys(_shifted(base, step) for step in steps for base in PETROFF10))


def _later_step(number: int) -> float:
    share = 0.1 + 0.6 * (number * _GOLDEN % 1)
    return share if number % 2 else -share


def _shifted(colour: RGB, step: float) -> RGB:
    goal = 255 if step > 0 else 0
    red, green, blue = (math.floor(v + (goal - v) * abs(step) + 0.5) for v in colour)  # half up, as in JavaScript
    return red, green, blue
