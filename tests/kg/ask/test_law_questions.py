"""Questions about the law alone: the known instance of each, a near miss, and an empty state."""

from __future__ import annotations

from functools import cache

import pytest

from kg.ask import ask
from kg.assess import Engine
from kg.errors import BadRequest
from kg.load import load_law

Row = dict[str, str]
DIFFER = "where a source and the law differ"


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def rows(question: str, **values: str) -> list[Row]:
    answer = ask(question, values, engine())
    return [
        {name: cell.text for name, cell in zip(answer.names, cells, strict=True)}
        for cells in answer.rows
    ]


def of(found: list[Row], part: str) -> list[Row]:
    return [row for row in found if row["part"] == part]


# --- who has to answer a section 47 request -------------------------------------------------


def test_q_03_school() -> None:
    """Statute: not listed. The protocol: yes. Stockport: no list. C-10 is settled by the text."""
    found = rows("Q-03", body="maintained-school")
    assert [r["answer"] for r in of(found, "the Act")] == ["not on its list"]
    answers = {r["citation"].partition(" (")[0]: r["answer"] for r in of(found, "guidance")}
    assert answers["Local safeguarding children partnership protocol"] == "on its list"
    assert answers["Stockport safeguarding children board guide"] == "names no list of bodies"
    ten = next(r for r in of(found, DIFFER) if "who owes help" in r["finding"])
    assert ten["state"] == "settled by the text of the law"
    assert "S4:CA89¶3" in ten["source"]
    assert {r["strength"] for r in of(found, "guidance")} == {"non-statutory guidance"}


@pytest.mark.parametrize(
    ("date", "answer"),
    [
        ("2000-04-01", "on its list"),
        ("2000-03-31", "not yet on its list on that date"),
        ("2013-03-31", "on its list"),
        ("2013-04-01", "no longer on its list on that date"),
    ],
)
def test_q_03_counts_the_day(date: str, answer: str) -> None:
    law = of(rows("Q-03", body="primary-care-trust", date=date), "the Act")
    assert [r["answer"] for r in law] == [answer]


def test_q_03_trust_is_listed() -> None:
    row = of(rows("Q-03", body="nhs-foundation-trust"), "the Act")[0]
    assert (row["answer"], row["effect"]) == ("on its list", "duty")


# --- grounds for declining ------------------------------------------------------------------


def test_q_04_section_27() -> None:
    """Both grounds are judgements; the Act states no burden, and the protocol's is guidance."""
    found = rows("Q-04", provision="ca1989:s27-2")
    grounds = of(found, "ground inside the provision")
    assert {(r["finding"], r["free_if"]) for r in grounds} == {
        ("helping is compatible with the discloser's own duties", "a person answers no"),
        (
            "helping does not unduly prejudice any of the discloser's functions",
            "a person answers yes",
        ),
    }
    assert all(r["judgement"] and r["asked_of"] for r in grounds)
    assert "burden of showing them on nobody" in of(found, "the provision")[0]["words"]
    burden = next(r for r in of(found, DIFFER) if r["finding"] == "burden under section 27")
    assert burden["effect"] == "guidance"


def test_q_04_section_47_has_its_ground_in_an_exception() -> None:
    found = rows("Q-04", provision="ca1989:s47-9")
    assert of(found, "ground inside the provision") == []
    row = of(found, "exception or bar")[0]
    assert row["citation"] == "Children Act 1989, s 47(10)"
    assert row["free_if"] == "a person answers yes"


def test_q_04_refuses_what_asks_nothing() -> None:
    with pytest.raises(BadRequest, match="allowed: "):
        rows("Q-04", provision="cda1998:s115-1")


# --- Q-06 -----------------------------------------------------------------------------------------


def test_q_06_is_a_power() -> None:
    row = of(rows("Q-06"), "the provision")[0]
    assert row["answer"] == "no, a power"
    assert row["only_a_fallback"] == "yes"
    assert row["source"] == "http://www.legislation.gov.uk/id/ukpga/1998/37/section/115/1"


# --- what cannot use a gateway --------------------------------------------------------------


def test_q_08_section_16() -> None:
    """Patient information from anyone; personal information from a health or care authority."""
    bars = of(rows("Q-08", provision="pcsca2022:s16-1"), "bar")
    by = {}
    for row in bars:
        by.setdefault(row["citation"].rpartition(", ")[2], []).append(row)
    assert {r["binds"] for r in by["s 16(4)(a)"]} == {"every discloser, whatever the recipient"}
    assert any("health, diagnosis, care" in r["finding"] for r in by["s 16(4)(a)"])
    assert {r["binds"] for r in by["s 16(4)(b)"]} == {
        "the disclosers named, whatever the recipient"
    }
    assert any(r["looks_at"] == "the discloser" for r in by["s 16(4)(b)"])


def test_q_08_nothing_found_is_not_a_ban() -> None:
    answer = ask("Q-08", {"provision": "ca1989:s46-3-a"}, engine())
    assert answer.rows == ()
    assert answer.nothing.startswith("Not established")
    assert "never means that it is not allowed" in answer.nothing


# --- must it be answered --------------------------------------------------------------------


def test_q_09_section_17() -> None:
    """A duty, subject only to section 17(6); the protocol's sentence is a settled error (E-04)."""
    found = rows("Q-09", provision="pcsca2022:s17-4")
    assert of(found, "the provision")[0]["finding"].startswith("yes, a duty to comply")
    assert {r["citation"].rpartition(", ")[2] for r in of(found, "exception or bar")} == {
        "s 17(6)(a)", "s 17(6)(b)",
    }  # fmt: skip
    limits = {r["finding"] for r in of(found, "limit by data-protection law")}
    assert limits == {"Lawful basis", "Special category condition", "Offence data condition"}
    error = next(r for r in found if r["finding"] == "section 17 requests read as optional")
    assert error["state"] == "settled by the text of the law"


def test_q_09_section_16_obliges_nobody() -> None:
    row = of(rows("Q-09", provision="pcsca2022:s16-1"), "the provision")[0]
    assert row["finding"].startswith("no, a power to share")


# --- the lists of section 16 ----------------------------------------------------------------


def test_q_10_the_lists() -> None:
    found = rows("Q-10")
    answers = {r["finding"]: r for r in of(found, "list entry")}
    assert answers["fire and rescue authority"]["left_out_by"]
    assert answers["Local Health Board"]["left_out_by"]
    assert answers["integrated care board"]["left_out_by"] == ""
    assert answers["integrated care board"]["answer"] == "on the list"
    for unsettled in ("independent school that is no Academy", "institution of further education"):
        assert answers[unsettled]["answer"].startswith("not established")
    assert any(r["finding"].startswith("gaps in the list") for r in of(found, DIFFER))
    assert len(answers) == len(of(found, "list entry"))


# --- documents ------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["guide:lscp2024", "guide:sharing2024", "guide:cpis"])
def test_q_12_a_document_is_no_power(document: str) -> None:
    row = of(rows("Q-12", document=document), "the document")[0]
    assert row["answer"] == "no: it holds no duty and no power to share"


def test_q_12_names_the_law_to_look_to() -> None:
    found = of(rows("Q-12", document="guide:lscp2024"), "rule held here")
    row = next(r for r in found if "section 47 enquiries" in r["finding"])
    assert row["law_to_name"] == "Children Act 1989, s 47(9)"
    assert row["answer"] == "no: guidance"


def test_q_12_an_act_is_another_matter() -> None:
    found = rows("Q-12", document="ca1989:act")
    assert of(found, "the document")[0]["answer"].startswith("yes")
    assert any(r["answer"] == "a duty" for r in found)


# --- one source or none ---------------------------------------------------------------------


def test_q_19_one_source_or_none() -> None:
    found = rows("Q-19")
    illness = next(r for r in found if "fabricated illness" in r["finding"])
    assert (illness["answer"], illness["part"]) == ("one", "rule of guidance")
    assert illness["documents"].startswith("Practitioner key points, South West")
    new = next(r for r in found if r["citation"] == "Children Act 2004, s 16LA")
    assert (new["answer"], new["documents"]) == ("none recorded", "")
    assert "Children Act 1989, s 47(9)" not in {r["citation"] for r in found}


# --- Bad parameters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("Q-03", {}, "“body” is missing"),
        ("Q-03", {"body": "maintained-scool"}, "did you mean maintained-school"),
        ("Q-03", {"body": "school", "date": "2020-02-30"}, "2020-02-30"),
        ("Q-04", {"provision": "ca1989:s27-3"}, "did you mean"),
        ("Q-06", {"date": "2020-01-01"}, "no parameter “date”"),
        ("Q-08", {"provision": "nonsense"}, "allowed: "),
        ("Q-12", {"document": "guide:lscp"}, "did you mean"),
    ],
)
def test_wrong_values_are_refused(question: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest) as error:
        rows(question, **values)
    assert words in str(error.value)
