"""The figures and tables of the documents that snowdome grew out of, with our numbers beside the printed ones."""

import dataclasses
import html
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snowdome.chart.of_summary import chart_of, has_chart
from snowdome.chart.vega import encoded
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.report.claims import ALI, CLAIMS, OLAH, OVCHINNIKOV, ROBINSON
from snowdome.summary.base import make_summary, summarise

if TYPE_CHECKING:
    import polars as pl


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure or table: a summary of the first `rows` images (0 for all) with its options."""

    document: str
    name: str
    subject: str
    summary: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    rows: int = 0


FIGURES = (
    Figure(ROBINSON, "header", "Ten random images of each digit", "gallery", {"each": 10}, 10_000),
    Figure(ROBINSON, "first-twelve", "The first twelve instances", "gallery", {"images": 12}, 10_000),
    Figure(ROBINSON, "how-much-grey", "Values of the pixels", "values", {}, 10_000),
    Figure(ROBINSON, "average-digits", "Average value of each pixel", "centroids", {}, 10_000),
    Figure(ROBINSON, "distances", "Distances to the digit's centroid", "boxes", {}, 10_000),
    Figure(ROBINSON, "least-typical", "Least typical digits", "atypical", {}, 10_000),
    Figure(ROBINSON, "pairs", "Pixels that distinguish pairs of digits", "contrast", {}, 10_000),
    Figure(ROBINSON, "binary", "What black and white would cost", "binarise"),
    Figure(ALI, "gallery", "The data set", "gallery", {"images": 200}),
    Figure(ALI, "ones", "The class of 1", "gallery", {"images": 40, "of": "1"}),
    Figure(ALI, "matrix", "An image as the matrix that it is", "image", {"instance": 1}),
    Figure(ALI, "vectors", "Images as vectors of 784 numbers", "band", {"begin": 1, "end": 784}),
    Figure(OLAH, "strip", "The first four images", "gallery", {"images": 4}),
    Figure(OLAH, "matrix-of-a-one", "A one as a matrix", "image", {"instance": 7, "every": 2, "scale": 255.0}),
    Figure(OLAH, "noise", "Random images", "noise"),
    Figure(OLAH, "cube", "p(7,12) and p(18,15)", "cube"),
    Figure(OLAH, "cube-text", "p(5,6) and p(7,9)", "cube", {"horizontal": "5,6", "vertical": "7,9"}),
    Figure(OLAH, "components", "The first two components", "loadings", {}, 50_000),
    Figure(OLAH, "distances-of-pairs", "Distances of pairs", "distances", {"scale": 256.0}),
    Figure(OVCHINNIKOV, "first-ten", "The first ten images", "gallery", {"images": 10}),
    Figure(OVCHINNIKOV, "middle-band", "pixel401 to pixel500", "band"),
    Figure(OVCHINNIKOV, "scaling", "Original and scaled images", "scaling"),
    Figure(OVCHINNIKOV, "reconstruction", "Images from up to 100 components", "reconstruction", {"count": 100}),
)


def write_report(
    dataset: Dataset, folder: Path, write: Callable[[Path, bytes], None], control: Control | None = None
) -> "pl.DataFrame":
    """Write index.html, claims.csv, and a picture and a table for each figure into `folder`; returns the claims.

    `write(path, content)` writes one file. DataError where the data are not MNIST. Cost: some 30 s.
    """
    if dataset.X.shape != (70_000, 784) or dataset.y is None:
        raise DataError(f"The five documents are about MNIST, 70,000 × 784 with labels; this is {dataset!r}.")
    import polars as pl

    watcher, pictures = control or Control(), []
    for number, figure in enumerate(FIGURES):
        watcher.check("drawing figures", number, len(FIGURES))
        pictures.append((figure, list(_files_of(figure, dataset, folder, write))))
    rows = []
    for number, claim in enumerate(CLAIMS):
        watcher.check("checking numbers", number, len(CLAIMS))
        ours = claim.compute(dataset)
        rows.append((claim.document, claim.subject, claim.printed, _words(ours), claim.agrees(ours), claim.why))
    claims = pl.DataFrame(rows, schema=["document", "subject", "printed", "ours", "agrees", "why"], orient="row")
    write(folder / "claims.csv", claims.write_csv().encode())
    write(folder / "index.html", _page(claims, pictures).encode())
    return claims


def _files_of(figure: Figure, dataset: Dataset, folder: Path, write: Callable[[Path, bytes], None]) -> Iterator[str]:
    data = dataset[: figure.rows] if figure.rows else dataset
    asked = make_summary(figure.summary, **figure.options)
    (table,) = summarise(data, [asked])
    write(folder / f"{figure.name}.csv", table.write_csv().encode())
    yield f"{figure.name}.csv"
    if has_chart(figure.summary):
        write(folder / f"{figure.name}.png", encoded(chart_of(asked, table, data), ".png"))
        yield f"{figure.name}.png"


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


_STYLE = """
body { font: 15px/1.5 Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif; color: #1d2127; margin: 40px auto;
  max-width: 960px; padding: 0 24px; }
h1 { font-size: 26px; } h2 { font-size: 19px; margin-top: 48px; border-top: 1px solid #e3e5e8; padding-top: 24px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid #e3e5e8; vertical-align: top; }
td.n { font-variant-numeric: tabular-nums; white-space: nowrap; } td.no { color: #a02c1c; }
figure { margin: 28px 0; } figcaption { font-weight: 600; margin-bottom: 6px; } img { max-width: 100%; }
figcaption a { font-weight: 400; font-size: 13px; color: #5f6670; margin-left: 10px; }
"""


def _page(claims: "pl.DataFrame", pictures: list[tuple[Figure, list[str]]]) -> str:
    agree = int(claims["agrees"].sum())
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Five documents about MNIST</title>",
        f"<style>{_STYLE}</style><h1>Five documents about MNIST</h1>",
        f"<p>{len(claims)} printed numbers and statements were computed again from the 70,000 images; {agree} agree. "
        "Where one does not, or means something else than it says, the reason stands beside it.</p>",
    ]
    for document in dict.fromkeys(claims["document"]):
        parts += [f"<h2>{html.escape(document)}</h2>", *_table(claims.filter(document=document))]
        for figure, files in pictures:
            if figure.document == document:
                parts.append(_figure(figure, files))
    return "\n".join(parts)


def _table(claims: "pl.DataFrame") -> Iterator[str]:
    yield "<table><tr><th>what<th>printed<th>here<th>agrees<th></tr>"
    for row in claims.iter_rows(named=True):
        cells = [html.escape(str(row[key])) for key in ("subject", "printed", "ours", "why")]
        agrees = "<td>yes" if row["agrees"] else "<td class=no>no"
        yield f"<tr><td>{cells[0]}<td class=n>{cells[1]}<td class=n>{cells[2]}{agrees}<td>{cells[3]}</tr>"
    yield "</table>"


def _figure(figure: Figure, files: list[str]) -> str:
    links = " ".join(f'<a href="{name}">{name}</a>' for name in files)
    images = "".join(
        f'<img src="{name}" alt="{html.escape(figure.subject)}">' for name in files if name.endswith(".png")
    )
    return f"<figure><figcaption>{html.escape(figure.subject)}{links}</figcaption>{images}</figure>"
