"""The report: every figure is there, and every printed number agrees or says why not."""

import polars as pl
import pytest

from snowdome.core.errors import DataError
from snowdome.report.five_documents import FIGURES, write_report
from tests.summary.conftest import DATASETS


def test_report_of_mnist(mnist, tmp_path):
    def write(path, content):
        path.write_bytes(content)

    claims = write_report(mnist, tmp_path, write)
    assert len(claims) > 25
    wrong = claims.filter(~pl.col("agrees"))
    assert wrong["subject"].to_list() == ["the class of the first training image"]
    assert wrong["why"].item()
    assert claims.write_csv() == (tmp_path / "claims.csv").read_text()
    page = (tmp_path / "index.html").read_text()
    for figure in FIGURES:
        assert (tmp_path / f"{figure.name}.csv").stat().st_size > 20
        assert (tmp_path / f"{figure.name}.png").read_bytes().startswith(b"\x89PNG")
        assert f'src="{figure.name}.png"' in page
    assert "<script" not in page
    assert "http" not in page


def test_other_data_are_refused(tmp_path):
    with pytest.raises(DataError, match="are about MNIST"):
        write_report(DATASETS["images"], tmp_path, lambda *_: None)
    assert not list(tmp_path.iterdir())
