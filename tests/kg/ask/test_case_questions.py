"""Questions about a case, given or made up from values: the known instance and a near miss."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kg.ask import ask, catalogue
from kg.assess import Engine
from kg.errors import BadRequest, CaseNotLoaded
from kg.load import Case, load_case, load_law

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SECTION_47 = "Children Act 1989, s 47(9)"
Row = dict[str, str]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def scenario(number: str) -> Case:
    return load_case(SCENARIOS / f"SC-{number}.yaml", engine().law)


def rows(question: str, case: str = "", **values: str) -> list[Row]:
    answer = ask(question, values, engine(), [scenario(case)] if case else [])
    return [
        {name: cell.text for name, cell in zip(answer.names, cells, strict=True)}
        for cells in answer.rows
    ]


def of(found: list[Row], part: str) -> list[Row]:
    return [row for row in found if row["part"] == part]


# --- Q-02 -----------------------------------------------------------------------------------------


def test_q_02_no_call_by_the_authority() -> None:
    """SC-002: nobody called; Stockport's wider sentence is shown as C-03."""
    found = rows("Q-02", "002", provision="ca1989:s47-9")
    assert of(found, "the provision")[0]["state"] == "Does not apply"
    failed = {r["finding"]: r for r in of(found, "condition that fails")}
    row = failed["a local authority called on the discloser"]
    assert row["words"] == "disclosure/trigger: own initiative"
    assert row["source"] == "http://www.legislation.gov.uk/id/ukpga/1989/41/section/47/9"
    differ = of(found, "where a source and the law differ")
    wider = next(r for r in differ if r["finding"].startswith("duty to share under"))
    assert "S3:Q1.b1" in wider["source"]


def test_q_02_says_so_when_nothing_fails() -> None:
    found = rows("Q-02", "001", provision="ca1989:s47-9")
    assert of(found, "condition that fails") == []
    assert of(found, "the provision")[0]["state"] == "Applies if a person so judges"


def test_q_02_names_what_blocks() -> None:
    found = rows("Q-02", "004", provision="cl:confidence")
    assert of(found, "the provision")[0]["state"] == "Blocked by an exception or bar"
    row = of(found, "bar or exception that blocks it")[0]
    assert row["citation"].startswith("Duty of confidence: ")


# --- Q-11 -----------------------------------------------------------------------------------------


def test_q_11_professional_who_protects_children() -> None:
    """SC-009: no, if judged to be one and no direction forbids; the protocol's “always” beside it."""
    found = rows("Q-11", "009")
    assert of(found, "the restriction")[0]["answer"].startswith("no, if a person judges")
    rule = next(r for r in of(found, "what can lift it") if "rule 12.73" in r["finding"])
    assert "professional" in rule["still_to_judge"]
    assert of(found, "guidance in point")[0]["answer"] == "guidance: no rule of law"


def test_q_11_school() -> None:
    """SC-116: yes, unless something lifts it."""
    assert of(rows("Q-11", "116"), "the restriction")[0]["answer"].startswith("yes, unless")


@pytest.mark.parametrize(
    ("date", "lifting"), [("2005-10-30", False), ("2005-10-31", True), ("2023-05-17", True)]
)
def test_q_11_before_the_rules_only_permission_lifts_it(date: str, lifting: bool) -> None:
    found = of(rows("Q-11", recipient="local-authority", date=date), "what can lift it")
    assert any("lists the recipient" in r["finding"] for r in found) == lifting
    assert any("court has permitted" in r["finding"] for r in found)


@pytest.mark.parametrize(("permitted", "waits"), [("yes", ""), ("no", "disclosure")])
def test_q_11_permission(permitted: str, waits: str) -> None:
    """With a permission stated only a direction to the contrary is left to ask about."""
    values = {"recipient": "charity", "date": "2023-05-17", "permitted": permitted}
    lifting = of(rows("Q-11", **values), "what can lift it")
    row = next(r for r in lifting if r["finding"] == "the court has permitted it")
    assert row["still_to_state"].startswith(waits)
    assert bool(row["still_to_state"]) == bool(waits)
    assert "directed" in row["still_to_judge"]


# --- Q-13 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "regime", "act"),
    [
        ("2009-06-16", "Data Protection Act 1998", "Data Protection Act 1998"),
        ("2018-05-24", "Data Protection Act 1998", "Data Protection Act 1998"),
        ("2018-05-25", "EU GDPR and Data Protection Act 2018", "Data Protection Act 2018"),
        ("2019-06-16", "EU GDPR and Data Protection Act 2018", "Data Protection Act 2018"),
    ],
)
def test_q_13_the_era_decides(date: str, regime: str, act: str) -> None:
    found = rows("Q-13", topic="health", date=date)
    assert {r["regime"] for r in found} == {regime}
    special = [r for r in of(found, "condition") if r["layer"] == "Special category condition"]
    acts = {r["citation"].partition(",")[0] for r in special}
    assert act in acts
    assert ("Data Protection Act 1998" in acts) == (date < "2018-05-25")


@pytest.mark.parametrize(("case", "year"), [("050", "1998"), ("051", "2018")])
def test_q_13_of_a_case(case: str, year: str) -> None:
    """SC-050 and SC-051: the same report under the law of 2009 and of 2019."""
    conditions = of(rows("Q-13", case), "condition")
    applied = {r["citation"] for r in conditions if r["state"] == "Applies"}
    assert any(c.startswith(f"Data Protection Act {year}") for c in applied)
    other = {"1998": "2018", "2018": "1998"}[year]
    assert not any(c.startswith(f"Data Protection Act {other}") for c in applied)


def test_q_13_says_which_facts_are_missing() -> None:
    found = of(rows("Q-13", topic="health", date="2019-06-16"), "condition")
    task = next(r for r in found if r["citation"] == "UK GDPR, Art 6(1)(e)")
    assert "parties/discloser/kind" in task["still_to_state"]


# --- Q-14 -----------------------------------------------------------------------------------------


def limb(found: list[Row]) -> Row:
    return next(r for r in of(found, "limb") if "three listed reasons" in r["finding"])


def test_q_14_refusal_is_not_listed() -> None:
    found = rows("Q-14", consent="refused")
    assert limb(found)["state"] == "Not met"
    assert of(found, "the safeguarding condition")[0]["state"] == "Does not apply"
    assert of(found, "alternative")


def test_q_14_consent_that_cannot_be_had_is() -> None:
    assert limb(rows("Q-14", consent="cannot-be-given"))["state"] == "Met"


def test_q_14_of_a_case() -> None:
    """SC-056: the parents refuse; the condition is open with prejudice shown, else another one."""
    found = {}
    for row in of(rows("Q-14", "056"), "the safeguarding condition"):
        found[row["disclosure"]] = row["state"]
    assert "Does not apply" in found.values()


# --- Q-15 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concern", "answer"),
    [("vital-interests", "yes"), ("relevant-to-welfare", "no, on this level of concern")],
)
def test_q_15(concern: str, answer: str) -> None:
    found = rows("Q-15", concern=concern, date="2023-05-17")
    levels = of(found, "level of concern")
    assert {r["answer"] for r in levels} == {answer}
    assert "UK GDPR, Art 6(1)(d)" in {r["citation"] for r in levels}
    assert "Danger to life" in of(found, "what it means")[0]["words"]


def test_q_15_overdose() -> None:
    found = of(rows("Q-15", "054"), "level of concern")
    assert "yes" in {r["answer"] for r in found}


# --- Q-16 -----------------------------------------------------------------------------------------


def test_q_16_what_answers_confidence() -> None:
    found = rows("Q-16", "001")
    assert of(found, "the layer")[0]["state"] == "If a person so judges"
    open_ = {r["citation"] for r in of(found, "what can answer it") if r["still_to_judge"]}
    assert "Duty of confidence: public interest" in open_
    recorded = of(found, "what the case records")
    assert {r["finding"] for r in recorded} == {"answer recorded: legal requirement"}


def test_q_16_not_confidential() -> None:
    """SC-020: nothing confidential, so the layer asks for no answer."""
    found = rows("Q-16", "020")
    assert {r["state"] for r in of(found, "the layer")} == {"Not needed"}


# --- Q-17 -----------------------------------------------------------------------------------------


def test_q_17_a_qualified_right() -> None:
    found = rows("Q-17", "001")
    parts = {r["finding"]: r for r in of(found, "part of the justification")}
    assert len(parts) == 3
    assert parts["the sharing is proportionate to that aim"]["still_to_judge"]
    weighed = {r["citation"] for r in of(found, "weighs in the balance")}
    assert weighed == {
        "European Convention on Human Rights, Art 2", "European Convention on Human Rights, Art 3",
    }  # fmt: skip
    ranks = next(r for r in found if r["finding"] == "Article 3 and Article 8")
    assert "S4:HRA" in ranks["source"]


# --- Q-18 -----------------------------------------------------------------------------------------


def test_q_18_a_dead_person() -> None:
    found = rows("Q-18", alive="no", topic="health", confidential="yes")
    layers = {r["finding"]: r["state"] for r in of(found, "the layer")}
    assert layers["Lawful basis"] == layers["Special category condition"] == "Not needed"
    assert layers["Confidentiality"] != "Not needed"


def test_q_18_a_living_person() -> None:
    found = rows("Q-18", alive="yes", topic="health", confidential="yes", discloser="nhs-trust")
    layers = {r["finding"]: r["state"] for r in of(found, "the layer")}
    assert "Not needed" not in {layers["Lawful basis"], layers["Special category condition"]}


# --- Q-76 -----------------------------------------------------------------------------------------


def test_q_76_the_trigger_of_sc_001() -> None:
    """SC-001 against SC-002: without the call section 47 falls away."""
    found = rows("Q-76", "001", fact="disclosure/trigger=own-initiative")
    row = next(r for r in found if r["citation"] == SECTION_47)
    assert (row["before"], row["after"]) == ("Applies if a person so judges", "Does not apply")
    assert "the recipient is the authority that asked: Met, then Not met" in row["words"]


def test_q_76_nothing_changes() -> None:
    answer = ask("Q-76", {"fact": "disclosure/trigger=request"}, engine(), [scenario("001")])
    assert answer.rows == ()
    assert answer.nothing.startswith("Not established: nothing in the answer would change")


@pytest.mark.parametrize(
    ("fact", "error", "words"),
    [
        ("disclosure/trigger", BadRequest, "disclosure/trigger=request"),
        ("disclosure/triger=request", BadRequest, "triger"),
        ("disclosure/trigger=because", CaseNotLoaded, "because"),
    ],
)
def test_q_76_a_fact_that_no_case_has(fact: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as raised:
        rows("Q-76", "001", fact=fact)
    assert words in str(raised.value)


# --- Q-77 -----------------------------------------------------------------------------------------


def test_q_77_labels_every_statement() -> None:
    found = rows("Q-77", "001")
    kinds = {r["kind"] for r in found}
    assert {"text of the law", "common law", "guidance", "human judgement"} <= kinds
    by = {r["citation"]: r["kind"] for r in found if r["kind"] != "human judgement"}
    assert by[SECTION_47] == "text of the law"
    assert by["Duty of confidence"] == "common law"
    judged = [r for r in found if r["kind"] == "human judgement"]
    assert any(r["state"] == "still to be made" and r["words"].startswith("ask: ") for r in judged)


def test_q_77_shows_who_judged() -> None:
    made = [r for r in rows("Q-77", "017") if r["state"] == "answered yes"]
    assert made
    assert all(r["judged_by"] and r["judged_on"] for r in made)


# --- A case instead of values ---------------------------------------------------------------------


def test_a_case_or_values_not_both() -> None:
    with pytest.raises(BadRequest, match="a case and values of its own"):
        ask("Q-13", {"case": "sc-001", "topic": "health"}, engine(), [scenario("001")])


def test_values_are_about_a_case_made_up_even_when_a_case_is_loaded() -> None:
    found = rows("Q-13", "001", topic="health", date="2009-06-16")
    assert {r["disclosure"] for r in found} == {"hypothetical/disclosure"}


def test_neither_case_nor_values() -> None:
    with pytest.raises(BadRequest, match="“topic” is missing"):
        rows("Q-13")


# --- Every answer ---------------------------------------------------------------------------------

#: Columns that say where a statement stands, what it is, and since when.
CARRIED = {"citation", "effect", "in_force_from", "in_force_before", "source", "review"}
BY_CASE = [
    q for q in catalogue(load_law()) if (q.or_case or q.case_needed) and q.reads == "assessments"
]


@pytest.mark.parametrize("question", BY_CASE, ids=lambda q: q.id)
def test_every_row_carries_its_source(question) -> None:
    """Provision or guidance, its place, dates, effect, review; a norm without a date is not begun."""
    values = {"provision": "ca1989:s47-9", "fact": "disclosure/trigger=own-initiative"}
    given = {p.name: values[p.name] for p in question.parameters if p.name in values}
    answer = ask(question.id, {**given, "case": "sc-001"}, engine(), [scenario("001")])
    assert set(answer.names) >= CARRIED
    assert len(answer.names) == len(answer.columns)
    for cells in answer.rows:
        row = {name: cell.text for name, cell in zip(answer.names, cells, strict=True)}
        assert row["citation"]
        assert row["effect"]
        if (
            row["effect"] in {"duty", "power", "basis", "condition"}
            and row.get("kind") != "human judgement"
        ):
            assert row["source"].startswith("http")
            assert row["in_force_from"]
            assert row["review"] in {"confirmed", "to-be-confirmed"}
    assert answer.csv().count("\r\n") >= len(answer.rows) + 1
