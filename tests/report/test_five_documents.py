"""The report: every figure is there, and every printed number agrees or says why not."""

import polars as pl
import pytest

from snowdome.core.errors import DataError
from snowdome.report.document import Figure
from snowdome.report.five_documents import DOCUMENTS, write_report
from tests.summary.conftest import DATASETS


def test_report_of_mnist(mnist, tmp_path):
    def write(path, content):
        path.write_bytes(content)

    claims = write_report(mnist, tmp_path, write)
    assert len(claims) > 60
    wrong = claims.filter(~pl.col("agrees"))
    assert wrong["subject"].to_list() == [
        "the class of the first training image", "features of an image", "dimensions of the data"
    ]  # fmt: skip
    assert all(wrong["why"])
    assert claims.write_csv() == (tmp_path / "claims.csv").read_text()
    page = (tmp_path / "index.html").read_text()
    parts = [part for document in DOCUMENTS for part in document.parts]
    assert len({part.name for part in parts}) == len(parts) > 35
    for part in parts:
        assert len((tmp_path / f"{part.name}.csv").read_text().splitlines()) > 1
        assert f'href="{part.name}.csv"' in page
        if isinstance(part, Figure):
            assert (tmp_path / f"{part.name}.png").read_bytes().startswith(b"\x89PNG")
            assert f'src="{part.name}.png"' in page
    assert "<td class=n>7,840,000" in page
    assert "<script" not in page
    assert "http" not in page


def test_other_data_are_refused(tmp_path):
    with pytest.raises(DataError, match="are about MNIST"):
        write_report(DATASETS["images"], tmp_path, lambda *_: None)
    assert not list(tmp_path.iterdir())
