"""One file each: the kinds of questions about the open data. A file's name is the kind's id."""
