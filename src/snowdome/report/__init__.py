"""Reports: many tables and pictures put together with what was printed elsewhere."""
