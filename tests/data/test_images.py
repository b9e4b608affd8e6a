"""Decoding images: every kind that Pillow writes becomes the same pixels; what is bad is left out and named (F-07)."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from snowdome.core import memory
from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError
from snowdome.data.pictures import images
from snowdome.data.pictures.images import decode
from snowdome.data.reading import Reading

GREY = (np.arange(30, dtype=np.uint8) * 7 % 100).reshape(5, 6)
COLOUR = (np.arange(90, dtype=np.uint32) * 37 % 256).astype(np.uint8).reshape(5, 6, 3)


def saved(image: Any, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of an image file."""
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, kind, **options)
    return file.getvalue()


def one(content: bytes, name: str = "one.png") -> images.Pictures:
    """A set of this one file."""
    return decode([(name, content)])


def huge_png(side: int) -> bytes:
    """A PNG of a few bytes that says that it is side × side pixels."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(b"\0\0")) + piece(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_grey_in_every_lossless_format(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    found = one(saved(GREY, kind, **options), f"one.{kind.lower()}")
    assert (found.image_shape, found.channels, found.ink_is_high, found.kept) == ((5, 6), 1, True, [0])
    assert np.array_equal(found.X, GREY.reshape(1, 30))
    assert found.X.dtype == np.uint8


def test_jpeg_is_close() -> None:
    found = one(saved(np.full((16, 16), 77, np.uint8), "JPEG"), "one.jpg")
    assert np.abs(found.X.astype(int) - 77).max() <= 1
    assert found.notes == ()


def test_colour_is_kept_and_grey_beside_it_is_spread() -> None:
    found = decode([("a.png", saved(COLOUR)), ("b.png", saved(GREY))])
    assert (found.channels, found.image_shape, found.X.shape) == (3, (5, 6), (2, 90))
    assert np.array_equal(found.X[0].reshape(5, 6, 3), COLOUR)
    assert np.array_equal(found.X[1].reshape(5, 6, 3), np.repeat(GREY[..., None], 3, axis=2))


def test_grey_written_as_colour_becomes_grey() -> None:
    modes = [Image.fromarray(GREY).convert(mode) for mode in ("RGB", "RGBA", "P")]
    found = decode([(f"{number}.png", saved(image)) for number, image in enumerate(modes)])
    assert (found.channels, found.X.shape) == (1, (3, 30))
    assert (GREY.reshape(-1) == found.X).all()
    assert found.notes == ("colour images with equal red, green and blue were read as grey (3 of 3 images)",)


def test_what_is_transparent_lies_on_white() -> None:
    layer = np.dstack([np.zeros((2, 2, 3), np.uint8), np.array([[255, 0], [0, 51]], np.uint8)])
    found = one(saved(Image.fromarray(layer, "RGBA")))
    assert found.X.tolist() == [[0, 255, 255, 204]]
    assert "what is transparent was put on white (1 of 1 images)" in found.notes
    both = Image.fromarray(np.dstack([np.zeros((2, 2), np.uint8), layer[..., 3]]), "LA")
    assert one(saved(both)).X.tolist() == [[0, 255, 255, 204]]


def test_a_palette_cmyk_and_one_bit() -> None:
    palette = Image.fromarray(COLOUR).convert("P", palette=Image.Palette.ADAPTIVE, colors=256)
    assert np.array_equal(one(saved(palette, "GIF"), "a.gif").X.reshape(5, 6, 3), np.asarray(palette.convert("RGB")))
    cmyk = Image.new("CMYK", (4, 4), (0, 255, 255, 0))
    assert one(saved(cmyk, "TIFF"), "a.tif").X.reshape(4, 4, 3)[0, 0].tolist() == [255, 0, 0]
    bits = np.eye(4, dtype=bool)
    assert np.array_equal(one(saved(Image.fromarray(bits))).X.reshape(4, 4), bits * np.uint8(255))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits(kind: str) -> None:
    deep = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    found = one(saved(deep, kind), f"a.{kind.lower()}")
    assert np.array_equal(found.X[0], np.arange(256))
    assert found.notes[0] == "16-bit values were divided by 257 (1 of 1 images)"


def deep_png(values: Any) -> bytes:
    """A PNG of 16 bits for each of the channels of (h, w, channels), which Pillow does not write."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    head = struct.pack(">IIBBBBB", width, height, 16, {2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.mark.parametrize("channels", [2, 3, 4])
def test_sixteen_bits_in_colour(channels: int) -> None:
    """F-07: their upper 8 bits, and it is said; beside the transparency of a grey image too."""
    values = (np.arange(16 * channels, dtype=np.uint16) * 1021 + 77).reshape(4, 4, channels)
    if channels in (2, 4):
        values[..., -1] = 65_535
    found = one(deep_png(values), "a.png")
    colours = values[..., :1] if channels == 2 else values[..., :3]
    assert np.array_equal(found.X[0], (colours >> 8).ravel())
    assert "of 16-bit values in colour the upper 8 bits were taken (1 of 1 images)" in found.notes


def test_turned_by_exif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    found = one(saved(GREY, "PNG", exif=exif))
    assert found.image_shape == (6, 5)
    assert np.array_equal(found.X.reshape(6, 5), np.rot90(GREY, -1))
    assert found.notes == ("images were turned as their EXIF orientation says (1 of 1 images)",)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame(kind: str) -> None:
    more = [Image.fromarray(255 - GREY)]
    options = {"lossless": True} if kind == "WEBP" else {}
    content = saved(GREY, kind, save_all=True, append_images=more, **options)
    found = one(content, f"a.{kind.lower()}")
    assert np.array_equal(found.X[0], GREY.reshape(-1))
    assert "of animated images the first frame was taken (1 of 1 images)" in found.notes


def test_one_pixel() -> None:
    found = one(saved(np.full((1, 1), 9, np.uint8)))
    assert (found.X.tolist(), found.image_shape) == ([[9]], (1, 1))


BAD = {
    "empty": (b"", "an empty file"),
    "text": (b"label,pixel0\n5,0\n", "not a PNG, JPEG, WebP, BMP, GIF or TIFF image"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "not a PNG, JPEG"),
    "bomb": (huge_png(9000), "9,000 × 9,000 pixels; at most 16,777,216 are read"),
    "great bomb": (huge_png(14_000), "more than the 16,777,216 pixels that are read"),
    "truncated": (saved(COLOUR)[:-30], "damaged"),
    "other format": (saved(GREY, "PPM"), "not a PNG, JPEG"),
    "a float each": (saved(GREY.astype(np.float32), "TIFF"), "32 bits for each pixel; 8 or 16 are read"),
    "lies": (huge_png(4000), "damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_left_out_and_named(case: str) -> None:
    content, why = BAD[case]
    found = decode([("a.png", saved(GREY)), ("bad.png", content), ("c.png", saved(GREY + 1))])
    assert found.kept == [0, 2]
    assert np.array_equal(found.X, np.stack([GREY, GREY + 1]).reshape(2, 30))
    assert found.notes[0].startswith(f"1 of 3 files were left out: bad.png ({why}")
    with pytest.raises(DataError, match=r"^None of 1 images can be read: bad.png \("):
        decode([("bad.png", content)])


def test_many_bad_files_are_counted() -> None:
    files = [("good.png", saved(GREY)), *((f"{number}.png", b"x") for number in range(40))]
    found = decode([*files, ("gone.png", DataError("permission denied"))])
    assert found.kept == [0]
    assert found.notes[0].startswith("41 of 42 files were left out: 0.png (not a PNG")
    assert found.notes[0].endswith("image) and 36 more")


def test_content_counts_and_not_the_name() -> None:
    found = decode([("a.jpg", saved(GREY)), ("b", saved(GREY, "BMP")), ("c.txt", saved(GREY))])
    assert found.kept == [0, 1, 2]
    assert found.notes == ("the format of the content counted, not the one in the name (1 of 3 images)",)


def test_mixed_sizes_are_fitted_into_the_commonest() -> None:
    dot = np.zeros((10, 20), np.uint8)
    dot[:, 8:12] = 200
    found = decode([("a", saved(GREY)), ("b", saved(dot)), ("c", saved(GREY))])
    assert found.image_shape == (5, 6)
    assert np.array_equal(found.X[[0, 2]], np.stack([GREY, GREY]).reshape(2, 30))
    middle = found.X[1].reshape(5, 6)
    assert (middle[0] == 0).all()
    assert (middle[-1] == 0).all()
    assert middle[1:4].max() > 100
    assert found.notes == (
        "images of 2 sizes, 5×6 (2), 10×20 (1): 1 of 3 were fitted into 5×6, aspect kept, centred on "
        "their commonest border value",
    )


def test_a_size_that_was_asked_for() -> None:
    found = decode([("a", saved(COLOUR)), ("b", saved(GREY))], Reading(size=8))
    assert (found.image_shape, found.channels, found.X.shape) == ((8, 8), 3, (2, 192))
    assert found.notes == ("images were fitted into 8×8, aspect kept, as asked",)


def test_paper_is_bright() -> None:
    found = one(saved(255 - GREY))
    assert not found.ink_is_high
    assert np.array_equal(found.X[0], 255 - GREY.reshape(-1))
    assert found.notes == ("the borders are bright: shown as dark ink on paper; the values are untouched",)


def test_threads_do_not_change_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [(str(n), saved(np.full((2, 2), n % 251, np.uint8))) for n in range(700)]
    for count in (1, 3):
        monkeypatch.setattr(images.threads, "available", lambda count=count: count)
        assert np.array_equal(decode(files).X[:, 0], np.arange(700) % 251)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 200_000)
    files = [(str(n), saved(np.zeros((100, 100), np.uint8))) for n in range(50)]
    with pytest.raises(DataError, match=r"more than 100,000 bytes, half of the free memory\. Open fewer"):
        decode(files)
    assert decode(files, Reading(size=10)).X.shape == (50, 100)


def test_progress_and_stop() -> None:
    class Watch(Control):
        seen: list[tuple[str, int, int]] = []  # noqa: RUF012

        def report(self, stage: str, done: int, total: int) -> None:
            self.seen.append((stage, done, total))
            self.stopping = done > 500

    files = [(str(n), saved(GREY)) for n in range(1200)]
    with pytest.raises(Stopped):
        decode(files, control=Watch(), total=1200)
    assert Watch.seen == [("reading images", 0, 1200), ("reading images", 512, 1200)]


@given(data=st.data())
def test_damage_costs_one_file(data: st.DataObject) -> None:
    """Bytes changed, cut or added anywhere: the file is read or left out, and nothing else escapes."""
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"]))
    content = bytearray(saved(data.draw(st.sampled_from([GREY, COLOUR])), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    found = decode([("good.png", saved(GREY)), ("odd", bytes(content))])
    assert found.kept in ([0], [0, 1])
    assert (len(found.kept) == 2) or found.notes[0].startswith("1 of 2 files were left out: odd (")


@given(junk=st.binary(max_size=200))
def test_junk(junk: bytes) -> None:
    with pytest.raises(DataError, match="None of 1 images"):
        decode([("junk", junk)])
