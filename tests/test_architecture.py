"""The house stands as it was drawn: who imports whom, where heavy libraries may be named, how long a file may be."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "snowdome"
FILES = sorted(SOURCE.rglob("*.py"))

# core ← {data, space}; space ← layout; {data, space} ← {summary, model}; their results ← chart ← session ← doors
_ENGINE = {"core", "data", "space", "layout", "summary", "model", "chart", "report"}
MAY_IMPORT = {
    "core": set(),
    "data": {"core"},
    "space": {"core"},
    "layout": {"core", "space"},
    "summary": {"core", "data", "space"},
    "model": {"core", "data", "space"},
    "chart": _ENGINE - {"chart", "report"},
    "report": _ENGINE - {"report"},
    "session": _ENGINE,
    "server": _ENGINE | {"session"},
    "cli": _ENGINE | {"session", "server"},
}
FRONT_DOORS = {"session", "server", "cli"}  # these may also ask `snowdome` itself, for its version


def name_of(file: Path) -> str:
    """The dotted name of a source file's module."""
    parts = ["snowdome", *file.relative_to(SOURCE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(file): file for file in FILES}


@functools.cache
def tree_of(file: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imports_in(nodes: Iterator[ast.AST], module: str, file: Path) -> Iterator[str]:
    """The dotted names that import statements name, submodules resolved: `from a import b` gives a.b where b is one."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                home = package.split(".")
                base = ".".join([*home[: len(home) - node.level + 1], *([base] if base else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


def imports_of(file: Path) -> set[str]:
    """Everything a file imports, also inside functions."""
    return set(imports_in(ast.walk(tree_of(file)), name_of(file), file))


def top_imports_of(file: Path) -> set[str]:
    """What a file imports as soon as it is imported: all that is neither inside a function nor for its types alone."""

    def outside(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            types_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            if not types_only and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                yield child
                yield from outside(child)

    return set(imports_in(outside(tree_of(file)), name_of(file), file))


def layer_of(module: str) -> str:
    """`snowdome.data.readers.idx` is of the layer `data`; `snowdome` itself and `snowdome.__main__` of none."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in MAY_IMPORT else ""


def label(file: Path) -> str:
    return str(file.relative_to(SOURCE))


def test_the_walk_sees_the_source() -> None:
    """If the walk found nothing, the tests below would all be content."""
    assert {"snowdome.core.cache", "snowdome.data.readers.idx", "snowdome.layout.methods.tsne"} <= set(MODULES)
    assert "numba" in imports_of(SOURCE / "space" / "kernels.py")
    assert "snowdome.space.kernels" in imports_of(SOURCE / "space" / "knn.py")
    assert "snowdome.space.kernels" not in top_imports_of(SOURCE / "space" / "knn.py")


def test_every_folder_is_a_known_room() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert rooms <= set(MAY_IMPORT), "a new room needs a line in MAY_IMPORT, and in the design"


@pytest.mark.parametrize("file", FILES, ids=label)
def test_layers(file: Path) -> None:
    layer = layer_of(name_of(file))
    if not layer:
        return  # the public names and `python -m snowdome` look into every room
    for other in imports_of(file):
        if other == "snowdome" and layer not in FRONT_DOORS:
            pytest.fail(f"{label(file)} imports snowdome itself, which knows every room")
        to = layer_of(other)
        assert not to or to == layer or to in MAY_IMPORT[layer], f"{label(file)} ({layer}) must not import {other}"


@pytest.mark.parametrize("file", FILES, ids=label)
def test_heavy_libraries_stay_in_their_rooms(file: Path) -> None:
    roots = {name.partition(".")[0] for name in imports_of(file)}
    if not file.name.startswith("kernels"):
        assert not roots & {"numba", "llvmlite"}, "numba only in kernels*.py"
    if layer_of(name_of(file)) != "server":
        assert not roots & {"starlette", "uvicorn", "websockets"}, "HTTP only in server/"


@pytest.mark.parametrize("file", FILES, ids=label)
def test_slow_imports_are_inside_functions(file: Path) -> None:
    """So that `import snowdome` and the help of the command line are quick."""
    top = top_imports_of(file)
    kernels = {name for name in top if name.rpartition(".")[2].startswith("kernels")}
    assert not kernels, f"{kernels} is imported with the module, not inside the function that uses it"
    if not file.name.startswith("kernels"):
        slow = {"sklearn", "scipy", "polars", "PIL", "rich", "numba", "threadpoolctl"}
        assert not {name.partition(".")[0] for name in top} & slow


@pytest.mark.parametrize("file", FILES, ids=label)
def test_nothing_is_unpickled_or_evaluated(file: Path) -> None:
    roots = {name.partition(".")[0] for name in imports_of(file)}
    assert not roots & {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile", "__import__"}, f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            refuses = isinstance(node.value, ast.Constant) and node.value.value is False
            assert refuses, f"line {node.value.lineno}: allow_pickle"


def test_no_cycles() -> None:
    """No module reaches itself by imports, wherever in the file they stand."""
    edges = {
        module: {other for other in imports_of(file) if other in MODULES and other != module}
        for module, file in MODULES.items()
        if module != "snowdome"  # its lazy names are strings, not imports
    }
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> None:
        assert module not in path, " → ".join([*path[path.index(module) :], module])
        if module not in done:
            for other in sorted(edges.get(module, ())):
                visit(other, [*path, module])
            done.add(module)

    for module in sorted(edges):
        visit(module, [])


@pytest.mark.parametrize("file", FILES, ids=label)
def test_sizes(file: Path) -> None:
    kernels = file.name.startswith("kernels")
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= (600 if kernels else 400), f"{lines} lines"
    for node in ast.walk(tree_of(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 60, f"{node.name} is longer than 60 lines"
            if not kernels:
                arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                taken = [name for name in arguments if name not in {"self", "cls"}]
                assert len(taken) <= 7, f"{node.name} has {len(taken)} parameters"
