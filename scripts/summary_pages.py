"""Write docs/summaries.md from what the summaries declare: `python scripts/summary_pages.py [--check | --pictures]`.

`--pictures` draws their pictures anew, from the first 10,000 images of MNIST. Look at them before they are committed.
"""

import inspect
import io
import sys
from pathlib import Path
from typing import Any

from snowdome.chart.of_summary import chart_of, has_chart, python_of
from snowdome.core.options import options_of
from snowdome.summary.base import Summary, make_summary, summaries, summarise

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "summaries.md"
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 60_000
SHOWN: dict[str, dict[str, Any]] = {
    "gallery": {"each": 6},
    "contrast": {"first": "4", "second": "9"},
    "axis": {"of": "4"},
    "loadings": {"count": 4},
}

HEAD = """# What there is to ask of a data set

<!-- Written by scripts/summary_pages.py from what each summary declares. Do not edit. -->

A summary is a question with options; its answer is a small table, and most have a picture. `snowdome explore THING`
lists them, `snowdome explore THING SUMMARY --out table.csv --png picture.png` answers one, and `snowdome explore THING
--out DIR` all of them; `--code` prints the Python. The pictures below are of the first 10,000 images of MNIST.

In the formulas x_ic is column c of image i, p the number of columns, n the number of images, m a mean image.

Sources: D. Robinson, *Exploring handwritten digit classification: a tidy analysis of the MNIST dataset* (2018).
C. Olah, *Visualizing MNIST: an exploration of dimensionality reduction* (2014). A. Ali, *Understanding the MNIST and
building classification model with MNIST and Fashion MNIST datasets*. N. Ovchinnikov, *Dive into Learning from Data*.
J. W. Tukey, *Exploratory Data Analysis* (1977). K. Pearson, *On lines and planes of closest fit to systems of points in
space* (1901). H. Wickham, *ggplot2* (2016).
"""


def text() -> str:
    """The whole page."""
    members = {name: summaries.member(name, Summary) for name in summaries.names()}
    listed = "\n".join(f"- [{cls.title}](#{name}): {cls.says}" for name, cls in members.items())
    return "\n".join([HEAD, listed, *(_section(name, cls) for name, cls in members.items())])


def _section(name: str, cls: type[Summary]) -> str:
    columns, _, more = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
    parts = [f"\n## {name}\n", f"**{cls.title}.** {cls.says}\n"]
    if has_chart(name):
        parts.append(f"![{cls.title}](pictures/{name}.png)\n")
    parts += [f"    {cls.formula}\n", f"Table: {_plain(columns)}\n", f"{_plain(more)}\n", f"Source: {cls.source}.\n"]
    options = options_of(cls)
    if options:
        parts.append("| option | default | allowed | meaning |\n|---|---|---|---|")
        parts += [
            f"| `{option.name}` | `{option.preset()}` | {option.allowed()} | {option.help} |"
            for option in options.values()
        ]
    shown = make_summary(name, **SHOWN.get(name, {}))
    return "\n".join([*parts, "", "```python", python_of(shown, "mnist", head=10_000), "```"])


def _plain(words: str) -> str:
    """In one line; what a formula's signs would do to Markdown is undone."""
    return " ".join(words.split()).replace("_", r"\_").replace("*", r"\*")


def draw() -> None:
    """The pictures of all summaries, not larger than a page shows them."""
    import vl_convert
    from PIL import Image

    import snowdome

    dataset = snowdome.open("mnist")[:10_000]
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in filter(has_chart, summaries.names()):
        asked = make_summary(name, **SHOWN.get(name, {}))
        (table,) = summarise(dataset, [asked])
        large = vl_convert.vegalite_to_png(chart_of(asked, table, dataset).spec, scale=1)
        with Image.open(io.BytesIO(large)) as image:
            share = min(1.0, 560 / image.width)
            size = round(image.width * share), round(image.height * share)
            small = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        path = PICTURES / f"{name}.png"
        small.save(path, optimize=True)
        for colours in (255, 128, 64):
            if path.stat().st_size >= MOST_BYTES:
                small.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        print(name, path.stat().st_size)


def main() -> int:
    """Write, compare, or draw."""
    wanted = text()
    if "--check" in sys.argv[1:]:
        if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        sys.stderr.write("docs/summaries.md is out of date; run: python scripts/summary_pages.py\n")
        return 1
    if "--pictures" in sys.argv[1:]:
        draw()
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
