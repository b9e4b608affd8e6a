"""Chart, a picture as Vega-Lite data, and how it becomes a file."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snowdome.chart.palette import class_colours
from snowdome.core.errors import MissingPackageError, OptionError

if TYPE_CHECKING:
    import altair as alt

_INK = {False: "#1d2127", True: "#e8eaed"}
_QUIET = {False: "#5f6670", True: "#a3aab3"}
_PAPER = {False: "#ffffff", True: "#14161a"}
_RULE = {False: "#e3e5e8", True: "#2b2f36"}
BARS = "#3f90da"  # the first of the class colours, where there are no classes
_FONT = "Helvetica Neue, Helvetica, Arial, DejaVu Sans, sans-serif"


@dataclasses.dataclass(frozen=True)
class Chart:
    """A picture as Vega-Lite JSON, drawn the same in the app, in a notebook and in a file.

    Attributes:
        spec: the Vega-Lite object, with title, caption and theme.
        title: what is shown.
        caption: what it was computed on: n, scale, parameters.
    """

    spec: dict[str, Any]
    title: str
    caption: str

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Notebooks draw the chart themselves."""
        return {"application/vnd.vegalite.v6+json": self.spec, "text/plain": f"{self.title}. {self.caption}"}

    def save(self, path: str | Path) -> None:
        """Write the picture as .png (at twice the resolution), .svg or .json; see `encoded` for what is raised."""
        Path(path).write_bytes(encoded(self, Path(path).suffix))


def finished(drawing: "alt.TopLevelMixin", title: str, caption: str, *, dark: bool = False) -> Chart:
    """The Chart of an Altair drawing, with title and caption, in the light or the dark theme."""
    spec = drawing.to_dict()
    spec["title"] = {"text": title, "subtitle": _lines(caption), "anchor": "start", "offset": 14}
    spec["config"] = _merged(spec.get("config", {}), _theme(dark=dark))
    spec["background"] = _PAPER[dark]
    spec.setdefault("padding", 16)
    return Chart(spec, title, caption)


def drawn(values: list[dict[str, Any]]) -> "alt.Chart":
    """An Altair chart of these rows, which the file carries."""
    import altair as alt

    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def ink(*, dark: bool) -> str:
    """The colour of text and lines."""
    return _INK[dark]


def paper(*, dark: bool) -> str:
    """The colour behind everything."""
    return _PAPER[dark]


def class_scale(classes: tuple[str, ...]) -> "alt.Scale":
    """The colours of these classes, the same as on the map."""
    import altair as alt

    colours = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in class_colours(len(classes))]
    return alt.Scale(domain=list(classes), range=colours)


def quiet(side: str, angle: int = 0, lines: int = 1) -> "alt.Axis":
    """An axis of names alone, without a rule; names of several lines have line breaks."""
    import altair as alt

    axis = alt.Axis(orient=side, labelAngle=angle, domain=False, ticks=False, titleFontSize=11)  # type: ignore[arg-type]
    if lines > 1:  # they grow downwards
        axis.labelExpr, axis.labelPadding = "split(datum.label, '\\n')", 4 + 13 * (lines - 1)
    return axis


def angle_of(names: Iterable[str], room: float) -> int:
    """The angle of labels below or above a picture: upright where each has that many pixels, else on their side."""
    return 0 if all(5.8 * len(name) <= room for name in names) else -90


def encoded(chart: Chart, ending: str) -> bytes:
    """The chart as a file of that ending: .png (at twice the resolution), .svg or .json.

    MissingPackageError where pictures are wanted and the extra `export` is not installed; OptionError for another
    ending.
    """
    if ending not in (".png", ".svg", ".json"):
        raise OptionError(f"A chart is written as a .png, .svg or .json file, not as {ending!r}.")
    if ending == ".json":
        return json.dumps(chart.spec).encode()
    try:
        import vl_convert
    except ImportError:
        raise MissingPackageError(
            "Pictures of charts are drawn by vl-convert, which is not installed: pip install 'snowdome[export]'."
        ) from None
    if ending == ".svg":
        return str(vl_convert.vegalite_to_svg(chart.spec)).encode()
    return bytes(vl_convert.vegalite_to_png(chart.spec, scale=2))


def _lines(text: str, width: int = 110) -> list[str]:
    """The text in lines of so many characters at most."""
    import textwrap

    return textwrap.wrap(text, width)


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """`one` over `other`, two levels deep."""
    both = {**other, **one}
    for key in one.keys() & other.keys():
        if isinstance(one[key], dict) and isinstance(other[key], dict):
            both[key] = {**other[key], **one[key]}
    return both


def _theme(*, dark: bool) -> dict[str, Any]:
    quiet, rule = _QUIET[dark], _RULE[dark]
    labels = {"labelColor": quiet, "titleColor": _INK[dark], "labelFontSize": 11, "titleFontSize": 12}
    return {
        "font": _FONT,
        "axis": {**labels, "titleFontWeight": "normal", "gridColor": rule, "domainColor": quiet, "tickColor": quiet},
        "legend": {**labels, "titleFontWeight": "normal"},
        "header": {**labels, "titleFontWeight": "normal"},
        "title": {
            "color": _INK[dark], "fontSize": 16, "fontWeight": 600,
            "subtitleColor": quiet, "subtitleFontSize": 12, "subtitleLineHeight": 16,
        },
        "view": {"stroke": None},
        "concat": {"spacing": 18},
    }  # fmt: skip
