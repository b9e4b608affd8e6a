"""Text that a spreadsheet must not take for a formula."""

import re

# What spreadsheets begin a formula with, after spaces and marks that are not seen; also in its full-width forms.
_FORMULA = re.compile("[\\s\u00a0\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[ \u00a0\u200b\ufeff]*[\t\r\n]")


def plain_cell(text: str) -> str:
    """The text for a cell of a CSV file: an apostrophe before each line that could begin a formula."""
    if _FORMULA.match(text):
        text = f"'{text}"
    lines = re.split("(\r\n|\r|\n)", text)
    return "".join(
        f"'{piece}" if number and not number % 2 and _FORMULA.match(piece) else piece
        for number, piece in enumerate(lines)
    )
