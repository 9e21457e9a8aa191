"""What a decision rests on, as far as consent and telling need it: provisions and whom they reach."""

from __future__ import annotations

from dataclasses import dataclass

from kg.assess import Engine
from kg.findings.found import Findings
from kg.model import Term
from kg.prepare import Facts

#: Provisions that rest on consent, and what such a consent must be for (case-model, consent `for`).
CONSENT_PROVISIONS = {
    "cl:confidence.consent": "consent:confidence",
    "dpa1998:sch2-para1": "consent:data-protection",
    "dpa1998:sch3-para1": "consent:special-category",
    "ukgdpr:art6-1-a": "consent:data-protection",
    "ukgdpr:art9-2-a": "consent:special-category",
    "dpa2018:s35-2-a": "consent:data-protection",
    "dpa2018:sch1-para29": "consent:data-protection",
}


@dataclass(frozen=True, slots=True)
class Relied:
    """A citation on which the decision rests; ``for_`` holds what it is cited for (empty: all)."""

    citation: str
    provision: str
    effect: str
    for_: dict[str, frozenset[str]]

    @property
    def use(self) -> str:
        """What the consent behind the provision must be for; empty where none is."""
        return CONSENT_PROVISIONS.get(self.provision, "")

    def reaches(self, person: str, items: set[str]) -> bool:
        """Whether it is cited for a person and for one of the items, as far as it names any."""
        people, things = self.for_["kg:Person"], self.for_["kg:Item"]
        return (not people or person in people) and (not things or bool(things & items))


def relied_on(facts: Facts, record: str, engine: Engine, found: Findings) -> list[Relied]:
    """Return the citations of a record on which the decision rests, in file order."""
    stamped: set[tuple[str, str, Term]] = set(found.triples)
    relied = []
    for citation in facts.names(record, "kg:citation"):
        if (citation, "rdf:type", "kg:ReliedOnCitation") not in stamped:
            continue
        provision = facts.name(citation, "kg:provision")
        norm = engine.table.norms.get(provision)
        named = facts.names(citation, "kg:citedFor")
        for_ = {
            kind: frozenset(name for name in named if kind in facts.types(name))
            for kind in ("kg:Person", "kg:Item")
        }
        relied.append(Relied(citation, provision, norm.effect if norm else "", for_))
    return relied
