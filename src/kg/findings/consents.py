"""How consent stood, held against what was shared, and whether a refusal was overridden.

Source: record-requirements sections D and E. Asked only of living people whom the information may
identify; what a consent is relied on for is asked only where information was shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.assess import Engine
from kg.findings.found import SHARED, Findings
from kg.findings.relied import Relied, relied_on
from kg.model import TRUE
from kg.prepare import Facts, counting_judgements, law_date
from kg.prepare.situation import CountedJudgement, Situation, age_class, legal_person

JOINS = {"kg:inInvolvement": "consent or telling to the participation of the person"}
FINDINGS = {
    "kg:judgedQuestion": "consent to a question that a counting judgement answers about the person",
    "kg:giverWithoutResponsibility": (
        "consent to the child for whom somebody decided without parental responsibility on record"
    ),
    "kg:competentChildNotAsked": "consent of somebody else to the child who was held competent",
    "kg:consentAfterDisclosure": "consent relied on to the disclosure that was made before it",
    "kg:consentEndedBefore": "consent relied on to the disclosure that was made after it had ended",
    "kg:purposeOutsideConsent": "consent relied on to the disclosure whose purpose it does not cover",
    "kg:reviewWithoutCheck": "continuing consent to itself, if not checked since the last review",
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
    "kg:ChildsOwnConsent": "a consent or refusal by a child under 16 for himself or herself",
    "kg:CompetenceInQuestion": "a consent for which a child's competence was or must be assessed",
    "kg:PersonHeldUnable": "a consent of a person of 16 or over who was treated as unable to decide",
    "kg:ConsentForChildInCare": "a consent or refusal for a child under a care order",
    "kg:ConsentOfOtherParent": "a consent of the parent with whom the child does not live, alone",
    "kg:ConsentUnderDuty": "how consent stood, where a duty or court order is relied on",
    "kg:ConsentReliedOn": "a consent given on which the decision to share rests",
    "kg:ConsentReliedOnNewEra": "the same, under the Act of 2018",
    "kg:ConsentReliedOnForOrdinary": "the same, for information that is not special category",
    "kg:ConsentReliedOnForSpecialCategory": "the same, for special category information",
    "kg:ConsentReliedOnForSensitive": (
        "a consent given on which sharing of sensitive information rests, under the Act of 1998"
    ),
    "kg:GeneralConsentReliedOn": "a general advance consent on which the decision to share rests",
    "kg:ContinuingConsentReviewed": "a continuing consent in a case that has had a review meeting",
    "kg:SubjectInDispute": "a subject whose child and parent decided in opposite ways",
    "kg:OverriddenRefusal": "a subject about whom information was shared against a refusal",
}

GIVEN = frozenset({"consent:given", "consent:given-with-limits"})
REFUSED = frozenset({"consent:refused", "consent:withdrawn"})
SOUGHT = GIVEN | REFUSED | {"consent:refused-in-part"}
_NEW = "kg:NewEraDisclosure"
_ERAS = (_NEW, "kg:OldEraDisclosure")
#: The person decides for himself or herself.
_OWN = {"consent:own-16-or-over", "consent:own-judged-competent"}
#: Topics that the Act of 1998 did not call sensitive, though they are special category today.
_NOT_SENSITIVE_1998 = {"info:genetic", "info:biometric"}
#: Levels of concern at which a child is at risk (guidance of 2024, rule 3).
_AT_RISK = {
    "concern:reasonable-cause-to-suspect-significant-harm",
    "concern:death-or-serious-harm",
    "concern:serious-harm-327a",
    "concern:vital-interests",
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """One living subject of one disclosure, and what the record says of it."""

    s: Situation
    node: str
    person: str
    era: str
    relied: tuple[Relied, ...]

    @property
    def facts(self) -> Facts:
        return self.s.facts

    @property
    def consents(self) -> list[str]:
        return self.facts.names(self.node, "kg:consent")

    @property
    def contents(self) -> list[str]:
        """The items taking part that are about the person."""
        return [
            content
            for content in self.facts.names(self.s.disclosure, "kg:content")
            if self.person
            in (self.facts.names(self.facts.name(content, "kg:item"), "kg:about") or [self.person])
        ]

    @property
    def items(self) -> set[str]:
        return {self.facts.name(content, "kg:item") for content in self.contents}

    def reaching(self, *effects: str) -> list[Relied]:
        """Return what the decision rests on for this person, of some effects."""
        return [
            one
            for one in self.relied
            if one.effect in effects and one.reaches(self.person, self.items)
        ]

    def state(self, consent: str) -> str:
        return self.facts.name(consent, "kg:consentState")

    def own(self, consent: str) -> bool:
        """Whether the person decided for himself or herself."""
        giver = self.facts.name(consent, "kg:givenBy")
        if giver:
            return giver == self.person
        return self.facts.name(consent, "kg:capacity") in _OWN

    def serves(self, consent: str, use: str) -> bool:
        """Whether a consent is for a use; unstated means that nothing was said of it."""
        uses = self.facts.names(consent, "kg:consentFor")
        return not uses or use in uses


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
            subject = _Subject(s, node, facts.name(node, "kg:person"), era, relied)
            found.triples += _who_decided(subject)
            if shared:
                found.triples += _relied_on_consent(subject)
                found.triples += _not_consented(subject)
        if shared:
            found.triples += _confided(facts, disclosure)
            if era == _NEW:
                found.triples += _despite_risk(s, relied)


_Found = Iterator[tuple[str, str, str]]


def _who_decided(subject: _Subject) -> _Found:
    """Competence, capacity and responsibility of whoever consented or refused."""
    facts = subject.facts
    age = age_class(subject.s, subject.person).cls
    for consent in subject.consents:
        sought, own = subject.state(consent) in SOUGHT, subject.own(consent)
        capacity = facts.name(consent, "kg:capacity")
        giver = facts.name(consent, "kg:givenBy")
        proxy = sought and (
            capacity in {"consent:parental-responsibility", "consent:local-authority"}
            or bool(giver and giver != subject.person and capacity != "consent:confider")
        )
        for question in _judged(subject):
            yield consent, "kg:judgedQuestion", question
        child = sought and own and age == "kg:Under16"
        if child:
            yield consent, "rdf:type", "kg:ChildsOwnConsent"
        if child or facts.names(consent, "kg:competence"):
            yield consent, "rdf:type", "kg:CompetenceInQuestion"
        if age in {"kg:SixteenOrSeventeen", "kg:Adult"} and (
            proxy or subject.state(consent) == "consent:cannot-be-given"
        ):
            yield consent, "rdf:type", "kg:PersonHeldUnable"
        if sought and TRUE in facts.values(subject.person, "kg:careOrder"):
            yield consent, "rdf:type", "kg:ConsentForChildInCare"
        if proxy and giver and age != "kg:Adult":
            yield from _proxy(subject, consent, giver, capacity)
        if proxy and age == "kg:Under16" and _competent(subject) and not _decided_alone(subject):
            yield consent, "kg:competentChildNotAsked", subject.person
        reviewed, last = facts.text(consent, "kg:reviewed"), facts.text(consent, "kg:lastReview")
        if TRUE in facts.values(consent, "kg:continuing") and last:
            yield consent, "rdf:type", "kg:ContinuingConsentReviewed"
            if reviewed and reviewed < last:
                yield consent, "kg:reviewWithoutCheck", consent
    own = {_said(subject, one) for one in subject.consents if subject.own(one)} - {""}
    others = {_said(subject, one) for one in subject.consents if not subject.own(one)} - {""}
    if age != "kg:Adult" and own and others and own != others:
        yield subject.node, "rdf:type", "kg:SubjectInDispute"


def _proxy(subject: _Subject, consent: str, giver: str, capacity: str) -> _Found:
    """Somebody else decided for a child: with responsibility, and living with the child?"""
    facts, child = subject.facts, subject.person
    if capacity != "consent:local-authority" and child not in facts.names(
        giver, "kg:parentalResponsibilityFor"
    ):
        yield consent, "kg:giverWithoutResponsibility", child
    home = facts.name(child, "kg:livesWith")
    if home and "kg:Person" in facts.types(giver):
        asked = {facts.name(one, "kg:givenBy") for one in subject.consents}
        at_home = child in facts.names(home, "kg:parentalResponsibilityFor")
        if (
            at_home
            and home not in asked
            and child in facts.names(giver, "kg:parentalResponsibilityFor")
        ):
            yield consent, "rdf:type", "kg:ConsentOfOtherParent"


def _judged(subject: _Subject) -> Iterator[str]:
    for judgement in subject.s.judgements:
        if not judgement.about or subject.person in judgement.about:
            yield judgement.question


def _competent(subject: _Subject) -> bool:
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


def _decided_alone(subject: _Subject) -> bool:
    return any(subject.own(one) and subject.state(one) in SOUGHT for one in subject.consents)


def _said(subject: _Subject, consent: str) -> str:
    state = subject.state(consent)
    return "yes" if state in GIVEN else "no" if state in REFUSED else ""


def _relied_on_consent(subject: _Subject) -> _Found:
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


def _rests_on(subject: _Subject, consent: str) -> bool:
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


def _kinds_of_reliance(subject: _Subject, consent: str) -> Iterator[str]:
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


def _topics(subject: _Subject) -> tuple[bool, bool]:
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


def _outside_purpose(subject: _Subject, consent: str) -> bool:
    facts = subject.facts
    limits = set(facts.names(consent, "kg:coversPurpose"))
    node = facts.name(subject.s.disclosure, "kg:purpose")
    kinds = [kind for kind in facts.types(node) if kind.startswith("purpose:")]
    wide = {above for kind in kinds for above in (kind, *facts.law.superclasses.get(kind, ()))}
    return bool(limits and kinds and not limits & wide)


def _not_consented(subject: _Subject) -> _Found:
    """What was shared beyond a consent, on a consent that was not given, or against a refusal."""
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


def _given_for(subject: _Subject, use: str) -> bool:
    return any(subject.state(one) in GIVEN and subject.serves(one, use) for one in subject.consents)


def _beyond(subject: _Subject, given: list[str]) -> _Found:
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


def _confided(facts: Facts, disclosure: str) -> _Found:
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


def _despite_risk(s: Situation, relied: tuple[Relied, ...]) -> _Found:
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
