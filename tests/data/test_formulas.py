"""Text that a spreadsheet would compute; reliability.md X-01."""

import pytest

from snowdome.data.tabular.formulas import harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", " =1", "\u00a0=1", "\ufeff=1", "＝1", "＋1", "－1", "＠x"]
)
def test_x01_what_would_be_computed_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_x01_each_line_of_a_cell_is_looked_at() -> None:
    assert harmless("a\n=1\n\n b") == "a\n'=1\n\n b"


@pytest.mark.parametrize("text", ["", " ", "6", "cat/01.png", "a=1", "T-shirt", "'=1"])
def test_x01_all_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
