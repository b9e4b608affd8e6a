"""Tables of any library and of text as rows and labels."""
