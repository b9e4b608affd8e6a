"""Data sets: what they are, and every way in.

`source` opens anything by one of the `readers`, into a `Dataset`, which `store` keeps; `columns` are what is known of
its rows beside their values. `catalogue`, `mirrors`, `fetch` and `connection` are about sets known by name; `tabular`
about columns and labels, `pictures` about image files, `vectors` about what the values of rows mean; `guards` keep a
hostile file from doing harm. `tidy`, `coordinates`, `split` and `photo` are what a person asks of a Dataset.
"""
