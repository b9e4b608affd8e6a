"""Run npm scripts of web/ with the Node that builds the bundle: `python scripts/front_end.py check test`.

Where the machine has no Node that will do, one is installed from PyPI, as the build does.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import hatch_build  # noqa: E402 - it lies beside this folder, not in the package


def main(scripts: list[str]) -> None:
    """Run each script in turn and stop at the first that fails."""
    web = ROOT / "web"
    node = hatch_build.node_on_path() or hatch_build.node_from_pypi()
    if node is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, hatch_build.NODE_FROM_PYPI], check=True)
        node = hatch_build.node_from_pypi()
    if node is None:
        sys.exit(f"There is no Node here that will do, and {hatch_build.NODE_FROM_PYPI} could not be installed.")
    if not (web / "node_modules" / ".package-lock.json").is_file():
        hatch_build.run([*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], node, web)
    for script in scripts:
        path = os.pathsep.join([str(Path(node.program).parent), os.environ.get("PATH", "")])
        done = subprocess.run([*node.npm, "run", script], cwd=web, env={**os.environ, "PATH": path}, check=False)
        if done.returncode:
            sys.exit(done.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
