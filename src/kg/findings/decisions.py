"""Every decision: dates in order, whose age matters, whether a child is concerned.

Source: record-requirements sections A and F.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kg.findings.found import CONSENT_REFUSED, REFUSED, Findings
from kg.model import FALSE, Lit
from kg.prepare import Facts, law_date
from kg.prepare.situation import Situation, age_class

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:daysToRecord": "record to the days from the decision until the record was made",
    "kg:recordedBeforeDecision": "record to its date, where it was made before the decision",
}
COMPUTED_TRIGGERS = {
    "kg:PersonalDisclosure": "a disclosure whose items are not all stated to identify nobody",
    "kg:SubjectWhoseAgeMatters": (
        "a living subject who was asked for consent, or whom the case shows to be a child"
    ),
    "kg:ChildWithAView": (
        "a subject who is a child and refused or withdrew consent, or confided an item"
    ),
    "kg:RecordAboutChild": "a record that is not shown to concern adults only",
    "kg:RecordOfNoRefusal": "a record whose outcome is to share, or is not stated",
}

#: States of consent in which nobody was asked.
_NOT_ASKED = {
    "", "consent:not-sought", "consent:not-applicable", "consent:not-reasonably-obtainable",
}  # fmt: skip
#: Purposes and levels of concern that are about children, with everything below them.
_ABOUT_CHILDREN = {
    "purpose:s47-enquiry", "purpose:prevent-significant-harm", "purpose:safeguard-child-welfare",
    "kg:PartThreePurpose", "concern:reasonable-cause-to-suspect-significant-harm",
    "concern:child-in-need", "concern:additional-needs", "concern:relevant-to-welfare",
}  # fmt: skip


def decisions(facts: Facts, record: str, decided: list[str], found: Findings) -> None:
    """Add what concerns every decision, for the disclosures the record decides."""
    _dates(facts, record, found)
    if facts.name(record, "kg:outcome") not in REFUSED:
        found.triples.append((record, "rdf:type", "kg:RecordOfNoRefusal"))
    for disclosure in decided:
        identifying = _identifying(facts, disclosure)
        if identifying is None or identifying:
            found.triples.append((disclosure, "rdf:type", "kg:PersonalDisclosure"))
        for node in facts.names(disclosure, "kg:involvement"):
            person = facts.name(node, "kg:person")
            if _age_matters(facts, node, person):
                found.triples.append((node, "rdf:type", "kg:SubjectWhoseAgeMatters"))
            if _has_view(facts, disclosure, node, person):
                found.triples.append((node, "rdf:type", "kg:ChildWithAView"))
    if any(child_concerned(facts, disclosure) for disclosure in decided):
        found.triples.append((record, "rdf:type", "kg:RecordAboutChild"))


def day_of(facts: Facts, node: str, predicate: str) -> date | None:
    """Return a date stated of a node, or None."""
    text = facts.text(node, predicate)
    return date.fromisoformat(text) if text else None


def _dates(facts: Facts, record: str, found: Findings) -> None:
    decision, made = day_of(facts, record, "kg:date"), day_of(facts, record, "kg:recordedOn")
    if decision is None or made is None:
        return
    days = (made - decision).days
    if days < 0:
        found.triples.append((record, "kg:recordedBeforeDecision", Lit(made.isoformat(), "date")))
        return
    if days:
        found.triples.append((record, "kg:daysToRecord", Lit(str(days), "integer")))


def _identifying(facts: Facts, disclosure: str) -> list[str] | None:
    """Return the items that may identify somebody; None when no items are listed."""
    items = [
        item
        for content in facts.names(disclosure, "kg:content")
        for item in facts.names(content, "kg:item")
    ]
    if not items:
        return None
    return [item for item in items if facts.name(item, "kg:identifies") != "value:no"]


def _age_matters(facts: Facts, involvement: str, person: str) -> bool:
    if FALSE in facts.values(person, "kg:alive"):
        return False
    consents = facts.names(involvement, "kg:consent")
    asked = any(facts.name(c, "kg:consentState") not in _NOT_ASKED for c in consents)
    child = (
        any(facts.names(c, "kg:competence") for c in consents)
        or facts.names(person, "kg:livesWith")
        or facts.values(person, "kg:careOrder")
        or facts.names(person, "kg:protectionOrder")
        or any(
            person in stated.get("kg:parentalResponsibilityFor", ())
            for stated in facts.index.values()
        )
    )
    return asked or bool(child)


def _has_view(facts: Facts, disclosure: str, involvement: str, person: str) -> bool:
    if age_of(facts, disclosure, person) in {"", "kg:Adult"}:
        return False
    spoke = any(
        facts.name(c, "kg:consentState") in CONSENT_REFUSED and person in facts.names(c, "kg:givenBy")
        for c in facts.names(involvement, "kg:consent")
    )
    return spoke or any(
        person in facts.names(item, "kg:confidedBy")
        for item in _identifying(facts, disclosure) or ()
    )


def age_of(facts: Facts, disclosure: str, person: str) -> str:
    """Return the age class of a person on the law date, or an empty string when no age is stated."""
    day, _ = law_date(facts, disclosure)
    return age_class(Situation(facts, disclosure, day, day), person).cls


def people(facts: Facts, disclosure: str) -> Iterator[str]:
    """Yield the persons a disclosure is about or protects."""
    for node in facts.names(disclosure, "kg:involvement"):
        yield from facts.names(node, "kg:person")
    for item in _identifying(facts, disclosure) or ():
        yield from facts.names(item, "kg:about")
    yield from facts.names(disclosure, "kg:protects")


def child_concerned(facts: Facts, disclosure: str) -> bool:
    """Whether a child may be concerned: unless everybody named is an adult, or nobody can be."""
    named = list(dict.fromkeys(people(facts, disclosure)))
    if any(age_of(facts, disclosure, one) != "kg:Adult" for one in named):
        return True
    stated = {
        wide
        for predicate in ("kg:purpose", "kg:concern")
        for node in facts.names(disclosure, predicate)
        for kind in facts.types(node)
        for wide in (kind, *facts.law.superclasses.get(kind, ()))
    }
    if stated & _ABOUT_CHILDREN:
        return True
    return not named and _identifying(facts, disclosure) != []
