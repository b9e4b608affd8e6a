"""The errors are sentences, and what they are caught as."""

import pytest

from snowdome.core.errors import DataError, MissingDataError, OptionError, SnowdomeError, did_you_mean


def test_they_are_also_the_errors_that_python_code_expects() -> None:
    assert issubclass(DataError, ValueError)
    assert issubclass(MissingDataError, FileNotFoundError)
    assert issubclass(MissingDataError, DataError)
    assert issubclass(OptionError, ValueError)
    assert not issubclass(OptionError, DataError)
    assert all(issubclass(kind, SnowdomeError) for kind in (DataError, MissingDataError, OptionError))
    assert str(MissingDataError("Put it there.")) == "Put it there."


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("tsn", "Did you mean 'tsne'? "),
        ("TSNE", "Did you mean 'tsne'? "),
        ("pac", "Did you mean 'pca'? "),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_did_you_mean(got: str, words: str) -> None:
    assert did_you_mean(got, ["pca", "tsne"]) == words


def test_did_you_mean_nothing() -> None:
    assert did_you_mean("pca", []) == ""
