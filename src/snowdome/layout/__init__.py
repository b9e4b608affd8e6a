"""Maps: what places n rows in two or three dimensions."""
