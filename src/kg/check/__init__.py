"""`kg check`: what a policy author got wrong, with file, line, reason and remedy.

Each check is one module with one function ``problems``; its docstring says problem, why and fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.check import (
    agrees_with_owlrl,
    asserted_classes,
    changes,
    circles,
    conditions,
    constructs,
    double_names,
    entries,
    foreign_terms,
    judgements,
    key_lists,
    kinds,
    labels,
    names,
    norms,
    order,
    placeholders,
    record_rules,
    register,
    review_status,
    shapes,
    succession,
    terms,
    turtle_parses,
)
from kg.check.material import gather
from kg.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["CHECKS", "SLOW_CHECKS", "check"]

#: Every check, in the order in which problems are best mended.
CHECKS = (
    turtle_parses,
    placeholders,
    constructs,
    foreign_terms,
    terms,
    norms,
    conditions,
    changes,
    judgements,
    entries,
    succession,
    kinds,
    names,
    double_names,
    order,
    labels,
    review_status,
    record_rules,
    asserted_classes,
    key_lists,
    circles,
    register,
    shapes,
)
#: Checks of ``kg check --full``: they reason over example cases.
SLOW_CHECKS = (agrees_with_owlrl,)

_CASES = {".yaml", ".yml", ".json", ".jsonld"}


def check(paths: Sequence[Path] | None = None, full: bool = False) -> list[Problem]:
    """Return what is wrong, by file and line; an empty list means nothing was found.

    ``paths`` are Turtle files, checked together with the bundled ontology and shapes, or folders
    of them; only their own problems are returned. Without paths everything bundled is checked. With
    ``full`` the slow checks run too, on the case files among the paths, else on built-in cases.

    A file that cannot be read is a problem and not an error: the rest is checked without it.
    """
    chosen, examples, missing = _chosen(paths or ())
    material = gather(chosen, examples)
    found: list[Problem] = []
    for one in (*CHECKS, *(SLOW_CHECKS if full else ())):
        found.extend(one.problems(material))
    mine = {str(path) for path in chosen}
    if mine:
        found = [problem for problem in found if not problem.file or problem.file in mine]
    unique = {(p.file, p.line, p.what): p for p in [*missing, *found]}
    return sorted(unique.values(), key=lambda p: (p.file, p.line))


def _chosen(paths: Iterable[Path]) -> tuple[list[Path], list[Path], list[Problem]]:
    """Return the Turtle files, the case files and what is wrong with the paths themselves."""
    turtle: list[Path] = []
    cases: list[Path] = []
    wrong: list[Problem] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = [p for p in inside if p.suffix == ".ttl" or p.suffix in _CASES]
        turtle += [
            p for p in files if p.suffix == ".ttl" and not (path.is_dir() and p.name[0] == "_")
        ]
        cases += [p for p in files if p.suffix in _CASES]
        if not files:
            wrong.append(
                Problem(
                    "there is nothing to check here",
                    str(path),
                    0,
                    "",
                    "name a .ttl file, a folder of them, or case files for --full",
                )
            )
    return turtle, cases, wrong
