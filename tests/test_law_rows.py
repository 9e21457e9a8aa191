"""The test rows of the legal specification (domain law-3 section 13) that this law answers."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from kg.assess import Engine, assess_case
from kg.load import load_case_text, load_law
from kg.model import DisclosureAssessment


class Row(NamedTuple):
    """One row: its number, who to whom about what and when, extra lines, and the expected states."""

    row: str
    giver: str
    taker: str
    topic: str
    purpose: str
    day: str
    expected: dict[str, str]
    trigger: str = "own-initiative"
    asks: str = ""
    extra: str = ""
    item: str = ""
    parties: str = ""


LA, FT, POLICE, ACADEMY = "local-authority", "nhs-foundation-trust", "police-force", "academy"
ASKED = "{by: taker, on: 2024-03-01, purpose: as stated, enquiry-open: yes}"
ASKED_27 = "{by: taker, on: 2024-03-01, purpose: as stated, section: 17}"
SVD = "serious-violence"

ROWS = [
    Row("T1", FT, LA, "health", "s47-enquiry", "2024-03-01", {"ca1989:s47-9": "applies-if-judgement"}, "request", ASKED),
    Row("T1 enquiry not stated", FT, LA, "health", "s47-enquiry", "2024-03-01", {"ca1989:s47-9": "not-shown"},
        "request", "{by: taker, on: 2024-03-01}"),
    Row("T2", POLICE, LA, "ordinary", "s47-enquiry", "2024-03-01",
        {"ca1989:s47-9": "not-applicable", "cl:police-disclosure": "applies-if-judgement"}, "request", ASKED),
    Row("T3", ACADEMY, LA, "ordinary", "s47-enquiry", "2024-03-01",
        {"ca1989:s47-9": "not-applicable", "cl:implied-power": "applies", "ukgdpr:art6-1-f": "not-applicable",
         "ukgdpr:art6-1-e": "applies-if-judgement"}, "request", ASKED),
    Row("T4", LA, LA, "ordinary", "s17-assessment", "2024-03-01", {"ca1989:s27-2": "not-applicable"}, "request", ASKED_27,
        parties="\n    part-of: giver"),
    Row("T5", "local-housing-authority", LA, "ordinary", "s17-assessment", "2024-03-01",
        {"ca1989:s27-2": "applies-if-judgement"}, "request", ASKED_27),
    Row("T6", "integrated-care-board", POLICE, "health", SVD, "2024-03-01",
        {"pcsca2022:s16-1": "blocked", "pcsca2022:s16-4-a": "applies", "pcsca2022:s16-4-b": "applies"}),
    Row("T7", "integrated-care-board", POLICE, "health", SVD, "2024-03-01", {"pcsca2022:s16-1": "applies"},
        item="\n    identifies: no"),
    Row("T8", ACADEMY, "youth-offending-team", "health", SVD, "2024-03-01",
        {"pcsca2022:s16-1": "blocked", "pcsca2022:s16-4-a": "applies", "pcsca2022:s16-4-b": "not-applicable"}),
    Row("T9", ACADEMY, "youth-offending-team", "ordinary", SVD, "2024-03-01", {"pcsca2022:s16-1": "applies-if-judgement"}),
    Row("T10", LA, "local-policing-body", "ordinary", SVD, "2024-03-01", {"pcsca2022:s17-4": "applies"}, "request",
        "{by: taker, on: 2024-03-01}", parties="\n    area: Mercia"),
    Row("T11", "local-policing-body", "local-policing-body", "ordinary", SVD, "2024-03-01",
        {"pcsca2022:s17-4": "not-applicable", "pcsca2022:s16-1": "applies-if-judgement"}, "request",
        "{by: taker, on: 2024-03-01}", parties="\n    area: Mercia"),
    Row("T12", LA, "local-policing-body", "ordinary", SVD, "2022-12-01", {"pcsca2022:s17-4": "not-in-force"}, "request",
        "{by: taker, on: 2022-12-01}", parties="\n    area: Mercia"),
    Row("T13", "charity", LA, "ordinary", "referral", "2024-03-01",
        {"ukgdpr:art6-1-f": "applies-if-judgement", "ukgdpr:art6-1-ea": "not-in-force"}),
    Row("T14", "charity", LA, "ordinary", "referral", "2026-02-05", {"ukgdpr:art6-1-ea": "applies-if-judgement"}),
    Row("T15", "charity", LA, "ordinary", "referral", "2026-02-04", {"ukgdpr:art6-1-ea": "not-in-force"}),
    Row("T16", LA, "maintained-school", "ordinary", "referral", "2026-03-06", {"ukgdpr:art6-1-ea": "not-applicable"}),
    Row("T17", "charity", LA, "ordinary", "community-safety", "2024-03-01", {"cda1998:s115-1": "applies-if-judgement"}),
    Row("T18", "charity", "nhs-trust", "ordinary", "community-safety", "2024-03-01", {"cda1998:s115-1": "not-applicable"}),
    Row("T19 in 2005", "charity", "primary-care-trust", "ordinary", "community-safety", "2005-06-01",
        {"cda1998:s115-1": "applies-if-judgement"}),
    Row("T19 in 2024", "charity", "primary-care-trust", "ordinary", "community-safety", "2024-06-01",
        {"cda1998:s115-1": "not-applicable"}),
    Row("T19 board in 2024", "charity", "integrated-care-board", "ordinary", "community-safety", "2024-06-01",
        {"cda1998:s115-1": "applies-if-judgement"}),
    Row("T24", FT, LA, "health", "s47-enquiry", "2018-05-24",
        {"dpa1998:sch2-para5": "applies-if-judgement", "dpa1998:sch3-para7": "applies-if-judgement",
         "ukgdpr:art6-1-e": "not-in-force", "dpa2018:sch1-para18": "not-in-force"}),
    Row("T25", FT, LA, "health", "s47-enquiry", "2018-05-25",
        {"ukgdpr:art6-1-e": "applies-if-judgement", "dpa1998:sch2-para5": "not-in-force"}),
    Row("T41", ACADEMY, LA, "ordinary", "s17-assessment", "2024-03-01",
        {"ca1989:s27-2": "not-applicable", "cl:implied-power": "applies"}, "request", ASKED_27),
    Row("T42", "district-council", LA, "ordinary", "s47-enquiry", "2024-03-01", {"ca1989:s47-9": "applies-if-judgement"},
        "request", ASKED),
    Row("T43", FT, LA, "ordinary", "s47-enquiry", "2024-03-01",
        {"ca1989:s27-2": "not-applicable", "ca1989:s47-9": "applies-if-judgement"}, "request", ASKED),
    Row("T44", "parish-council", LA, "ordinary", "referral", "2026-03-06", {"ukgdpr:art6-1-ea": "applies-if-judgement"}),
    Row("T48", POLICE, "probation-secretary-of-state", "offence", "crime-prevention", "2024-03-01",
        {"cda1998:s115-1": "not-applicable"}),
    Row("T49", "charity", "for-profit-registered-provider", "ordinary", "community-safety", "2024-03-01",
        {"cda1998:s115-1": "not-applicable"}),
    Row("T50", "charity", "integrated-care-board", "ordinary", SVD, "2023-06-01", {"pcsca2022:s16-1": "not-applicable"}),
    Row("T50 listed body", ACADEMY, "integrated-care-board", "ordinary", SVD, "2023-06-01",
        {"pcsca2022:s16-1": "applies-if-judgement"}),
    Row("T51", FT, LA, "ordinary", "s47-enquiry", "2024-03-01", {"ca1989:s47-1": "applies"}, "request", ASKED,
        extra="\n    protection-order: emergency-protection-order"),
]  # fmt: skip


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def assessed(row: Row) -> DisclosureAssessment:
    asks = f"\n  request: {row.asks}" if row.asks else ""
    text = f"""\
case: row
parties:
  giver:
    kind: {row.giver}{row.parties if "area" in row.parties else ""}
    policy-document: yes
  taker:
    kind: {row.taker}{row.parties}
people:
  child:
    age: 9{row.extra}
information:
  facts:
    description: what is known
    topic: {row.topic}
    about: child
    confidential: yes{row.item or chr(10) + "    identifies: yes"}
disclosure:
  from: giver
  to: taker
  items: facts
  subjects:
    - person: child
      consent: {{state: not-sought, reason: asking-would-prejudice-protection}}
  purpose: {{kind: {row.purpose}, words: as the row says}}
  trigger: {row.trigger}{asks}
  concern: possible-risk
  protects: child
  date: {row.day}
"""
    (found,) = assess_case(load_case_text(text, "yaml", engine().law, row.row), engine())
    return found


def test_collected() -> None:
    """No row of the table is lost."""
    assert len({row.row for row in ROWS}) == len(ROWS) >= 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.row)
def test_row(row: Row) -> None:
    """Each provision that the row names is in the state the row expects."""
    found = assessed(row)
    states = {name: found.provision(name).state for name in row.expected}  # type: ignore[union-attr]
    assert states == row.expected


def test_use_inside_one_body_needs_no_gateway() -> None:
    """T4: inside one council the authority layer is not needed, and the other layers are answered as usual."""
    found = assessed(next(row for row in ROWS if row.row == "T4"))
    assert found.layers["authority"].state == "not-needed"
    assert found.layers["article6"].state == "if-judged"


def test_recognised_interest_is_closed_to_a_council_in_its_task() -> None:
    """T16: a council in its task has public task, never a recognised legitimate interest."""
    found = assessed(next(row for row in ROWS if row.row == "T16"))
    assert found.layers["article6"].by == ("ukgdpr:art6-1-e",)
