"""A decision to share: what was passed on, to whom, how late, and in answer to what request.

Source: record-requirements sections B, F and G.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kg.assess import Engine
from kg.findings.decisions import day_of
from kg.findings.found import SHARED, Findings
from kg.model import TRUE, DisclosureAssessment, Lit, Triple
from kg.prepare import Facts
from kg.prepare.computed import same_purpose

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:daysToDisclosure": "disclosure to the days since the concern arose",
    "kg:disclosedBeforeConcern": "disclosure to its date, where the concern arose later",
    "kg:toldPersonDiffers": "recipient of an answer by telephone to the request of somebody else",
    "kg:beyondRequest": (
        "item shared under a duty or order to the request, which did not ask for it; no other power "
        "is cited for it"
    ),
}
COMPUTED_TRIGGERS = {
    "kg:UnhurriedOralDisclosure": "a disclosure made by word of mouth and not stated to be urgent",
    "kg:ContentFromOthers": "an item shared that came from somebody other than the discloser",
    "kg:ContentForOtherPurpose": (
        "an item shared for another purpose than it was gathered for, which is not protective, without "
        "a duty, and where the law of the date leaves the matter open"
    ),
    "kg:SharedWithoutConsentOrDuty": (
        "a disclosure without consent, decided by a record that relies on no duty"
    ),
    "kg:ExplainedWholeFile": (
        "a whole file shared with another body, unless before 25 May 2018 with the police"
    ),
    "kg:WholeFileToPolice": "a whole file given to the police before 25 May 2018",
    "kg:AnsweredAsDuty": "a disclosure on request, decided by a record that relies on a duty",
    "kg:AnsweredWithoutDuty": "a disclosure on request, decided by a record that relies on no duty",
}
_REQUEST = "value:request"


def sharing(
    facts: Facts,
    record: str,
    decided: list[str],
    assessments: Mapping[str, DisclosureAssessment],
    engine: Engine,
    found: Findings,
) -> None:
    """Add what concerns a decision to share; the request of a decision not to share as well.

    ``assessments`` holds the assessments of the decided disclosures by their node. The findings of
    ``citations``, ``data_protection`` and the eras must be there already.
    """
    relied = [node for node, _, kind in found.triples if kind == "kg:ReliedOnCitation"]
    duties = [c for c in relied if _effect(facts, c, engine) == "duty"]
    without = {node for node, _, kind in found.triples if kind == "kg:DisclosureWithoutConsent"}
    old = {node for node, _, kind in found.triples if kind == "kg:OldEraDisclosure"}
    triples: list[Triple] = []
    for disclosure in decided:
        if facts.name(disclosure, "kg:trigger") == _REQUEST:
            under = "kg:AnsweredAsDuty" if duties else "kg:AnsweredWithoutDuty"
            triples.append((disclosure, "rdf:type", under))
        if facts.name(record, "kg:outcome") not in SHARED:
            continue
        triples += _in_time(facts, disclosure)
        triples += _by_telephone(facts, disclosure)
        for content in facts.names(disclosure, "kg:content"):
            triples += _content(facts, disclosure, content, old=disclosure in old)
        if not duties:
            if disclosure in without:
                triples.append((disclosure, "rdf:type", "kg:SharedWithoutConsentOrDuty"))
            triples += _other_purpose(facts, disclosure, assessments.get(disclosure))
        triples += _surplus(facts, disclosure, relied, duties, engine)
    found.triples.extend(dict.fromkeys(triples))


def _effect(facts: Facts, citation: str, engine: Engine) -> str:
    norm = engine.table.norms.get(facts.name(citation, "kg:provision"))
    return norm.effect if norm else ""


def _in_time(facts: Facts, disclosure: str) -> Iterator[Triple]:
    made = day_of(facts, disclosure, "kg:date")
    arose = [
        day
        for concern in facts.names(disclosure, "kg:concern")
        if (day := day_of(facts, concern, "kg:on"))
    ]
    if made and arose:
        yield from _gap(disclosure, made, min(arose))
    oral = any(
        "kg:Oral" in facts.law.names(channel, "rdf:type")
        for channel in facts.names(disclosure, "kg:channel")
    )
    if oral and TRUE not in facts.values(disclosure, "kg:urgent"):
        yield disclosure, "rdf:type", "kg:UnhurriedOralDisclosure"


def _gap(disclosure: str, made: date, arose: date) -> Iterator[Triple]:
    days = (made - arose).days
    if days < 0:
        yield disclosure, "kg:disclosedBeforeConcern", Lit(made.isoformat(), "date")
        return
    yield disclosure, "kg:daysToDisclosure", Lit(str(days), "integer")


def _by_telephone(facts: Facts, disclosure: str) -> Iterator[Triple]:
    """Yield the recipients who are not the caller: another body, or another name."""
    for request in facts.names(disclosure, "kg:request"):
        if "value:telephone" not in facts.names(request, "kg:channel"):
            continue
        asked = facts.name(request, "kg:requester")
        caller = facts.text(request, "kg:requesterName")
        for receipt in facts.names(disclosure, "kg:receipt"):
            party = facts.name(receipt, "kg:recipient")
            told = facts.text(receipt, "kg:recipientName")
            other_body = bool(asked and party and party != asked)
            other_name = bool(caller and told and _plain(caller) != _plain(told))
            if other_body or other_name:
                yield receipt, "kg:toldPersonDiffers", request


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _content(facts: Facts, disclosure: str, content: str, *, old: bool) -> Iterator[Triple]:
    givers = facts.names(disclosure, "kg:discloser")
    for item in facts.names(content, "kg:item"):
        origin = facts.name(item, "kg:origin")
        if origin and origin not in givers:
            yield content, "rdf:type", "kg:ContentFromOthers"
    if facts.name(content, "kg:extent") == "value:whole-file":
        police = old and any(
            "body:police" in kinds_above(facts, party)
            for receipt in facts.names(disclosure, "kg:receipt")
            for party in facts.names(receipt, "kg:recipient")
        )
        yield content, "rdf:type", "kg:WholeFileToPolice" if police else "kg:ExplainedWholeFile"


def _other_purpose(
    facts: Facts, disclosure: str, assessment: DisclosureAssessment | None
) -> Iterator[Triple]:
    """Yield the items shared for another purpose, where somebody has to say why that is compatible.

    Not where the law of the date settles it (consent, an exemption), and not for protecting people:
    there a conflict of purposes is hard to imagine (guidance G-252).
    """
    layer = assessment.layers.get("purpose") if assessment else None
    kinds = [
        kind
        for purpose in facts.names(disclosure, "kg:purpose")
        for kind in facts.types(purpose)
        if kind.startswith("purpose:")
    ]
    above = facts.law.superclasses
    protective = any("kg:ProtectivePurpose" in above.get(kind, ()) for kind in kinds)
    if not kinds or protective or (layer and layer.state == "shown"):
        return
    for content in facts.names(disclosure, "kg:content"):
        for item in facts.names(content, "kg:item"):
            gathered = facts.name(item, "kg:gatheredFor")
            identifying = facts.name(item, "kg:identifies") != "value:no"
            if gathered and identifying and not same_purpose(gathered, kinds, facts.law):
                yield content, "rdf:type", "kg:ContentForOtherPurpose"


def kinds_above(facts: Facts, node: str) -> set[str]:
    """Return the kinds of a thing and every wider one."""
    law = facts.law
    return {wide for kind in facts.types(node) for wide in (kind, *law.superclasses.get(kind, ()))}


def _surplus(
    facts: Facts, disclosure: str, relied: list[str], duties: list[str], engine: Engine
) -> Iterator[Triple]:
    """Yield the items that a request or order did not ask for and no power but the duty covers."""
    if not duties:
        return
    powers = [
        c for c in relied if c not in duties and _effect(facts, c, engine) == "power"
    ]  # fmt: skip
    for request in facts.names(disclosure, "kg:request"):
        asked = facts.names(request, "kg:askedItem")
        for content in facts.names(disclosure, "kg:content"):
            item = facts.name(content, "kg:item")
            own = any(
                not facts.names(c, "kg:citedFor") or item in facts.names(c, "kg:citedFor")
                for c in powers
            )
            if asked and item and item not in asked and not own:
                yield content, "kg:beyondRequest", request
