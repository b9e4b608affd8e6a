"""Colours that stay apart for most eyes."""

# M. A. Petroff, "Accessible color sequences for data visualization" (2021): the sequence of ten.
PETROFF10 = (
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

RGB = tuple[int, int, int]


def class_colours(k: int) -> list[RGB]:
    """k class colours: the ten, then the ten darker, lighter, darker still …"""
    colours = []
    for code in range(k):
        red, green, blue = PETROFF10[code % 10]
        ring = code // 10
        towards = 0 if ring % 2 else 255
        share = 0.0 if ring == 0 else min(0.75, 0.35 * ((ring + 1) // 2))
        mixed = (round(v + (towards - v) * share) for v in (red, green, blue))
        colours.append(tuple(mixed))
    return colours  # type: ignore[return-value]
