"""One file each: the summaries. A file's name is the summary's id."""
