"""What speaks for each class: a linear model's weights as images."""

import numpy as np

from snowdome.chart.pictures import diverging_url
from snowdome.chart.vega import Chart, drawn, finished
from snowdome.core.errors import DataError
from snowdome.model.explain import weight_images
from snowdome.model.fitted import Model

_SIDE, _MOST = 112, 30


def chart(model: Model, *, dark: bool = False, columns: int = 5) -> Chart:
    """An image for each class: red where ink speaks for it, blue where ink speaks against it; one scale for all."""
    import altair as alt

    shape = model.asked.image_shape
    if shape is None or model.asked.channels != 1:
        raise DataError("Weights are drawn as grey images; these rows are none.")
    weights = weight_images(model)
    shown = [int(code) for code in model.seen[:_MOST]]
    most = float(np.quantile(np.abs(weights[shown]), 0.995))  # a few pixels at the rim would hide all others
    sign = 1 if model.asked.ink_is_high else -1
    values = [
        {
            "label": model.classes[code], "across": at % columns, "down": at // columns, "codes": [code],
            "url": diverging_url(sign * weights[code], shape, most, dark=dark),
        }
        for at, code in enumerate(shown)
    ]  # fmt: skip
    gaps = alt.Scale(paddingInner=0.06)
    base = drawn(values).encode(
        x=alt.X("across:O", scale=gaps, axis=None), y=alt.Y("down:O", scale=gaps, axis=None), tooltip="label:N"
    )
    images = base.mark_image(width=_SIDE, height=_SIDE).encode(url="url:N")
    names = base.mark_text(dy=_SIDE / 2 + 10, fontSize=12).encode(
        text="label:N", color=alt.value("#a3aab3" if dark else "#5f6670")
    )
    drawing = alt.layer(images, names).properties(width=alt.Step(_SIDE + 6), height=alt.Step(_SIDE + 26))
    said = f"{model.n_train:,} training rows; {model.says()}; red speaks for the class, blue against it; one scale."
    return finished(drawing, "What speaks for each class", said, dark=dark)
