"""`snowdome doctor`: facts about this installation and machine, without private paths."""

import contextlib
import importlib.metadata
import os
import platform
import shutil
import sqlite3
import webbrowser
from pathlib import Path

import snowdome
from snowdome.core import memory
from snowdome.core.cache import folder
from snowdome.core.threads import available

_PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "scikit-learn",
    "polars",
    "pillow",
    "starlette",
    "uvicorn",
    "websockets",
)
_BROWSERS = ("chromium", "google-chrome", "firefox", "microsoft-edge")


def facts() -> list[tuple[str, str]]:
    """(noun, fact) pairs in the order in which they are printed."""
    from snowdome.data import catalogue

    here = [name for name, entry in catalogue.ENTRIES.items() if not entry.files or catalogue.find(name)]
    return [
        ("snowdome", snowdome.__version__),
        ("python", f"{platform.python_version()} ({platform.python_implementation()})"),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        *((name, importlib.metadata.version(name)) for name in _PACKAGES),
        ("sqlite", sqlite3.sqlite_version),
        ("BLAS", _blas()),
        ("threads", f"{available()} of {os.cpu_count()} processors"),
        ("memory", _memory()),
        ("browser", ", ".join(_browsers()) or "none found; open the printed address yourself"),
        (
            "front end",
            "built" if (Path(snowdome.__file__).parent / "static" / "index.html").is_file() else "missing",
        ),
        ("data sets", ", ".join(here)),
        ("cache", f"{sum(f.stat().st_size for f in folder().rglob('*') if f.is_file()) / 1e6:,.0f} MB"),
    ]


def _memory() -> str:
    sizes = (memory.total(), memory.available())
    total, free = ("unknown" if size is None else f"{size / 2**30:.1f} GiB" for size in sizes)
    return f"{total}, {free} free"


def _blas() -> str:
    import numpy  # noqa: F401, ICN001 - so that its library is loaded
    from threadpoolctl import threadpool_info

    libraries = {
        f"{lib['internal_api']} {lib.get('version')} ({lib.get('architecture', '?')}, {lib['num_threads']} threads)"
        for lib in threadpool_info()
        if lib["user_api"] == "blas"
    }
    return ", ".join(sorted(libraries)) or "unknown"


def _browsers() -> list[str]:
    found = [name for name in _BROWSERS if shutil.which(name)]
    with contextlib.suppress(webbrowser.Error, AttributeError):  # there is no default browser
        found.append(f"default: {Path(str(webbrowser.get().name)).name}")
    return found
