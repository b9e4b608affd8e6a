"""What summaries are about, in the order in which a person meets it: a summary says its `group`, or is of the last.

One that asks about a grid of pixels, which plain vectors have not, says `of_images`.
"""

GROUPS = ("Images", "Values", "Classes", "Pairs of classes", "The space of images")


def group_of(summary: type) -> str:
    """One of GROUPS."""
    group: str = getattr(summary, "group", GROUPS[-1])
    return group


def of_images(summary: type) -> bool:
    """Whether plain vectors have no answer."""
    return bool(getattr(summary, "of_images", False))
