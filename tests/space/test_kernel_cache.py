"""numba's cache does not notice an edit in another file, so a kernel and all it calls live in one module."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import snowdome

KERNELS = sorted(Path(snowdome.__file__).parent.rglob("kernels*.py"))


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.parent.name)
def test_a_kernel_module_calls_nothing_of_another_file(path):
    assert not re.search(r"^\s*(from|import) snowdome", path.read_text(), re.MULTILINE)


def test_an_edit_of_a_kernel_is_seen(tmp_path):
    """A kernel is compiled, kept, used from the cache, and compiled anew once what it calls was edited."""
    copy = tmp_path / "kernels_copy.py"
    whole = next(path for path in KERNELS if path.parent.name == "space").read_text()
    source = whole[: whole.index("@njit(_compiled(void, _ints, *_panels")] + whole[whole.rindex("@njit(") :]  # no joins
    program = (
        "import numpy as np, kernels_copy as k;"
        "X = np.array([[0, 0], [3, 4]], np.float32); one = np.zeros((1, 1), np.int32);"
        "d = np.zeros((2, 3), np.float32); i = np.ones((2, 3), np.int32); c = np.array([1, 0], np.int32);"
        "out = np.zeros((2, 1), np.float32); names = np.arange(2, dtype=np.int32);"
        "k.finish_rows(X, names, 0, 1, 1, 1.0, 1.0, d, i, c, np.zeros(2, np.float32), np.zeros(2, np.int32),"
        " np.zeros(2, np.float32), np.zeros((2, 1), np.int32), out);"
        "print(out[0, 0], sum(k.finish_rows.stats.cache_hits.values()))"
    )

    def run():
        done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
        distance, hits = done.stdout.split()
        return float(distance), int(hits)

    copy.write_text(source)
    assert run() == (5.0, 0)
    assert run() == (5.0, 2)  # compiled for float32 and for uint8
    edited = source.replace("total += step * step", "total += 4.0 * step * step")
    assert edited != source
    copy.write_text(edited)
    assert run() == (10.0, 0)
