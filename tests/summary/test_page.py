"""The page of the documentation about summaries says what they declare, and its pictures are there and small."""

import importlib.util
from pathlib import Path

from snowdome.chart.of_summary import has_chart
from snowdome.summary.base import Summary, summaries

ROOT = Path(__file__).parents[2]


def pages():
    spec = importlib.util.spec_from_file_location("summary_pages", ROOT / "scripts" / "summary_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_is_declared():
    made = pages()
    assert made.text() == made.TARGET.read_text(encoding="utf-8"), "run: python scripts/summary_pages.py"
    for name in summaries.names():
        cls = summaries.member(name, Summary)
        assert all(words in made.text() for words in (f"## {name}\n", cls.says, cls.formula, cls.source))


def test_every_picture_is_there_and_small_and_none_is_left_over():
    made = pages()
    wanted = {f"{name}.png" for name in summaries.names() if has_chart(name)}
    assert {path.name for path in made.PICTURES.glob("*.png")} == wanted
    for name in wanted:
        content = (made.PICTURES / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < made.MOST_BYTES, name
        assert f"(pictures/{name})" in made.text()
