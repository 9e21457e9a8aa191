"""A condition is labelled, sourced and used.

Problem: a condition without label, source or one kind; outside every norm; or that nothing can meet.
Why:     every condition is shown with its label and source, and one that nothing can meet makes
         its norm dead letter.
Fix:     add rdfs:label and kg:source; name it <norm>.<word> and list it in the axiom of that norm;
         write at least one sufficient expression (or kg:anyNormOf) for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.load import Law

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield what each condition lacks."""
    used = _members_of_norms(material.law)
    for condition in material.kinds("kg:Condition"):
        for what, why, fix in _lacks(material, condition, used):
            yield material.problem(condition, f"{condition} {what}", why, fix)


def _members_of_norms(law: Law) -> dict[str, set[str]]:
    """Return the conditions in the axioms of each norm."""
    found: dict[str, set[str]] = {}
    for norm in law.norms:
        members: set[str] = set()
        for axiom in law.subjects.get(("rdfs:subClassOf", norm), []):
            members.add(axiom)
            rest = law.name(axiom, "owl:intersectionOf")
            while rest and rest != "rdf:nil":
                members.update(law.names(rest, "rdf:first"))
                rest = law.name(rest, "rdf:rest")
        found[norm] = members
    return found


def _lacks(
    material: Material, condition: str, used: dict[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    law = material.law
    kinds = [cls for cls in law.names(condition, "rdf:type") if law.text(cls, "kg:conditionKind")]
    if len(kinds) != 1:
        yield (
            f"has {len(kinds)} kinds of condition instead of one",
            "the kind decides who or what settles it",
            (
                "type it kg:FactCondition, kg:ComputedCondition, kg:JudgementCondition or "
                "kg:AssessedCondition"
            ),
        )
    if not law.text(condition, "rdfs:label"):
        yield "has no label", "an answer shows it", "add rdfs:label in plain English"
    if not law.values(condition, "kg:source"):
        yield "has no source", "an answer links to what it rests on", "add kg:source"
    owner = law.owner(condition)
    if not owner:
        yield (
            "belongs to no norm",
            "each norm owns its conditions by name",
            "name it after its norm, with a dot and a word",
        )
    elif not _stands_in(condition, used[owner], law):
        yield (
            f"does not stand in the axiom of {owner}",
            "a condition that is not required decides nothing",
            "list it in the owl:intersectionOf of the norm, or delete it",
        )
    if "kg:AssessedCondition" in kinds:
        if not law.names(condition, "kg:anyNormOf"):
            yield "rests on no norms", "it could never be met", "add kg:anyNormOf"
    elif not law.subjects.get(("rdfs:subClassOf", condition)):
        yield (
            "can never be met: nothing is below it",
            "its norm would be dead letter",
            "write a sufficient expression with rdfs:subClassOf on its left",
        )


def _stands_in(condition: str, members: set[str], law: Law) -> bool:
    """Whether the norm requires the condition, itself or inside an expression of another one.

    An answer to its question inside another one is enough: it counts, though nobody is asked.
    """
    wanted = {condition, f"{condition}.yes", f"{condition}.no"}
    if condition in members:
        return True
    seen: set[str] = set()
    todo = [
        expression for m in members for expression in law.subjects.get(("rdfs:subClassOf", m), [])
    ]
    while todo:
        name = todo.pop()
        if name in wanted:
            return True
        if name not in seen:
            seen.add(name)
            for predicate in (
                "owl:intersectionOf",
                "owl:unionOf",
                "owl:someValuesFrom",
                "rdf:first",
                "rdf:rest",
            ):
                todo += law.names(name, predicate)
            todo += law.subjects.get(("rdfs:subClassOf", name), [])
    return False
