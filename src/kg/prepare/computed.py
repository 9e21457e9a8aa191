"""Computed classes: what OWL cannot compare, one class per dimension, or the inputs missing.

Source: case-model section 3 (table of dimensions). When inputs are not stated, no class is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from kg.load import Law
from kg.model import FALSE, TRUE, Because, Missing, Strand, Term, in_force
from kg.prepare.facts import Facts


@dataclass(frozen=True, slots=True)
class Computed:
    """The class of one node in one dimension; ``cls`` is empty when inputs are missing."""

    dimension: str
    cls: str
    because: tuple[Because, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What the computations see: the facts, the disclosure, the law date, and the day of the facts.

    The two days differ only when another law date is asked for: a child does not grow older with it.
    """

    facts: Facts
    disclosure: str
    day: date
    fact_day: date

    @property
    def request(self) -> str:
        """The request of the disclosure, or an empty string."""
        return self.facts.name(self.disclosure, "kg:request")


def legal_person(facts: Facts, party: str) -> str:
    """Return the legal person a party belongs to: the top of its part-of chain, or itself."""
    seen = {party}
    while (above := facts.name(party, "kg:legalPerson")) and above not in seen:
        seen.add(above)
        party = above
    return party


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
    asked = _connected(s.facts, requester, strand.recipient)
    return Computed(
        dimension,
        "kg:RecipientAsked" if asked else "kg:RecipientDidNotAsk",
        s.facts.reasons(s.request, "kg:requester"),
    )


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
    same = any(
        kind == gathered or gathered in s.facts.law.superclasses.get(kind, ()) for kind in kinds
    )
    because = s.facts.reasons(strand.item, "kg:gatheredFor") + s.facts.reasons(node, "rdf:type")[1:]
    return Computed(dimension, "kg:SamePurpose" if same else "kg:OtherPurpose", because)


# --- Consent ----------------------------------------------------------------------------------

_GIVEN = {"consent:given", "consent:given-with-limits"}
_EXPLICIT = {"consent:written", "consent:oral"}


def involvement(facts: Facts, disclosure: str, subject: str) -> str:
    """Return the participation of a subject in the disclosure, or an empty string."""
    return next(
        (
            node
            for node in facts.names(disclosure, "kg:involvement")
            if facts.name(node, "kg:person") == subject
        ),
        "",
    )


def age_class(s: Situation, person: str) -> Computed:
    """Return the age class of a person on the day of the facts, from age, birth date or age band."""
    dimension = "kg:AgeTest"
    age, born = s.facts.text(person, "kg:age"), s.facts.text(person, "kg:born")
    band = s.facts.name(person, "kg:ageBand")
    if born:
        start = date.fromisoformat(born)
        had_birthday = (s.fact_day.month, s.fact_day.day) >= (start.month, start.day)
        years: int | None = s.fact_day.year - start.year - (0 if had_birthday else 1)
        because = s.facts.reasons(person, "kg:born")
    else:
        years = int(age) if age else None
        because = s.facts.reasons(person, "kg:age")
    if years is not None:
        cls = "kg:Under16" if years < 16 else "kg:SixteenOrSeventeen" if years < 18 else "kg:Adult"  # noqa: PLR2004
        return Computed(dimension, cls, because)
    bands = {
        "value:under-16": "kg:Under16",
        "value:16-or-17": "kg:SixteenOrSeventeen",
        "value:adult": "kg:Adult",
    }
    if band:
        return Computed(dimension, bands[band], s.facts.reasons(person, "kg:ageBand"))
    return Computed(dimension, "", (), (s.facts.missing(person, "kg:age"),))


class _Verdict:
    """Yes, no or not known, with reasons: how one consent stands to one strand."""

    def __init__(self) -> None:
        self.no: list[Because] = []
        self.yes: list[Because] = []
        self.gaps: list[Missing] = []

    @property
    def state(self) -> str:
        return "no" if self.no else "unknown" if self.gaps else "yes"


def _consents(s: Situation, strand: Strand) -> Iterator[str]:
    node = involvement(s.facts, s.disclosure, strand.subject)
    yield from s.facts.names(node, "kg:consent")


def _authority_to_consent(s: Situation, strand: Strand, consent: str, verdict: _Verdict) -> None:
    """Whether who gave it could give it (domain law-1 `cl-gillick`, law-3 section 6)."""
    facts = s.facts
    giver, capacity = facts.name(consent, "kg:givenBy"), facts.name(consent, "kg:capacity")
    if capacity in {"consent:local-authority", "consent:confider"}:
        verdict.yes.extend(facts.reasons(consent, "kg:capacity"))
        return
    if capacity == "consent:parental-responsibility" or (giver and giver != strand.subject):
        if strand.subject in facts.names(giver, "kg:parentalResponsibilityFor"):
            verdict.yes.extend(facts.reasons(giver, "kg:parentalResponsibilityFor"))
        elif giver:
            verdict.gaps.append(facts.missing(giver, "kg:parentalResponsibilityFor"))
        else:
            verdict.gaps.append(facts.missing(consent, "kg:givenBy"))
        return
    age = age_class(s, strand.subject)
    verdict.gaps.extend(age.missing)
    if age.cls != "kg:Under16":
        return
    competence = facts.name(consent, "kg:competence")
    result = facts.values(competence, "kg:result")
    if TRUE in result:
        verdict.yes.extend(facts.reasons(competence, "kg:result"))
    elif FALSE in result:
        verdict.no.extend(facts.reasons(competence, "kg:result"))
    elif competence:
        verdict.gaps.append(facts.missing(competence, "kg:result"))
    else:
        verdict.gaps.append(facts.missing(consent, "kg:competence"))


def _reaches(s: Situation, strand: Strand, consent: str, verdict: _Verdict) -> None:
    """Whether the consent reaches this item, recipient, purpose and day."""
    facts = s.facts
    purpose = facts.name(s.disclosure, "kg:purpose")
    for predicate, wanted in (
        ("kg:coversItem", {strand.item}),
        ("kg:coversParty", {strand.recipient, legal_person(facts, strand.recipient)}),
        ("kg:coversPurpose", {
            wide
            for kind in facts.types(purpose)
            for wide in (kind, *facts.law.superclasses.get(kind, ()))
        }),
    ):  # fmt: skip
        limits = facts.names(consent, predicate)
        if limits and not wanted & set(limits):
            verdict.no.extend(facts.reasons(consent, predicate))
        elif limits:
            verdict.yes.extend(facts.reasons(consent, predicate))
    given, ended = facts.text(consent, "kg:on"), facts.text(consent, "kg:ended")
    when = facts.text(s.disclosure, "kg:date") or s.fact_day.isoformat()
    if given and given > when:
        verdict.no.extend(facts.reasons(consent, "kg:on"))
    if ended and ended <= when:
        verdict.no.extend(facts.reasons(consent, "kg:ended"))


def _one_consent(
    s: Situation, strand: Strand, consent: str, use: str, *, explicit: bool
) -> _Verdict:
    verdict = _Verdict()
    state = s.facts.name(consent, "kg:consentState")
    reasons = s.facts.reasons(consent, "kg:consentState")
    if not state:
        verdict.gaps.append(s.facts.missing(consent, "kg:consentState"))
        return verdict
    if state not in _GIVEN:
        verdict.no.extend(reasons)
        return verdict
    verdict.yes.extend(reasons)
    uses = s.facts.names(consent, "kg:consentFor")
    if use and uses and use not in uses:
        verdict.no.extend(s.facts.reasons(consent, "kg:consentFor"))
    elif use and not uses:
        verdict.gaps.append(s.facts.missing(consent, "kg:consentFor"))
    if explicit:
        form = s.facts.name(consent, "kg:form")
        if not form:
            verdict.gaps.append(s.facts.missing(consent, "kg:form"))
        elif form not in _EXPLICIT:
            verdict.no.extend(s.facts.reasons(consent, "kg:form"))
    _reaches(s, strand, consent, verdict)
    _authority_to_consent(s, strand, consent, verdict)
    return verdict


def _consent_test(
    dimension: str, stem: str, use: str, *, explicit: bool
) -> Callable[[Situation, Strand], Computed | None]:
    def test(s: Situation, strand: Strand) -> Computed | None:
        if not strand.subject:
            return None
        verdicts = [
            _one_consent(s, strand, c, use, explicit=explicit) for c in _consents(s, strand)
        ]
        if not verdicts:
            node = involvement(s.facts, s.disclosure, strand.subject)
            gap = s.facts.missing(node or s.disclosure, "kg:consent" if node else "kg:involvement")
            return Computed(dimension, "", (), (gap,))
        for state, cls in (("yes", f"{stem}Covers"), ("unknown", "")):
            for verdict in verdicts:
                if verdict.state == state:
                    return Computed(dimension, cls, tuple(verdict.yes), tuple(verdict.gaps))
        return Computed(dimension, f"{stem}DoesNotCover", tuple(r for v in verdicts for r in v.no))

    return test


def _no_consent_reason(s: Situation, strand: Strand) -> Computed | None:
    dimension = "kg:NoConsentReasonTest"
    if not strand.subject:
        return None
    consents = list(_consents(s, strand))
    stated = [
        (consent, predicate, value)
        for consent in consents
        for predicate in ("kg:consentState", "kg:noConsentReason")
        for value in s.facts.names(consent, predicate)
    ]
    for consent, predicate, value in stated:
        listed = s.facts.law.name(value, "kg:noConsentReasonClass")
        if listed:
            return Computed(dimension, listed, (s.facts.because(consent, predicate, value),))
    if not stated:
        node = involvement(s.facts, s.disclosure, strand.subject)
        gap = s.facts.missing(node or s.disclosure, "kg:consent" if node else "kg:involvement")
        return Computed(dimension, "", (), (gap,))
    states = {value for _, predicate, value in stated if predicate == "kg:consentState"}
    reasons = [value for _, predicate, value in stated if predicate == "kg:noConsentReason"]
    if states <= {"consent:not-sought"} and not reasons:
        return Computed(dimension, "", (), (s.facts.missing(consents[0], "kg:noConsentReason"),))
    return Computed(
        dimension, "kg:NoListedReason", tuple(s.facts.because(c, p, v) for c, p, v in stated)
    )


def _law_enforcement(s: Situation, strand: Strand) -> Computed | None:
    """Branch L of domain law-3 section 1.0, by the lists in the Act; Part 3 begins with B1."""
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
    competent = _on_list(bodies, "dpa2018:sch7", law, s.day)
    for_enforcement = _on_list(purposes, "dpa2018:s31", law, s.day)
    because = (
        s.facts.reasons(strand.discloser, "rdf:type")[1:] + s.facts.reasons(node, "rdf:type")[1:]
    )
    cls = "kg:LawEnforcementProcessing" if competent and for_enforcement else "kg:GeneralProcessing"
    return Computed(dimension, cls, because)


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
    _consent_test("kg:ConsentTest", "kg:Consent", "", explicit=False),
    _consent_test(
        "kg:ConfidenceConsentTest", "kg:ConfidenceConsent", "consent:confidence", explicit=False
    ),
    _consent_test(
        "kg:DataProtectionConsentTest",
        "kg:DataProtectionConsent",
        "consent:data-protection",
        explicit=False,
    ),
    _consent_test(
        "kg:ExplicitConsentTest", "kg:ExplicitConsent", "consent:special-category", explicit=True
    ),
    _no_consent_reason,
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
    r"\b(system|automat\w*|algorithm|software|machine|computer|tool|model|bot|ai)\b",
    re.IGNORECASE,
)


def is_person(author: str) -> bool:
    """Whether a stated author can be a person: a name that does not say it is a machine."""
    return bool(author.strip()) and not _MACHINE.search(author)
