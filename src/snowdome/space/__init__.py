"""The geometry of the data: arrays in, arrays out."""
