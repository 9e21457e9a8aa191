"""What one record's findings are collected in."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Strand, Triple
from kg.prepare import Facts, disclosures

#: Outcomes of a decision to share.
SHARED = frozenset({"value:shared", "value:shared-in-part"})
REFUSED = frozenset({"value:not-shared", "value:request-refused"})
#: States of consent in which a person said no, at least in part.
CONSENT_REFUSED = frozenset({"consent:refused", "consent:refused-in-part", "consent:withdrawn"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a cited condition fails: the strand, the condition's label (or empty), the law date."""

    strand: Strand | None
    condition: str
    day: str


@dataclass(slots=True)
class Findings:
    """The joined facts of one record; ``failures`` says where each (citation, rule) fails."""

    triples: list[Triple] = field(default_factory=list)
    failures: dict[tuple[str, str], list[Failure]] = field(default_factory=dict)

    def add(self, citation: str, finding: str, rule: str, failure: Failure) -> None:
        """Note a failing rule once as a fact and each time as a failure."""
        if (citation, finding, rule) not in self.triples:
            self.triples.append((citation, finding, rule))
        self.failures.setdefault((citation, rule), []).append(failure)


def decided_by(facts: Facts, record: str) -> list[str]:
    """Return the disclosures a record decides: those it names, or the only one of the case."""
    named = facts.names(record, "kg:decides")
    every = disclosures(facts.case)
    return named or (every if len(every) == 1 else [])
