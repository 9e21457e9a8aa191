"""What data-protection law, confidence and use limits ask of the information that was shared.

Source: record-requirements sections H and I. Only a decision to share with a date is looked at. A
citation carries a layer for a strand when the decision rests on it, it is cited for that strand, it
is in force, and no fact contradicts it; that a duty behind it fails is the matter of another rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.assess import Engine
from kg.findings.found import CONSENT_REFUSED, SHARED, Findings
from kg.model import FALSE, DisclosureAssessment, ProvisionResult, Strand
from kg.prepare import Facts

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:restsOnBasis": "disclosure to a citation that is its lawful basis for some strand",
    "kg:coveredByBasis": "item shared to a citation that is the lawful basis for all of it",
    "kg:coveredByCondition": (
        "item shared to a citation that is the condition for special category or sensitive data"
    ),
    "kg:conditionNamed": "item shared to a citation of such a condition, whether or not it holds",
    "kg:coveredByOffenceCondition": (
        "item shared to a citation that is the condition for offence data, or to official authority"
    ),
    "kg:treatedAsSpecialCategory": (
        "item with offence data and no special category to a citation of Article 9"
    ),
    "kg:citedForTheDead": "citation of data-protection law to a dead person it is cited for",
    "kg:refusedUnder": (
        "subject who refused, without a reason for acting all the same, to the condition cited"
    ),
    "kg:prohibitedBy": "item shared to an absolute prohibition that applies to it",
    "kg:useLimitedBy": "item shared for another purpose to the limit under which it was received",
    "kg:fallbackOf": "citation of a residual power to the provision, where another power applies",
    "kg:restsOnGuidance": "record to the guidance or protocol it names in place of a power or duty",
}
COMPUTED_TRIGGERS = {
    "kg:PersonalDataDisclosure": "a disclosure made, to some of which data-protection law applies",
    "kg:DisclosureWithoutConsent": "a disclosure made about somebody whose consent is not recorded",
    "kg:InterferingDisclosure": (
        "a disclosure made that touches private life, about somebody whose consent is not recorded"
    ),
    "kg:OrdinaryContentWithoutConsent": (
        "personal data shared that is neither special category nor sensitive, without consent"
    ),
    "kg:SpecialCategoryContent": "an item shared that is special category or sensitive data",
    "kg:OffenceDataContent": "an item shared that is offence data outside Part 3",
    "kg:ContentUnderProhibition": "an item shared on which an absolute prohibition may stand",
    "kg:SpecialCategoryCitation": "a citation relied on as condition for special category data",
}

_GIVEN = {"consent:given", "consent:given-with-limits"}
_DATA_PROTECTION = {"article6", "article9", "article10"}
_OPEN = {"applies", "applies-if-judgement", "not-shown"}
#: The rule whose condition says that information is used for another purpose.
_USE_LIMIT = "R-222"


def data_protection(
    facts: Facts,
    record: str,
    assessments: Mapping[str, DisclosureAssessment],
    engine: Engine,
    found: Findings,
) -> None:
    """Add triggers and findings for one record; those of ``citations`` must be there already.

    ``assessments`` holds the assessments of the decided disclosures by their node.
    """
    if facts.name(record, "kg:outcome") not in SHARED:
        return
    relied = [node for node, _, kind in found.triples if kind == "kg:ReliedOnCitation"]
    _guidance(facts, record, relied, engine, found)
    for disclosure, assessment in assessments.items():
        if assessment.law_date_from == "today":
            continue
        view = _View(facts, disclosure, assessment, relied, engine)
        triples = [
            *_of_disclosure(disclosure, view),
            *(t for node in facts.names(disclosure, "kg:content") for t in _of_content(node, view)),
            *_of_citations(view),
            *_of_subjects(disclosure, view),
        ]
        found.triples.extend(dict.fromkeys(triples))


class _View:
    """One disclosure with the citations on which the record rests."""

    def __init__(
        self, facts: Facts, disclosure: str, assessment: DisclosureAssessment, relied: list[str],
        engine: Engine,
    ) -> None:  # fmt: skip
        self.facts = facts
        self.involved = facts.names(disclosure, "kg:involvement")
        self.assessment = assessment
        self.strands = assessment.strands
        self.results: dict[str, ProvisionResult] = {}
        self.layers: dict[str, list[str]] = {}
        for citation in relied:
            provision = facts.name(citation, "kg:provision")
            norm, result = engine.table.norms.get(provision), assessment.provision(provision)
            if norm and result:
                self.results[citation] = result
                # A condition that works through another (Schedule 8) carries no layer of its own.
                through = norm.layer == "none" and norm.effect == "condition"
                layer = "article9" if through else norm.layer
                self.layers.setdefault(layer, []).append(citation)

    def needs(self, strand: Strand, layer: str) -> bool:
        """Whether the law asks for that layer on the strand."""
        return layer in self.assessment.needs[strand.id]

    def cited_for(self, citation: str, strand: Strand) -> bool:
        """Whether a citation is meant for the strand."""
        wanted = set(self.facts.names(citation, "kg:citedFor"))
        return not wanted or bool(wanted & set(strand[2:]))

    def names(self, citation: str, strand: Strand) -> bool:
        """Whether a citation in force is meant for the strand, whether or not it holds."""
        return self.results[citation].state != "not-in-force" and self.cited_for(citation, strand)

    def carries(self, citation: str, strand: Strand) -> bool:
        """Whether a citation can be what the strand rests on: nothing contradicts it."""
        return self.names(citation, strand) and not any(
            c.state == "not-met" and c.kind != "assessed"
            for c in self.results[citation].conditions_by_strand[strand.id]
        )

    def consented(self, strand: Strand) -> bool:
        """Whether a consent of the strand's subject is recorded as given."""
        facts = self.facts
        return any(
            facts.name(consent, "kg:consentState") in _GIVEN
            for node in self.involved
            if facts.name(node, "kg:person") == strand.subject
            for consent in facts.names(node, "kg:consent")
        )


def _of_disclosure(disclosure: str, view: _View) -> Iterator[tuple[str, str, str]]:
    personal = [s for s in view.strands if view.needs(s, "article6")]
    if personal:
        yield disclosure, "rdf:type", "kg:PersonalDataDisclosure"
    without = [s for s in view.strands if s.subject and not view.consented(s)]
    if without:
        yield disclosure, "rdf:type", "kg:DisclosureWithoutConsent"
    if any(view.needs(s, "article8") for s in without):
        yield disclosure, "rdf:type", "kg:InterferingDisclosure"
    for citation in view.layers.get("article6", ()):
        if any(view.carries(citation, s) for s in personal):
            yield disclosure, "kg:restsOnBasis", citation


def _of_content(content: str, view: _View) -> Iterator[tuple[str, str, str]]:
    item = view.facts.name(content, "kg:item")
    strands = [s for s in view.strands if s.item == item]
    personal, special, offence = (
        [s for s in strands if view.needs(s, layer)]
        for layer in ("article6", "article9", "article10")
    )
    if any(not view.consented(s) for s in personal) and not special:
        yield content, "rdf:type", "kg:OrdinaryContentWithoutConsent"
    if special:
        yield content, "rdf:type", "kg:SpecialCategoryContent"
    if offence:
        yield content, "rdf:type", "kg:OffenceDataContent"
    bases, conditions = view.layers.get("article6", []), view.layers.get("article9", [])
    schedule = [c for c in conditions if view.results[c].id.startswith("dpa2018:sch1-")]
    for finding, citations, needed, holds in (
        ("kg:coveredByBasis", bases, personal, view.carries),
        ("kg:coveredByCondition", conditions, special, view.carries),
        ("kg:conditionNamed", conditions, special, view.names),
        (
            "kg:coveredByOffenceCondition",
            [*view.layers.get("article10", []), *schedule],
            offence,
            view.names,
        ),
    ):
        carried = [[c for c in citations if holds(c, s)] for s in needed]
        if carried and all(carried):
            yield from ((content, finding, citation) for found in carried for citation in found)
    authority = view.assessment.provision("ukgdpr:art10-1")
    if offence and authority and all(authority.by_strand[s.id] == "applies" for s in offence):
        yield content, "kg:coveredByOffenceCondition", authority.id
    if offence and not special:
        for citation in conditions:
            if view.results[citation].id.startswith("ukgdpr:art9-") and _only(citation, item, view):
                yield content, "kg:treatedAsSpecialCategory", citation
    yield from _restricted(content, item, strands, view)


def _only(citation: str, item: str, view: _View) -> bool:
    """Whether a condition is cited for this item, or has no special category data to serve."""
    return item in view.facts.names(citation, "kg:citedFor") or not any(
        view.needs(s, "article9") and view.cited_for(citation, s) for s in view.strands
    )


def _restricted(
    content: str, item: str, strands: list[Strand], view: _View
) -> Iterator[tuple[str, str, str]]:
    """Yield what forbids passing an item on, or limits the purpose for which it may be used."""
    bound = bool(view.facts.values(item, "kg:receivedUnder"))
    for result in view.assessment.provisions:
        states = {result.by_strand[s.id] for s in strands}
        if result.kind == "AbsoluteProhibition":
            if states & _OPEN:
                yield content, "rdf:type", "kg:ContentUnderProhibition"
            if "applies" in states:
                yield content, "kg:prohibitedBy", result.id
        other_purpose = any(
            c.rule == _USE_LIMIT and c.state == "met"
            for s in strands
            for c in result.conditions_by_strand[s.id]
        )
        if other_purpose and ("applies" in states or bound):
            yield content, "kg:useLimitedBy", result.id if "applies" in states else item


def _of_citations(view: _View) -> Iterator[tuple[str, str, str]]:
    for citation in view.layers.get("article9", ()):
        yield citation, "rdf:type", "kg:SpecialCategoryCitation"
    for layer in _DATA_PROTECTION:
        for citation in view.layers.get(layer, ()):
            for person in _only_dead(citation, view):
                yield citation, "kg:citedForTheDead", person
    own = [c for c in view.layers.get("authority", ()) if not view.results[c].fallback]
    for citation in view.layers.get("authority", ()):
        if view.results[citation].fallback and not own:
            yield citation, "kg:fallbackOf", view.results[citation].id


def _only_dead(citation: str, view: _View) -> Iterator[str]:
    """Yield the dead subjects of the items a citation serves that are about nobody living."""
    cited = [s for s in view.strands if s.subject and view.cited_for(citation, s)]
    for item in dict.fromkeys(s.item for s in cited):
        people = [s.subject for s in cited if s.item == item]
        if all(FALSE in view.facts.values(person, "kg:alive") for person in people):
            yield from people


def _of_subjects(disclosure: str, view: _View) -> Iterator[tuple[str, str, str]]:
    facts = view.facts
    for node in facts.names(disclosure, "kg:involvement"):
        consents = facts.names(node, "kg:consent")
        if not any(facts.name(c, "kg:consentState") in CONSENT_REFUSED for c in consents) or any(
            facts.values(c, "kg:noConsentReason") for c in consents
        ):
            continue
        person = facts.name(node, "kg:person")
        mine = [s for s in view.strands if s.subject == person and view.needs(s, "article9")]
        for citation in view.layers.get("article9", ()):
            if any(view.cited_for(citation, s) for s in mine):
                yield node, "kg:refusedUnder", citation


def _guidance(
    facts: Facts, record: str, relied: list[str], engine: Engine, found: Findings
) -> None:
    """Add the guidance or protocol that stands where a power or duty should."""
    named = [facts.name(citation, "kg:provision") for citation in relied]
    norms = [engine.table.norms[name] for name in named if name in engine.table.norms]
    if any(
        not norm.id.startswith("guide:") and norm.effect not in {"basis", "condition"}
        for norm in norms
    ):
        return
    for norm in norms:
        if norm.id.startswith("guide:"):
            found.triples.append((record, "kg:restsOnGuidance", norm.id))
    for protocol in facts.values(record, "kg:localProtocol"):
        found.triples.append((record, "kg:restsOnGuidance", protocol))
