"""One file each: the charts. A file's name is the chart's id."""
