"""What the law graph says only by its shape, as plain triples that a query can read.

Terms in ``ontology/answers.ttl``: ``kg:citationText`` and ``dcterms:isPartOf`` of each norm, list
and statement, which their names imply; ``kg:documents`` and ``kg:pointers`` of each recorded
difference, in one text; ``kg:hasCondition`` of each norm and ``kg:looksAt`` of each condition,
which stand in class axioms that are slow to walk in a query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.assess import citation_of
from kg.load import Law
from kg.model import Lit, Triple


def derived_triples(law: Law) -> Iterator[Triple]:
    """Yield the derived triples of a law."""
    instruments = frozenset(law.instances("kg:Instrument"))
    lists, statements = law.instances("kg:StatutoryList"), law.instances("kg:GuidanceStatement")
    for name in (*law.norms, *lists, *statements):
        if not law.text(name, "kg:citationText"):
            yield name, "kg:citationText", Lit(citation_of(name, law), "en")
        if document := document_of(name, instruments):
            yield name, "dcterms:isPartOf", document
    for name in law.instances("kg:Discrepancy"):
        documents = [law.label(document) for document in law.names(name, "kg:statedIn")]
        yield name, "kg:documents", Lit("; ".join(documents) or "the sources", "en")
        places = [v.text for v in law.values(name, "dcterms:source") if isinstance(v, Lit)]
        pointers = [text for text in places if not text.startswith("domain ")]
        if pointers:
            yield name, "kg:pointers", Lit("; ".join(pointers), "string")
    yield from _conditions(law)


def document_of(name: str, instruments: frozenset[str]) -> str:
    """Return the instrument a name belongs to: the longest one it begins with, else the Act.

    ``guide:sharing2024-engage`` is part of ``guide:sharing2024``, ``ca1989:s47-9`` of
    ``ca1989:act``; a document held as a single norm is part of itself: an empty string.
    """
    prefix, _, stem = name.partition(":")
    while "-" in stem or "." in stem:
        stem = stem[: max(stem.rfind("-"), stem.rfind("."))]
        if f"{prefix}:{stem}" in instruments:
            return f"{prefix}:{stem}"
    return f"{prefix}:act" if f"{prefix}:act" in instruments else ""


def _conditions(law: Law) -> Iterator[Triple]:
    conditions = frozenset(law.instances("kg:Condition"))
    below: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in law.triples:
        if predicate == "rdfs:subClassOf" and isinstance(value, str):
            below[value].append(subject)
    for norm in law.norms:
        for expression in below.get(norm, ()):
            for member in (expression, *_members(law, expression)):
                if member in conditions:
                    yield norm, "kg:hasCondition", member
    for condition in conditions:
        tested = {p for expression in below.get(condition, ()) for p in _tested(law, expression)}
        for property_ in sorted(tested):
            yield condition, "kg:looksAt", property_


def _members(law: Law, expression: str) -> Iterator[str]:
    """Yield the members of an intersection or union, in order."""
    for predicate in ("owl:intersectionOf", "owl:unionOf"):
        cell = law.name(expression, predicate)
        while cell and cell != "rdf:nil":
            yield law.name(cell, "rdf:first")
            cell = law.name(cell, "rdf:rest")


def _tested(law: Law, expression: str) -> Iterator[str]:
    """Yield the properties of a strand that an expression tests, not those of what they lead to."""
    if property_ := law.name(expression, "owl:onProperty"):
        yield property_
    for member in _members(law, expression):
        yield from _tested(law, member)
