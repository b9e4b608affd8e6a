"""What every chart of a summary must do: a valid spec in both themes, a picture, and no data it cannot live with."""

import json

import pytest

from snowdome.chart.of_summary import chart_of, has_chart
from snowdome.chart.vega import encoded
from snowdome.core.errors import DataError, OptionError
from snowdome.summary.base import make_summary, summaries, summarise
from tests.summary.conftest import DATASETS

NAMES = [name for name in summaries.names() if has_chart(name)]


@pytest.fixture(params=NAMES)
def asked(request):
    return make_summary(request.param)


@pytest.mark.parametrize("kind", DATASETS)
def test_every_table_can_be_drawn(asked, kind):
    """Altair checks the spec against Vega-Lite's schema as it is made."""
    data = DATASETS[kind]
    try:
        (table,) = summarise(data, [asked], n_jobs=1)
        drawn = [chart_of(asked, table, data, dark=dark) for dark in (False, True)]
    except DataError:
        assert kind != "images"
        return
    for chart in drawn:
        assert chart.title
        assert chart.caption.startswith(f"{len(data):,} ")
        assert chart.spec["title"]["text"] == chart.title
        assert len(json.dumps(chart.spec)) < 3_000_000


def test_the_spec_names_no_address(asked):
    """Everything is in the spec: nothing is fetched when it is drawn."""
    data = DATASETS["images"]
    (table,) = summarise(data, [asked])
    text = json.dumps({**chart_of(asked, table, data).spec, "$schema": ""})
    assert "http" not in text
    light, dark = (chart_of(asked, table, data, dark=dark).spec for dark in (False, True))
    assert light["background"] != dark["background"]


def test_becomes_a_picture(asked, tmp_path):
    from PIL import Image

    data = DATASETS["images"]
    (table,) = summarise(data, [asked])
    for ending in ("png", "svg"):
        (tmp_path / f"chart.{ending}").write_bytes(encoded(chart_of(asked, table, data), f".{ending}"))
    with Image.open(tmp_path / "chart.png") as picture:
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert len(colours) > 20, "next to nothing was drawn"
    assert (tmp_path / "chart.svg").read_text().startswith("<svg")


def test_a_table_without_a_picture_says_so():
    data = DATASETS["images"]
    ranges = make_summary("range")
    with pytest.raises(OptionError, match="is a table"):
        chart_of(ranges, summarise(data, [ranges])[0], data)
