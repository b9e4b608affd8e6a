"""Images as dots in the plane, as charts."""

from typing import TYPE_CHECKING, Any

from snowdome.chart.vega import class_scale, drawn

if TYPE_CHECKING:
    import altair as alt

SIDE = 420


def dots(
    values: list[dict[str, Any]],
    classes: tuple[str, ...],
    titles: tuple[str, str],
    ranges: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> "alt.Chart":
    """A dot for each row, at `at_x` and `at_y`, in the colour of its `class`; its tip has its `instance`, `x` and `y`.

    The axes have those titles, and those ranges where they are given, else the values'.
    """
    import altair as alt

    across, up = (
        alt.Scale(domain=list(ends), nice=False) if ends else alt.Scale(zero=False) for ends in ranges or (None, None)
    )
    axis = alt.Axis(tickCount=6, labelOverlap=True)
    colour = alt.Color("class:N", scale=class_scale(classes), title=None, legend=alt.Legend(symbolLimit=30))
    tips = ["class:N", "instance:Q", alt.Tooltip("x:Q", format=",.4~g"), alt.Tooltip("y:Q", format=",.4~g")]
    marks = drawn(values).mark_circle(size=26, opacity=0.8).properties(width=SIDE, height=SIDE)
    drawing: alt.Chart = marks.encode(
        x=alt.X("at_x:Q", title=titles[0], scale=across, axis=axis),
        y=alt.Y("at_y:Q", title=titles[1], scale=up, axis=axis),
        color=colour,
        tooltip=tips,
    )
    return drawing
