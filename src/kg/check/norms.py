"""A norm is complete.

Problem: a norm without exactly one kind, a label, a source, a date, or exactly one axiom.
Why:     an answer shows kind, citation, link and dates of each norm, and a norm that has two axioms
         hides which condition failed.
Fix:     give it one class with kg:effect (kg:PowerToShare …), rdfs:label, kg:source, and
         kg:inForceFrom; where it has not been commenced, say “not commenced” in skos:scopeNote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_NOT_COMMENCED = re.compile(
    r"not (?:yet )?(?:been )?(?:fully )?(?:commenced|in force)", re.IGNORECASE
)


def problems(material: Material) -> Iterator[Problem]:
    """Yield what each norm lacks."""
    for norm in material.law.norms:
        for what, why, fix in _lacks(material, norm):
            yield material.problem(norm, f"{norm} {what}", why, fix)


def _lacks(material: Material, norm: str) -> Iterator[tuple[str, str, str]]:
    law = material.law
    kinds = [cls for cls in law.names(norm, "rdf:type") if law.text(cls, "kg:effect")]
    if len(kinds) != 1:
        yield (
            f"has {len(kinds)} kinds of norm instead of one",
            "“may” and “must” are different classes, and an answer shows one",
            "type it with one class that has a kg:effect",
        )
    if not law.text(norm, "rdfs:label"):
        yield "has no label", "an answer shows it", "add rdfs:label in plain English"
    if not law.values(norm, "kg:source"):
        yield "has no source", "an answer links to the provision", "add kg:source"
    yield from _dates(law.text(norm, "kg:inForceFrom"), law.text(norm, "kg:inForceUntil"),
                      law.text(norm, "skos:scopeNote"))  # fmt: skip
    axioms = law.subjects.get(("rdfs:subClassOf", norm), [])
    if len(axioms) != 1:
        yield (
            f"has {len(axioms)} axioms instead of one",
            "a norm is the intersection of its own conditions; “or” lives inside a condition",
            "write one axiom with owl:intersectionOf over its conditions",
        )


def _dates(start: str, end: str, note: str) -> Iterator[tuple[str, str, str]]:
    if not start and not _NOT_COMMENCED.search(note):
        yield (
            "has no date of commencement",
            "without one it never applies",
            "add kg:inForceFrom, or say “not commenced” in skos:scopeNote",
        )
    if start and end and end <= start:
        yield "ends before it begins", "it would never be in force", "correct one of the dates"
