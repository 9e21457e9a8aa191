"""Whether a consent covers a strand, and why there is none.

Source: case-model section 3 (ConsentTest); domain law-1 `cl-gillick`, law-3 section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.model import FALSE, TRUE, Because, Missing, Strand
from kg.prepare.facts import Facts
from kg.prepare.situation import Computed, Situation, age_class, legal_person

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
        _instead_of_subject(s, strand, consent, verdict)
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


def _instead_of_subject(s: Situation, strand: Strand, consent: str, verdict: _Verdict) -> None:
    """Whether somebody else may consent at all: never for an adult or a competent child.

    From 16 a person is presumed able, so that the record must say why not (domain law-1
    `cl-gillick`; record rules R-077 and R-079).
    """
    facts = s.facts
    age = age_class(s, strand.subject)
    competent = [
        reason
        for one in _consents(s, strand)
        for competence in facts.names(one, "kg:competence")
        if TRUE in facts.values(competence, "kg:result")
        for reason in facts.reasons(competence, "kg:result")
    ]
    unable = facts.reasons(consent, "kg:incapacityReason") + judged(
        s, strand, "question:unable-to-decide", answer=True
    )
    if age.cls == "kg:Adult":
        verdict.no.extend(age.because)
    elif age.cls == "kg:SixteenOrSeventeen" and not unable:
        verdict.gaps.append(facts.missing(consent, "kg:incapacityReason"))
    elif age.cls == "kg:Under16":
        verdict.no.extend(competent)


def judged(s: Situation, strand: Strand, question: str, *, answer: bool) -> tuple[Because, ...]:
    """Return the counting judgements that answer a question so for this strand, as reasons."""
    parts = {strand.discloser, strand.recipient, strand.item, strand.subject}
    word = "yes" if answer else "no"
    return tuple(
        Because(s.facts.path(j.node), f"{word}, {j.by}, {j.on}", s.facts.case.places[j.node].line)
        for j in s.judgements
        if j.question == question and j.answer == answer and (not j.about or parts & set(j.about))
    )


#: Judgements that take a consent away, whatever it is for.
_UNDONE_BY = (
    ("question:consent-freely-given", False),
    ("question:consent-informed", False),
    ("question:coerced-by-carer", True),
)


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
    for question, answer in _UNDONE_BY:
        verdict.no.extend(judged(s, strand, question, answer=answer))
    _reaches(s, strand, consent, verdict)
    _authority_to_consent(s, strand, consent, verdict)
    return verdict


def nobody_stated(s: Situation, strand: Strand, dimension: str) -> Computed | None:
    """Return that the subject is missing; nothing for information that identifies nobody."""
    if strand.item and s.facts.name(strand.item, "kg:identifies") == "value:no":
        return None
    return Computed(dimension, "", (), (s.facts.missing(s.disclosure, "kg:involvement"),))


def consent_test(
    dimension: str, stem: str, use: str, *, explicit: bool
) -> Callable[[Situation, Strand], Computed | None]:
    """Return the computation of one kind of consent: covers, does not cover, or inputs missing.

    ``use`` is what the consent must be for (empty: anything); ``explicit`` asks for a written or
    oral form.
    """

    def test(s: Situation, strand: Strand) -> Computed | None:
        if not strand.subject:
            return nobody_stated(s, strand, dimension)
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


def _relied_on(s: Situation, strand: Strand, use: str, *, explicit: bool) -> str:
    """Return the consent that serves a use, else one that may; an empty string if none does."""
    verdicts = {c: _one_consent(s, strand, c, use, explicit=explicit) for c in _consents(s, strand)}
    for state in ("yes", "unknown"):
        for consent, verdict in verdicts.items():
            if verdict.state == state:
                return consent
    return ""


#: What a person must know to consent: to whom it goes, what goes, and why (UK GDPR Art 4(11)).
_MUST_KNOW = frozenset({"consent:who", "consent:what", "consent:why"})


def explanation_test(
    dimension: str, stem: str, use: str, *, explicit: bool
) -> Callable[[Situation, Strand], Computed | None]:
    """Return the computation of what was explained before the consent that serves a use.

    Nothing explained on record is a class of its own and not a gap: a person may still judge that
    the consent was informed.
    """

    def test(s: Situation, strand: Strand) -> Computed | None:
        if not strand.subject:
            return nobody_stated(s, strand, dimension)
        consent = _relied_on(s, strand, use, explicit=explicit)
        if not consent:
            return Computed(dimension, f"kg:{stem}NoRecordedExplanation")
        because = s.facts.reasons(consent, "kg:explained")
        told = _MUST_KNOW & set(s.facts.names(consent, "kg:explained"))
        if s.facts.name(consent, "kg:form") == "consent:written":  # the paper says it
            told, because = _MUST_KNOW, because + s.facts.reasons(consent, "kg:form")
        word = "FullyExplained" if told == _MUST_KNOW else "PartlyExplained"
        return Computed(dimension, f"kg:{stem}{word if told else 'NoRecordedExplanation'}", because)

    return test


def consent_form(s: Situation, strand: Strand) -> Computed | None:
    """Return whether the consent for data protection was given in words or taken from conduct."""
    dimension = "kg:ConsentFormTest"
    if not strand.subject:
        return nobody_stated(s, strand, dimension)
    consent = _relied_on(s, strand, "consent:data-protection", explicit=False)
    form = s.facts.name(consent, "kg:form") if consent else ""
    if not form:
        node = consent or involvement(s.facts, s.disclosure, strand.subject) or s.disclosure
        gap = s.facts.missing(node, "kg:form" if consent else "kg:consent")
        return Computed(dimension, "", (), (gap,))
    cls = "kg:ConsentInWords" if form in _EXPLICIT else "kg:ConsentByConduct"
    return Computed(dimension, cls, s.facts.reasons(consent, "kg:form"))


def no_consent_reason(s: Situation, strand: Strand) -> Computed | None:
    """Return which listed reasons stand behind acting without consent, or that none does."""
    dimension = "kg:NoConsentReasonTest"
    if not strand.subject:
        return nobody_stated(s, strand, dimension)
    consents = list(_consents(s, strand))
    stated = [
        (consent, predicate, value)
        for consent in consents
        for predicate in ("kg:consentState", "kg:noConsentReason")
        for value in s.facts.names(consent, predicate)
    ]
    law = s.facts.law
    listed = [
        (law.name(value, "kg:noConsentReasonClass"), s.facts.because(consent, predicate, value))
        for consent, predicate, value in stated
    ]
    by_class: dict[str, Because] = {}
    for reason, because in sorted(listed):  # by name: the order in the file never matters
        if reason:
            by_class.setdefault(reason, because)
    if by_class:
        (first, because), *others = by_class.items()
        return Computed(dimension, first, (because,), (), tuple(others))
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


def child_decision(s: Situation, strand: Strand) -> Computed | None:
    """Return whether a child under 16 decided for himself or herself and was held competent.

    Given or refused makes no difference: competence is about the decision (domain law-1 `cl-gillick`).
    """
    dimension = "kg:ChildDecisionTest"
    if not strand.subject:
        return None
    age = age_class(s, strand.subject)
    if age.cls != "kg:Under16":
        cls = "kg:NoDecisionOfChild" if age.cls else ""
        return Computed(dimension, cls, age.because, age.missing)
    facts = s.facts
    for consent in _consents(s, strand):
        competence = facts.name(consent, "kg:competence")
        own = (
            facts.name(consent, "kg:capacity") == "consent:own-judged-competent"
            or facts.name(consent, "kg:givenBy") == strand.subject
        )
        if not own:
            continue
        result = facts.values(competence, "kg:result") if competence else []
        if not result:
            gap = (
                facts.missing(competence, "kg:result")
                if competence
                else facts.missing(consent, "kg:competence")
            )
            return Computed(dimension, "", (), (gap,))
        cls = "kg:CompetentChildDecided" if TRUE in result else "kg:ChildNotHeldCompetent"
        return Computed(dimension, cls, facts.reasons(competence, "kg:result"))
    return Computed(dimension, "kg:NoDecisionOfChild", age.because)
