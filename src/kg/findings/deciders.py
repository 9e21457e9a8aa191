"""Who consented or refused: competence, capacity, parental responsibility, and review.

Source: record-requirements R-072 to R-081, R-090, R-098; domain law-1 `cl-gillick`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.findings.subjects import GIVEN, REFUSED, SOUGHT, Found, Subject
from kg.model import TRUE
from kg.prepare.situation import CountedJudgement, age_class

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:judgedQuestion": "consent to a question that a counting judgement answers about the person",
    "kg:giverWithoutResponsibility": (
        "consent to the child for whom somebody decided without parental responsibility on record"
    ),
    "kg:competentChildNotAsked": "consent of somebody else to the child who was held competent",
    "kg:reviewWithoutCheck": "continuing consent to itself, if not checked since the last review",
}
COMPUTED_TRIGGERS = {
    "kg:ChildsOwnConsent": "a consent or refusal by a child under 16 for himself or herself",
    "kg:CompetenceInQuestion": "a consent for which a child's competence was or must be assessed",
    "kg:PersonHeldUnable": "a consent of a person of 16 or over who was treated as unable to decide",
    "kg:ConsentForChildInCare": "a consent or refusal for a child under a care order",
    "kg:ConsentOfOtherParent": "a consent of the parent with whom the child does not live, alone",
    "kg:ContinuingConsentReviewed": "a continuing consent in a case that has had a review meeting",
    "kg:SubjectInDispute": "a subject whose child and parent decided in opposite ways",
}

_PROXIES = {"consent:parental-responsibility", "consent:local-authority"}


def deciders(subject: Subject) -> Found:
    """Yield what concerns whoever consented or refused for one subject."""
    age = age_class(subject.s, subject.person).cls
    for consent in subject.consents:
        for question in _judged(subject):
            yield consent, "kg:judgedQuestion", question
        yield from _competence(subject, consent, age)
        yield from _instead(subject, consent, age)
        yield from _reviewed(subject, consent)
    own = {_said(subject, one) for one in subject.consents if subject.own(one)} - {""}
    others = {_said(subject, one) for one in subject.consents if not subject.own(one)} - {""}
    if age != "kg:Adult" and own and others and own != others:
        yield subject.node, "rdf:type", "kg:SubjectInDispute"


def _competence(subject: Subject, consent: str, age: str) -> Found:
    child = age == "kg:Under16" and subject.own(consent) and subject.state(consent) in SOUGHT
    if child:
        yield consent, "rdf:type", "kg:ChildsOwnConsent"
    if child or subject.facts.names(consent, "kg:competence"):
        yield consent, "rdf:type", "kg:CompetenceInQuestion"


def _instead(subject: Subject, consent: str, age: str) -> Found:
    """Yield what follows where somebody else decided, or the person was held unable to."""
    facts, sought = subject.facts, subject.state(consent) in SOUGHT
    capacity, giver = facts.name(consent, "kg:capacity"), facts.name(consent, "kg:givenBy")
    proxy = sought and (
        capacity in _PROXIES
        or bool(giver and giver != subject.person and capacity != "consent:confider")
    )
    unable = proxy or subject.state(consent) == "consent:cannot-be-given"
    if unable and age in {"kg:SixteenOrSeventeen", "kg:Adult"}:
        yield consent, "rdf:type", "kg:PersonHeldUnable"
    if sought and TRUE in facts.values(subject.person, "kg:careOrder"):
        yield consent, "rdf:type", "kg:ConsentForChildInCare"
    if proxy and giver and age != "kg:Adult":
        yield from _proxy(subject, consent, giver, capacity)
    if proxy and age == "kg:Under16" and _competent(subject) and not _decided_alone(subject):
        yield consent, "kg:competentChildNotAsked", subject.person


def _reviewed(subject: Subject, consent: str) -> Found:
    facts = subject.facts
    reviewed, last = facts.text(consent, "kg:reviewed"), facts.text(consent, "kg:lastReview")
    if TRUE in facts.values(consent, "kg:continuing") and last:
        yield consent, "rdf:type", "kg:ContinuingConsentReviewed"
        if reviewed and reviewed < last:
            yield consent, "kg:reviewWithoutCheck", consent


def _proxy(subject: Subject, consent: str, giver: str, capacity: str) -> Found:
    """Yield where somebody without responsibility decided, or not the parent at home."""
    facts, child = subject.facts, subject.person
    responsible = child in facts.names(giver, "kg:parentalResponsibilityFor")
    if not responsible and capacity != "consent:local-authority":
        yield consent, "kg:giverWithoutResponsibility", child
    home = facts.name(child, "kg:livesWith")
    asked = {facts.name(one, "kg:givenBy") for one in subject.consents}
    at_home = bool(home) and child in facts.names(home, "kg:parentalResponsibilityFor")
    if responsible and at_home and home not in asked:
        yield consent, "rdf:type", "kg:ConsentOfOtherParent"


def _judged(subject: Subject) -> Iterator[str]:
    for judgement in subject.s.judgements:
        if not judgement.about or subject.person in judgement.about:
            yield judgement.question


def _competent(subject: Subject) -> bool:
    """Whether the child was held competent: by an assessment, or by a judgement that counts."""
    facts = subject.facts
    assessed = any(
        TRUE in facts.values(competence, "kg:result")
        for consent in subject.consents
        for competence in facts.names(consent, "kg:competence")
    )
    return assessed or any(_holds_competent(one, subject.person) for one in subject.s.judgements)


def _holds_competent(judgement: CountedJudgement, child: str) -> bool:
    about = not judgement.about or child in judgement.about
    return about and judgement.question == "question:competent-child" and judgement.answer


def _decided_alone(subject: Subject) -> bool:
    return any(subject.own(one) and subject.state(one) in SOUGHT for one in subject.consents)


def _said(subject: Subject, consent: str) -> str:
    state = subject.state(consent)
    return "yes" if state in GIVEN else "no" if state in REFUSED else ""
