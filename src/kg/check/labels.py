"""No two things of one kind share a label.

Problem: two kinds of body, values of one list, questions, norms of one instrument, or conditions of
         one norm have the same label.
Why:     an answer shows labels; a reader could not tell the two apart.
Fix:     add to one of them the word that makes the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_VOCABULARIES = {"body", "purpose", "info", "concern"}


def problems(material: Material) -> Iterator[Problem]:
    """Yield each label that a second thing of the same kind repeats."""
    seen: dict[tuple[str, str], str] = {}
    for name, of in material.known:
        for group in _groups(material, name, of):
            for label in of.get("rdfs:label", ())[:1]:
                text = material.law.text(name, "rdfs:label") or label
                other = seen.setdefault((group, text.casefold()), name)
                if other != name:
                    yield material.problem(
                        name,
                        f"{name} has the same label as {other}: “{text}”",
                        "a reader could not tell the two apart",
                        "add the word that makes the difference",
                    )


def _groups(material: Material, name: str, of: dict[str, list[str]]) -> Iterator[str]:
    """Yield the groups inside which the label of a name must be its own."""
    law, prefix = material.law, name.partition(":")[0]
    types = of.get("rdf:type", [])
    if name in _norms(material):
        yield f"norms of {prefix}"
    elif prefix in _VOCABULARIES:
        yield prefix
    elif any(law.text(cls, "kg:conditionKind") for cls in types):
        yield f"conditions of {law.owner(name)}"
    elif "kg:Question" in types:
        yield "questions"
    elif "kg:StatutoryList" in types:
        yield "lists"
    elif prefix not in {"kg", "kgsh"} and not any(
        t in {"kg:ListEntry", "kg:UnsettledEntry"} for t in types
    ):
        yield from (f"{prefix} {cls}" for cls in types)


def _norms(material: Material) -> frozenset[str]:
    return frozenset(material.law.norms)
