"""Telling the person, and others, and who stands behind advice and judgements.

Source: record-requirements sections J, K and L. A subject is asked about telling where information
was shared and no consent of that person is on record, or where a duty or court order is relied on.
"""

from __future__ import annotations

from kg.assess import Engine
from kg.findings.found import SHARED, Findings
from kg.findings.relied import Relied, relied_on
from kg.findings.subjects import GIVEN, Found
from kg.model import TRUE, Triple
from kg.prepare import Facts, is_person, judgement_authors

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:automaticAuthor": "judgement to the question that no person is named as having judged",
    "kg:guidanceAsDuty": "citation to the guidance it takes for a duty",
}
COMPUTED_TRIGGERS = {
    "kg:SubjectWithoutConsent": "a subject about whom information was shared without consent",
    "kg:SubjectUnderDuty": (
        "a subject who was told, or agreed, where a duty or court order is relied on"
    ),
    "kg:ToldWithoutConsent": "telling a person, where information was shared without consent",
    "kg:NotToldBefore": "telling that did not come before sharing without consent",
    "kg:NeverTold": "a person who has not been told of sharing without consent",
    "kg:CaseReviewWithoutConsent": "a record of sharing for a case review without consent",
    "kg:AccessToOthersInformation": (
        "a record of access, before 25 May 2018, to information that came from somebody else"
    ),
    "kg:HeldBackRecord": "a record that says what was held back from a person who asked for access",
    "kg:IdentifiedToOutsideAdviser": (
        "advice from outside, before 2024, to which the person was identified"
    ),
}

_CASE_REVIEWS = {"purpose:practice-review", "purpose:child-death-review"}
_TOLD = {"consent:before", "consent:after"}


def tellings(
    facts: Facts, record: str, decided: list[str], engine: Engine, found: Findings
) -> None:
    """Add what concerns telling, advice and judgements for one record."""
    relied = relied_on(facts, record, engine, found)
    stamped = set(found.triples)
    shared = facts.name(record, "kg:outcome") in SHARED
    found.triples += _of_the_record(facts, record, engine, stamped)
    for disclosure in decided:
        found.triples += _judgements(facts, disclosure)
        subjects = [
            node
            for node in facts.names(disclosure, "kg:involvement")
            if (node, "rdf:type", "kg:SubjectOfPersonalInformation") in stamped
        ]
        if shared:
            for node in subjects:
                found.triples += _told(facts, disclosure, node, relied)
            purposes = set(facts.types(facts.name(disclosure, "kg:purpose")))
            if purposes & _CASE_REVIEWS and any(not _agreed(facts, node) for node in subjects):
                found.triples.append((record, "rdf:type", "kg:CaseReviewWithoutConsent"))
        if (disclosure, "rdf:type", "kg:OldEraDisclosure") in stamped and _access(
            facts, disclosure
        ):
            found.triples.append((record, "rdf:type", "kg:AccessToOthersInformation"))


def _of_the_record(facts: Facts, record: str, engine: Engine, stamped: set[Triple]) -> Found:
    """Yield what stands on the record itself: guidance taken for law, advice, something held back."""
    if facts.values(record, "kg:heldBack"):
        yield record, "rdf:type", "kg:HeldBackRecord"
    for citation in facts.names(record, "kg:citation"):
        norm = engine.table.norms.get(facts.name(citation, "kg:provision"))
        as_duty = facts.name(citation, "kg:citedAs") == "value:duty"
        if norm and norm.effect == "guidance" and as_duty:
            yield citation, "kg:guidanceAsDuty", norm.id
    if (record, "rdf:type", "kg:BeforeGuidanceSet2024") in stamped:
        for advice in facts.names(record, "kg:advice"):
            outside = TRUE in facts.values(advice, "kg:fromOutside")
            if outside and TRUE in facts.values(advice, "kg:identified"):
                yield advice, "rdf:type", "kg:IdentifiedToOutsideAdviser"


def _agreed(facts: Facts, node: str) -> bool:
    """Whether the subject, or somebody for it, consented; a confider speaks for nobody else."""
    return any(
        facts.name(consent, "kg:consentState") in GIVEN
        and facts.name(consent, "kg:capacity") != "consent:confider"
        for consent in facts.names(node, "kg:consent")
    )


def _told(facts: Facts, disclosure: str, node: str, relied: list[Relied]) -> Found:
    person, telling = facts.name(node, "kg:person"), facts.name(node, "kg:telling")
    state, agreed = facts.name(telling, "kg:toldState"), _agreed(facts, node)
    contents = facts.names(disclosure, "kg:content")
    items = {
        item
        for content in contents
        for item in facts.names(content, "kg:item")
        if person in (facts.names(item, "kg:about") or [person])
    }
    duty = any(one.effect == "duty" and one.reaches(person, items) for one in relied)
    # Why nobody was told is the matter of the rules on not telling, under a duty too.
    if duty and (state in {*_TOLD, "consent:not-applicable"} or (agreed and not telling)):
        yield node, "rdf:type", "kg:SubjectUnderDuty"
    if agreed:
        return
    yield node, "rdf:type", "kg:SubjectWithoutConsent"
    if state in _TOLD:
        yield telling, "rdf:type", "kg:ToldWithoutConsent"
    if state in {"consent:after", "consent:not-told"}:
        yield telling, "rdf:type", "kg:NotToldBefore"
    if state == "consent:not-told":
        yield telling, "rdf:type", "kg:NeverTold"


def _access(facts: Facts, disclosure: str) -> bool:
    """Whether a person gets access to a file in which something came from somebody else."""
    if "purpose:subject-access" not in facts.types(facts.name(disclosure, "kg:purpose")):
        return False
    subjects = {facts.name(node, "kg:person") for node in facts.names(disclosure, "kg:involvement")}
    return any(
        origin not in subjects
        for content in facts.names(disclosure, "kg:content")
        for item in facts.names(content, "kg:item")
        for term in ("kg:origin", "kg:confidedBy")
        for origin in facts.names(item, term)
    )


def _judgements(facts: Facts, disclosure: str) -> Found:
    """Judgements whose author, stated or by default, is no person."""
    for node in facts.names(disclosure, "kg:judgement"):
        by, _ = judgement_authors(facts, disclosure, node)
        if by and not is_person(by):
            yield node, "kg:automaticAuthor", facts.name(node, "kg:question") or node
