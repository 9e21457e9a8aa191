"""How much a routine record must state: 20 to 30 facts, and each of them is asked for by a rule.

Source: case-model section 2, "How big is a routine record?": names of things and references to
them (a provision cited is one) are not counted.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.assess import Engine
from kg.load import load_case_text, load_law
from kg.validate import Shapes, load_shapes, validate_case

FILES = sorted((Path(__file__).parent / "minimal").glob("*.yaml"))
UNCOUNTED = {"case", "title", "provision"}
MOST = 30


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def shapes() -> Shapes:
    return load_shapes()


def tree_of(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield the place and the text of every value."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from leaves(value, (*path, place))
    else:
        yield path, tree


def stated(tree: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the places of the facts that count; a list of plain values is one fact."""
    names = {
        name for register in ("parties", "people", "information") for name in tree.get(register, {})
    }
    found = [path for path, text in leaves(tree) if text not in names and path[-1] not in UNCOUNTED]
    return list(dict.fromkeys(p[:-1] if isinstance(p[-1], int) else p for p in found))


def without(tree: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """Return the tree without one value."""
    changed = copy.deepcopy(tree)
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    del node[path[-1]]
    return changed


def complete(tree: dict[str, Any]) -> bool:
    text = yaml.safe_dump(tree, sort_keys=False)
    (report,) = validate_case(load_case_text(text, "yaml", engine().law, "a"), engine(), shapes())
    return report.complete


def test_collected() -> None:
    assert [path.stem for path in FILES] == [
        "counts-only",
        "health-without-consent",
        "parental-consent",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_routine_record_is_small(path: Path) -> None:
    """It is complete, with no more facts than people were promised."""
    tree = tree_of(path)
    assert complete(tree)
    assert 15 <= len(stated(tree)) <= MOST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_could_be_left_out(path: Path) -> None:
    """Every fact in it is there because a rule asks for it (the kind of the recipient apart)."""
    tree = tree_of(path)
    idle = ["/".join(map(str, fact)) for fact in stated(tree) if complete(without(tree, fact))]
    assert [name for name in idle if not name.startswith("parties/")] == []
