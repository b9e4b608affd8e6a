"""The figures and tables of the documents that snowdome grew out of, with our numbers beside the printed ones."""

import html
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snowdome.chart.of_summary import chart_of
from snowdome.chart.vega import encoded
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.report.document import Figure, Table
from snowdome.report.documents import ali, olah, ovchinnikov, rath, robinson
from snowdome.summary.base import make_summary, summarise

if TYPE_CHECKING:
    import polars as pl


DOCUMENTS = tuple(module.DOCUMENT for module in (robinson, ali, olah, ovchinnikov, rath))


def write_report(
    dataset: Dataset, folder: Path, write: Callable[[Path, bytes], None], control: Control | None = None
) -> "pl.DataFrame":
    """Write index.html, claims.csv, and a table and perhaps a picture for each part into `folder`; returns the claims.

    `write(path, content)` writes one file. DataError where the data are not MNIST. Cost: some 30 s.
    """
    if dataset.X.shape != (70_000, 784) or dataset.y is None:
        raise DataError(f"The five documents are about MNIST, 70,000 × 784 with labels; this is {dataset!r}.")
    import polars as pl

    watcher, shown = control or Control(), {}
    parts = [part for document in DOCUMENTS for part in document.parts]
    for number, part in enumerate(parts):
        watcher.check("drawing figures", number, len(parts))
        shown[part.name] = "".join(_shown(part, dataset, folder, write))
    rows, asked = [], [(document, claim) for document in DOCUMENTS for claim in document.claims]
    for number, (document, claim) in enumerate(asked):
        watcher.check("checking numbers", number, len(asked))
        ours = claim.compute(dataset)
        rows.append((document.title, claim.subject, claim.printed, _words(ours), bool(claim.agrees(ours)), claim.why))
    claims = pl.DataFrame(rows, schema=["document", "subject", "printed", "ours", "agrees", "why"], orient="row")
    write(folder / "claims.csv", claims.write_csv().encode())
    write(folder / "index.html", _page(claims, shown).encode())
    return claims


def _shown(part: Figure | Table, dataset: Dataset, folder: Path, write: Callable[[Path, bytes], None]) -> Iterator[str]:
    """Write the files of a figure or a table; yields its HTML."""
    said = html.escape(part.subject)
    files = [f"{part.name}.csv"]
    if isinstance(part, Table):
        table, body = part.make(dataset), ""
    else:
        data = dataset[: part.rows] if part.rows else dataset
        asked = make_summary(part.summary, **part.options)
        (table,) = summarise(data, [asked])
        files.append(f"{part.name}.png")
        write(folder / files[1], encoded(chart_of(asked, table, data), ".png"))
        body = f'<img src="{part.name}.png" alt="{said}">'
    write(folder / files[0], table.write_csv().encode())
    links = " ".join(f'<a href="{name}">{name}</a>' for name in files)
    yield f"<figure><figcaption>{said}{links}</figcaption>"
    yield body or "".join(_plain(table))
    yield "</figure>"


def _plain(table: "pl.DataFrame") -> Iterator[str]:
    """A table of a few rows as it is."""
    yield f"<table><tr>{''.join(f'<th>{html.escape(name)}' for name in table.columns)}</tr>"
    for row in table.iter_rows():
        cells = ("" if cell is None else html.escape(_words(cell)) for cell in row)
        yield f"<tr>{''.join(f'<td class=n>{cell}' for cell in cells)}</tr>"
    yield "</table>"


def _words(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


_STYLE = """
body { font: 15px/1.5 Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif; color: #1d2127; margin: 40px auto;
  max-width: 960px; padding: 0 24px; }
h1 { font-size: 26px; } h2 { font-size: 19px; margin-top: 48px; border-top: 1px solid #e3e5e8; padding-top: 24px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid #e3e5e8; vertical-align: top; }
td.n { font-variant-numeric: tabular-nums; } td.no { color: #a02c1c; font-weight: 600; }
table.claims { table-layout: fixed; } table.claims th:nth-child(1) { width: 27%; }
table.claims th:nth-child(2), table.claims th:nth-child(3) { width: 20%; } table.claims th:nth-child(4) { width: 7%; }
figure { margin: 28px 0; } figcaption { font-weight: 600; margin-bottom: 6px; } img { max-width: 100%; }
figcaption a { font-weight: 400; font-size: 13px; color: #5f6670; margin-left: 10px; }
"""


def _page(claims: "pl.DataFrame", shown: dict[str, str]) -> str:
    agree = int(claims["agrees"].sum())
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Five documents about MNIST</title>",
        f"<style>{_STYLE}</style><h1>Five documents about MNIST</h1>",
        f"<p>{len(claims)} printed numbers and statements were computed again from the 70,000 images; {agree} agree. "
        "Where one does not, or means something else than it says, the reason stands beside it.</p>",
    ]
    for document in DOCUMENTS:
        parts += [f"<h2>{html.escape(document.title)}</h2>", *_table(claims.filter(document=document.title))]
        parts += [shown[part.name] for part in document.parts]
    return "\n".join(parts)


def _table(claims: "pl.DataFrame") -> Iterator[str]:
    yield "<table class=claims><tr><th>what<th>printed<th>here<th>agrees<th></tr>"
    for row in claims.iter_rows(named=True):
        cells = [html.escape(str(row[key])) for key in ("subject", "printed", "ours", "why")]
        agrees = "<td>yes" if row["agrees"] else "<td class=no>no"
        yield f"<tr><td>{cells[0]}<td class=n>{cells[1]}<td class=n>{cells[2]}{agrees}<td>{cells[3]}</tr>"
    yield "</table>"
