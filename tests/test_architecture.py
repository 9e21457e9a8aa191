"""The shape of the code: imports run one way, modules stay small, only the command line prints."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "src" / "kg").rglob("*.py"), *(ROOT / "web").rglob("*.py")])
MODULES = [path for path in MODULES if "node_modules" not in path.parts]

#: Stages from first to last; a module imports earlier stages and its own package only.
STAGES = (
    ("errors", "paths", "namespaces"),
    ("model", "case_keys"),
    ("load",),
    ("prepare",),
    ("reason",),
    ("assess",),
    ("what_if",),
    ("ask", "findings", "referee"),
    ("validate",),
    ("explain",),
    ("export", "check", "coverage"),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}

LIMIT = 420
#: Modules that may be longer, with the reason.
LONGER = {"src/kg/case_keys.py": "one table, read from top to bottom"}


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the dotted names a module imports, with the line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "kg":
                yield from ((f"kg.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def stage(path: Path) -> str:
    """Return the stage of a module of kg: its file or package directly under src/kg."""
    return path.relative_to(ROOT / "src" / "kg").parts[0].removesuffix(".py")


def test_collected() -> None:
    """The walk finds the modules."""
    assert len(MODULES) >= 25


def test_every_module_has_a_stage() -> None:
    """A new module of kg takes a place in the order of stages."""
    own = {stage(path) for path in MODULES if path.is_relative_to(ROOT / "src")}
    assert own - {"__init__", "__main__"} == set(RANK)


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_imports_run_one_way(path: Path) -> None:
    """No arrow runs back: load, prepare, reason, assess, ask, validate, explain and export, cli."""
    wrong = []
    for name, line in imported(path):
        parts = name.split(".")
        if path.is_relative_to(ROOT / "web"):
            if name.startswith("kg.cli"):
                wrong.append(f"{where(path)}:{line} imports {name}")
            continue
        own = stage(path)
        back = parts[0] == "kg" and {own, parts[1]} <= set(RANK) and parts[1] != own
        if (parts[0] == "web" and own != "cli") or (back and RANK[parts[1]] >= RANK[own]):
            wrong.append(f"{where(path)}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_modules_stay_small(path: Path) -> None:
    """A module that outgrows the limit becomes a package of its name."""
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LIMIT or where(path) in LONGER


def test_longer_modules_are_longer() -> None:
    """The list of exceptions holds nothing that has become short or has gone."""
    assert all((ROOT / name).read_text(encoding="utf-8").count("\n") > LIMIT for name in LONGER)


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_only_the_command_line_prints(path: Path) -> None:
    """Nothing below the command line writes to the terminal by print."""
    if path.is_relative_to(ROOT / "src" / "kg" / "cli"):
        return
    calls = [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    ]
    assert [n.lineno for n in calls if n.func.id == "print"] == []


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_public_names_are_documented(path: Path) -> None:
    """Every module, public class, function and method has a docstring."""

    def bare(node: ast.AST) -> Iterator[str]:
        for one in getattr(node, "body", []):
            if isinstance(one, ast.ClassDef | ast.FunctionDef) and not one.name.startswith("_"):
                if ast.get_docstring(one) is None:
                    yield f"{where(path)}:{one.lineno} {one.name}"
                if isinstance(one, ast.ClassDef):
                    yield from bare(one)

    module = tree(path)
    assert ast.get_docstring(module)
    assert list(bare(module)) == []


def test_one_meaning_per_name() -> None:
    """No module stands beside a package of its name, and no function hides a module."""
    for path in MODULES:
        assert path.name == "__init__.py" or not path.with_suffix("").is_dir(), where(path)
        if path.name == "__init__.py":
            package = ".".join(path.parent.relative_to(ROOT).parts).removeprefix("src.")
            defined = {
                n.asname or n.name
                for node in tree(path).body
                if isinstance(node, ast.ImportFrom) and node.module != package
                for n in node.names
            }
            defined |= {
                n.name for n in tree(path).body if isinstance(n, ast.FunctionDef | ast.ClassDef)
            }
            beside = {p.stem for p in path.parent.glob("*.py")}
            assert not defined & beside, where(path)


def test_public_api_is_short() -> None:
    """The public API is one short file whose names all exist."""
    import kg

    assert (ROOT / "src" / "kg" / "__init__.py").read_text(encoding="utf-8").count("\n") <= 50
    assert all(getattr(kg, name) is not None for name in kg.__all__)
    with pytest.raises(AttributeError):
        _ = kg.nothing_of_that_name
