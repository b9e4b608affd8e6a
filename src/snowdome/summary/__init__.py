"""What there is to see in a Dataset before any map: summaries, answered in as few passes over the rows as can be."""
