"""Compile every kernel into numba's cache, as many modules at a time as there are processors.

The tests run in several processes: what is not compiled before they start would be compiled by each of them.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import snowdome
from snowdome.core.threads import available

SOURCE = Path(snowdome.__file__).parents[1]


def main() -> None:
    """The largest modules first, each in a process of its own; one that does not compile ends this with its error."""
    files = sorted(SOURCE.glob("snowdome/**/kernels*.py"), key=lambda path: -path.stat().st_size)
    names = [".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in files]
    with ThreadPoolExecutor(available()) as pool:
        list(pool.map(lambda name: subprocess.run([sys.executable, "-c", f"import {name}"], check=True), names))


if __name__ == "__main__":
    main()
