"""What the classifiers are given."""

from snowdome.report.document import Claim, Document, Figure, labels, same

DOCUMENT = Document(
    "S. R. Rath, Image Classification with MNIST Dataset (the data part)",
    (
        Claim("shape of X", "(70000, 784)", lambda ds: ds.X.shape, same((70_000, 784))),
        Claim("shape of y", "(70000,)", lambda ds: labels(ds).shape, same((70_000,))),
        Claim("label of the third image", "4", lambda ds: int(labels(ds)[2]), same(4),
              "a text as it is fetched there, a number once it is converted"),
        Claim("training labels", "[5 0 4 ... 5 6 8]", lambda ds: _ends(labels(ds)[:60_000]), same("[5 0 4 ... 5 6 8]")),
        Claim("test labels", "[7 2 1 ... 4 5 6]", lambda ds: _ends(labels(ds)[60_000:]), same("[7 2 1 ... 4 5 6]")),
    ),
    (Figure("first-three", "The first three digits", "gallery", {"images": 3}),),
)  # fmt: skip


def _ends(y: object) -> str:
    """As numpy prints a long array."""
    import numpy as np

    values = np.asarray(y)
    return f"[{' '.join(map(str, values[:3]))} ... {' '.join(map(str, values[-3:]))}]"
