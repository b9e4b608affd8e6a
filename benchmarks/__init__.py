"""Measurements beside the named peers: `python -m benchmarks CASE`. Run by hand; results are committed as JSON."""
