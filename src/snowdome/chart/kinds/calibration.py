"""Whether a model is as sure as it is right."""

from snowdome.chart.vega import Chart, drawn, finished, ink
from snowdome.model.evaluate import calibration, calibration_error
from snowdome.model.verdict import Verdict


def chart(verdict: Verdict, *, dark: bool = False) -> Chart:
    """The accuracy of what was said with each confidence, and its interval; on the line both are equal."""
    import altair as alt

    table = calibration(verdict)
    shares = alt.Scale(domain=[0, 1])
    line = drawn([{"at": 0, "right": 0}, {"at": 1, "right": 1}]).mark_line(strokeDash=[4, 4], opacity=0.5)
    line = line.encode(x=alt.X("at:Q"), y=alt.Y("right:Q"), color=alt.value(ink(dark=dark)))
    base = drawn(table.rows(named=True)).encode(
        x=alt.X("confidence:Q", scale=shares, title="said with confidence", axis=alt.Axis(format=".0%", grid=False)),
        tooltip=[alt.Tooltip("confidence:Q", format=".1%"), alt.Tooltip("accuracy:Q", format=".1%"), "count:Q"],
    )
    colour = alt.value("#6ea8fe" if dark else "#2166ac")
    bars = base.mark_rule(strokeWidth=2).encode(y=alt.Y("accuracy_low:Q"), y2="accuracy_high:Q", color=colour)
    dots = base.mark_circle(opacity=1).encode(
        y=alt.Y("accuracy:Q", scale=shares, title="right", axis=alt.Axis(format=".0%")), color=colour,
        size=alt.Size("count:Q", title="rows", scale=alt.Scale(range=[30, 300])),
    )  # fmt: skip
    drawing = alt.layer(line, bars, dots).properties(width=360, height=360)
    said = f"Mean distance from the line {calibration_error(verdict):.1%}; {verdict.about}."
    return finished(drawing, "Is it as sure as it is right?", said, dark=dark)
