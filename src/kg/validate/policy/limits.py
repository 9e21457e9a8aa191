"""The limits an organisation can set: what is measured, in days between two dates of the record.

Source: record-requirements, last section: the sources give no number of days, so that each limit is
a local setting. A case file states dates, no times of day; where one of the two dates is not
stated, nothing is measured, and the rule that asks for the date reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kg.findings import SHARED
from kg.load.case import real_date
from kg.model import TRUE, Lit
from kg.prepare import Facts
from kg.validate.policy.ways import At, things, values_at, way_of


class Measure(NamedTuple):
    """What a limit measures: from the latest date of ``start`` to the latest of ``end``.

    ``rule`` is the rule it belongs to, or an id of its own; ``not_urgent`` leaves urgent disclosures
    out, because a record may be completed after an emergency (R-104); ``states`` are the only states
    of consent that are measured; ``explained`` is the key whose words excuse the delay, if any.
    """

    rule: str
    on: str
    start: tuple[str, ...]
    end: str
    took: str
    not_urgent: bool = False
    states: tuple[str, ...] = ()
    explained: str = ""


LIMITS = {
    "concern-to-disclosure": Measure(
        "R-048", "disclosure", ("concern/on",), "date", "from the concern to the disclosure",
        explained="late-because",
    ),
    "decision-to-record": Measure(
        "R-005", "record", ("date",), "recorded", "from the decision to the record",
        not_urgent=True, explained="recorded-late",
    ),
    "decision-to-review": Measure(
        "R-064", "record", ("date",), "review", "from the decision to its review"
    ),
    "disclosure-to-confirmation": Measure(
        "R-105", "disclosure", ("date",), "written-confirmation",
        "from the disclosure to the written confirmation",
    ),
    "disclosure-to-acknowledgement": Measure(
        "R-042", "recipient", ("disclosure/date",), "acknowledged",
        "from the disclosure to the acknowledgement by {recipient}",
    ),
    "disclosure-to-telling": Measure(
        "R-187", "telling", ("disclosure/date",), "on", "from the disclosure to telling {subject}"
    ),
    "disclosure-to-look-again": Measure(
        "R-188", "telling", ("disclosure/date",), "look-again",
        "from the disclosure to the next look at telling {subject}",
    ),
    "consent-to-disclosure": Measure(
        "R-090", "consent", ("on", "reviewed"), "disclosure/date",
        "from the consent of {subject}, or its last check, to the disclosure",
        states=("consent:given", "consent:given-with-limits"),
    ),
    "request-to-decision": Measure(
        "L-request-to-decision", "request", ("on",), "record/date", "from the request to the decision"
    ),
}  # fmt: skip


def measured(name: str, facts: Facts, record: str, decided: list[str]) -> Iterator[tuple[str, int]]:
    """Yield each thing measured for a limit with its days, one per thing; 0 is the same day.

    A limit that begins or ends with the disclosure is measured only where information was shared.
    """
    measure = LIMITS[name]
    if "disclosure" in name and facts.name(record, "kg:outcome") not in SHARED:
        return
    for at in things(facts, record, decided, measure.on):
        if measure.not_urgent and any(TRUE in facts.values(d, "kg:urgent") for d in at.disclosures):
            continue
        if measure.states and facts.name(at.node, "kg:consentState") not in measure.states:
            continue
        starts = [day for way in measure.start for day in _dates(facts, at, way, measure.on)]
        ends = _dates(facts, at, measure.end, measure.on)
        if measure.explained and values_at(facts, at, way_of(measure.explained, measure.on)):
            continue
        if starts and ends and (days := (max(ends) - max(starts)).days) >= 0:
            yield at.node, days


def _dates(facts: Facts, at: At, written: str, on: str) -> list[date]:
    return [
        date.fromisoformat(value.text)
        for value in values_at(facts, at, way_of(written, on))
        if isinstance(value, Lit) and real_date(value.text)
    ]
