"""Text that a spreadsheet would take for a formula, made into text again (reliability.md X-01)."""

_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
_SKIPPED = " \u00a0\ufeff"  # what a spreadsheet skips before it looks


def harmless(text: str) -> str:
    """The text with ' in front of each line that a spreadsheet would compute; any other text as it is."""
    return "\n".join(_harmless_line(line) for line in text.split("\n"))


def _harmless_line(line: str) -> str:
    seen = line if line[:1] in ("\t", "\r") else line.lstrip(_SKIPPED)
    return f"'{line}" if seen[:1] in _SIGNS and seen else line
