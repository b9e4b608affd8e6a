"""One file each: the cases."""
