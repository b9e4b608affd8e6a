"""The rows of the table of targets, by what they measure. A file's `ROWS` are found by the case `layouts`."""
