"""Entries of lists are dated and complete.

Problem: an entry without a start date, list or kind; dates the wrong way round; or a kind of body put
         on a list by a plain axiom, without dates.
Why:     who is on a list changes; an undated entry would be true for all time, or never.
Fix:     name the entry, with kg:ofList, kg:kind, kg:inForceFrom and, when it ended, kg:inForceUntil
         (the first day on which it no longer holds).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_VOCABULARIES = ("body:", "purpose:", "info:", "concern:")


def problems(material: Material) -> Iterator[Problem]:
    """Yield what each entry lacks, then each undated membership."""
    lists = set(material.kinds("kg:StatutoryList"))
    for entry in [*material.kinds("kg:ListEntry"), *material.kinds("kg:UnsettledEntry")]:
        for what, why, fix in _lacks(material, entry, lists):
            yield material.problem(entry, f"{entry} {what}", why, fix)
    for subject, predicate, value in material.law.triples:
        if predicate == "rdfs:subClassOf" and value in lists and subject.startswith(_VOCABULARIES):
            yield material.problem(
                subject,
                f"{subject} stands on the list {value} without dates",
                "it would be on the list for all time",
                "write a kg:ListEntry with kg:inForceFrom",
            )


def _lacks(material: Material, entry: str, lists: set[str]) -> Iterator[tuple[str, str, str]]:
    law = material.law
    listed = law.names(entry, "kg:ofList")
    start, end = law.text(entry, "kg:inForceFrom"), law.text(entry, "kg:inForceUntil")
    if not listed or not set(listed) <= lists:
        yield (
            "names no list that is declared",
            "nobody is on it",
            "add kg:ofList with the name of a kg:StatutoryList",
        )
    if not start and "kg:ListEntry" in law.names(entry, "rdf:type"):
        yield "has no start date", "without one it never holds", "add kg:inForceFrom"
    if start and end and end <= start:
        yield "ends before it begins", "it would never hold", "correct one of the dates"
    one_by_one = ("owl:hasValue", entry) in law.subjects
    if not law.names(entry, "kg:kind") and not one_by_one:
        yield (
            "lists nobody",
            "an entry is a kind, or a provision under which persons are authorised one by one",
            "add kg:kind, or an axiom on kg:listedIn with owl:hasValue",
        )
    if not law.text(entry, "rdfs:label"):
        yield "has no label", "an answer shows it", "add rdfs:label in plain English"
    if not law.values(entry, "kg:source"):
        yield "has no source", "an answer links to it", "add kg:source"
