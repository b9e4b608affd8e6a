"""Kinds of classifiers: one file each; the file's name is the public id."""
