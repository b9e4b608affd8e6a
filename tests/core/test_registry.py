"""The registry: a file in a folder is a member, and a name that is none gets a sentence with the names there are."""

import sys
from pathlib import Path

import pytest

from snowdome.core.errors import OptionError
from snowdome.core.registry import Registry
from snowdome.layout.base import Layout, layouts


class Base:
    """What the members of the made-up package derive from."""


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry over a package of three files, one of which cannot be imported."""
    package = tmp_path / "made_up_plugins"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "beta.py").write_text(
        "import sys\n"
        f"Base = sys.modules[{__name__!r}].Base\n"
        "class Helper: pass\n"
        "class Beta(Base): pass\n"
    )  # fmt: skip
    (package / "alpha.py").write_text("nothing = 1\n")
    (package / "broken.py").write_text("raise RuntimeError('imported too early')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or type(sys)(__name__))
    monkeypatch.setattr(sys.modules[__name__], "Base", Base, raising=False)
    yield Registry("thing", "made_up_plugins")
    for name in [name for name in sys.modules if name.startswith("made_up_plugins")]:
        del sys.modules[name]


def test_names_are_the_files_and_none_is_imported(made_up: Registry) -> None:
    assert made_up.names() == ["alpha", "beta", "broken"]
    assert "made_up_plugins.beta" not in sys.modules


def test_member(made_up: Registry) -> None:
    assert made_up.member("beta", Base).__name__ == "Beta"
    assert issubclass(made_up.member("beta", Base), Base)


def test_a_file_without_a_member_is_a_bug_of_its_author(made_up: Registry) -> None:
    with pytest.raises(TypeError, match=r"made_up_plugins\.alpha defines no Base"):
        made_up.member("alpha", Base)


def test_did_you_mean(made_up: Registry) -> None:
    with pytest.raises(OptionError) as caught:
        made_up.module("bta")
    assert str(caught.value) == "There is no thing 'bta'. Did you mean 'beta'? There is: alpha, beta, broken."


@pytest.mark.parametrize("name", ["", "nothing-like-it", "../core", "base", "tsne.TSNE", "__init__", "os"])
def test_only_files_of_the_folder_are_members(name: str) -> None:
    with pytest.raises(OptionError, match=r"There is no layout .*There is: .*pca.*tsne"):
        layouts.module(name)


def test_the_layouts_are_there() -> None:
    assert {"pca", "tsne"} <= set(layouts.names())
    assert layouts.member("tsne", Layout).__name__ == "TSNE"
