"""How consent stood, held against what was shared, and whether a refusal was overridden.

Source: record-requirements sections D and E. Asked only of living people whom the information may
identify; what a consent is relied on for is asked only where information was shared.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.assess import Engine
from kg.findings.deciders import deciders
from kg.findings.found import SHARED, Findings
from kg.findings.relied import Relied, relied_on
from kg.findings.subjects import GIVEN, REFUSED, SOUGHT, Found, Subject
from kg.model import TRUE
from kg.prepare import Facts, counting_judgements, law_date
from kg.prepare.situation import Situation, age_class, legal_person

JOINS = {"kg:inInvolvement": "consent or telling to the participation of the person"}
FINDINGS = {
    "kg:consentAfterDisclosure": "consent relied on to the disclosure that was made before it",
    "kg:consentEndedBefore": "consent relied on to the disclosure that was made after it had ended",
    "kg:purposeOutsideConsent": "consent relied on to the disclosure whose purpose it does not cover",
    "kg:itemOutsideConsent": (
        "item shared on consent alone to a person whose consent does not cover it"
    ),
    "kg:recipientOutsideConsent": (
        "recipient, where consent is the only basis, to a person whose consent does not cover it"
    ),
    "kg:claimedAsBasis": "consent that was not given to the citation that rests on it",
    "kg:confiderNotAsked": "item shared to the third person who confided it and was not asked",
    "kg:citedDespiteRisk": (
        "citation of consent as the basis to the concern that a child may be at risk"
    ),
}
COMPUTED_TRIGGERS = {
    "kg:ConsentUnderDuty": "how consent stood, where a duty or court order is relied on",
    "kg:ConsentReliedOn": "a consent given on which the decision to share rests",
    "kg:ConsentReliedOnNewEra": "the same, under the Act of 2018",
    "kg:ConsentReliedOnForOrdinary": "the same, for information that is not special category",
    "kg:ConsentReliedOnForSpecialCategory": "the same, for special category information",
    "kg:ConsentReliedOnForSensitive": (
        "a consent given on which sharing of sensitive information rests, under the Act of 1998"
    ),
    "kg:GeneralConsentReliedOn": "a general advance consent on which the decision to share rests",
    "kg:OverriddenRefusal": "a subject about whom information was shared against a refusal",
}

_NEW = "kg:NewEraDisclosure"
_ERAS = (_NEW, "kg:OldEraDisclosure")
#: Topics that the Act of 1998 did not call sensitive, though they are special category today.
_NOT_SENSITIVE_1998 = {"info:genetic", "info:biometric"}
#: Levels of concern at which a child is at risk (guidance of 2024, rule 3).
_AT_RISK = {
    "concern:reasonable-cause-to-suspect-significant-harm",
    "concern:death-or-serious-harm",
    "concern:serious-harm-327a",
    "concern:vital-interests",
}


def consents(
    facts: Facts, record: str, decided: list[str], engine: Engine, found: Findings
) -> None:
    """Add what concerns the consents, and the refusals overridden, of the disclosures decided."""
    relied = tuple(relied_on(facts, record, engine, found))
    shared = facts.name(record, "kg:outcome") in SHARED
    stamped = set(found.triples)
    for disclosure in decided:
        day, _ = law_date(facts, disclosure)
        s = Situation(facts, disclosure, day, day, tuple(counting_judgements(facts, disclosure)))
        era = next((one for one in _ERAS if (disclosure, "rdf:type", one) in stamped), "")
        for node in facts.names(disclosure, "kg:involvement"):
            for predicate in ("kg:consent", "kg:telling"):
                for inner in facts.names(node, predicate):
                    found.triples.append((inner, "kg:inInvolvement", node))
            if (node, "rdf:type", "kg:SubjectOfPersonalInformation") not in stamped:
                continue
            subject = Subject(s, node, facts.name(node, "kg:person"), era, relied)
            found.triples += deciders(subject)
            if shared:
                found.triples += _relied_on_consent(subject)
                found.triples += _not_consented(subject)
        if shared:
            found.triples += _confided(facts, disclosure)
            if era == _NEW:
                found.triples += _despite_risk(s, relied)


def _relied_on_consent(subject: Subject) -> Found:
    """Consents on which sharing rests: in time, in force, for this purpose."""
    facts, disclosure = subject.facts, subject.s.disclosure
    made = facts.text(disclosure, "kg:date")
    if subject.reaching("duty"):
        for consent in subject.consents:
            yield consent, "rdf:type", "kg:ConsentUnderDuty"
    for consent in subject.consents:
        if subject.state(consent) not in GIVEN or not _rests_on(subject, consent):
            continue
        yield consent, "rdf:type", "kg:ConsentReliedOn"
        for kind in _kinds_of_reliance(subject, consent):
            yield consent, "rdf:type", kind
        if TRUE in facts.values(consent, "kg:generalConsent"):
            yield consent, "rdf:type", "kg:GeneralConsentReliedOn"
        given, ended = facts.text(consent, "kg:on"), facts.text(consent, "kg:ended")
        if made and given > made:
            yield consent, "kg:consentAfterDisclosure", disclosure
        if made and ended and ended <= made:
            yield consent, "kg:consentEndedBefore", disclosure
        if _outside_purpose(subject, consent):
            yield consent, "kg:purposeOutsideConsent", disclosure


def _rests_on(subject: Subject, consent: str) -> bool:
    """Whether a provision of consent, or the answer to confidence, rests on this consent."""
    if any(
        subject.serves(consent, one.use) and one.reaches(subject.person, subject.items)
        for one in subject.relied
        if one.use
    ):
        return True
    return subject.serves(consent, "consent:confidence") and any(
        "value:consent" in subject.facts.names(content, "kg:confidenceAnswer")
        for content in subject.contents
    )


def _kinds_of_reliance(subject: Subject, consent: str) -> Iterator[str]:
    """Whether consent stands behind special category or sensitive information, and in which era.

    Where another condition than consent is relied on, and consent as a condition is not, the
    consent answers for ordinary information only.
    """
    conditions = subject.reaching("condition")
    explicit = subject.serves(consent, "consent:special-category") and (
        not conditions or any(one.use == "consent:special-category" for one in conditions)
    )
    special, sensitive = _topics(subject)
    if subject.era == _NEW:
        yield "kg:ConsentReliedOnNewEra"
        yield (
            "kg:ConsentReliedOnForSpecialCategory"
            if special and explicit
            else "kg:ConsentReliedOnForOrdinary"
        )
    elif subject.era and sensitive and explicit:
        yield "kg:ConsentReliedOnForSensitive"


def _topics(subject: Subject) -> tuple[bool, bool]:
    """Return whether an item about the person is special category, and sensitive under the Act of 1998."""
    facts = subject.facts
    topics = {kind for item in subject.items for kind in facts.types(item)}
    special = {
        kind
        for kind in topics
        if kind == "info:special-category"
        or "info:special-category" in facts.law.superclasses.get(kind, ())
    }
    return bool(special), bool((special - _NOT_SENSITIVE_1998) | (topics & {"info:offence"}))


def _outside_purpose(subject: Subject, consent: str) -> bool:
    facts = subject.facts
    limits = set(facts.names(consent, "kg:coversPurpose"))
    node = facts.name(subject.s.disclosure, "kg:purpose")
    kinds = [kind for kind in facts.types(node) if kind.startswith("purpose:")]
    wide = {above for kind in kinds for above in (kind, *facts.law.superclasses.get(kind, ()))}
    return bool(limits and kinds and not limits & wide)


def _not_consented(subject: Subject) -> Found:
    """Yield what was shared beyond a consent, on one not given, or against a refusal."""
    facts = subject.facts
    by_consent = [one for one in subject.reaching("basis", "condition", "bar") if one.use]
    for consent in subject.consents:
        if subject.state(consent) in REFUSED | {"consent:not-sought"}:
            yield from (
                (consent, "kg:claimedAsBasis", one.citation)
                for one in by_consent
                if subject.serves(consent, one.use) and not _given_for(subject, one.use)
            )
    given = [
        one
        for one in subject.consents
        if subject.state(one) in GIVEN and facts.name(one, "kg:capacity") != "consent:confider"
    ]
    bases = subject.reaching("basis")
    if given and bases and all(one.use for one in bases):
        yield from _beyond(subject, given)
    refused = [
        one
        for one in subject.consents
        if subject.state(one) in REFUSED
        and facts.names(one, "kg:consentFor") != ["consent:service"]
    ]
    agreed = any(subject.own(one) for one in given)
    if refused and not agreed and not by_consent and not subject.reaching("duty"):
        yield subject.node, "rdf:type", "kg:OverriddenRefusal"


def _given_for(subject: Subject, use: str) -> bool:
    return any(subject.state(one) in GIVEN and subject.serves(one, use) for one in subject.consents)


def _beyond(subject: Subject, given: list[str]) -> Found:
    """Items and recipients that no consent of the person covers."""
    facts = subject.facts
    for content in subject.contents:
        if not any(
            _covers(facts, one, "kg:coversItem", {facts.name(content, "kg:item")}) for one in given
        ):
            yield content, "kg:itemOutsideConsent", subject.person
    for receipt in facts.names(subject.s.disclosure, "kg:receipt"):
        party = facts.name(receipt, "kg:recipient")
        both = {party, legal_person(facts, party)}
        if party and not any(_covers(facts, one, "kg:coversParty", both) for one in given):
            yield receipt, "kg:recipientOutsideConsent", subject.person


def _covers(facts: Facts, consent: str, predicate: str, wanted: set[str]) -> bool:
    limits = facts.names(consent, predicate)
    return not limits or bool(wanted & set(limits))


def _confided(facts: Facts, disclosure: str) -> Found:
    """Items that a third person confided, where no decision of that person is on record.

    A subject whom the disclosure protects, or who is the only one, is no third person.
    """
    involved = facts.names(disclosure, "kg:involvement")
    subjects = {facts.name(node, "kg:person"): node for node in involved}
    protected = set(facts.names(disclosure, "kg:protects"))
    asked = {
        facts.name(consent, "kg:givenBy") or facts.name(node, "kg:person")
        for node in involved
        for consent in facts.names(node, "kg:consent")
        if facts.name(consent, "kg:consentState") in SOUGHT
    }
    for content in facts.names(disclosure, "kg:content"):
        item = facts.name(content, "kg:item")
        if facts.name(item, "kg:identifies") == "value:no":
            continue
        for confider in facts.names(item, "kg:confidedBy"):
            third = confider not in facts.names(item, "kg:about") or (
                len(subjects) > 1 and confider not in protected
            )
            if third and confider not in asked:
                yield content, "kg:confiderNotAsked", confider


def _despite_risk(s: Situation, relied: tuple[Relied, ...]) -> Found:
    """Consent cited as the lawful basis for action to protect a child at risk."""
    facts = s.facts
    concern = facts.name(s.disclosure, "kg:concern")
    levels = {
        wide
        for kind in facts.types(concern)
        for wide in (kind, *facts.law.superclasses.get(kind, ()))
    }
    whom = facts.names(s.disclosure, "kg:protects") or [
        facts.name(node, "kg:person") for node in facts.names(s.disclosure, "kg:involvement")
    ]
    child = any(
        one == "value:children-generally"
        or age_class(s, one).cls in {"kg:Under16", "kg:SixteenOrSeventeen"}
        for one in whom
    )
    if child and levels & _AT_RISK:
        for one in relied:
            if one.effect == "basis" and one.use:
                yield one.citation, "kg:citedDespiteRisk", concern
