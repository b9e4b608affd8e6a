"""Image files as rows: formats, trees of them, and the ink on a photo."""
