"""One file each: the formats. A file's name is the reader's id."""
