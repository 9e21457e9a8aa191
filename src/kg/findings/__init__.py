"""Findings: what a rule cannot see on one node, joined for it from the case and its assessment.

Source: case-model section 7. The list is closed: JOINS, FINDINGS and COMPUTED_TRIGGERS name all
that this package adds to the graph that is validated; each module declares its own. Joins and
findings may be read by rules; computed triggers may only choose which nodes a rule looks at.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.assess import Engine
from kg.findings import citations as _citations
from kg.findings import consents as _consents
from kg.findings import data_protection as _data_protection
from kg.findings import deciders as _deciders
from kg.findings import decisions as _decisions
from kg.findings import eras as _eras
from kg.findings import participations as _participations
from kg.findings import policing as _policing
from kg.findings import refusals as _refusals
from kg.findings import sharing as _sharing
from kg.findings import tellings as _tellings
from kg.findings.citations import provision_words
from kg.findings.found import SHARED, Failure, Findings, decided_by
from kg.model import DisclosureAssessment
from kg.prepare import Facts

__all__ = [
    "COMPUTED_TRIGGERS",
    "FINDINGS",
    "JOINS",
    "SHARED",
    "Failure",
    "Findings",
    "decided_by",
    "findings",
    "provision_words",
]

_MODULES = (
    _participations,
    _citations,
    _eras,
    _data_protection,
    _policing,
    _consents,
    _deciders,
    _tellings,
    _decisions,
    _refusals,
    _sharing,
)
#: Links against the direction of the case file, so that a class can be defined from below.
JOINS = {
    "kg:decidedIn": "disclosure to the record that decides it",
    "kg:decidesDisclosure": "record to each disclosure it decides, named or the only one",
    **{name: what for module in _MODULES for name, what in module.JOINS.items()},
}
#: What a comparison found.
FINDINGS = {name: what for module in _MODULES for name, what in module.FINDINGS.items()}
#: Trigger classes that OWL cannot define: something must be absent, or compared.
COMPUTED_TRIGGERS = {
    name: what for module in _MODULES for name, what in module.COMPUTED_TRIGGERS.items()
}


def findings(
    facts: Facts, record: str, assessments: Mapping[str, DisclosureAssessment], engine: Engine
) -> Findings:
    """Return joins, findings and computed triggers for one record.

    ``assessments`` holds the assessments of the disclosures by their node; a disclosure without one
    gives no finding about citations.
    """
    found = Findings()
    decided = decided_by(facts, record)
    for disclosure in decided:
        found.triples.append((disclosure, "kg:decidedIn", record))
        found.triples.append((record, "kg:decidesDisclosure", disclosure))
        _participations.participations(facts, disclosure, found)
        _policing.policing(facts, disclosure, found)
    _eras.eras(facts, record, decided, engine.law, found)
    mine = {name: assessments[name] for name in decided if name in assessments}
    _citations.citations(facts, record, mine, engine, found)
    _consents.consents(facts, record, decided, engine, found)
    _tellings.tellings(facts, record, decided, engine, found)
    _data_protection.data_protection(facts, record, mine, engine, found)
    _decisions.decisions(facts, record, decided, found)
    _refusals.refusals(facts, record, decided, mine, found)
    _sharing.sharing(facts, record, decided, mine, engine, found)
    return found
