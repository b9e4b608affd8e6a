"""Rows T3 to T12, T15, T16 of the table of targets, and the growth; T1 and T2 are the case `tsne`, T13 is `start`."""

import argparse
import importlib
import pkgutil

from benchmarks import rows
from benchmarks.harness import save
from benchmarks.rows.row import Row, measure


def declare(parser: argparse.ArgumentParser) -> None:
    """The case's options."""
    parser.add_argument(
        "--rows",
        default="",
        help="the rows to measure, or the first part of their names, with commas; all but T16 where none is named",
    )
    parser.add_argument("--sizes", default="", help="numbers of images in place of the rows' own, with commas")
    parser.add_argument("--repeats", type=int, default=3, help="interleaved runs of each contender, at most")


def run(arguments: argparse.Namespace) -> None:
    """Measure each row and save its JSON as soon as it is there."""
    known = {row.id: row for row in all_rows()}
    asked = [name for name in arguments.rows.split(",") if name]
    found = {
        name: [row for row in known if row == name] or [row for row in known if row.startswith(f"{name}-")]
        for name in asked
    }
    unknown = [name for name in asked if not found[name]]
    if unknown:
        raise SystemExit(f"There is no row {', '.join(unknown)}. There is: {', '.join(known)}.")
    for name in [row for some in found.values() for row in some] or [row for row in known if not known[row].asked]:
        row = known[name]
        sizes = tuple(size for size in arguments.sizes.split(",") if size) or row.sizes
        result = measure(row, sizes, arguments.repeats)
        for size, figures in result["sizes"].items():
            print(f"{name} n={size}: {figures['times_as_fast']} {figures['median']}")
        print("saved", save(f"layouts-{name}", result).name, flush=True)


def all_rows() -> list[Row]:
    """The rows of every module that has some, in the order of their ids' numbers; those without one come last."""
    found: list[Row] = []
    for module in pkgutil.iter_modules(rows.__path__):
        found += getattr(importlib.import_module(f"benchmarks.rows.{module.name}"), "ROWS", [])
    return sorted(found, key=lambda row: (_number(row.id), row.id))


def _number(name: str) -> int:
    return int("".join(filter(str.isdigit, name.partition("-")[0])) or 99)
