"""The models of a session: trained in a process of their own, judged, kept, and asked about ink."""
