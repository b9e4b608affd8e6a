"""The maps of a session beside the run that goes on: kept, judged, shown again, and found a place on."""
