"""Who and what takes part in a disclosure: links from below, and what must be absent."""

from __future__ import annotations

from kg.findings.found import Findings
from kg.model import FALSE
from kg.prepare import Facts

JOINS = {"kg:inDisclosure": "recipient, item or subject to the disclosure it takes part in"}
FINDINGS = {
    "kg:unlistedSubject": "disclosure to a person its information is about who is no subject"
}
COMPUTED_TRIGGERS = {
    "kg:SubjectOfPersonalInformation": (
        "a living subject of a disclosure whose items are not all stated to identify nobody"
    ),
}


def participations(facts: Facts, disclosure: str, found: Findings) -> None:
    """Add what concerns the recipients, items and subjects of one disclosure."""
    for predicate in ("kg:receipt", "kg:content", "kg:involvement"):
        for node in facts.names(disclosure, predicate):
            found.triples.append((node, "kg:inDisclosure", disclosure))
    contents = facts.names(disclosure, "kg:content")
    items = [item for content in contents for item in facts.names(content, "kg:item")]
    identifying = [item for item in items if facts.name(item, "kg:identifies") != "value:no"]
    involved = facts.names(disclosure, "kg:involvement")
    if identifying or not items:
        for node in involved:
            if _living(facts, facts.name(node, "kg:person")):
                found.triples.append((node, "rdf:type", "kg:SubjectOfPersonalInformation"))
    listed = {facts.name(node, "kg:person") for node in involved}
    about = dict.fromkeys(
        person for item in identifying for person in facts.names(item, "kg:about")
    )
    for person in about:
        if person not in listed and _living(facts, person):
            found.triples.append((disclosure, "kg:unlistedSubject", person))


def _living(facts: Facts, person: str) -> bool:
    return FALSE not in facts.values(person, "kg:alive")
