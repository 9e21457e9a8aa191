"""Competency questions: a complete catalogue, checked values, the known instances."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.ask import Answer, ask, catalogue
from kg.ask.questions import find
from kg.assess import Engine
from kg.errors import BadRequest
from kg.load import Case, load_case, load_case_text, load_law

SCENARIOS = Path(__file__).parents[2] / "scenarios"
QUESTIONS = catalogue(load_law())
LISTED = "on the list"
NOT_SHOWN = "not established"


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def sc_001() -> Case:
    return load_case(SCENARIOS / "SC-001.yaml", engine().law)


def table(answer: Answer) -> list[dict[str, str]]:
    return [
        {name: cell.text for name, cell in zip(answer.columns, row, strict=True)}
        for row in answer.rows
    ]


def section_115(recipient: str, date: str, **more: str) -> list[dict[str, str]]:
    values = {"recipient": recipient, "date": date, **more}
    return table(ask("Q-05", values, engine()))


# --- The catalogue --------------------------------------------------------------------------------


def test_catalogue() -> None:
    numbers = [*range(1, 20), *range(41, 54), *range(65, 78)]
    assert {f"Q-{number:02}" for number in numbers} <= {question.id for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_question_is_complete(question) -> None:
    """Each question has words, a source, a meaning of nothing, and a query that parses."""
    assert question.text.endswith("?")
    assert question.definition
    assert question.source == f"domain questions {question.id}"
    assert question.nothing.startswith("Not established")
    assert "never means that it is not allowed" in question.nothing
    ox.Store().query(question.sparql)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_parameters_are_variables_or_paths(question) -> None:
    """A parameter is a projected variable of the query, or a place in the hypothetical case."""
    head = question.sparql.partition("WHERE")[0]
    for parameter in question.parameters:
        assert parameter.label
        assert bool(parameter.path) == (question.hypothetical and parameter.type != "case")
        if not question.hypothetical:
            assert re.search(rf"\?{parameter.name.replace('-', '_')}\b", head)
        if parameter.type not in {"case", "date", "rule"}:
            assert parameter.allowed
            assert all(value and label for value, label in parameter.allowed)


# --- Values are checked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("Q-99", {}, "there is no question “Q-99”"),
        ("Q-05", {"recipient": "police-force"}, "“date” is missing"),
        ("Q-05", {"date": "2012-01-01"}, "“recipient” is missing"),
        ("Q-05", {"recipient": "police-force", "date": "2012-02-30"}, "2012-02-30"),
        ("Q-05", {"recipient": "polic-force", "date": "2012-01-01"}, "did you mean police-force"),
        ("Q-05", {"recipient": "police-force", "dat": "2012-01-01"}, "did you mean date"),
        ("Q-07", {"discloser": "school", "recipient": "school", "purpose": "fun"}, "allowed: "),
        ("Q-01", {}, "give its file"),
    ],
)
def test_wrong_values_are_refused(question: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest) as error:
        ask(question, values, engine())
    assert words in str(error.value)


def test_wrong_case_names_the_cases_given() -> None:
    with pytest.raises(BadRequest, match="allowed: sc-001"):
        ask("Q-01", {"case": "sc-002"}, engine(), [sc_001()])


def test_two_cases_of_one_name_are_refused() -> None:
    with pytest.raises(BadRequest, match="two of the cases"):
        ask("Q-01", {"case": "sc-001"}, engine(), [sc_001(), sc_001()])


def test_a_value_is_a_term_and_never_text() -> None:
    """A value that would be SPARQL if it were pasted into the query is only an unknown value."""
    evil = 'police-force> ?p ?o } UNION { ?s ?p ?o FILTER("" = "'
    with pytest.raises(BadRequest):
        ask("Q-05", {"recipient": evil, "date": "2012-01-01"}, engine())


@pytest.mark.parametrize("form", ["police-force", "police force", "body:police-force"])
def test_forms_of_a_value(form: str) -> None:
    assert section_115(form, "2012-05-01")[0]["Answer"] == LISTED


def test_question_id_in_small_letters() -> None:
    assert find("q-05", engine().law).id == "Q-05"


# --- Q-01 -----------------------------------------------------------------------------------------


def test_q_01_on_sc_001() -> None:
    """The trust's duty under section 47(9), with the question of section 47(10) still open."""
    rows = table(ask("Q-01", {}, engine(), [sc_001()]))
    row = next(r for r in rows if r["Citation"] == "Children Act 1989, s 47(9)")
    assert row["Effect"] == "duty"
    assert row["State"] == "Applies if a person so judges"
    assert "unreasonable" in row["Still to judge"]
    assert row["Source"] == "http://www.legislation.gov.uk/id/ukpga/1989/41/section/47/9"
    assert row["In force from"] == "1991-10-14"
    assert "Children Act 1989, s 27(2)" not in {r["Citation"] for r in rows}


def test_q_01_says_what_is_missing() -> None:
    text = (SCENARIOS / "SC-001.yaml").read_text(encoding="utf-8")
    text = text.replace("    enquiry-open: yes\n", "")
    case = load_case_text(text, "yaml", engine().law, "changed")
    rows = table(ask("Q-01", {}, engine(), [case]))
    row = next(r for r in rows if r["Citation"] == "Children Act 1989, s 47(9)")
    assert row["State"].startswith("Not shown")
    assert "disclosure/request/enquiry-open" in row["Still to state"]


def test_q_01_answers_for_the_case_named() -> None:
    text = (SCENARIOS / "SC-001.yaml").read_text(encoding="utf-8")
    other = load_case_text(text.replace("case: sc-001", "case: other"), "yaml", engine().law, "x")
    rows = table(ask("Q-01", {"case": "other"}, engine(), [sc_001(), other]))
    assert {row["Disclosure"] for row in rows} == {"other/disclosure"}


# --- the instances of the question ----------------------------------------------------------


@pytest.mark.parametrize(
    ("recipient", "date"),
    [
        ("police-force", "2012-05-01"),
        ("police-authority", "2012-11-21"),
        ("primary-care-trust", "2005-06-01"),
    ],
)
def test_q_05_on_the_list(recipient: str, date: str) -> None:
    row = section_115(recipient, date)[0]
    assert row["Answer"] == LISTED
    assert row["Effect"] == "power"
    assert row["Only a fallback"] == "yes"
    assert row["Source"].startswith("http://www.legislation.gov.uk/id/ukpga/1998/37/section/115/2/")


@pytest.mark.parametrize(
    ("recipient", "date"),
    [
        ("school", "2012-05-01"),
        ("probation-secretary-of-state", "2024-01-15"),
        ("for-profit-registered-provider", "2024-01-15"),
        ("police-authority", "2012-11-22"),
        ("primary-care-trust", "2024-01-15"),
        ("local-policing-body", "2012-11-21"),
        ("british-transport-police", "2024-01-15"),
        ("private-company", "2012-05-01"),
    ],
)
def test_q_05_not_established(recipient: str, date: str) -> None:
    """What is on no list reads “not established”, whatever else the answer shows."""
    answer = ask("Q-05", {"recipient": recipient, "date": date}, engine())
    assert all(row["Answer"].startswith(NOT_SHOWN) for row in table(answer))
    assert answer.rows or answer.nothing.startswith("Not established")
    said = answer.nothing + "".join(row["Answer"] for row in table(answer))
    assert "not allowed" not in said.replace("never means that it is not allowed", "")


def test_q_05_out_of_date_entry_shows_its_dates() -> None:
    row = section_115("police-authority", "2012-11-22")[0]
    assert row["Answer"] == "not established: no longer on the list on that date"
    assert (row["Listed from"], row["Listed before"]) == ("1998-09-30", "2012-11-22")


def test_q_05_contractor_of_a_council() -> None:
    """A contractor is on no list; section 115 reaches it because it acts for a body that is."""
    rows = section_115("private-company", "2012-05-01", **{"acts-for": "local-authority"})
    assert {row["Answer"] for row in rows} == {"acts for a body on the list"}
    assert all(row["Source"].endswith("/section/115/2/d") for row in rows)


def test_q_05_wide_kind_asks_which() -> None:
    rows = section_115("police", "2012-05-01")
    assert {row["Answer"] for row in rows} == {
        "not established: too general; this more exact kind is on the list"
    }
    assert "police force of an area in England or Wales" in {row["Listed kind"] for row in rows}


def test_q_05_names_the_related_kind() -> None:
    rows = section_115("probation-secretary-of-state", "2024-01-15")
    assert "contracted provider of probation services" in {row["Listed kind"] for row in rows}


def test_q_05_caveats() -> None:
    text = " ".join(find("Q-05", engine().law).caveats)
    assert "power, never a duty" in text
    assert "fallback" in text


# --- Q-07 -----------------------------------------------------------------------------------------

ICB_TO_POLICE = {
    "discloser": "integrated-care-board",
    "recipient": "police-force",
    "purpose": "serious-violence",
    "date": "2023-06-15",
    "topic": "health",
    "identifies": "yes",
}


def gateways(**changes: str) -> dict[str, dict[str, str]]:
    values = {k: v for k, v in {**ICB_TO_POLICE, **changes}.items() if v}
    return {row["Citation"]: row for row in table(ask("Q-07", values, engine()))}


SECTION_16 = "Police, Crime, Sentencing and Courts Act 2022, s 16(1)"
SECTION_115 = "Crime and Disorder Act 1998, s 115(1)"


def test_q_07_named_patients_block_section_16_twice() -> None:
    row = gateways()[SECTION_16]
    assert row["Answer"] == "fails: blocked"
    assert row["Reason"].count("blocked: ") == 2


def test_q_07_section_115_is_open_as_a_fallback() -> None:
    row = gateways()[SECTION_115]
    assert row["Answer"] == "fits if a person so judges"
    assert row["Only a fallback"] == "yes"
    assert "necessary or expedient" in row["Reason"]


def test_q_07_the_recipient_that_is_on_no_list_is_named_in_the_reason() -> None:
    row = gateways(recipient="charity")[SECTION_115]
    assert row["Answer"] == "fails"
    assert "on the section 115(2) list" in row["Reason"]


def test_q_07_depersonalised_information_is_not_blocked() -> None:
    row = gateways(identifies="no", topic="ordinary")[SECTION_16]
    assert row["Answer"] in {"fits", "fits if a person so judges"}


def test_q_07_unstated_identification_is_not_known() -> None:
    assert gateways(identifies="", topic="")[SECTION_16]["Answer"] == "not known"


def test_q_07_before_commencement() -> None:
    assert gateways(date="2022-06-15")[SECTION_16]["Answer"] == "fails: not in force"


def test_q_07_shows_every_duty_and_power_to_share() -> None:
    norms = engine().table.norms.values()
    wanted = {n.id for n in norms if n.layer == "authority" and n.effect in {"duty", "power"}}
    answer = ask("Q-07", ICB_TO_POLICE, engine())
    place = answer.columns.index("Gateway")
    assert len(answer.rows) == len(wanted)
    assert len({row[place].iri for row in answer.rows}) == len(wanted)


# --- Answers --------------------------------------------------------------------------------------


def test_cells_carry_label_iri_and_source() -> None:
    answer = ask("Q-01", {}, engine(), [sc_001()])
    cells = [row[answer.columns.index("Gateway")] for row in answer.rows]
    cell = next(c for c in cells if c.iri.endswith("/law/ca1989/s47-9"))
    assert cell.text == "assist with section 47 enquiries when called upon"
    assert cell.url == "http://www.legislation.gov.uk/id/ukpga/1989/41/section/47/9"


def test_csv() -> None:
    text = ask("Q-05", {"recipient": "police-force", "date": "2012-05-01"}, engine()).csv()
    assert text.splitlines()[0].startswith("Answer,Entry,")
    assert text.splitlines()[1].startswith("on the list,")
