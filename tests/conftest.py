"""What all tests share: a cache of their own, the data sets, and a way to run a small program beside this one."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import snowdome

settings.register_profile("snowdome", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("snowdome")

# Files that ask for what takes long to make are done in one process, as each file is.
_TOGETHER = {"tests/layout/test_repulsion.py": "the map of MNIST", "tests/layout/test_tsne.py": "the map of MNIST"}
_FIRST = ("model/test_own_photos.py",)  # files, those that take longest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """How pytest-xdist hands out tests: its own groups do nothing with a pytest whose node ids cannot be changed."""
    return scheduler(config, log, lambda file, _: _TOGETHER.get(file, file))


def scheduler(config: pytest.Config, log: Any, group_of: Callable[[str, str], str]) -> Any:
    """One that keeps together what has the same group by its file and its name."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, name = nodeid.partition("::")
            return group_of(file, name)

    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that in the end no process waits for another."""
    items.sort(key=lambda item: next((place for place, name in enumerate(_FIRST) if name in item.nodeid), len(_FIRST)))


_BESIDE = Path(__file__).parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder for the whole session, so that no test reads or fills the user's; subprocesses inherit it.

    Nothing is fetched either: the tests of fetching start mirrors on this machine.
    """
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWDOME_CACHE", str(folder))
        patch.setenv("SNOWDOME_WORKSPACE", str(tmp_path_factory.mktemp("workspace")))
        patch.setenv("SNOWDOME_OFFLINE", "1")
        yield folder


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that nothing has been kept in yet, for this test alone."""
    folder = tmp_path / "own cache"
    monkeypatch.setenv("SNOWDOME_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def digits(cache_folder: Path) -> snowdome.Dataset:
    """The 1,797 digits that come with scikit-learn."""
    return snowdome.open("digits")


def _folder_of(name: str) -> Path:
    """The folder that holds the real files of a data set; the test skips where there is none."""
    roots = [Path(root) for root in (os.environ.get("SNOWDOME_DATA"), _BESIDE) if root]
    for root in roots:
        if (root / name / "train-images-idx3-ubyte.gz").is_file():
            return root / name
    pytest.skip(f"the files of {name} are not in $SNOWDOME_DATA nor in shared/data beside the project")


@pytest.fixture(scope="session")
def mnist_folder() -> Path:
    """The folder of the real MNIST files."""
    return _folder_of("mnist")


@pytest.fixture(scope="session")
def mnist(cache_folder: Path, mnist_folder: Path) -> snowdome.Dataset:
    """MNIST, all 70,000 images."""
    return snowdome.open("mnist", mnist_folder.parent)


@pytest.fixture(scope="session")
def fashion(cache_folder: Path) -> snowdome.Dataset:
    """Fashion-MNIST, all 70,000 images."""
    return snowdome.open("fashion-mnist", _folder_of("fashion-mnist").parent)


@pytest.fixture(scope="session")
def python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a program text in a fresh interpreter and return what it printed; it fails the test by taking too long."""

    def run(program: str, *arguments: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), *arguments],
            capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    return run
