"""Pictures as data: pure functions from results to Specs, and Specs to files."""
