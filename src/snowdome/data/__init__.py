"""Datasets and every way in."""
