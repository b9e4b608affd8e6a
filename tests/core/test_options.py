"""Options: every bound is kept on both sides, and the sentence says what is allowed."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowdome.core.errors import OptionError
from snowdome.core.options import OfData, Option, check_options, fitted, option, options_of, unknown_option
from snowdome.layout.base import Layout, layouts


@dataclasses.dataclass
class Thing:
    """One option of each kind."""

    count: int = option(3, "how many", low=1, high=10)
    share: float = option(0.5, "which share", low=0, high=1)
    at_least: float = option(2.0, "no upper bound", low=0)
    at_most: int = option(2, "no lower bound", high=5)
    seed: int | None = option(None, "seed", low=0, high=2**31 - 1)
    colour: str = option("red", "colour", choices=("red", "blue"))
    word: str = option("x", "any text")
    loud: bool = option(False, "loud")
    note: str = "a plain field is no option"


def refused(**options: Any) -> str:
    """The sentence with which a Thing of these options is refused."""
    with pytest.raises(OptionError) as caught:
        check_options(Thing(**options))
    return str(caught.value)


def test_all_are_found_in_order() -> None:
    found = options_of(Thing)
    assert list(found) == ["count", "share", "at_least", "at_most", "seed", "colour", "word", "loud"]
    assert [o.kind for o in found.values()] == [int, float, float, int, int, str, str, bool]
    assert [name for name, o in found.items() if o.optional] == ["seed"]
    assert found["count"].default == 3
    assert found["count"].help == "how many"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("count", "a whole number from 1 to 10"),
        ("share", "a number from 0 to 1"),
        ("at_least", "a number of at least 0"),
        ("at_most", "a whole number of at most 5"),
        ("colour", "one of 'red', 'blue'"),
        ("word", "text"),
        ("loud", "true or false"),
    ],
)
def test_allowed_in_words(name: str, words: str) -> None:
    assert options_of(Thing)[name].allowed() == words


def test_none_is_allowed_only_where_it_says_so() -> None:
    check_options(Thing(seed=None))
    assert options_of(Thing)["seed"].allowed().endswith(", or None")
    assert refused(count=None) == "Thing: option 'count' got None; allowed: a whole number from 1 to 10."


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", 1), ("count", 10), ("count", np.int64(4)), ("count", np.uint8(4)), ("share", 0), ("share", 1),
     ("share", 0.25), ("share", np.float32(0.25)), ("at_least", 1e308), ("at_most", -(10**15)), ("seed", 0),
     ("seed", 2**31 - 1), ("colour", "blue"), ("word", ""), ("loud", True)],
)  # fmt: skip
def test_admitted(name: str, value: Any) -> None:
    check_options(Thing(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", 0), ("count", 11), ("count", -1), ("count", 1.5), ("count", "3"), ("count", True), ("count", [3]),
     ("count", math.nan), ("count", math.inf), ("count", 1j), ("share", -1e-9), ("share", 1 + 1e-9),
     ("share", math.nan), ("share", -math.inf), ("share", "0.5"), ("share", False), ("at_least", math.inf),
     ("at_least", -0.1), ("at_most", 6), ("seed", -1), ("seed", 2**31), ("seed", np.random), ("colour", "green"),
     ("colour", 1), ("word", 5), ("loud", 1), ("loud", "true"), ("share", np.array([0.5]))],
)  # fmt: skip
def test_refused(name: str, value: Any) -> None:
    sentence = refused(**{name: value})
    assert sentence.startswith(f"Thing: option {name!r} got {value!r}; allowed: ")
    assert sentence.endswith(options_of(Thing)[name].allowed() + ".")


@pytest.mark.parametrize("name", ["count", "share", "at_most"])
def test_a_number_too_large_for_a_float_is_refused_like_any_other(name: str) -> None:
    assert "allowed: " in refused(**{name: 10**400})


@given(st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans(), st.complex_numbers()))
def test_admits_answers_for_anything(value: Any) -> None:
    """It says yes exactly to what lies within the bounds, and never raises."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    real = whole or isinstance(value, float)
    assert Option("a", int, optional=False, default=0, help="", low=-5, high=5).admits(value) == (
        whole and -5 <= value <= 5
    )
    assert Option("b", float, optional=True, default=0, help="", low=-5, high=5).admits(value) == (
        value is None or (real and -5 <= value <= 5)
    )
    assert Option("c", str, optional=False, default="", help="").admits(value) == isinstance(value, str)


@dataclasses.dataclass(frozen=True)
class OfWords:
    """Options that depend on the data, which are a list of words here."""

    length: int | None = option(OfData(len, "how many there are"), "how many words", low=0)
    word: str | None = option(None, "one of them", choices=OfData(tuple, "one of the words"))
    first: str | None = option(OfData(lambda words: words[0] if words else None, "the first"), "the first word")


def test_defaults_and_choices_are_made_for_the_data() -> None:
    words, declared = ["b", "a"], options_of(OfWords)
    assert [each.preset() for each in declared.values()] == ["how many there are", "None", "the first"]
    assert [each.default for each in declared.values()] == [None, None, None]
    assert declared["word"].allowed() == "one of the words, or None"
    made = {name: each.of(words) for name, each in declared.items()}
    assert (made["length"].default, made["length"].optional) == (2, False)
    assert (made["word"].default, made["word"].choices, made["word"].optional) == (None, ("b", "a"), True)
    assert made["word"].allowed() == "one of 'b', 'a', or None"
    assert (declared["first"].of([]).default, declared["first"].of([]).optional) == (None, True)
    assert fitted(OfWords(), words) == OfWords(length=2, first="b")
    assert fitted(OfWords(length=1, first="c"), words) == OfWords(length=1, first="c")
    assert fitted(fitted(OfWords(), words), ["x"]) == OfWords(length=2, first="b")
    check_options(OfWords())
    with pytest.raises(OptionError, match="option 'length' got -1; allowed: a whole number of at least 0, or None"):
        check_options(OfWords(length=-1))


def test_unknown_option_says_what_there_is() -> None:
    error = unknown_option("TSNE", "perplexty", ["perplexity", "space"])
    assert str(error) == ("TSNE has no option 'perplexty'. Did you mean 'perplexity'? It has: perplexity, space.")


def _numeric_bounds() -> list[Any]:
    """Each bound of each option of each layout: (method, option, the bound, what is just beyond)."""
    cases = []
    for method in layouts.names():
        for name, declared in options_of(layouts.member(method, Layout)).items():
            for bound, sign in ((declared.low, -1), (declared.high, 1)):
                if bound is not None:
                    beyond = bound + sign if declared.kind is int else bound * (1 + sign * 1e-6) + sign * 1e-9
                    cases.append(pytest.param(method, name, bound, beyond, id=f"{method}-{name}-{bound:g}"))
    return cases


@pytest.mark.parametrize(("method", "name", "bound", "beyond"), _numeric_bounds())
def test_every_bound_of_every_layout(method: str, name: str, bound: float, beyond: float) -> None:
    cls = layouts.member(method, Layout)
    declared = options_of(cls)[name]
    check_options(cls(**{name: declared.kind(bound)}))
    with pytest.raises(OptionError, match=f"{cls.__name__}: option '{name}' got .*; allowed: "):
        check_options(cls(**{name: declared.kind(beyond)}))


@pytest.mark.parametrize("method", layouts.names())
def test_every_default_is_admitted_and_every_option_explained(method: str) -> None:
    cls = layouts.member(method, Layout)
    check_options(cls())
    for declared in options_of(cls).values():
        assert declared.help
        assert not declared.help.endswith(".")
