"""Questions about records: the known instance, a near miss, bad values, and what nothing means."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pytest

from kg.ask import Answer, ask, catalogue
from kg.ask.checks import rule_triples
from kg.assess import Engine
from kg.errors import BadRequest, NoRecord
from kg.load import Case, load_case, load_case_text, load_law
from kg.model import Lit, RecordReport, Triple
from kg.validate import data_graph, load_shapes
from kg.validate.requirements import Checks, classes_only_for

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RECORD_QUESTIONS = [q for q in catalogue(load_law()) if q.reads != "assessments"]
SETS = [q for q in RECORD_QUESTIONS if q.over_cases]
CARRIED = {"citation", "effect", "in_force_from", "in_force_before", "source", "review"}
Row = dict[str, str]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


class Kept(Checks):
    """Works out the reports of a case once for all tests of this file."""

    kept: ClassVar[dict[tuple[Triple, ...], list[RecordReport]]] = {}

    def reports(self, case: Case) -> list[RecordReport]:
        """Return the reports, from the second time on the same."""
        if case.triples not in self.kept:
            self.kept[case.triples] = super().reports(case)
        return self.kept[case.triples]


@cache
def checks() -> Kept:
    return Kept(engine())


@cache
def scenario(number: str) -> Case:
    return load_case(SCENARIOS / f"SC-{number}.yaml", engine().law)


def changed(number: str, *pairs: tuple[str, str], name: str = "changed") -> Case:
    """Return a scenario with text exchanged; each text must stand in it."""
    text = (SCENARIOS / f"SC-{number}.yaml").read_text(encoding="utf-8")
    for old, new in ((f"case: sc-{number}", f"case: {name}"), *pairs):
        assert old in text
        text = text.replace(old, new)
    return load_case_text(text, "yaml", engine().law, f"{name}.yaml")


def answered(question: str, *cases: Case, **values: str) -> Answer:
    return ask(question, values, engine(), cases, checks())


def rows_of(answer: Answer) -> list[Row]:
    return [
        {name: cell.text for name, cell in zip(answer.names, cells, strict=True)}
        for cells in answer.rows
    ]


def rows(question: str, numbers: str, **values: str) -> list[Row]:
    return rows_of(answered(question, *map(scenario, numbers.split()), **values))


def rules(found: list[Row]) -> set[str]:
    return {row["rule"] for row in found if row["rule"]}


def cases(found: list[Row]) -> set[str]:
    return {row["case"] for row in found}


# --- One record, Q-53 ---------------------------------------------------------


def test_q_41_lists_what_fails_and_nothing_else() -> None:
    found = rows("Q-41", "086")
    assert {(r["rule"], r["severity"]) for r in found} == {
        ("R-027", "violation"), ("R-038", "violation"), ("R-093", "violation"),
    }  # fmt: skip
    title = next(r for r in found if r["rule"] == "R-027")
    assert title["place"] == "disclosure/to/1/job-title"
    assert title["source"] == "S3:Q21.b3; G-177"
    assert title["citation"] == "Stockport safeguarding children board guide (2008)"
    assert int(title["line"]) > 0


def test_q_41_on_a_complete_record() -> None:
    answer = answered("Q-41", scenario("001"))
    assert answer.rows == ()
    assert answer.nothing.startswith("Not established that anything is missing")


def test_q_41_without_a_record_is_an_error() -> None:
    text = (SCENARIOS / "SC-086.yaml").read_text(encoding="utf-8").partition("\nrecord:")[0]
    with pytest.raises(NoRecord, match="no decision record"):
        answered("Q-41", load_case_text(text, "yaml", engine().law, "bare.yaml"))


def test_q_42_what_a_refusal_must_record() -> None:
    """Section A, reasons, the harm weighed, consent, an adviser in doubt, the statutory ground."""
    found = rows("Q-42", "")
    only = {r["rule"] for r in found if r["part"] == "asked only where nothing is shared"}
    assert {"R-050", "R-051", "R-052", "R-058", "R-061"} <= only
    every = {r["rule"] for r in found if r["part"] == "asked of every decision"}
    assert {"R-001", "R-002", "R-003", "R-006", "R-012", "R-015", "R-018", "R-065"} <= every
    assert not only & every
    shared_only = {"R-025", "R-026", "R-027", "R-029", "R-034", "R-100", "R-185"}
    assert not shared_only & (only | every)
    assert all(r["applies_when"] and r["words"] and r["source"] for r in found)


@pytest.mark.parametrize("number", ["006", "067", "080", "081", "111", "001", "016", "044", "097"])
def test_q_42_rests_on_classes_that_keep_their_promise(number: str) -> None:
    """No class said to be of one sort of decision is ever stamped on the other."""
    shapes = load_shapes()
    refusal = {"value:not-shared", "value:request-refused"}
    sharing = {"value:shared", "value:shared-in-part"}
    only_refusal = classes_only_for(shapes, "kg:RefusalRecord", frozenset(refusal))
    only_sharing = classes_only_for(shapes, "kg:SharingRecord", frozenset(sharing))
    assert only_refusal
    assert only_sharing
    assert not only_refusal & only_sharing
    for graph in data_graph(scenario(number), engine(), shapes):
        stamped = {str(o) for _, p, o in graph.triples if p == "rdf:type"}
        refused = graph.facts.name(graph.record, "kg:outcome") in refusal
        assert not stamped & (only_sharing if refused else only_refusal)


def test_q_43_a_request_by_telephone_adds_its_fields() -> None:
    found = rows("Q-43", "075")
    added = {"R-107", "R-108", "R-109", "R-112", "R-113"}
    assert added <= rules(found)
    assert not added & rules(rows("Q-43", "086"))
    by = {r["finding"]: r for r in found if r["rule"] == "R-107"}
    assert by["Give the caller's name."]["state"] == "met"
    assert by["Give the caller's department."]["state"] == "not met"
    assert by["Give the caller's department."]["place"] == "disclosure/request/department"
    assert by["Give the caller's name."]["applies_when"] == "the request came by telephone"


def test_q_43_calling_back_is_asked_only_in_doubt() -> None:
    doubted = changed(
        "075", ("    channel: telephone\n", "    channel: telephone\n    in-doubt: yes\n")
    )
    assert "R-110" in rules(rows_of(answered("Q-43", doubted)))
    assert "R-110" not in rules(rows("Q-43", "075"))


@pytest.mark.parametrize("number", ["086", "081", "075"])
def test_q_43_holds_every_rule_that_q_41_finds(number: str) -> None:
    asked = rows("Q-43", number)
    unmet = {r["rule"] for r in asked if r["state"] == "not met" and r["severity"] != "info"}
    assert unmet == rules(rows("Q-41", number))
    assert any(r["state"] == "met" for r in asked)


def test_q_44_consent_as_basis_although_refused() -> None:
    found = rows("Q-44", "103")
    assert rules(found) == {"R-095"}
    stood = next(r for r in found if r["part"] == "how consent stood")
    assert (stood["person"], stood["finding"]) == ("client", "refused")
    cited = next(r for r in found if r["part"] == "what the record cites")
    assert cited["citation"] == "UK GDPR, Art 6(1)(a)"


def test_q_44_no_contradiction_without_consent_as_basis() -> None:
    found = rows("Q-44", "001")
    assert rules(found) == set()
    assert {r["finding"] for r in found if r["part"] == "how consent stood"} == {"not sought"}


def test_q_45_item_and_recipient() -> None:
    item = rows("Q-45", "044")
    assert [(r["rule"], r["item"]) for r in item] == [("R-093", "admission")]
    recipient = rows("Q-45", "045")
    assert [(r["rule"], r["recipient"]) for r in recipient] == [("R-094", "debt-collector")]
    assert rows("Q-45", "046") == []


@pytest.mark.parametrize(
    ("number", "rule", "citation", "state"),
    [
        ("052", "R-119", "Data Protection Act 2018, Sch 1 para 18", "not yet in force on that day"),
        ("118", "R-150", "Criminal Justice Act 2003, s 325(4)", "not yet in force on that day"),
        ("126", "R-150", "UK GDPR, Art 6(1)(ea)", "not yet in force on that day"),
    ],
)
def test_q_46_law_that_did_not_exist_yet(number: str, rule: str, citation: str, state: str) -> None:
    found = rows("Q-46", number)
    assert rule in rules(found)
    assert citation in {r["citation"] for r in found if r["state"] == state}


def test_q_46_the_day_after() -> None:
    found = rows("Q-46", "117")
    assert rules(found) == set()
    assert {r["state"] for r in found} == {"in force on that day"}
    assert len({(r["citation"], r["law_date"]) for r in found}) == len(found)


def test_q_46_law_that_had_gone() -> None:
    found = rows("Q-46", "016")
    gone = {r["citation"] for r in found if r["state"] == "no longer in force on that day"}
    assert any(words.startswith("Data Protection Act 1998") for words in gone)


def test_q_47_judgements_by_a_program() -> None:
    assert rules(rows("Q-47", "112")) == {"R-205", "R-206"}
    assert rows("Q-47", "086") == []


def test_q_48_no_reason_for_not_telling() -> None:
    bare = changed("001", ("        reason: interference-with-investigation\n", ""))
    found = rows_of(answered("Q-48", bare))
    assert "R-186" in rules(found)
    assert "R-186" not in rules(rows("Q-48", "001"))
    told = [r for r in rows("Q-48", "001") if r["part"] == "what the record says"]
    assert {r["person"] for r in told} == {"infant", "mother"}
    assert all(r["finding"] == "not told" and "investigation" in r["words"] for r in told)


def test_q_48_telling_that_is_not_recorded() -> None:
    found = rows("Q-48", "075")
    assert rules(found) == {"R-185"}
    assert "not recorded" in found[0]["finding"]


def test_q_49_competence() -> None:
    assert rules(rows("Q-49", "037")) == {"R-073", "R-074", "R-075"}
    found = rows("Q-49", "036")
    assert rules(found) == set()
    assert found[0]["finding"] == "given; judged competent"
    assert "heads considered: 7" in found[0]["words"]
    assert rows("Q-49", "086") == []


def test_q_51_the_basis_of_the_requester() -> None:
    assert rules(rows("Q-51", "075")) == {"R-115"}
    found = rows("Q-51", "086")
    assert rules(found) == set()
    assert found[0]["finding"] == "basis: UK GDPR, Art 6(1)(a)"
    assert found[0]["words"] == "purpose: timetable"
    assert rows("Q-51", "002") == []


def test_q_53_document_version_and_place() -> None:
    found = rows("Q-53", "", rule="R-027")
    place = next(r for r in found if r["source"] == "S3:Q21.b3")
    assert place["document"] == "Stockport safeguarding children board guide (2008)"
    assert place["in_force_from"] == "2008-10-31"
    assert place["applies_when"].startswith("the outcome is shared")
    assert rows("Q-53", "", rule="r-027") == found


def test_q_53_names_the_law_that_the_rule_watches() -> None:
    found = rows("Q-53", "", rule="R-157")
    assert all("Crime and Disorder Act 1998, s 115(1)" in r["citation"] for r in found)


def test_q_53_knows_every_pointer_of_a_source_document() -> None:
    """Each of the five source documents is held, so no pointer to one is without its document."""
    found = [t for t in rule_triples(checks().rules, engine()) if "/source/" in t[0]]
    held = {node for node, predicate, _ in found if predicate == "dcterms:isPartOf"}
    pointers = {n: v.text for n, p, v in found if p == "kg:pointers" and isinstance(v, Lit)}
    assert len(pointers) > len(held) > 0
    assert {n for n, text in pointers.items() if text.startswith("S")} == held


# --- Many records: to Q-75 -------------------------------------------------------


def test_q_50_warnings_only() -> None:
    found = rows("Q-50", "041 049 113 086 001 067")
    assert {(r["case"], r["warnings"], r["rules"]) for r in found} == {
        ("sc-041", "1", "R-080"),
        ("sc-049", "1", "R-071"),
        ("sc-113", "3", "R-088, R-191, R-200"),
    }
    assert cases(rows("Q-50", "041 049 113", to="2011-12-31")) == {"sc-049", "sc-113"}


NEW = "\n    on: 2025-03-05\n"


def test_q_52_something_new_after_the_refusal() -> None:
    new = changed("081", (NEW, f"{NEW}    new-information: 2025-03-20\n"))
    found = rows_of(answered("Q-52", new, scenario("080")))
    assert [(r["case"], r["asked_on"]) for r in found] == [("changed", "2025-03-20")]
    assert "new information" in found[0]["finding"]


@pytest.mark.parametrize(
    "more",
    [
        (NEW, f"{NEW}    new-information: 2025-03-10\n"),
        (NEW, NEW),
    ],
)
def test_q_52_nothing_new_after_the_refusal(more: tuple[str, str]) -> None:
    assert rows_of(answered("Q-52", changed("081", more))) == []


def test_q_52_looked_at_again() -> None:
    again = changed(
        "081",
        (NEW, f"{NEW}    new-information: 2025-03-20\n"),
        ("\n  signed: yes\n", "\n  signed: yes\n  reconsidered: 2025-03-24\n"),
    )
    assert rows_of(answered("Q-52", again)) == []


def second_request(decided: str) -> Case:
    """Return the refusal of SC-081 with a second request of the same body in the same case."""
    text = (SCENARIOS / "SC-081.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("\ndisclosure:\n")
    disclosure, _, record = rest.partition("\nrecord:\n")
    record = record.partition("\nexpect:")[0]

    def item(name: str, body: str) -> str:
        lines = [f"    {line[2:]}" if line.strip() else line for line in body.splitlines()]
        return f"  - id: {name}\n" + "\n".join(lines) + "\n"

    later = disclosure.replace("on: 2025-03-05", "on: 2025-04-02")
    assert later != disclosure
    records = item("first-record", "  decides: first\n" + record)
    if decided:
        again = record.replace("date: 2025-03-12", f"date: {decided}")
        records += item("second-record", "  decides: second\n" + again)
    made = f"{head}\ndisclosure:\n{item('first', disclosure)}{item('second', later)}\nrecord:\n{records}"
    return load_case_text(made, "yaml", engine().law, "made.yaml")


def test_q_52_asked_again_without_a_decision() -> None:
    found = rows_of(answered("Q-52", second_request("")))
    assert [(r["record"], r["asked_on"]) for r in found] == [("sc-081/first-record", "2025-04-02")]
    assert rows_of(answered("Q-52", second_request("2025-04-09"))) == []


REFUSALS = "006 067 074 080 111 081 001"


def test_q_65_harm_not_weighed() -> None:
    found = rows("Q-65", REFUSALS)
    assert cases(found) == {"sc-006", "sc-067", "sc-074", "sc-080", "sc-111"}
    assert rules(found) == {"R-051"}
    assert len(found) == len(cases(found))


def test_q_65_period_and_body() -> None:
    """Both ends belong to the period; a body is meant with its narrower kinds."""
    assert cases(rows("Q-65", REFUSALS, **{"from": "2024-11-05", "to": "2024-11-08"})) == {
        "sc-080", "sc-111",
    }  # fmt: skip
    assert cases(rows("Q-65", REFUSALS, **{"from": "2024-11-06", "to": "2024-11-07"})) == set()
    wide = cases(rows("Q-65", REFUSALS, body="nhs-body"))
    assert wide
    assert wide < cases(rows("Q-65", REFUSALS))
    answer = answered("Q-65", *map(scenario, REFUSALS.split()), body="school")
    assert answer.rows == ()
    assert answer.nothing.startswith("Not established")


def test_q_66_overridden_refusals() -> None:
    found = rows("Q-66", "056 093 097 042 001 049")
    assert cases(found) == {"sc-056", "sc-093", "sc-097"}
    patient = next(r for r in found if r["case"] == "sc-097")
    assert patient["ground"] == "significant harm to a child; serious harm to an adult"
    assert patient["told"] == "2019-06-18"
    assert {r["rules_not_met"] for r in found} == {""}


def test_q_66_says_what_is_not_recorded() -> None:
    text = (SCENARIOS / "SC-097.yaml").read_text(encoding="utf-8")
    less = re.sub(r"      override:\n(?:        .*\n)+", "", text)
    assert less != text
    bare = load_case_text(less, "yaml", engine().law, "bare.yaml")
    found = rows_of(answered("Q-66", bare))
    assert [r["ground"] for r in found] == ["not recorded"]
    assert {"R-100", "R-101", "R-103"} <= set(found[0]["rules_not_met"].split(", "))


def test_q_67_asked_although_a_duty_existed() -> None:
    found = rows("Q-67", "049 001 097")
    assert cases(found) == {"sc-049"}
    assert {r["severity"] for r in found} == {"warning"}


def test_q_68_no_reason_for_not_asking() -> None:
    found = rows("Q-68", "016 057 059 071 078 001 086")
    assert cases(found) == {"sc-016", "sc-057", "sc-059", "sc-071", "sc-078"}
    assert {r["person"] for r in found if r["case"] == "sc-016"} == {"tenant", "child"}


def test_q_69_the_trail() -> None:
    found = rows("Q-69", "081")
    assert [r["part"] for r in found] == [
        "decision", "written down", "advice", "to be looked at again",
    ]  # fmt: skip
    assert found[0]["person"] == "service manager, manager of the therapy service"
    assert found[1]["finding"] == "days after the decision: 0"
    assert found[2]["words"].startswith("followed: yes")


def test_q_69_written_down_later_and_changed() -> None:
    late = changed(
        "086", ("recorded: 2021-01-08", "recorded: 2021-01-29\n  change-reason: a date was wrong")
    )
    found = rows_of(answered("Q-69", late))
    assert found[1]["finding"] == "days after the decision: 21"
    assert "R-021" in rules(found)


def test_q_70_outside_the_cited_provision() -> None:
    found = rows("Q-70", "013 030 012 001")
    assert {(r["case"], r["rule"], r["recipient"]) for r in found} == {
        ("sc-013", "R-157", "school"), ("sc-030", "R-179", "sister"),
    }  # fmt: skip
    assert "Crime and Disorder Act 1998, s 115(1)" in found[0]["citation"]


def test_q_71_the_wrong_act_for_the_date() -> None:
    found = rows("Q-71", "016 052 051 050")
    assert {(r["case"], r["rule"]) for r in found} == {("sc-016", "R-120"), ("sc-052", "R-119")}
    assert cases(rows("Q-71", "016 052", body="school")) == {"sc-052"}


def test_q_72_professional_balance() -> None:
    text = (SCENARIOS / "SC-001.yaml").read_text(encoding="utf-8")
    line = next(part for part in text.splitlines() if part.startswith("  health-balance:"))
    found = rows_of(answered("Q-72", changed("001", (f"{line}\n", "")), scenario("001")))
    assert {(r["case"], r["rule"]) for r in found} == {("changed", "R-148")}


def test_q_73_still_to_be_told() -> None:
    found = rows("Q-73", "075 001 016 097")
    assert {(r["case"], r["person"], r["due"]) for r in found} == {
        ("sc-001", "infant", "2023-03-21"),
        ("sc-001", "mother", "2023-03-21"),
        ("sc-016", "child", "no day is set"),
        ("sc-016", "tenant", "no day is set"),
        ("sc-075", "child", "no day is set"),
    }
    assert len(found) == 5


@pytest.mark.parametrize(("day", "due"), [("2023-03-20", False), ("2023-03-21", True)])
def test_q_73_the_day_counts(day: str, due: bool) -> None:
    found = cases(rows("Q-73", "001 016", date=day))
    assert ("sc-001" in found) is due
    assert "sc-016" in found


def test_q_74_what_an_agency_has_in_place() -> None:
    parts = ("lead-officer: yes", "training: yes", "public-policy: yes")
    line = "    policy-document: yes\n"
    more = "".join(f"    {part}\n" for part in parts)
    whole = changed("001", (line, line + more))
    assert rows_of(answered("Q-74", whole)) == []
    without = changed("001", (line, line + more.replace("training: yes", "training: no")))
    found = rows_of(answered("Q-74", without, scenario("001")))
    assert {(r["party"], r["lead_officer"], r["training"]) for r in found} == {
        ("changed/trust", "yes", "no"), ("sc-001/trust", "not recorded", "not recorded"),
    }  # fmt: skip
    assert rows("Q-74", "001", body="school") == []


def test_q_75_days() -> None:
    found = {r["case"]: r for r in rows("Q-75", "001 095 101")}
    assert (found["sc-001"]["days_to_disclosure"], found["sc-001"]["days_to_record"]) == ("0", "0")
    assert found["sc-095"]["days_to_disclosure"] == "6"
    assert found["sc-101"]["days_to_disclosure"] == "32"


def test_q_75_recorded_before_it_was_decided() -> None:
    early = changed("086", ("recorded: 2021-01-08", "recorded: 2021-01-05"))
    row = rows_of(answered("Q-75", early))[0]
    assert row["days_to_record"] == "-3"
    assert "R-005" in row["rules_not_met"]


# --- Values, cases, empty states ------------------------------------------------------------------


@pytest.mark.parametrize("question", SETS, ids=lambda q: q.id)
def test_a_question_about_many_needs_cases(question: Any) -> None:
    with pytest.raises(BadRequest, match="none is given") as error:
        answered(question.id)
    assert "--case FILE" in str(error.value)


@pytest.mark.parametrize(
    ("question", "values", "words"),
    [
        ("Q-41", {"case": "sc-099"}, "allowed: sc-001"),
        ("Q-53", {}, "“rule” is missing"),
        ("Q-53", {"rule": "R-999"}, "“R-999” is not a value"),
        ("Q-65", {"from": "2025-01-01", "to": "2024-12-31"}, "before it begins"),
        ("Q-65", {"from": "2024-02-30"}, "2024-02-30"),
        ("Q-65", {"body": "shool"}, "did you mean school"),
        ("Q-66", {"body": "school"}, "has no parameter “body”"),
        ("Q-73", {"date": "soon"}, "year-month-day"),
    ],
)
def test_wrong_values_are_refused(question: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest) as error:
        answered(question, scenario("001"), **values)
    assert words in str(error.value)


def test_validation_has_to_be_handed_in() -> None:
    with pytest.raises(BadRequest, match="needs the results of validation"):
        ask("Q-41", {}, engine(), [scenario("001")])


def test_what_cannot_be_checked_is_named_and_not_counted() -> None:
    text = (SCENARIOS / "SC-086.yaml").read_text(encoding="utf-8").partition("\nrecord:")[0]
    bare = load_case_text(text, "yaml", engine().law, "bare.yaml")
    answer = answered("Q-65", scenario("080"), bare)
    assert cases(rows_of(answer)) == {"sc-080"}
    assert ["bare.yaml" in str(error) for error in answer.left_out] == [True]


@pytest.mark.parametrize("question", RECORD_QUESTIONS, ids=lambda q: q.id)
def test_every_row_carries_its_source(question: Any) -> None:
    """Rule or provision, its place in the sources, and what it is."""
    given = {"rule": "R-027"} if any(p.name == "rule" for p in question.parameters) else {}
    numbers = ["049"] if question.id in {"Q-50", "Q-67"} else ["075"]
    answer = answered(question.id, *map(scenario, numbers), **given)
    assert set(answer.names) >= CARRIED
    assert len(answer.names) == len(set(answer.names))
    for row in rows_of(answer):
        assert row["citation"]
        assert row["effect"]
        assert row["source"] or row["effect"] == "fact"
    assert "not allowed" not in answer.nothing.replace("never means that it is not allowed", "")


@pytest.mark.slow
def test_all_scenarios_together() -> None:
    """Over all of them, each question finds the records that the scenarios expect to fail."""
    files = sorted(SCENARIOS.glob("SC-*.yaml"))
    every = [load_case(path, engine().law) for path in files]
    expected = {
        (f"{case.name}/{record}", rule)
        for case in every
        for record, found in (case.expect or {}).get("records", {}).items()
        for rule in (*found["violations"], *found["warnings"])
    }
    for question, asked in (
        ("Q-65", "R-051"), ("Q-67", "R-071"), ("Q-68", "R-066"), ("Q-71", "R-119 R-120"),
        ("Q-70", "R-157 R-163 R-168 R-172 R-179 R-228 R-234"), ("Q-72", "R-148"),
    ):  # fmt: skip
        found = {(r["record"], r["rule"]) for r in rows_of(answered(question, *every))}
        assert found == {one for one in expected if one[1] in asked.split()}, question
