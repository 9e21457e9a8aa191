"""A decision not to share: what it leaves open, and whether its ground is one the law allows.

Source: record-requirements section C; the grounds of refusal: row R-061.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.findings.decisions import age_of, child_concerned, day_of
from kg.findings.found import CONSENT_REFUSED, Findings
from kg.model import FALSE, DisclosureAssessment, Lit
from kg.prepare import Facts

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:groundInAct": "refusal to the stated ground, where the Act behind the request allows it",
    "kg:newInformationUnanswered": (
        "refusal to the day of new information that no reconsideration answers"
    ),
}
COMPUTED_TRIGGERS = {
    "kg:RefusalDespiteConcern": "a decision not to share, where no record says that no concern is known",
    "kg:RefusedConsentAlone": (
        "a decision not to share with refused consent as its only reason code, a child being concerned"
    ),
    "kg:GeneralReasonAlone": (
        "a decision not to share with nothing but data protection, human rights, confidentiality or "
        "computer systems as reason codes"
    ),
    "kg:CrimeAgainstChildKeptBack": "a decision not to share, a crime against a child being suspected",
    "kg:ConfidenceKeptInHealth": (
        "a decision of health professionals not to share confidential information despite a concern, "
        "consent being refused or confidentiality the reason"
    ),
    "kg:RefusedStatutoryRequest": (
        "a refusal to which a duty to answer with grounds of refusal applies, or may apply"
    ),
    "kg:RefusedPartnershipRequest": (
        "a refusal to which a duty to answer that names no ground of refusal applies, or may apply"
    ),
}

REFUSED = frozenset({"value:not-shared", "value:request-refused"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GENERAL = {"value:data-protection", "value:human-rights", "value:confidentiality", "value:it"}
_CONFIDENCE = {"value:consent-refused", "value:confidentiality"}
#: Duties to answer a request, and the grounds on which each allows a refusal (row R-061).
_SERIOUS_VIOLENCE = {
    "value:patient-information",
    "value:health-body-personal-information",
    "value:contrary-to-data-protection",
    "value:contrary-to-investigatory-powers-act",
    "value:information-not-held",
    "value:outside-the-request-power",
    "value:wrong-area",
}
GROUNDS: dict[str, set[str]] = {
    "ca1989:s27-2": {"value:incompatible", "value:undue-prejudice"},
    "ca1989:s47-9": {"value:unreasonable"},
    "pcsca2022:s17-4": _SERIOUS_VIOLENCE,
}
#: Requests of safeguarding partners and of the review panel: no ground; only what is no such request.
_NO_REQUEST = {"value:information-not-held", "value:outside-the-request-power"}
NO_GROUNDS = ("ca2004:s16H-2", "ca2004:s16N-2")
#: States of a duty in which a refusal has to be measured against it.
_OWED = {"applies", "applies-if-judgement", "blocked"}


def refusals(
    facts: Facts,
    record: str,
    decided: list[str],
    assessments: Mapping[str, DisclosureAssessment],
    found: Findings,
) -> None:
    """Add what concerns a decision not to share.

    ``assessments`` holds the assessments of the decided disclosures by their node.
    """
    outcome = facts.name(record, "kg:outcome")
    if outcome not in REFUSED:
        return
    codes = set(facts.names(record, "kg:reasonCode"))
    worrying = [one for one in decided if _concern(facts, one)]
    marks = {
        "kg:RefusalDespiteConcern": worrying,
        "kg:RefusedConsentAlone": codes == {"value:consent-refused"}
        and any(child_concerned(facts, one) and facts.names(one, "kg:concern") for one in worrying),
        "kg:GeneralReasonAlone": codes and codes <= _GENERAL,
        "kg:CrimeAgainstChildKeptBack": any(_crime(facts, one) for one in decided),
        "kg:ConfidenceKeptInHealth": any(
            _confidence_in_health(facts, one, codes) for one in worrying
        ),
    }
    found.triples.extend((record, "rdf:type", mark) for mark, holds in marks.items() if holds)
    if outcome == "value:request-refused":
        _grounds(facts, record, assessments, found)
        _new_information(facts, record, decided, found)


def _concern(facts: Facts, disclosure: str) -> bool:
    """Whether a concern exists: unless the record says that none is known."""
    return all(
        "concern:none-known" not in facts.types(node)
        for node in facts.names(disclosure, "kg:concern")
    )


def _items(facts: Facts, disclosure: str) -> list[str]:
    return [
        item
        for content in facts.names(disclosure, "kg:content")
        for item in facts.names(content, "kg:item")
    ]


def _crime(facts: Facts, disclosure: str) -> bool:
    """Whether a crime against a child is suspected: a crime by purpose, level or topic, a child in it."""
    kinds = {
        kind
        for predicate in ("kg:purpose", "kg:concern")
        for node in facts.names(disclosure, predicate)
        for kind in facts.types(node)
    }
    subjects = [
        person
        for node in facts.names(disclosure, "kg:involvement")
        for person in facts.names(node, "kg:person")
    ]
    offences = [
        person
        for item in _items(facts, disclosure)
        if "info:offence" in facts.types(item)
        for person in facts.names(item, "kg:about") or subjects
    ]
    suspected = kinds & {"purpose:detection-prosecution", "concern:serious-crime"}
    return any(
        age_of(facts, disclosure, person) in {"kg:Under16", "kg:SixteenOrSeventeen"}
        for person in (
            [*subjects, *facts.names(disclosure, "kg:protects")] if suspected else offences
        )
    )


def _confidence_in_health(facts: Facts, disclosure: str, codes: set[str]) -> bool:
    health = any(
        "value:health" in facts.names(party, "kg:profession")
        for party in facts.names(disclosure, "kg:discloser")
    )
    refused = any(
        facts.name(consent, "kg:consentState") in CONSENT_REFUSED
        for node in facts.names(disclosure, "kg:involvement")
        for consent in facts.names(node, "kg:consent")
    )
    confidential = any(
        FALSE not in facts.values(item, "kg:confidential") for item in _items(facts, disclosure)
    )
    return health and confidential and (refused or bool(codes & _CONFIDENCE))


def _grounds(
    facts: Facts,
    record: str,
    assessments: Mapping[str, DisclosureAssessment],
    found: Findings,
) -> None:
    """Hold a refusal against the duties to answer that apply to it, or that the request names."""
    duties: set[str] = set()
    for disclosure, assessment in assessments.items():
        named = {
            norm.rpartition("-")[0]
            for request in facts.names(disclosure, "kg:request")
            for norm in facts.names(request, "kg:statedBasis")
        }
        for duty in (*GROUNDS, *NO_GROUNDS):
            result = assessment.provision(duty)
            owed = result and (
                result.state in _OWED
                or (result.state == "not-shown" and duty.rpartition("-")[0] in named)
            )
            if owed:
                duties.add(duty)
    if not duties:
        return
    without = not duties & set(GROUNDS)
    kind = "kg:RefusedPartnershipRequest" if without else "kg:RefusedStatutoryRequest"
    found.triples.append((record, "rdf:type", kind))
    allowed = _NO_REQUEST if without else {g for duty in duties for g in GROUNDS.get(duty, ())}
    found.triples.extend(
        (record, "kg:groundInAct", ground)
        for ground in facts.names(record, "kg:statutoryGround")
        if ground in allowed
    )


def _new_information(facts: Facts, record: str, decided: list[str], found: Findings) -> None:
    """Note new information after the refusal without a reconsideration, or with an earlier one."""
    decision = day_of(facts, record, "kg:date")
    answers = [one.text for one in facts.values(record, "kg:reconsidered") if isinstance(one, Lit)]
    for request in (r for one in decided for r in facts.names(one, "kg:request")):
        came = day_of(facts, request, "kg:newInformation")
        if came is None or (decision and came < decision):
            continue
        # A reconsideration told in words counts; one that is only a date must not be earlier.
        if all(_DAY.fullmatch(answer) and answer < came.isoformat() for answer in answers):
            day = Lit(came.isoformat(), "date")
            found.triples.append((record, "kg:newInformationUnanswered", day))
