"""Which time a record belongs to: the law of the disclosure, the guidance of the decision.

Source: record-requirements, date rules. The date of the disclosure (or, if none, of the decision)
decides which law is checked; the date of the decision decides which guidance is checked.
"""

from __future__ import annotations

from datetime import date

from kg.findings.found import Findings
from kg.load import Law
from kg.model import in_force
from kg.prepare import Facts, law_date

JOINS: dict[str, str] = {}
FINDINGS = {
    "kg:lawInForce": "disclosure to a provision of LAW_WITH_A_START in force on its law date",
}
#: Provisions whose record rules are silent before they begin, though nobody cites them.
LAW_WITH_A_START = ("pcsca2022:s44A-1", "daa2021:s49A-1", "cja2003:s327A-2")
#: From this day the General Data Protection Regulation and the Act of 2018 apply.
NEW_ERA = date(2018, 5, 25)
#: Editions of the national guidance; the regional key points stand for the advice of 2015.
GUIDANCE_SETS = {
    "guide:sharing2006": "kg:GuidanceSet2006",
    "guide:sharing2008": "kg:GuidanceSet2008",
    "guide:southwest2015": "kg:GuidanceSet2015",
    "guide:sharing2018": "kg:GuidanceSet2018",
    "guide:sharing2024": "kg:GuidanceSet2024",
}
COMPUTED_TRIGGERS = {
    "kg:OldEraDisclosure": "a disclosure whose law date is before 25 May 2018",
    "kg:NewEraDisclosure": "a disclosure whose law date is 25 May 2018 or later",
    "kg:GuidanceSet2006": "a record decided under the national guide of 2006",
    "kg:GuidanceSet2008": "a record decided under the national guidance of 2008",
    "kg:GuidanceSet2015": "a record decided under the national advice of 2015",
    "kg:GuidanceSet2018": "a record decided under the national advice of 2018",
    "kg:GuidanceSet2024": "a record decided under the national advice of 2024",
    "kg:BeforeGuidanceSet2024": "a record decided before the national advice of 2024",
}


def eras(facts: Facts, record: str, decided: list[str], law: Law, found: Findings) -> None:
    """Add the eras of a record and of the disclosures it decides; without a date there is none."""
    for disclosure in decided:
        day, source = law_date(facts, disclosure)
        if source == "today":
            continue
        era = "kg:NewEraDisclosure" if day >= NEW_ERA else "kg:OldEraDisclosure"
        found.triples.append((disclosure, "rdf:type", era))
        for name in LAW_WITH_A_START:
            if _in_force(law, name, day.isoformat()):
                found.triples.append((disclosure, "kg:lawInForce", name))
    decision = facts.text(record, "kg:date")
    if not decision:
        return
    for edition, trigger in GUIDANCE_SETS.items():
        if _in_force(law, edition, decision):
            found.triples.append((record, "rdf:type", trigger))
    if decision < law.text("guide:sharing2024", "kg:inForceFrom"):
        found.triples.append((record, "rdf:type", "kg:BeforeGuidanceSet2024"))


def _in_force(law: Law, name: str, day: str) -> bool:
    start = law.text(name, "kg:inForceFrom")
    return bool(start) and in_force(start, law.text(name, "kg:inForceUntil"), day)
