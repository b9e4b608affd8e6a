"""ARFF: OpenML's layout, sparse rows, quotes, what is missing; and a line in every complaint (F-09)."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snowdome.core import memory
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.data.readers import arff
from snowdome.data.reading import Reading
from snowdome.data.source import reader_of

X = (np.arange(30 * 64, dtype=np.uint32) * 31 % 256 * (np.arange(30 * 64) % 3 == 0)).astype(np.uint8).reshape(30, 64)
Y = np.arange(30) % 7
PIXELS = [f"@ATTRIBUTE pixel{place + 1} real" for place in range(64)]
OPENML = ["% a comment", "@RELATION mnist_784", "", *PIXELS, "@ATTRIBUTE class {0,1,2,3,4,5,6}", "", "@DATA"]


def dense(header: list[str] = OPENML, y: Any = Y) -> bytes:
    rows = [",".join(map(str, [*row, code])) for row, code in zip(X.tolist(), list(y), strict=True)]
    return "\n".join([*header, *rows, ""]).encode()


def sparse() -> bytes:
    rows = []
    for row, code in zip(X.tolist(), Y.tolist(), strict=True):
        entries = [f"{place} {value}" for place, value in enumerate(row) if value]
        rows.append("{" + ",".join(entries + ([f"64 {code}"] if code else [])) + "}")
    return "\n".join([*OPENML, *rows, ""]).encode()


@pytest.mark.parametrize(
    "content",
    [
        dense(),
        dense().replace(b"\n", b"\r\n"),
        dense().lower(),
        dense(["@relation 'a b'", *[f"@attribute '{line.split()[1]}' NUMERIC" for line in PIXELS],
               "@attribute\t'class'\t{ '0', '1', \"2\",3,4,5,6}", "@data", "% words, more words"]),
        dense().replace(b",", b", "),
        dense(["% " + "long " * 1000] * 20 + OPENML),
        dense(y=[f"'{code}'" for code in Y]),
        sparse(),
        sparse().replace(b",", b" , "),
        gzip.compress(dense()),
        dense().replace(b"class", b"kind").replace(b"@RELATION", b"@relation"),
    ],
)  # fmt: skip
def test_openml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mnist_784.csv"
    path.write_bytes(content)
    assert reader_of(path)[0] == "arff"
    found = arff.read(path)
    assert np.array_equal(found.X, X)
    assert np.array_equal(np.asarray(found.y), Y)
    assert found.classes == tuple("0123456")
    assert (found.X.dtype, found.image_shape) == (np.uint8, (8, 8))


def read(tmp_path: Path, rows: str, header: str = "@attribute a numeric\n@attribute b real\n@attribute c {x,'y z'}",
         **options: Any) -> Dataset:  # fmt: skip
    path = tmp_path / "some.arff"
    path.write_text(f"@relation r\n{header}\n@data\n{rows}")
    return arff.read(path, Reading(**options))


def test_vectors(tmp_path: Path) -> None:
    found = read(tmp_path, "1.5,2,x\n-1,1e3,'y z'\n% words\n0,0,?\n")
    assert found.X.tolist() == [[1.5, 2], [-1, 1000], [0, 0]]
    assert found.classes == ("x", "y z", "")
    found = read(tmp_path, "{0 1.5, 1 2}\n{1 1e3, 2 'y z'}\n{2 ?}\n{}")
    assert found.X.tolist() == [[1.5, 2], [0, 1000], [0, 0], [0, 0]]
    assert [found.classes[code] for code in np.asarray(found.y)] == ["x", "y z", "", "x"]


@pytest.mark.parametrize("rows", ["1,2,x\n?,3,x\n", "{0 1}\n{0 ?}\n"])
def test_missing_values(tmp_path: Path, rows: str) -> None:
    with pytest.raises(DataError, match=r"^some\.arff: 1 of 2 rows hold NaN.* first is row 2, column 'a'"):
        read(tmp_path, rows)
    assert len(read(tmp_path, rows, missing="drop")) == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,2,x\n1,2\n", "line 7 has 2 columns; expected 3"),
        ("1,2,x\n1,2,x,5\n", "line 7 has 4 columns; expected 3"),
        ("1,2,x\n1,z,x\n", r"line 7, column 2 \('b'\): 'z' is no number"),
        ("", "has no rows"),
        ("{0 1}\n1,2,x\n", "line 7: '1,2,x'; expected a sparse row in braces"),
        ("{0 1}\n{5 1}\n", "line 7: '5 1'; expected an index below 3 and a value"),
        ("{0 1}\n{0 1 2}\n", "line 7: '0 1 2'; expected an index"),
        ("{0 1}\n{99999999999999999999 1}\n", "expected an index below 3"),
        ("{0 1}\n{0 z}\n", "line 7, attribute 0: 'z' is no number"),
        ("{0 1}\n{0 1\n", "expected a sparse row"),
    ],
)
def test_complaints_of_rows(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        read(tmp_path, rows)
    assert str(caught.value).startswith("some.arff: ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("@relation r\n@attribute a numeric\n", "has no @data line; is the file cut off"),
        ("@relation r\n@data\n1\n", "line 2: @data comes before any @attribute"),
        (
            "@relation r\n@attribute a relational\n@data\n",
            "line 2: '@attribute a relational'; expected @attribute, a name",
        ),
        ("@relation r\n@attribute a\n@data\n", "line 2: '@attribute a'"),
        ("@relation r\nwords\n@data\n", "line 2: 'words'; expected @attribute, @data or a comment"),
        ("@relation r\n@attribute a string\n@data\nx\n", "no column of numbers"),
        ("@relation r\n" + "@attribute a real\n" * 100_001, "more than 100,000 attributes"),
    ],
)
def test_complaints_of_headers(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "some.arff"
    path.write_text(content)
    assert arff.sniff(path, content[:4096].encode())
    with pytest.raises(DataError, match=words):
        arff.read(path)


def test_a_sparse_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few bytes a row, and a hundred thousand columns."""
    monkeypatch.setattr(memory, "available", lambda: 10**8)
    header = "\n".join(f"@attribute a{place} real" for place in range(10_000))
    with pytest.raises(DataError, match="says that it holds 80,000,000 bytes of values; at most 50,000,000"):
        read(tmp_path, "{0 1}\n" * 1000, header)


def test_what_is_no_arff(tmp_path: Path) -> None:
    for content in (b"", b"% a\n% b\n", b"label,a\n1,2\n", b"@data\n", b"%PDF-1.7"):
        (tmp_path / "a").write_bytes(content)
        assert not arff.sniff(tmp_path / "a", content)


HEADERS = ["@relation r\n", "@attribute a real\n", "@attribute 'b c' {x,y}\n", "@attribute a {\n", "@data\n"]
TOKENS = st.sampled_from([*HEADERS, "{0 1, 1 y}\n", "1,x\n", "?,?\n", "% c\n", "{", "}", "'", ",", "\n", "1", "é"])


@given(st.lists(TOKENS, max_size=12))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_tokens(tmp_path: Path, tokens: list[str]) -> None:
    """F-12: a Dataset or a sentence."""
    path = tmp_path / "some.arff"
    path.write_text("@relation r\n@attribute a real\n" + "".join(tokens))
    try:
        found = arff.read(path)
    except SnowdomeError as error:
        assert str(error).startswith("some.arff: ")  # noqa: PT017
    else:
        assert np.isfinite(found.X).all()


@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere(tmp_path: Path, spots: list[tuple[float, int]]) -> None:
    for content in (dense(), sparse()):
        damaged = bytearray(content)
        for place, value in spots:
            damaged[int(place * len(damaged))] = value
        (tmp_path / "some.arff").write_bytes(bytes(damaged))
        try:
            arff.read(tmp_path / "some.arff")
        except SnowdomeError:
            continue
