"""The command line, run in this process where that is enough and as a program where it is not."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from snowdome.cli.main import main

Snowdome = Callable[..., Result]


@pytest.fixture(scope="session")
def snowdome() -> Snowdome:
    """Run `snowdome ARGUMENTS`; nothing but a plain exit may come out of it."""

    def run(*arguments: Any) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture(scope="session")
def program() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run `python -m snowdome ARGUMENTS` and return the very bytes it wrote."""

    def run(*arguments: Any, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "snowdome", *map(os.fspath, arguments)],
            capture_output=True, timeout=60, check=False, env=os.environ | environment,
        )  # fmt: skip

    return run
