"""Computed classes: what OWL cannot compare, one class per dimension, or the inputs missing.

Source: case-model section 3 (table of dimensions). When inputs are not stated, no class is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kg.load import Law
from kg.model import FALSE, TRUE, Because, Strand, Term, in_force
from kg.prepare.consent import (
    child_decision,
    consent_form,
    consent_test,
    explanation_test,
    no_consent_reason,
)
from kg.prepare.facts import Facts
from kg.prepare.situation import Computed, Situation, age_class, legal_person


def _same_person(s: Situation, strand: Strand) -> Computed | None:
    if not strand.discloser or not strand.recipient:
        gap = "kg:receipt" if strand.discloser else "kg:discloser"
        return Computed("kg:SamePersonTest", "", (), (s.facts.missing(s.disclosure, gap),))
    because = tuple(
        reason
        for party in (strand.discloser, strand.recipient)
        for reason in s.facts.reasons(party, "kg:legalPerson")
    )
    same = legal_person(s.facts, strand.discloser) == legal_person(s.facts, strand.recipient)
    return Computed(
        "kg:SamePersonTest", "kg:WithinOnePerson" if same else "kg:BetweenPersons", because
    )


def _connected(facts: Facts, one: str, other: str) -> bool:
    """Whether two parties are one, parts of one legal person, or one acts for the other."""
    return (
        legal_person(facts, one) == legal_person(facts, other)
        or other in facts.names(one, "kg:actsFor")
        or one in facts.names(other, "kg:actsFor")
    )


def _requester(s: Situation, strand: Strand) -> Computed | None:
    dimension = "kg:RequesterTest"
    trigger = s.facts.name(s.disclosure, "kg:trigger")
    reasons = s.facts.reasons(s.disclosure, "kg:trigger")
    absent = s.facts.law.names("kg:request", "kg:absentWhen")
    if trigger in absent:
        return Computed(dimension, "kg:RecipientDidNotAsk", reasons)
    if not s.request:
        gap = s.facts.missing(s.disclosure, "kg:request" if trigger else "kg:trigger")
        return Computed(dimension, "", (), (gap,))
    requester = s.facts.name(s.request, "kg:requester")
    if not requester:
        return Computed(dimension, "", (), (s.facts.missing(s.request, "kg:requester"),))
    if not strand.recipient:
        return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:receipt"),))
    cls, key = "kg:RecipientDidNotAsk", "kg:requester"
    if _connected(s.facts, requester, strand.recipient):
        cls = "kg:RecipientAsked"
    elif strand.recipient in s.facts.names(s.request, "kg:askedFor"):
        cls, key = "kg:RecipientNamed", "kg:askedFor"
    return Computed(dimension, cls, s.facts.reasons(s.request, key))


def _area(s: Situation, strand: Strand) -> Computed | None:
    parties = [party for party in (strand.discloser, strand.recipient) if party]
    areas = [s.facts.text(party, "kg:area") for party in parties]
    because = tuple(reason for party in parties for reason in s.facts.reasons(party, "kg:area"))
    if len(areas) < 2 or not all(areas):  # noqa: PLR2004 - a discloser and a recipient
        gaps = tuple(
            s.facts.missing(p, "kg:area") for p, a in zip(parties, areas, strict=True) if not a
        )
        return Computed("kg:AreaTest", "", because, gaps)
    same = areas[0].casefold() == areas[1].casefold()
    return Computed("kg:AreaTest", "kg:SameArea" if same else "kg:OtherArea", because)


def _data_status(s: Situation, strand: Strand) -> Computed | None:
    dimension = "kg:DataStatus"
    if not strand.item:
        return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:content"),))
    stated = s.facts.name(strand.item, "kg:identifies")
    because = s.facts.reasons(strand.item, "kg:identifies")
    if stated == "value:no":
        return Computed(dimension, "kg:Anonymous", because)
    if not stated and not strand.subject:
        return Computed(dimension, "", (), (s.facts.missing(strand.item, "kg:identifies"),))
    if not stated:
        because = (Because(s.facts.path(strand.item, "kg:identifies"), "yes", assumed=True),)
    if strand.subject and FALSE in s.facts.values(strand.subject, "kg:alive"):
        return Computed(
            dimension, "kg:AboutTheDead", because + s.facts.reasons(strand.subject, "kg:alive")
        )
    if strand.subject and not s.facts.values(strand.subject, "kg:alive"):
        because += (Because(s.facts.path(strand.subject, "kg:alive"), "yes", assumed=True),)
    return Computed(dimension, "kg:PersonalData", because)


#: First day of each data-protection regime (domain law-3 section 1.0), latest first.
REGIMES = (
    (date(2026, 2, 5), "kg:RegimeC"),
    (date(2020, 12, 31), "kg:RegimeB2"),
    (date(2018, 5, 25), "kg:RegimeB1"),
    (date(2000, 3, 1), "kg:RegimeA"),
    (date.min, "kg:Before2000"),
)


def regime_on(day: date) -> str:
    """Return the data-protection regime of a day."""
    return next(name for start, name in REGIMES if day >= start)


def _regime(s: Situation, _strand: Strand) -> Computed | None:
    return Computed("kg:Regime", regime_on(s.day), (Because("law date", s.day.isoformat()),))


def same_purpose(gathered: str, kinds: list[str], law: Law) -> bool:
    """Whether one of the purposes is the one for which information was gathered, or within it."""
    return any(kind == gathered or gathered in law.superclasses.get(kind, ()) for kind in kinds)


def _purpose(s: Situation, strand: Strand) -> Computed | None:
    dimension = "kg:PurposeTest"
    gathered = s.facts.name(strand.item, "kg:gatheredFor") if strand.item else ""
    node = s.facts.name(s.disclosure, "kg:purpose")
    kinds = [kind for kind in s.facts.types(node) if kind.startswith("purpose:")]
    if not gathered or not kinds:
        gap = (
            s.facts.missing(strand.item, "kg:gatheredFor")
            if kinds and strand.item
            else s.facts.missing(s.disclosure, "kg:purpose")
        )
        return Computed(dimension, "", (), (gap,))
    same = same_purpose(gathered, kinds, s.facts.law)
    because = s.facts.reasons(strand.item, "kg:gatheredFor") + s.facts.reasons(node, "rdf:type")[1:]
    return Computed(dimension, "kg:SamePurpose" if same else "kg:OtherPurpose", because)


def _origin(s: Situation, strand: Strand) -> Computed | None:
    """Whether the subject of the strand told it: unstated, it is the discloser's own (Article 13)."""
    if not strand.item or not strand.subject:
        return None
    told = [
        (term, party)
        for term in ("kg:origin", "kg:confidedBy")
        for party in s.facts.names(strand.item, term)
    ]
    subject_told = any(party == strand.subject for _, party in told)
    because = tuple(s.facts.because(strand.item, term, party) for term, party in told) or (
        Because(s.facts.path(strand.item, "kg:origin"), "the discloser's own", assumed=True),
    )
    return Computed(
        "kg:OriginTest", "kg:FromTheSubject" if subject_told else "kg:FromSomewhereElse", because
    )


def _subject_protected(s: Situation, strand: Strand) -> Computed | None:
    """Whether the subject is among those protected (1998 Act, Sch 2 para 4, Sch 3 para 3(b))."""
    dimension = "kg:SubjectProtectedTest"
    if not strand.subject:
        return None
    protects = s.facts.names(s.disclosure, "kg:protects")
    if not protects:
        return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:protects"),))
    cls = "kg:SubjectIsProtected" if strand.subject in protects else "kg:SubjectIsNotProtected"
    return Computed(dimension, cls, s.facts.reasons(s.disclosure, "kg:protects"))


def _other_protected(s: Situation, strand: Strand) -> Computed | None:
    """Whether anybody but the subject is protected (1998 Act, Sch 3 para 3(b))."""
    dimension = "kg:OtherProtectedTest"
    if not strand.subject:
        return None
    protects = s.facts.names(s.disclosure, "kg:protects")
    if not protects:
        return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:protects"),))
    others = [one for one in protects if one != strand.subject]
    cls = "kg:AnotherIsProtected" if others else "kg:NobodyElseIsProtected"
    return Computed(dimension, cls, s.facts.reasons(s.disclosure, "kg:protects"))


#: Professions that have a class of their own (1998 Act, Sch 3 para 8; 2018 Act, s 11(1)).
_PROFESSIONS = {
    "value:health": "kg:HealthProfession",
    "value:social-work": "kg:SocialWorkProfession",
    "": "kg:ProfessionNotStated",
}


def _profession(s: Situation, strand: Strand) -> Computed | None:
    """Profession of whoever shares: once stated, the kind of body no longer speaks for it."""
    dimension = "kg:ProfessionTest"
    if not strand.discloser:
        return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:discloser"),))
    cls = _PROFESSIONS.get(s.facts.name(strand.discloser, "kg:profession"), "kg:OtherProfession")
    return Computed(dimension, cls, s.facts.reasons(strand.discloser, "kg:profession"))


def _law_enforcement(s: Situation, strand: Strand) -> Computed | None:
    """Branch L of domain law-3 section 1.0, by the lists in the Acts; Part 3 begins with B1.

    Three ways in: a body on Schedule 7 acts for a law enforcement purpose; so does a body in a
    prosecuting function (section 30(1)(b)); or a participant shares under section 325(4) of the
    Criminal Justice Act 2003, from 28 April 2022.
    """
    dimension = "kg:LawEnforcementTest"
    if s.day < REGIMES[2][0]:
        return Computed(
            dimension, "kg:GeneralProcessing", (Because("law date", s.day.isoformat()),)
        )
    law = s.facts.law
    kinds = s.facts.types(strand.discloser)
    node = s.facts.name(s.disclosure, "kg:purpose")
    purposes = [kind for kind in s.facts.types(node) if kind.startswith("purpose:")]
    bodies = [kind for kind in kinds if kind.startswith("body:")]
    if not bodies or not purposes:
        gap = (
            s.facts.missing(s.disclosure, "kg:purpose")
            if bodies
            else s.facts.missing(
                strand.discloser or s.disclosure, "rdf:type" if strand.discloser else "kg:discloser"
            )
        )
        return Computed(dimension, "", (), (gap,))
    prosecutes = "function:prosecution" in s.facts.names(strand.discloser, "kg:function")
    competent = (
        prosecutes
        or _on_list(bodies, "dpa2018:sch7", law, s.day)
        or _takes_part(s, strand, purposes)
    )
    for_enforcement = _on_list(purposes, "dpa2018:s31", law, s.day)
    because = (
        s.facts.reasons(strand.discloser, "rdf:type")[1:] + s.facts.reasons(node, "rdf:type")[1:]
    )
    cls = "kg:LawEnforcementProcessing" if competent and for_enforcement else "kg:GeneralProcessing"
    return Computed(dimension, cls, because)


def _takes_part(s: Situation, strand: Strand, purposes: list[str]) -> bool:
    """Whether the discloser counts as a competent authority: Criminal Justice Act 2003 s325(4D)-(4F).

    Each party must be listed in section 325, or come in through the recorded opinion of the
    responsible authority. The norm itself is not asked: preparation comes before the assessment. An
    opinion that nobody has recorded leaves the processing general; once recorded, the regime follows.
    """
    if not _on_list(purposes, "cja2003:s325-4D", s.facts.law, s.day):
        return False
    return all(_may_share_offender_data(s, party) for party in (strand.discloser, strand.recipient))


def _may_share_offender_data(s: Situation, party: str) -> bool:
    kinds = s.facts.types(party)
    lists = ("cja2003:s325.authority", "cja2003:s325-6")
    return any(_on_list(kinds, listed, s.facts.law, s.day) for listed in lists) or any(
        judged.answer
        and judged.question == "question:may-contribute-to-managing-offender"
        and (not judged.about or party in judged.about)
        for judged in s.judgements
    )


def _on_list(kinds: list[str], listed: str, law: Law, day: date) -> bool:
    text = day.isoformat()
    for entry in law.subjects.get(("kg:ofList", listed), ()):
        if in_force(law.text(entry, "kg:inForceFrom"), law.text(entry, "kg:inForceUntil"), text):
            for wide in law.names(entry, "kg:kind"):
                if any(kind == wide or wide in law.superclasses.get(kind, ()) for kind in kinds):
                    return True
    return False


STRAND_TESTS: tuple[Callable[[Situation, Strand], Computed | None], ...] = (
    _same_person,
    _requester,
    _area,
    _data_status,
    _regime,
    _law_enforcement,
    _purpose,
    _origin,
    _subject_protected,
    _other_protected,
    _profession,
    consent_test("kg:ConsentTest", "kg:Consent", "", explicit=False),
    consent_test(
        "kg:ConfidenceConsentTest", "kg:ConfidenceConsent", "consent:confidence", explicit=False
    ),
    consent_test(
        "kg:DataProtectionConsentTest",
        "kg:DataProtectionConsent",
        "consent:data-protection",
        explicit=False,
    ),
    consent_test(
        "kg:ExplicitConsentTest", "kg:ExplicitConsent", "consent:special-category", explicit=True
    ),
    explanation_test("kg:ExplanationTest", "", "consent:data-protection", explicit=False),
    explanation_test(
        "kg:ExplicitExplanationTest", "Explicit", "consent:special-category", explicit=True
    ),
    consent_form,
    no_consent_reason,
    child_decision,
)


def risk_status(s: Situation, person: str) -> Computed:
    """Return whether an adult is stated to be at risk (DPA 2018 Sch 1 para 18(3))."""
    values: list[Term] = s.facts.values(person, "kg:atRisk")
    if not values:
        return Computed("kg:RiskStatus", "", (), (s.facts.missing(person, "kg:atRisk"),))
    cls = "kg:AdultAtRisk" if TRUE in values else "kg:NotAtRisk"
    return Computed("kg:RiskStatus", cls, s.facts.reasons(person, "kg:atRisk"))


def of_person(s: Situation, person: str) -> tuple[Computed, ...]:
    """Return the computed classes of a person: age and, for adults, risk."""
    return age_class(s, person), risk_status(s, person)


#: Authors that are no person: a judgement made by one of these does not count (R-206).
_MACHINE = re.compile(
    r"\b(system|automat\w*|algorithm|software|machine|computer|tool|model|engine|bot|ai)\b",
    re.IGNORECASE,
)


def is_person(author: str) -> bool:
    """Whether a stated author can be a person: a name that does not say it is a machine."""
    return bool(author.strip()) and not _MACHINE.search(author)
