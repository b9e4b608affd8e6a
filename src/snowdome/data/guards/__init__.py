"""What keeps a file from doing harm: limits on what is believed, kinds that are refused, decoders on trial."""
