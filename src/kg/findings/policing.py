"""What the police know of children: a comparison of ages that the allowed constructs cannot make.

Source: record-requirements R-226; Domestic Abuse Act 2021, section 49A.
"""

from __future__ import annotations

from kg.findings.found import Findings
from kg.model import TRUE
from kg.prepare import Facts, law_date
from kg.prepare.situation import Situation, age_class

JOINS: dict[str, str] = {}
FINDINGS: dict[str, str] = {}
COMPUTED_TRIGGERS = {
    "kg:DomesticAbuseChild": "a disclosure that protects a child who may suffer domestic abuse",
}

_QUESTION = "question:child-may-be-victim-of-domestic-abuse"


def policing(facts: Facts, disclosure: str, found: Findings) -> None:
    """Stamp a disclosure if a child may be a victim of domestic abuse, as judged or as stated."""
    judged = any(
        facts.name(node, "kg:question") == _QUESTION and TRUE in facts.values(node, "kg:answer")
        for node in facts.names(disclosure, "kg:judgement")
    )
    harms = [
        harm
        for concern in facts.names(disclosure, "kg:concern")
        for harm in facts.names(concern, "kg:harm")
    ]
    day, _ = law_date(facts, disclosure)
    situation = Situation(facts, disclosure, day, day)
    if judged or (
        "value:domestic-abuse" in harms
        and any(
            age_class(situation, person).cls in {"kg:Under16", "kg:SixteenOrSeventeen"}
            for person in facts.names(disclosure, "kg:protects")
        )
    ):
        found.triples.append((disclosure, "rdf:type", "kg:DomesticAbuseChild"))
