"""One file each: the layouts. A file's name is the layout's id."""
