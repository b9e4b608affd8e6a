"""The labels of the open data as people judge them: ranked, decided about, kept, and taken home."""
