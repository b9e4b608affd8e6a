"""Which classes a model takes for which, as a square of counts."""

import numpy as np

from snowdome.chart.captions import codes_of
from snowdome.chart.vega import Chart, angle_of, drawn, finished, ink, paper, quiet
from snowdome.model.evaluate import confusion_matrix
from snowdome.model.verdict import Verdict

_MOST = 30  # classes a side; numbers are written up to 15


def chart(verdict: Verdict, *, dark: bool = False, rates: bool = False) -> Chart:
    """Rows are the given labels, columns what they were taken for; the shade is the share of the row.

    Each cell carries `codes`, the given and the predicted class, so that it can select its images.
    """
    import altair as alt

    matrix = confusion_matrix(verdict)
    present = np.flatnonzero(matrix.sum(0) + matrix.sum(1))[:_MOST]
    order = [verdict.classes[code] for code in present]
    totals = np.maximum(1, matrix.sum(1))
    values = [
        {
            "given": verdict.classes[a], "predicted": verdict.classes[b], "count": int(matrix[a, b]),
            "rate": float(matrix[a, b] / totals[a]), "codes": codes_of(int(a), int(b)),
        }
        for a in present for b in present
    ]  # fmt: skip
    step = 44 if len(present) <= 15 else 22
    base = drawn(values).encode(
        x=alt.X("predicted:N", sort=order, title="taken for", axis=quiet("top", angle_of(order, step))),
        y=alt.Y("given:N", sort=order, title="given label", axis=quiet("left")),
    )
    ends = [paper(dark=dark), "#6ea8fe" if dark else "#08519c"]
    shade = alt.Scale(
        range=ends, domain=[0, 1], type="sqrt", interpolate="rgb"
    )  # mistakes are few: the root shows them
    squares = base.mark_rect().encode(
        color=alt.Color("rate:Q", scale=shade, title="share of the label", legend=alt.Legend(format=".0%")),
        tooltip=["given:N", "predicted:N", "count:Q", alt.Tooltip("rate:Q", format=".1%")],
    )
    layers = [squares]
    if len(present) <= 15:
        text = alt.Text("rate:Q", format=".0%") if rates else alt.Text("count:Q", format=",")
        colour = alt.condition("datum.rate > 0.25", alt.value(paper(dark=dark)), alt.value(ink(dark=dark)))
        layers.append(base.transform_filter("datum.count > 0").mark_text(fontSize=11).encode(text=text, color=colour))
    drawing = alt.layer(*layers).properties(width=alt.Step(step), height=alt.Step(step))
    title = f"{verdict.accuracy:.2%} right: what is taken for what"
    return finished(drawing, title, f"{verdict.about}.", dark=dark)
