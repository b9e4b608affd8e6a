"""Open data, runs and their frames; knows no HTTP."""
