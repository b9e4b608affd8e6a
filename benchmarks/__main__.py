"""`python -m benchmarks CASE [options]`: the file's name in `cases` is the case."""

import argparse
import importlib
import pkgutil

from benchmarks import cases


def main() -> None:
    """Let the case declare its options and run it."""
    names = sorted(module.name for module in pkgutil.iter_modules(cases.__path__))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    chosen = parser.add_subparsers(dest="case", required=True)
    for name in names:
        module = importlib.import_module(f"benchmarks.cases.{name}")
        module.declare(chosen.add_parser(name, help=module.__doc__.splitlines()[0]))
    arguments = parser.parse_args()
    importlib.import_module(f"benchmarks.cases.{arguments.case}").run(arguments)


main()
