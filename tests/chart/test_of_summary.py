"""The Python to copy: for every summary, its table and its picture again; pictures that save themselves."""

import numpy as np
import pytest

import snowdome
from snowdome.chart.of_summary import chart_of, has_chart, python_of
from snowdome.core.errors import OptionError
from snowdome.core.options import options_of
from snowdome.summary.base import Summary, id_of, make_summary, summaries, summarise

OPTIONS = {
    "axis": {"pixel": "4,4", "shown": 3},
    "atypical": {"top": 2},
    "band": {"begin": 2, "end": 5},
    "binarise": {"threshold": 8.0, "test": 50},
    "centroids": {"spread": True},
    "contrast": {"first": "4", "second": "9"},
    "cube": {"horizontal": "1,1", "vertical": "0,1"},
    "values": {"bins": 7},
}


def ran(lines):
    made = {}
    exec(lines, made)  # noqa: S102 - the lines to copy must work
    return made


@pytest.mark.parametrize("name", summaries.names())
def test_the_python_makes_the_same_table_and_picture(name, digits):
    asked = make_summary(name, **OPTIONS.get(name, {}))
    made = ran(python_of(asked, "digits", head=300))
    (table,) = summarise(digits[:300], [asked])
    assert made["table"].equals(table)
    assert ("picture" in made) == has_chart(name)
    if has_chart(name):
        assert made["picture"].spec == chart_of(asked, table, digits[:300]).spec


def test_the_python_names_what_was_changed_and_nothing_else(tmp_path):
    assert python_of(make_summary("atypical", top=6), "mnist") == (
        'import snowdome\n\nds = snowdome.open("mnist")\n'
        'table = snowdome.explore(ds, "atypical")\npicture = snowdome.picture(ds, "atypical")'
    ).replace('"', "'")
    for name in summaries.names():
        asked = make_summary(name, **OPTIONS.get(name, {}))
        assert id_of(asked) == name
        for option in options_of(summaries.member(name, Summary)):
            assert (f"{option}=" in python_of(asked, "digits")) == (option in OPTIONS.get(name, {}))
    path = tmp_path / "it's.csv"
    rows = np.column_stack([np.arange(30) % 3, np.arange(90).reshape(30, 3)])
    np.savetxt(path, rows, "%d", ",", header="digit,a,b,c", comments="")
    made = ran(python_of(make_summary("range"), str(path), reading={"label": "digit"}))
    assert made["table"]["images"].to_list() == [10, 10, 10, 30]


def test_a_picture_saves_itself(digits, tmp_path):
    chart = snowdome.picture(digits[:300], "values", bins=5, dark=True)
    for ending, start in ((".png", b"\x89PNG"), (".svg", b"<svg"), (".json", b"{")):
        chart.save(tmp_path / f"values{ending}")
        assert (tmp_path / f"values{ending}").read_bytes().startswith(start)
    assert chart._repr_mimebundle_()["application/vnd.vegalite.v6+json"] == chart.spec
    with pytest.raises(OptionError, match=r"as a \.png, \.svg or \.json file, not as '\.gif'"):
        chart.save(tmp_path / "values.gif")
    with pytest.raises(OptionError, match="is a table"):
        snowdome.picture(digits, "range")
