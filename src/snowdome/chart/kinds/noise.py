"""Random images above real ones."""

from typing import TYPE_CHECKING

from snowdome.chart.captions import of_what
from snowdome.chart.pictures import image_url
from snowdome.chart.vega import Chart, drawn, finished, quiet
from snowdome.summary.questions.noise import Noise, random_images

if TYPE_CHECKING:
    import polars as pl

    from snowdome.data.dataset import Dataset

_SHOWN, _SIDE = 8, 84


def chart(asked: Noise, table: "pl.DataFrame", dataset: "Dataset", *, dark: bool = False) -> Chart:
    """Eight random images, eight real ones, and the distances in words."""
    import altair as alt

    low, high = dataset.value_range
    rows = {
        "random": random_images(_SHOWN, dataset.X.shape[1], low, high, asked.seed),
        "real": dataset.X[:_SHOWN],
    }
    values = [
        {"what": what, "at": at, "url": image_url(dataset, image, dark=dark)}
        for what, images in rows.items()
        for at, image in enumerate(images)
    ]
    drawing = (
        drawn(values)
        .mark_image(width=_SIDE, height=_SIDE)
        .encode(
            x=alt.X("at:O", axis=None),
            y=alt.Y("what:N", sort=list(rows), title=None, axis=quiet("left")),
            url="url:N",
        )
        .properties(width=alt.Step(_SIDE + 4), height=alt.Step(_SIDE + 4))
    )
    facts = {row["what"]: row for row in table.iter_rows(named=True)}
    said = ""
    if facts["real"]["nearest"]:
        said = (
            f"a random image is {facts['random']['nearest']:,.4g} from the nearest real one, a real one "
            f"{facts['real']['nearest']:,.4g} (Euclidean)"
        )
    return finished(drawing, "Random images are noise", of_what(dataset, *([said] if said else [])), dark=dark)
